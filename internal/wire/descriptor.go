// SPDX-License-Identifier: GPL-2.0-or-later

package wire

import (
	"cmp"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/pulp/pulpmetrics/internal/proposal"
)

// protoTypes are the types of leaves by their names.
var protoTypes = map[string]descriptorpb.FieldDescriptorProto_Type{
	"bool": descriptorpb.FieldDescriptorProto_TYPE_BOOL, "double": descriptorpb.FieldDescriptorProto_TYPE_DOUBLE,
	"fixed32": descriptorpb.FieldDescriptorProto_TYPE_FIXED32, "fixed64": descriptorpb.FieldDescriptorProto_TYPE_FIXED64,
	"float": descriptorpb.FieldDescriptorProto_TYPE_FLOAT, "int32": descriptorpb.FieldDescriptorProto_TYPE_INT32,
	"int64": descriptorpb.FieldDescriptorProto_TYPE_INT64, "sfixed32": descriptorpb.FieldDescriptorProto_TYPE_SFIXED32,
	"sfixed64": descriptorpb.FieldDescriptorProto_TYPE_SFIXED64, "sint32": descriptorpb.FieldDescriptorProto_TYPE_SINT32,
	"sint64": descriptorpb.FieldDescriptorProto_TYPE_SINT64, "string": descriptorpb.FieldDescriptorProto_TYPE_STRING,
	"uint32": descriptorpb.FieldDescriptorProto_TYPE_UINT32, "uint64": descriptorpb.FieldDescriptorProto_TYPE_UINT64,
	"enum": descriptorpb.FieldDescriptorProto_TYPE_ENUM,
}

// Descriptor returns the .proto file of the message: proto2, no package, every type nested in the
// message.
func (m *Message) Descriptor() *descriptorpb.FileDescriptorProto {
	top := &descriptorpb.DescriptorProto{Name: proto.String(m.Name)}
	for i := range m.Fields {
		m.addField(top, &m.Fields[i])
	}
	for _, r := range m.Reserved {
		top.ReservedRange = append(top.ReservedRange, reservedRange(r.Number))
		top.ReservedName = append(top.ReservedName, r.Name)
	}
	return &descriptorpb.FileDescriptorProto{Name: proto.String(m.File), MessageType: []*descriptorpb.DescriptorProto{top}}
}

// Reflect returns the descriptor of the message itself, as the protobuf library uses it.
func (m *Message) Reflect() (protoreflect.MessageDescriptor, error) {
	file, err := protodesc.NewFile(m.Descriptor(), nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.File, err)
	}
	return file.Messages().Get(0), nil
}

func reservedRange(number int64) *descriptorpb.DescriptorProto_ReservedRange {
	return &descriptorpb.DescriptorProto_ReservedRange{Start: proto.Int32(int32(number)), End: proto.Int32(int32(number) + 1)}
}

func (m *Message) addField(top *descriptorpb.DescriptorProto, f *Field) {
	for i := range f.Leaves {
		if leaf := &f.Leaves[i]; leaf.Enum != "" {
			top.EnumType = append(top.EnumType, enumDescriptor(leaf))
		}
	}
	if f.Message == "" {
		top.Field = append(top.Field, m.leafDescriptor(&f.Leaves[0], f.Number))
		return
	}
	nested := &descriptorpb.DescriptorProto{Name: proto.String(f.Message)}
	for i := range f.Leaves {
		nested.Field = append(nested.Field, m.leafDescriptor(&f.Leaves[i], f.Leaves[i].Number))
	}
	for _, n := range f.Reserved {
		nested.ReservedRange = append(nested.ReservedRange, reservedRange(n))
	}
	nested.ReservedName = f.ReservedNames
	top.NestedType = append(top.NestedType, nested)
	top.Field = append(top.Field, &descriptorpb.FieldDescriptorProto{
		Name: proto.String(f.Name), Number: proto.Int32(int32(f.Number)), Label: label(f.Repeated, f.Required),
		Type: descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum(), TypeName: proto.String("." + m.Name + "." + f.Message),
	})
}

func (m *Message) leafDescriptor(leaf *Leaf, number int64) *descriptorpb.FieldDescriptorProto {
	d := &descriptorpb.FieldDescriptorProto{
		Name: proto.String(leaf.Name), Number: proto.Int32(int32(number)),
		Label: label(false, leaf.Required), Type: protoTypes[leaf.Type].Enum(),
	}
	if leaf.Enum != "" {
		d.TypeName = proto.String("." + m.Name + "." + leaf.Enum)
	}
	return d
}

func label(repeated, required bool) *descriptorpb.FieldDescriptorProto_Label {
	switch {
	case repeated:
		return descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
	case required:
		return descriptorpb.FieldDescriptorProto_LABEL_REQUIRED.Enum()
	}
	return descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum()
}

func enumDescriptor(leaf *Leaf) *descriptorpb.EnumDescriptorProto {
	d := &descriptorpb.EnumDescriptorProto{Name: proto.String(leaf.Enum)}
	for _, member := range Members(leaf) {
		d.Value = append(d.Value, &descriptorpb.EnumValueDescriptorProto{
			Name: proto.String(EnumValue(leaf.Enum, member.Name.V)), Number: proto.Int32(int32(member.Number.V)),
		})
	}
	return d
}

// Members returns the members of a leaf's enum, sorted by number.
func Members(leaf *Leaf) []proposal.Member {
	return slices.SortedFunc(slices.Values(leaf.Domain.Enum), func(a, b proposal.Member) int { return cmp.Compare(a.Number.V, b.Number.V) })
}
