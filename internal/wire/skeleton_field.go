// SPDX-License-Identifier: GPL-2.0-or-later

package wire

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/pulp/pulpmetrics/internal/proposal"
)

// maxName is the longest name that a proposal gives to anything.
const maxName = 64

// message makes a skeleton of each field.
func (im *importer) message(m declaredType) {
	scope := m.name
	taken := map[string]bool{}
	for i, f := range m.message.Field {
		path := sub(m.path, messageFields, int32(i))
		switch {
		case taken[f.GetName()]:
			im.problem(path, "give each field a name of its own", "`%s` is declared twice", f.GetName())
		case im.metric(f, path, scope):
			taken[f.GetName()] = true
		}
	}
	im.around(m)
}

// metric adds the skeleton of a top-level field, and reports whether a proposal can say what it is.
func (im *importer) metric(f *descriptorpb.FieldDescriptorProto, path []int32, scope string) bool {
	if why, help := im.unsayable(f, scope); why != "" {
		im.problem(path, help, "`%s` %s", f.GetName(), why)
		return false
	}
	s := proposal.Skeleton{ID: f.GetName(), Title: titleOf(f.GetName())}
	s.Number, s.Label = int64(f.GetNumber()), labelOf(f)
	question, description := ask(im.comment(path))
	s.Question = question
	t, named := im.typeOf(f, scope)
	switch {
	case named && t.message != nil:
		if !im.leaves(&s, t, path) {
			return false
		}
	case s.Label == proposal.Repeated:
		im.problem(path, "make it a repeated message with one scalar, under a new number", "`%s` is a list of scalars, and a list needs a key: only messages can be repeated", s.ID)
		return false
	case !im.scalar(&s.SkeletonLeaf, f, path, scope, s.ID):
		return false
	}
	s.Description = description
	im.skeletons = append(im.skeletons, s)
	return true
}

// unsayable says why a field can't be one of a proposal, whatever its type holds.
func (im *importer) unsayable(f *descriptorpb.FieldDescriptorProto, scope string) (why, help string) {
	t, named := im.typeOf(f, scope)
	switch {
	case utf8.RuneCountInString(f.GetName()) > maxName:
		return fmt.Sprintf("has a name of more than %d characters", maxName), "such a field can't be a metric"
	case f.OneofIndex != nil && !f.GetProto3Optional():
		return "is part of a oneof, and a proposal stands for itself", "collect each of them in an optional field of its own; on the wire that is the same"
	case f.GetType() == descriptorpb.FieldDescriptorProto_TYPE_GROUP:
		return "is a group, which today's compilers refuse", "send a message under a new number"
	case named && t.message.GetOptions().GetMapEntry():
		return "is a map, and its keys could be anything", "send a repeated message with a key of a closed domain, under a new number"
	case f.GetType() == descriptorpb.FieldDescriptorProto_TYPE_BYTES:
		return "holds bytes, which have no domain that could be closed", "send what is asked for as a number, a word or a pattern, under a new number"
	case f.TypeName != nil && !named:
		return "is of a type of another file, `" + f.GetTypeName() + "`", "write the type into the message, if it holds nothing but scalars"
	}
	return "", ""
}

func (im *importer) typeOf(f *descriptorpb.FieldDescriptorProto, scope string) (declaredType, bool) {
	if f.TypeName == nil {
		return declaredType{}, false
	}
	return im.resolve(f.GetTypeName(), scope)
}

// leaves fills a skeleton with the scalars of its message.
func (im *importer) leaves(s *proposal.Skeleton, t declaredType, path []int32) bool {
	s.Message = t.message.GetName()
	if other, taken := im.used[t.name]; taken {
		im.problem(path, "give it a message of its own: on the wire that is the same", "`%s` is of the type `%s`, which `%s` has declared; each metric has types of its own", s.ID, s.Message, other)
		return false
	}
	im.used[t.name] = s.ID
	for i, f := range t.message.Field {
		leafPath := sub(t.path, messageFields, int32(i))
		leaf := proposal.SkeletonLeaf{Name: f.GetName(), Number: int64(f.GetNumber()), Label: labelOf(f)}
		name := s.ID + "." + leaf.Name
		why, help := im.unsayable(f, t.name)
		if inner, named := im.typeOf(f, t.name); why == "" && named && inner.message != nil {
			why, help = "is a message inside a message, and a metric has two levels", "send its scalars as leaves of `"+s.Message+"`, under new numbers"
		}
		if why == "" && leaf.Label == proposal.Repeated {
			why, help = "is a list inside a message, and a metric has two levels", "make it a metric of its own"
		}
		if why != "" {
			im.problem(leafPath, help, "`%s` %s", name, why)
			s.Reserved = append(s.Reserved, leaf.Number) // nothing else may ever take it
			continue
		}
		if im.scalar(&leaf, f, leafPath, t.name, name) {
			leaf.Description = im.line(leafPath)
			s.Leaves = append(s.Leaves, leaf)
		}
	}
	if len(s.Leaves) == 0 {
		im.problem(path, "a message without values is no metric", "`%s` has no leaf that a proposal could have", s.ID)
		return false
	}
	im.reserve(s, t)
	return true
}

// maxReserved is how many numbers one range may reserve inside a message.
const maxReserved = 1000

