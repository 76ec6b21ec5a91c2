// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/pulp/pulpmetrics/internal/wire"
)

// protoFile is the .proto file of a run, and what it says when it is read.
type protoFile struct {
	once   sync.Once
	text   []byte
	parsed protoreflect.FileDescriptor
	err    error
}

// protoFile returns the .proto file, and what it says when it is read.
func (in *Input) protoFile() ([]byte, protoreflect.FileDescriptor, error) {
	f := &in.proto
	f.once.Do(func() {
		if f.text, f.err = protoText(in); f.err == nil {
			f.parsed, f.err = parseProto(in.Message, f.text)
		}
	})
	return f.text, f.parsed, f.err
}

// parseProto reads a .proto file back. It is an error if that isn't the message, for which a
// user's own template may be the reason.
func parseProto(m *wire.Message, text []byte) (protoreflect.FileDescriptor, error) {
	compiler := protocompile.Compiler{
		Resolver: &protocompile.SourceResolver{Accessor: func(name string) (io.ReadCloser, error) {
			if name != m.File {
				return nil, fmt.Errorf("%s is a file of its own: it can't import %s", m.File, name)
			}
			return io.NopCloser(bytes.NewReader(text)), nil
		}},
		SourceInfoMode: protocompile.SourceInfoStandard,
	}
	files, err := compiler.Compile(context.Background(), m.File)
	if err != nil {
		return nil, fmt.Errorf("what the template %s makes can't be read: %w", protoTemplate, err)
	}
	want, got := m.Descriptor(), bareDescriptor(files[0])
	if !proto.Equal(got, want) {
		return nil, fmt.Errorf("what the template %s makes is not the message that the proposals describe: %s", protoTemplate, firstDifference(got, want))
	}
	return files[0], nil
}

// bareDescriptor returns a file without its comments, and without the JSON names, which follow
// from the names.
func bareDescriptor(file protoreflect.FileDescriptor) *descriptorpb.FileDescriptorProto {
	d := protodesc.ToFileDescriptorProto(file)
	d.SourceCodeInfo = nil
	dropJSONNames(d.MessageType)
	return d
}

func dropJSONNames(messages []*descriptorpb.DescriptorProto) {
	for _, m := range messages {
		for _, f := range m.Field {
			f.JsonName = nil
		}
		dropJSONNames(m.NestedType)
	}
}

// firstDifference says which line of a message is not what it should be.
func firstDifference(got, want *descriptorpb.FileDescriptorProto) string {
	is, should := outline("", got.MessageType), outline("", want.MessageType)
	for _, line := range is {
		if !slices.Contains(should, line) {
			return "`" + line + "` should not be there"
		}
	}
	for _, line := range should {
		if !slices.Contains(is, line) {
			return "`" + line + "` is missing"
		}
	}
	return "its order, options or reserved names differ"
}

// outline writes messages as one line for each field and value.
func outline(prefix string, messages []*descriptorpb.DescriptorProto) (lines []string) {
	for _, m := range messages {
		name := prefix + m.GetName() + "."
		for _, f := range m.Field {
			typ := cmp.Or(f.GetTypeName(), f.GetType().String())
			lines = append(lines, fmt.Sprintf("%s%s = %d, %s %s", name, f.GetName(), f.GetNumber(), f.GetLabel(), typ))
		}
		for _, e := range m.EnumType {
			for _, v := range e.Value {
				lines = append(lines, fmt.Sprintf("%s%s.%s = %d", name, e.GetName(), v.GetName(), v.GetNumber()))
			}
		}
		for _, r := range m.ReservedRange {
			lines = append(lines, fmt.Sprintf("%sreserved %d to %d", name, r.GetStart(), r.GetEnd()-1))
		}
		lines = append(lines, outline(name, m.NestedType)...)
	}
	return lines
}
