// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/pulp/pulpmetrics/internal/wire"
)

var jsonSchema = Target{Name: "jsonschema", Generate: generateJSONSchema}

// generateJSONSchema writes a JSON Schema (draft 2020-12) of a report's JSON form. Both spellings
// of each name are allowed, as parsers of proto JSON allow them.
func generateJSONSchema(in *Input) (Files, error) {
	md, err := in.Message.Reflect()
	if err != nil {
		return nil, err
	}
	project := in.Registry.Project
	schema := object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"$comment", Marker},
		{"title", in.Message.Name},
		{"description", fmt.Sprintf("What a system that runs %s may report, in the JSON form of the message %s of %s. "+
			"Names may be spelled as logs show them, or as the .proto file has them.", project.Name.V, in.Message.Name, in.Message.File)},
		{"type", "object"},
	}
	data, err := encodeJSON(append(schema, closed(topNames(in.Message, md))...), "  ")
	return Files{strings.TrimSuffix(in.Message.File, ".proto") + ".schema.json": data}, err
}

// property is one name of an object, in its two spellings.
type property struct {
	name     string // as in the .proto file
	spelled  string // as in JSON
	pointer  string // to the schema under the JSON spelling
	required bool
	schema   object
}

func topNames(m *wire.Message, md protoreflect.MessageDescriptor) []property {
	var properties []property
	for i := range m.Fields {
		f := &m.Fields[i]
		fd := md.Fields().ByNumber(protoreflect.FieldNumber(f.Number))
		pointer := "#/properties/" + fd.JSONName()
		properties = append(properties, property{f.Name, fd.JSONName(), pointer, f.Required && f.Stored(), fieldSchema(f, fd, pointer)})
	}
	return properties
}

// fieldSchema returns the schema of one metric.
func fieldSchema(f *wire.Field, fd protoreflect.FieldDescriptor, pointer string) object {
	head := object{}.with("title", fold(f.Metric.Title.V))
	question := fold(f.Metric.Question.V)
	switch {
	case !f.Stored():
		return append(head.with("description", "Suspended: no value of it is accepted. "+question), member{"not", object{}})
	case f.Message == "":
		leaf := &f.Leaves[0]
		return append(head.with("description", strings.TrimSpace(question+" "+leafText(leaf))), domainSchema(leaf)...)
	case !f.Repeated:
		return append(head.with("description", question), itemSchema(f, fd, pointer)...)
	}
	limit := fmt.Sprintf("At most %d items.", f.MaxItems)
	if names := keyNames(f); names != "" {
		limit += fmt.Sprintf(" No two of them may have the same %s, which a schema can't say.", names)
	}
	return append(head.with("description", strings.TrimSpace(question+" "+limit)),
		member{"type", "array"}, member{"maxItems", f.MaxItems}, member{"items", itemSchema(f, fd, pointer+"/items")})
}

func keyNames(f *wire.Field) string {
	var names []string
	for _, i := range f.Key {
		names = append(names, "`"+f.Leaves[i].Name+"`")
	}
	return strings.Join(names, " and ")
}

// itemSchema returns the schema of a message, which stands at pointer.
func itemSchema(f *wire.Field, fd protoreflect.FieldDescriptor, pointer string) object {
	var properties []property
	for i := range f.Leaves {
		leaf := &f.Leaves[i]
		spelled := fd.Message().Fields().ByNumber(protoreflect.FieldNumber(leaf.Number)).JSONName()
		schema := append(object{}.with("description", leafText(leaf)), domainSchema(leaf)...)
		properties = append(properties, property{leaf.Name, spelled, pointer + "/properties/" + spelled, leaf.Required, schema})
	}
	return append(object{{"type", "object"}}, closed(properties)...)
}

// closed returns the keys of a schema that allows these properties only, each in one spelling.
func closed(properties []property) object {
	var schemas object
	var required []string
	var spellings []object
	for _, p := range properties {
		schemas = append(schemas, member{p.spelled, p.schema})
		if p.spelled != p.name {
			alias := object{{"description", "Another spelling of `" + p.spelled + "`."}, {"$ref", p.pointer}}
			schemas = append(schemas, member{p.name, alias})
			spellings = append(spellings, oneSpelling(p))
		} else if p.required {
			required = append(required, p.name)
		}
	}
	keys := object{}.with("properties", schemas)
	keys = append(keys, member{"additionalProperties", false})
	if len(required) > 0 {
		keys = append(keys, member{"required", required})
	}
	if len(spellings) > 0 {
		keys = append(keys, member{"allOf", spellings})
	}
	return keys
}

// oneSpelling says that a name may not be there in both spellings; a required one has to be there
// in one of them.
func oneSpelling(p property) object {
	if !p.required {
		return object{{"not", object{{"required", []string{p.spelled, p.name}}}}}
	}
	return object{{"oneOf", []object{{{"required", []string{p.spelled}}}, {{"required", []string{p.name}}}}}}
}
