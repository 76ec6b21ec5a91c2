// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protodelim"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/wire"
)

var reports = flag.String("reports", "", "also decode these `FILES` (a pattern) of varint-delimited reports, as the real registry's message")

// sample returns n reports inside their domains, each the same on every run.
func sample(t *testing.T, m *wire.Message, n int) []byte {
	t.Helper()
	md, err := m.Reflect()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	var stream bytes.Buffer
	for range n {
		msg := dynamicpb.NewMessage(md)
		for i := range m.Fields {
			sampleField(r, msg, &m.Fields[i])
		}
		if _, err := protodelim.MarshalTo(&stream, msg); err != nil {
			t.Fatal(err)
		}
	}
	return stream.Bytes()
}

func sampleField(r *rand.Rand, msg protoreflect.Message, f *wire.Field) {
	fd := msg.Descriptor().Fields().ByNumber(protoreflect.FieldNumber(f.Number))
	switch {
	case !f.Required && r.IntN(4) == 0:
	case f.Repeated:
		list := msg.Mutable(fd).List()
		for range r.IntN(f.MaxItems + 1) {
			sampleLeaves(r, list.AppendMutable().Message(), f)
		}
	case f.Message != "":
		sampleLeaves(r, msg.Mutable(fd).Message(), f)
	default:
		msg.Set(fd, sampleValue(r, fd, &f.Leaves[0]))
	}
}

func sampleLeaves(r *rand.Rand, msg protoreflect.Message, f *wire.Field) {
	for i := range f.Leaves {
		if leaf := &f.Leaves[i]; leaf.Required || r.IntN(4) > 0 {
			fd := msg.Descriptor().Fields().ByNumber(protoreflect.FieldNumber(leaf.Number))
			msg.Set(fd, sampleValue(r, fd, leaf))
		}
	}
}

func sampleValue(r *rand.Rand, fd protoreflect.FieldDescriptor, leaf *wire.Leaf) protoreflect.Value {
	switch v := leaf.Domain.Sample(r).(type) {
	case bool:
		return protoreflect.ValueOfBool(v)
	case domain.Number:
		return numberValue(fd.Kind(), v)
	case string:
		if fd.Enum() != nil {
			return protoreflect.ValueOfEnum(fd.Enum().Values().ByName(protoreflect.Name(wire.EnumValue(leaf.Enum, v))).Number())
		}
		return protoreflect.ValueOfString(v)
	}
	return protoreflect.Value{}
}

func numberValue(kind protoreflect.Kind, n domain.Number) protoreflect.Value {
	i, _ := n.Int64()
	u, _ := n.Uint64()
	switch kind {
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(n.Float64())
	case protoreflect.FloatKind:
		return protoreflect.ValueOfFloat32(float32(n.Float64()))
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return protoreflect.ValueOfUint32(uint32(u))
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return protoreflect.ValueOfUint64(u)
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return protoreflect.ValueOfInt32(int32(i))
	}
	return protoreflect.ValueOfInt64(i)
}

// dynamicJSON decodes a stream with the descriptor of the .proto file, as protocompile reads it.
func dynamicJSON(t *testing.T, in *Input, stream []byte) []any {
	t.Helper()
	text, err := protoText(in)
	if err != nil {
		t.Fatal(err)
	}
	file, err := parseProto(in.Message, text)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for r := bytes.NewReader(stream); r.Len() > 0; {
		msg := dynamicpb.NewMessage(file.Messages().Get(0))
		if err := protodelim.UnmarshalFrom(r, msg); err != nil {
			t.Fatal(err)
		}
		line, err := protojson.Marshal(msg)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s\n", line)
	}
	return values(t, out.String())
}

// values reads one JSON value from each line: spaces and the order of keys don't count.
func values(t *testing.T, text string) (all []any) {
	t.Helper()
	for line := range strings.Lines(text) {
		var v any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		all = append(all, v)
	}
	return all
}

