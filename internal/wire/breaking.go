// SPDX-License-Identifier: GPL-2.0-or-later

package wire

import (
	"cmp"
	"fmt"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// Aspect is the part of a field, or of a type, that a break is about.
type Aspect uint8

// The aspects. Whole is the type or the file itself.
const (
	OfWhole       Aspect = iota
	OfDeletion           // a field or a value that is no longer there
	OfReservation        // what a type reserves
	OfName
	OfType
	OfLabel
	OfDefault
)

// Break is one thing in which a newer .proto file doesn't go on where an older one stopped:
// programs that were built from the older one misread what the newer one means.
type Break struct {
	Rule   string                // as buf names it
	Type   protoreflect.FullName // of the message or the enum; "" is the file
	Number int32                 // of the field or the enum value; 0 is the type as a whole
	Name   string                // of the field or the enum value, as it was; "" is the type as a whole
	Aspect Aspect
	Text   string // what is wrong, for people
}

// Breaking compares two .proto files by the rules of buf's category WIRE_JSON, and returns what
// breaks, sorted. Types are the same if their full names are. Services are not compared: nothing
// that is collected is a service. Beyond buf, a message of the file itself that is gone breaks:
// without it nothing else could be compared.
func Breaking(before, after protoreflect.FileDescriptor) []Break {
	c := comparison{messages: map[protoreflect.FullName]protoreflect.MessageDescriptor{}, enums: map[protoreflect.FullName]protoreflect.EnumDescriptor{}}
	if before.Package() != after.Package() {
		c.add(Break{Rule: "FILE_SAME_PACKAGE", Text: fmt.Sprintf("the package was `%s` and is `%s`", before.Package(), after.Package())})
		return c.breaks
	}
	c.index(after)
	for i := range before.Messages().Len() {
		if m := before.Messages().Get(i); c.messages[m.FullName()] == nil {
			c.add(Break{Rule: "MESSAGE_NO_DELETE", Type: m.FullName(), Text: fmt.Sprintf("the message `%s` is gone", m.Name())})
		}
	}
	c.types(before)
	slices.SortFunc(c.breaks, func(a, b Break) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Text, b.Text))
	})
	return c.breaks
}

// comparison holds the types of the newer file, and what was found.
type comparison struct {
	messages map[protoreflect.FullName]protoreflect.MessageDescriptor
	enums    map[protoreflect.FullName]protoreflect.EnumDescriptor
	breaks   []Break
}

func (c *comparison) add(b Break) { c.breaks = append(c.breaks, b) }

// scope is what holds types: a file or a message.
type scope interface {
	Messages() protoreflect.MessageDescriptors
	Enums() protoreflect.EnumDescriptors
}

func (c *comparison) index(s scope) {
	for i := range s.Enums().Len() {
		c.enums[s.Enums().Get(i).FullName()] = s.Enums().Get(i)
	}
	for i := range s.Messages().Len() {
		m := s.Messages().Get(i)
		c.messages[m.FullName()] = m
		c.index(m)
	}
}

// types compares what the older file holds with its namesakes.
func (c *comparison) types(s scope) {
	for i := range s.Enums().Len() {
		before := s.Enums().Get(i)
		if after := c.enums[before.FullName()]; after != nil {
			c.enum(before, after)
		}
	}
	for i := range s.Messages().Len() {
		before := s.Messages().Get(i)
		if after := c.messages[before.FullName()]; after != nil {
			c.message(before, after)
		}
		c.types(before)
	}
}

func (c *comparison) message(before, after protoreflect.MessageDescriptor) {
	c.jsonFormat("MESSAGE_SAME_JSON_FORMAT", before, after)
	c.required(before, after)
	c.reserved("RESERVED_MESSAGE_NO_DELETE", before.FullName(), messageRanges(before), messageRanges(after), before.ReservedNames(), after.ReservedNames())
	for i := range before.Fields().Len() {
		old := before.Fields().Get(i)
		if now := after.Fields().ByNumber(old.Number()); now != nil {
			c.field(old, now)
			continue
		}
		c.deleted("FIELD", deletion{
			of: before.FullName(), number: int32(old.Number()), names: []string{string(old.Name())}, kind: "field",
			numberKept: after.ReservedRanges().Has(old.Number()), nameKept: after.ReservedNames().Has(old.Name()),
		})
	}
}

