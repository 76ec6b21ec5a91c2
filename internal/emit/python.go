// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
)

var python = Target{Name: "python", Generate: func(in *Input) (Files, error) {
	page, err := newPythonPage(in)
	if err != nil {
		return nil, err
	}
	files := Files{}
	for _, ending := range []string{"py", "pyi"} {
		text, err := in.fill("python/pb2."+ending+".tmpl", page, nil)
		if err != nil {
			return nil, err
		}
		files[path.Join("python", page.Module+"."+ending)] = text
	}
	return files, nil
}}

// pythonPage is what the templates of the module and of its types are filled with.
type pythonPage struct {
	Marker, File, Name, Module string
	Pieces                     []string // of the descriptor: the insides of bytes literals
	Offsets                    []pythonOffset
	Top                        pythonClass
}

// pythonOffset is where the descriptor of a message or an enum stands in that of the file. Only
// the runtime that is written in Python needs it.
type pythonOffset struct {
	Name       string
	Start, End int
}

func newPythonPage(in *Input) (*pythonPage, error) {
	file := in.Message.Descriptor()
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(file)
	if err != nil {
		return nil, err
	}
	page := &pythonPage{
		Marker: Marker, File: in.Message.File, Name: in.Message.Name, Module: trimProto(in.Message) + "_pb2",
		Pieces: bytesLiterals(data), Top: newPythonClass("", "", file.MessageType[0]),
	}
	return page, page.locate(data, "", file.MessageType[0])
}

// locate notes where a message, the enums and the messages inside it stand in the file.
func (p *pythonPage) locate(file []byte, prefix string, m *descriptorpb.DescriptorProto) error {
	name := prefix + "_" + strings.ToUpper(m.GetName())
	if err := p.locateOne(file, name, m); err != nil {
		return err
	}
	for _, nested := range m.NestedType {
		if err := p.locate(file, name, nested); err != nil {
			return err
		}
	}
	for _, enum := range m.EnumType {
		if err := p.locateOne(file, name+"_"+strings.ToUpper(enum.GetName()), enum); err != nil {
			return err
		}
	}
	return nil
}

func (p *pythonPage) locateOne(file []byte, name string, part proto.Message) error {
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(part)
	if err != nil {
		return err
	}
	start := bytes.Index(file, data)
	if start < 0 {
		return fmt.Errorf("%s is not in its own file", name)
	}
	p.Offsets = append(p.Offsets, pythonOffset{name, start, start + len(data)})
	return nil
}

// nameTag begins every descriptor: its name comes first.
const nameTag = '\n'

// bytesLiterals writes bytes as the insides of Python's bytes literals, one for each descriptor, so
// that a change of one field changes a line or two.
func bytesLiterals(data []byte) []string {
	var pieces []string
	var b strings.Builder
	for i, c := range data {
		if c == nameTag && i > 0 {
			pieces = append(pieces, b.String())
			b.Reset()
		}
		switch {
		case c == '\'' || c == '\\':
			b.WriteString(`\` + string(rune(c)))
		case ' ' <= c && c <= '~':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, `\x%02x`, c)
		}
	}
	return append(pieces, b.String())
}
