// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/types/descriptorpb"
)

// pythonClass is a message as type checkers see it.
type pythonClass struct {
	Indent, Name string
	Enums        []pythonEnum
	Classes      []pythonClass
	Fields       []pythonField
	Hidden       bool   // a field has a name that Python has taken
	Singular     string // quoted names of what HasField can be asked for
	All          string // quoted names of all fields
}

type pythonEnum struct {
	Name, Path string
	Values     []string
}

// pythonField is a field: the type that it has, and what its message can be made with.
type pythonField struct {
	Name, Constant, Type, Accepts string
	Number                        int32
	Message                       bool // can be changed but not replaced
}

// pythonKeywords can't be written as an attribute or an argument; such fields are reached by
// getattr. `self` is the name of every method's first argument.
var pythonKeywords = strings.Fields(`False None True and as assert async await break class continue def del elif else
	except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield self`)

// Attributes returns the fields that can be written as attributes.
func (c pythonClass) Attributes() []pythonField {
	return slices.DeleteFunc(slices.Clone(c.Fields), func(f pythonField) bool { return slices.Contains(pythonKeywords, f.Name) })
}

func newPythonClass(indent, prefix string, m *descriptorpb.DescriptorProto) pythonClass {
	c := pythonClass{Indent: indent, Name: m.GetName()}
	for _, e := range m.EnumType {
		enum := pythonEnum{Name: e.GetName(), Path: prefix + c.Name + "." + e.GetName()}
		for _, v := range e.Value {
			enum.Values = append(enum.Values, v.GetName())
		}
		c.Enums = append(c.Enums, enum)
	}
	for _, nested := range m.NestedType {
		c.Classes = append(c.Classes, newPythonClass(indent+"    ", prefix+c.Name+".", nested))
	}
	var singular, all []string
	for _, f := range m.Field {
		c.Fields = append(c.Fields, newPythonField(f))
		quoted := `"` + f.GetName() + `"`
		all = append(all, quoted)
		if f.GetLabel() != descriptorpb.FieldDescriptorProto_LABEL_REPEATED {
			singular = append(singular, quoted)
		}
	}
	c.Singular, c.All = strings.Join(singular, ", "), strings.Join(all, ", ")
	c.Hidden = len(c.Attributes()) < len(c.Fields)
	return c
}

func newPythonField(f *descriptorpb.FieldDescriptorProto) pythonField {
	out := pythonField{Name: f.GetName(), Constant: strings.ToUpper(f.GetName()) + "_FIELD_NUMBER", Number: f.GetNumber()}
	path := strings.TrimPrefix(f.GetTypeName(), ".")
	switch f.GetType() {
	case descriptorpb.FieldDescriptorProto_TYPE_MESSAGE:
		out.Message, out.Type, out.Accepts = true, path, path+" | _Mapping[_builtins.str, _Any]"
		if f.GetLabel() == descriptorpb.FieldDescriptorProto_LABEL_REPEATED {
			out.Type = "_containers.RepeatedCompositeFieldContainer[" + path + "]"
			out.Accepts = "_Iterable[" + out.Accepts + "]"
		}
		return out
	case descriptorpb.FieldDescriptorProto_TYPE_ENUM:
		out.Type, out.Accepts = path, path+" | _builtins.str"
		return out
	case descriptorpb.FieldDescriptorProto_TYPE_STRING:
		out.Type = "_builtins.str"
	case descriptorpb.FieldDescriptorProto_TYPE_BOOL:
		out.Type = "_builtins.bool"
	case descriptorpb.FieldDescriptorProto_TYPE_FLOAT, descriptorpb.FieldDescriptorProto_TYPE_DOUBLE:
		out.Type = "_builtins.float"
	default:
		out.Type = "_builtins.int"
	}
	out.Accepts = out.Type
	return out
}