// deletion is a field or an enum value that is gone, and what the newer type reserves of it.
type deletion struct {
	of                   protoreflect.FullName
	kind                 string // field or value
	number               int32
	names                []string // an enum may have several for one number
	numberKept, nameKept bool
}

func (c *comparison) deleted(prefix string, d deletion) {
	b := Break{Type: d.of, Number: d.number, Name: d.names[0], Aspect: OfDeletion}
	if !d.numberKept {
		b.Rule = prefix + "_NO_DELETE_UNLESS_NUMBER_RESERVED"
		b.Text = fmt.Sprintf("the %s `%s` is gone, and its number %d is not reserved", d.kind, d.names[0], d.number)
		c.add(b)
	}
	if !d.nameKept {
		b.Rule = prefix + "_NO_DELETE_UNLESS_NAME_RESERVED"
		b.Text = fmt.Sprintf("the %s `%s` with the number %d is gone, and its name is not reserved", d.kind, d.names[0], d.number)
		c.add(b)
	}
}

// ruleRequired is the rule that what has to be sent stays the same.
const ruleRequired = "MESSAGE_SAME_REQUIRED_FIELDS"

// required reports numbers that have to be sent now and didn't have to, and the other way round:
// either side takes what the other sends for broken.
func (c *comparison) required(before, after protoreflect.MessageDescriptor) {
	for i := range before.RequiredNumbers().Len() {
		n := before.RequiredNumbers().Get(i)
		if name := before.Fields().ByNumber(n).Name(); !after.RequiredNumbers().Has(n) {
			c.add(Break{ruleRequired, before.FullName(), int32(n), string(name), OfLabel, fmt.Sprintf("`%s` was required and no longer is: a reader of before rejects a report without it", name)})
		}
	}
	for i := range after.RequiredNumbers().Len() {
		n := after.RequiredNumbers().Get(i)
		if name := after.Fields().ByNumber(n).Name(); !before.RequiredNumbers().Has(n) {
			c.add(Break{ruleRequired, before.FullName(), int32(n), string(name), OfLabel, fmt.Sprintf("`%s` is required now: every report of a system that doesn't send it would be rejected", name)})
		}
	}
}

func (c *comparison) enum(before, after protoreflect.EnumDescriptor) {
	c.jsonFormat("ENUM_SAME_JSON_FORMAT", before, after)
	c.reserved("RESERVED_ENUM_NO_DELETE", before.FullName(), enumRanges(before), enumRanges(after), before.ReservedNames(), after.ReservedNames())
	now := namesByNumber(after)
	for number, names := range namesByNumber(before) {
		d := deletion{of: before.FullName(), kind: "value", number: int32(number), names: names, numberKept: after.ReservedRanges().Has(number), nameKept: true}
		for _, name := range names {
			d.nameKept = d.nameKept && after.ReservedNames().Has(protoreflect.Name(name))
		}
		if now[number] == nil {
			c.deleted("ENUM_VALUE", d)
		} else if !subset(names, now[number]) {
			c.add(Break{"ENUM_VALUE_SAME_NAME", before.FullName(), int32(number), names[0], OfName,
				fmt.Sprintf("the value %d of `%s` was called %s and is called %s", number, before.Name(), list(names), list(now[number]))})
		}
	}
}

// namesByNumber returns the names of each number of an enum, sorted: an alias is a second one.
func namesByNumber(e protoreflect.EnumDescriptor) map[protoreflect.EnumNumber][]string {
	names := map[protoreflect.EnumNumber][]string{}
	for i := range e.Values().Len() {
		v := e.Values().Get(i)
		names[v.Number()] = append(names[v.Number()], string(v.Name()))
	}
	for _, list := range names {
		slices.Sort(list)
	}
	return names
}

func subset(of, in []string) bool {
	return !slices.ContainsFunc(of, func(s string) bool { return !slices.Contains(in, s) })
}