// reserve keeps the numbers that the message has reserved.
func (im *importer) reserve(s *proposal.Skeleton, t declaredType) {
	for _, r := range t.message.ReservedRange {
		if r.GetEnd()-r.GetStart() > maxReserved {
			im.problem(t.path, "list the numbers that were used", "`%s` reserves more than %d numbers at once", s.Message, maxReserved)
			continue
		}
		for n := r.GetStart(); n < r.GetEnd(); n++ {
			s.Reserved = append(s.Reserved, int64(n))
		}
	}
	slices.Sort(s.Reserved)
	s.Reserved = slices.Compact(s.Reserved)
}

// scalar fills in a leaf's type.
func (im *importer) scalar(leaf *proposal.SkeletonLeaf, f *descriptorpb.FieldDescriptorProto, path []int32, scope, name string) bool {
	t, named := im.typeOf(f, scope)
	if !named {
		for typeName, typ := range protoTypes {
			if typ == f.GetType() && typeName != "enum" {
				leaf.Type = typeName
			}
		}
		return leaf.Type != ""
	}
	leaf.Enum = t.enum.GetName()
	if other, taken := im.used[t.name]; taken {
		im.problem(path, "give it an enum of its own: on the wire that is the same", "`%s` is of the type `%s`, which `%s` has declared; each metric has types of its own", name, leaf.Enum, other)
		return false
	}
	im.used[t.name] = name
	im.members(leaf, t)
	if len(leaf.Members) == 0 {
		im.problem(path, "an enum needs a member from 1 on", "`%s` has no member that a proposal could have", name)
		return false
	}
	return true
}

// members fills in the values of an enum.
func (im *importer) members(leaf *proposal.SkeletonLeaf, t declaredType) {
	seen := map[int32]bool{}
	names := map[string]bool{}
	for i, v := range t.enum.Value {
		path := sub(t.path, enumValues, int32(i))
		name := memberName(leaf.Enum, v.GetName())
		switch {
		case v.GetNumber() <= 0 || v.GetNumber() > 1<<29-1:
			im.problem(path, "leave the field out instead: the numbers of members begin at 1", "`%s` has the number %d, which no member of a proposal can have", v.GetName(), v.GetNumber())
			continue
		case seen[v.GetNumber()]:
			im.problem(path, "keep one name for each number", "`%s` is another name of the number %d", v.GetName(), v.GetNumber())
			continue
		case names[name] || len(name) > maxName || name == "":
			im.problem(path, "rename it: the number on the wire stays", "`%s` can't be the name of a member", v.GetName())
			continue
		case EnumValue(leaf.Enum, name) != v.GetName():
			im.problem(path, "JSON that names the member has to be changed; the number on the wire stays", "`%s` becomes `%s`: a constant is called after its enum", v.GetName(), EnumValue(leaf.Enum, name))
		}
		seen[v.GetNumber()], names[name] = true, true
		leaf.Members = append(leaf.Members, proposal.SkeletonMember{Name: name, Number: int64(v.GetNumber()), Description: im.line(path)})
	}
}

// memberName is a constant without the name of its enum: s3 of STORAGE_BACKEND_S3.
func memberName(enum, constant string) string {
	return strings.ToLower(strings.TrimPrefix(constant, EnumValue(enum, "")))
}

// around reports what stands beside the fields.
func (im *importer) around(m declaredType) {
	name := m.message.GetName()
	for i, r := range m.message.ReservedRange {
		im.problem(sub(m.path, messageReserved, int32(i)), "write a proposal with `retired` for each that was ever sent: its file keeps number and name from being used again",
			"`%s` reserves %s", name, rangeText(r.GetStart(), r.GetEnd()-1))
	}
	for i, r := range m.message.ExtensionRange {
		im.problem(sub(m.path, messageExtRanges, int32(i)), "give each extension a number of the message itself", "`%s` leaves %s to extensions, which no proposal can say", name, rangeText(r.GetStart(), r.GetEnd()-1))
	}
	im.extensions(im.proto.Extension, []int32{fileExtensions})
	for _, full := range im.order {
		t := im.types[full]
		im.extensions(t.message.Extension, sub(t.path, messageExtensions))
	}
}

func (im *importer) extensions(list []*descriptorpb.FieldDescriptorProto, path []int32) {
	for i, e := range list {
		im.problem(sub(path, int32(i)), "write the field into the message itself", "`%s` extends `%s`, which no proposal can say", e.GetName(), e.GetExtendee())
	}
}

func rangeText(first, last int32) string {
	if first == last {
		return fmt.Sprintf("the number %d", first)
	}
	return fmt.Sprintf("the numbers %d to %d", first, last)
}

func labelOf(f *descriptorpb.FieldDescriptorProto) string {
	switch f.GetLabel() {
	case descriptorpb.FieldDescriptorProto_LABEL_REPEATED:
		return proposal.Repeated
	case descriptorpb.FieldDescriptorProto_LABEL_REQUIRED:
		return proposal.Required
	}
	return ""
}

// titleOf makes words of a name: online_workers is Online workers.
func titleOf(name string) string {
	words := strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '_' }), " ")
	if words == "" {
		return name
	}
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[size:]
}