// streams returns what is to be decoded as a subject's message.
func streams(t *testing.T, name string, in *Input) map[string][]byte {
	t.Helper()
	all := map[string][]byte{"sample": sample(t, in.Message, 300)}
	if name != "real" || *reports == "" {
		return all
	}
	files, err := filepath.Glob(*reports)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no files (%v)", *reports, err)
	}
	for _, file := range files {
		if all[filepath.Base(file)], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// decodesAlike runs a program that prints a line of JSON for each report of standard input.
func decodesAlike(t *testing.T, name string, in *Input, decoder func() *exec.Cmd) {
	t.Helper()
	for title, stream := range streams(t, name, in) {
		want := dynamicJSON(t, in, stream)
		cmd := decoder()
		cmd.Stdin = bytes.NewReader(stream)
		if diff := cmp.Diff(want, values(t, string(silent(t, cmd)))); diff != "" {
			t.Errorf("%s (-dynamicpb +generated):\n%s", title, diff)
		}
		t.Logf("%s, %s: %d reports decode alike", name, title, len(want))
	}
}

const pythonDecoder = `
import sys
from google.protobuf import json_format
from google.protobuf.internal import api_implementation, decoder
import %[1]s_pb2 as module
assert api_implementation.Type() == sys.argv[1], api_implementation.Type()
data, at = sys.stdin.buffer.read(), 0
while at < len(data):
    length, at = decoder._DecodeVarint32(data, at)
    report = module.%[2]s.FromString(data[at:at + length])
    at += length
    assert module.%[2]s.FromString(report.SerializeToString()) == report
    print(json_format.MessageToJson(report, indent=None))
`

func TestPythonDecodesAlike(t *testing.T) {
	python := tool(t, debianPython)
	for name, in := range subjects(t) {
		for _, implementation := range []string{"cpp", "python"} {
			t.Run(name+"/"+implementation, func(t *testing.T) {
				dir := generateInto(t, in, "python")
				script := fmt.Sprintf(pythonDecoder, trimProto(in.Message), in.Message.Name)
				decodesAlike(t, name, in, func() *exec.Cmd {
					return pythonCommand(python, filepath.Join(dir, "python"), implementation, script, implementation)
				})
			})
		}
	}
}

func pythonCommand(python, dir, implementation, script string, args ...string) *exec.Cmd {
	cmd := exec.Command(python, append([]string{"-B", "-W", "error", "-c", script}, args...)...)
	cmd.Env = append(os.Environ(), "PYTHONPATH="+dir, "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION="+implementation)
	return cmd
}

const pythonDescriptors = `
import sys
import %[1]s_pb2 as module
from google.protobuf import descriptor_pb2
def outline(descriptor, proto):
    copy = proto()
    descriptor.CopyToProto(copy)
    print(descriptor.full_name, copy.SerializeToString().hex())
print(module.DESCRIPTOR.serialized_pb.hex())
def walk(m):
    outline(m, descriptor_pb2.DescriptorProto)
    for e in m.enum_types: outline(e, descriptor_pb2.EnumDescriptorProto)
    for n in m.nested_types: walk(n)
walk(module.%[2]s.DESCRIPTOR)
for name in sorted(vars(module)):
    value = getattr(module, name)
    if hasattr(value, '_serialized_start'): print(name, value._serialized_start, value._serialized_end)
`

// TestPythonIsAsProtocWritesIt compares the module with protoc's own: the bytes of the descriptor,
// and where each part of it stands.
func TestPythonIsAsProtocWritesIt(t *testing.T) {
	protoc, python := tool(t, "protoc"), tool(t, debianPython)
	for name, in := range subjects(t) {
		for _, implementation := range []string{"cpp", "python"} {
			t.Run(name+"/"+implementation, func(t *testing.T) {
				ours, theirs := filepath.Join(generateInto(t, in, "python"), "python"), t.TempDir()
				silent(t, exec.Command(protoc, "-I", generateInto(t, in, "proto"), "--python_out="+theirs, in.Message.File))
				script := fmt.Sprintf(pythonDescriptors, trimProto(in.Message), in.Message.Name)
				want := silent(t, pythonCommand(python, theirs, implementation, script))
				got := silent(t, pythonCommand(python, ours, implementation, script))
				if diff := cmp.Diff(string(want), string(got)); diff != "" {
					t.Errorf("module (-protoc +ours):\n%s", diff)
				}
			})
		}
	}
}

// TestPythonTypes lets Python read the file of types: it has to be valid, names that it has taken
// included.
func TestPythonTypes(t *testing.T) {
	python := tool(t, debianPython)
	for name, in := range subjects(t) {
		t.Run(name, func(t *testing.T) {
			dir := generateInto(t, in, "python")
			silent(t, exec.Command(python, "-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())", filepath.Join(dir, "python", trimProto(in.Message)+"_pb2.pyi")))
		})
	}
}

const goDecoder = `package main

import (
	"bufio"
	"fmt"
	"os"

	"google.golang.org/protobuf/encoding/protodelim"
	"google.golang.org/protobuf/encoding/protojson"

	pb "decoder/go"
)

func main() {
	in := bufio.NewReader(os.Stdin)
	for {
		if _, err := in.Peek(1); err != nil {
			return
		}
		var report pb.%s
		if err := protodelim.UnmarshalFrom(in, &report); err != nil {
			panic(err)
		}
		line, err := protojson.Marshal(&report)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%%s\n", line)
	}
}
`

// TestGoDecodesAlike compiles and vets the bindings in a module of their own, and decodes with
// them.
func TestGoDecodesAlike(t *testing.T) {
	for name, in := range subjects(t) {
		t.Run(name, func(t *testing.T) {
			dir := generateInto(t, in, "go")
			write := func(name, text string) {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			sums, err := os.ReadFile(filepath.Join("..", "..", "go.sum"))
			if err != nil {
				t.Fatal(err)
			}
			write("go.sum", string(sums))
			write("go.mod", "module decoder\n\ngo 1.26.0\n\nrequire google.golang.org/protobuf "+protobufVersion(t)+"\n")
			write("main.go", fmt.Sprintf(goDecoder, in.Message.Name))
			inside := func(args ...string) *exec.Cmd {
				cmd := exec.Command("go", args...)
				cmd.Dir = dir
				cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
				return cmd
			}
			silent(t, inside("vet", "./..."))
			silent(t, inside("build", "-o", "decoder", "."))
			decodesAlike(t, name, in, func() *exec.Cmd { return exec.Command(filepath.Join(dir, "decoder")) })
		})
	}
}

// protobufVersion returns the version that this module is built with.
func protobufVersion(t *testing.T) string {
	t.Helper()
	return strings.TrimSpace(string(silent(t, exec.Command("go", "list", "-m", "-f", "{{.Version}}", "google.golang.org/protobuf"))))
}

// TestDescriptorSaysNothingAboutGo: the name of the Go package is not in what travels.
func TestDescriptorSaysNothingAboutGo(t *testing.T) {
	in := subjects(t)["real"]
	files, err := Generate(in, "go", "proto")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(files[in.Message.File], []byte("go_package")) || proto.Size(in.Message.Descriptor().Options) > 0 {
		t.Error("the .proto file has an option for Go")
	}
	if !bytes.Contains(files["go/analytics.pb.go"], []byte("\npackage analytics\n")) {
		t.Error("the package is not called as the .proto file")
	}
}
