// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"fmt"
	"strings"
	"text/template"

	"github.com/pulp/pulpmetrics/internal/wire"
)

var protoTarget = Target{Name: "proto", Generate: func(in *Input) (Files, error) {
	text, _, err := in.protoFile()
	return Files{in.Message.File: text}, err
}}

const protoTemplate = "proto/file.proto.tmpl"

// protoPage is what the template is filled with. Comments are plain text of any length; the
// template's function `comment INDENT TEXT` folds them, and makes them harmless.
type protoPage struct {
	Marker, About, Summary, Name string
	Fields                       []protoField
	Reserved                     []wire.Reserved
}

// protoField is the field of one metric. Message is nil for a scalar.
type protoField struct {
	protoLeaf
	Message *protoMessage
	Enums   []protoEnum // of the metric's leaves
}

// protoLeaf is one line of a message.
type protoLeaf struct {
	Comment, Label, Type, Name string
	Number                     int64
}

type protoMessage struct {
	Comment, Name string
	Leaves        []protoLeaf
	Reserved      []int64
	ReservedNames []string
}

type protoEnum struct {
	Comment, Name string
	Values        []protoLeaf
}

// protoText returns the .proto file of the message.
func protoText(in *Input) ([]byte, error) {
	project := in.Registry.Project
	page := protoPage{
		Marker: Marker, Name: in.Message.Name, Reserved: in.Message.Reserved,
		About: "To change what is reported, change a proposal and run `pulpmetrics generate`. Field numbers are for ever.",
		Summary: fmt.Sprintf("What one installation of %s reports. Every field answers a question that was put to the project, and holds "+
			"nothing outside the domain that is written beside it.", project.Name.V),
	}
	for i := range in.Message.Fields {
		page.Fields = append(page.Fields, newProtoField(in, &in.Message.Fields[i]))
	}
	return in.fill(protoTemplate, page, template.FuncMap{"comment": protoComment})
}

func newProtoField(in *Input, f *wire.Field) protoField {
	out := protoField{protoLeaf: protoLeaf{Comment: in.fieldComment(f), Label: protoLabel(f.Repeated, f.Required), Type: f.Message, Name: f.Name, Number: f.Number}}
	for i := range f.Leaves {
		if leaf := &f.Leaves[i]; leaf.Enum != "" {
			out.Enums = append(out.Enums, newProtoEnum(f, leaf))
		}
	}
	if f.Message == "" {
		out.Type = protoType(&f.Leaves[0])
		out.Comment += "\n\n" + leafComment(&f.Leaves[0])
		return out
	}
	out.Message = &protoMessage{Comment: messageComment(f), Name: f.Message, Reserved: f.Reserved, ReservedNames: f.ReservedNames}
	for i := range f.Leaves {
		leaf := &f.Leaves[i]
		out.Message.Leaves = append(out.Message.Leaves, protoLeaf{
			Comment: leafComment(leaf), Label: protoLabel(false, leaf.Required), Type: protoType(leaf), Name: leaf.Name, Number: leaf.Number,
		})
	}
	return out
}

func newProtoEnum(f *wire.Field, leaf *wire.Leaf) protoEnum {
	out := protoEnum{Name: leaf.Enum, Comment: fmt.Sprintf("The values of `%s`.", f.Path(leaf))}
	for _, m := range wire.Members(leaf) {
		comment := m.Description.V
		if m.Since.Set() {
			comment += fmt.Sprintf("\n\nSince %s.", m.Since.V)
		}
		out.Values = append(out.Values, protoLeaf{Comment: comment, Name: wire.EnumValue(leaf.Enum, m.Name.V), Number: m.Number.V})
	}
	return out
}

func protoLabel(repeated, required bool) string {
	switch {
	case repeated:
		return "repeated"
	case required:
		return "required"
	}
	return "optional"
}

func protoType(leaf *wire.Leaf) string {
	if leaf.Enum != "" {
		return leaf.Enum
	}
	return leaf.Type
}

// trimProto returns the name of the .proto file without its ending: what other files are named by.
func trimProto(m *wire.Message) string { return strings.TrimSuffix(m.File, ".proto") }
