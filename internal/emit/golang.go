// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"errors"
	"path"
	"slices"

	"google.golang.org/protobuf/cmd/protoc-gen-go/internal_gengo"
	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"
)

var golang = Target{Name: "go", Generate: func(in *Input) (Files, error) {
	_, file, err := in.protoFile()
	if err != nil {
		return nil, err
	}
	code, err := goBindings(withoutHead(protodesc.ToFileDescriptorProto(file)), trimProto(in.Message))
	if err != nil {
		return nil, err
	}
	name := path.Join("go", trimProto(in.Message)+".pb.go")
	return Files{name: append([]byte("// "+Marker+"\n\n"), code...)}, nil
}}

// syntaxField is the field of a file's descriptor that stands for its first statement.
const syntaxField = 12

// withoutHead drops the comment at the head of a file, since the code has one of its own.
func withoutHead(file *descriptorpb.FileDescriptorProto) *descriptorpb.FileDescriptorProto {
	file.SourceCodeInfo.Location = slices.DeleteFunc(file.SourceCodeInfo.Location, func(l *descriptorpb.SourceCodeInfo_Location) bool {
		return slices.Equal(l.Path, []int32{syntaxField})
	})
	return file
}

// goBindings runs the protobuf module's own generator over a file, whose comments become those of
// the code. The name of the package is a parameter: as an option it would be in the descriptor, and
// the .proto file says nothing about Go.
func goBindings(file *descriptorpb.FileDescriptorProto, pkg string) ([]byte, error) {
	request := &pluginpb.CodeGeneratorRequest{
		FileToGenerate: []string{file.GetName()},
		Parameter:      proto.String("paths=source_relative,M" + file.GetName() + "=./" + pkg + ";" + pkg),
		ProtoFile:      []*descriptorpb.FileDescriptorProto{file},
	}
	gen, err := protogen.Options{}.New(request)
	if err != nil {
		return nil, err
	}
	for _, f := range gen.Files {
		if f.Generate {
			internal_gengo.GenerateFile(gen, f)
		}
	}
	response := gen.Response()
	if response.Error != nil {
		return nil, errors.New(response.GetError())
	}
	return []byte(response.File[0].GetContent()), nil
}
