// SPDX-License-Identifier: GPL-2.0-or-later

package wire

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/bufbuild/protocompile/protoutil"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// field compares two fields of one number.
func (c *comparison) field(before, after protoreflect.FieldDescriptor) {
	of := before.ContainingMessage().FullName()
	found := func(rule string, aspect Aspect, format string, args ...any) {
		c.add(Break{rule, of, int32(before.Number()), string(before.Name()), aspect, fmt.Sprintf(format, args...)})
	}
	if before.Name() != after.Name() {
		found("FIELD_SAME_NAME", OfName, "the field %d was called `%s` and is called `%s`", before.Number(), before.Name(), after.Name())
	}
	if before.JSONName() != after.JSONName() {
		found("FIELD_SAME_JSON_NAME", OfName, "the field %d was `%s` in JSON and is `%s`", before.Number(), before.JSONName(), after.JSONName())
	}
	if was, is := oneofName(before), oneofName(after); was != is {
		found("FIELD_SAME_ONEOF", OfWhole, "`%s` was %s and is %s", before.Name(), inOneof(was), inOneof(is))
	}
	if was, is := cardinality(before), cardinality(after); was != is && !inMapEntry(before, after) {
		found("FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY", OfLabel, "`%s` was %s and is %s", before.Name(), was, is)
	}
	if !sameTypes(before, after) {
		found("FIELD_WIRE_JSON_COMPATIBLE_TYPE", OfType, "`%s` was of type %s and is of type %s", before.Name(), protoType(before), protoType(after))
	}
	if !sameDefaults(before, after) {
		found("FIELD_SAME_DEFAULT", OfDefault, "`%s` had the default %v and has %v", before.Name(), before.Default(), after.Default())
	}
}

// oneofName returns the oneof that a field is written in, or "".
func oneofName(f protoreflect.FieldDescriptor) string {
	if o := f.ContainingOneof(); o != nil && !o.IsSynthetic() {
		return string(o.Name())
	}
	return ""
}

func inOneof(name string) string {
	if name == "" {
		return "in no oneof"
	}
	return "in the oneof `" + name + "`"
}

func inMapEntry(before, after protoreflect.FieldDescriptor) bool {
	return before.ContainingMessage().IsMapEntry() && after.ContainingMessage().IsMapEntry()
}

// cardinality names how often a field can occur. Whether its absence can be seen doesn't matter.
func cardinality(f protoreflect.FieldDescriptor) string {
	switch {
	case f.IsMap():
		return "a map" // a list on the wire, not in JSON
	case f.IsList():
		return "repeated"
	case f.Cardinality() == protoreflect.Required:
		return "required"
	}
	return "optional"
}

func protoType(f protoreflect.FieldDescriptor) string {
	switch {
	case f.Enum() != nil:
		return fmt.Sprintf("enum `%s`", f.Enum().FullName())
	case f.Message() != nil:
		return fmt.Sprintf("%s `%s`", f.Kind(), f.Message().FullName())
	}
	return f.Kind().String()
}

// exchangeable are the kinds whose values read the same on the wire and in JSON under another
// kind; every other kind goes only with itself.
var exchangeable = map[protoreflect.Kind]protoreflect.Kind{
	protoreflect.Uint32Kind: protoreflect.Int32Kind, protoreflect.Uint64Kind: protoreflect.Int64Kind,
	protoreflect.Fixed32Kind: protoreflect.Sfixed32Kind, protoreflect.Fixed64Kind: protoreflect.Sfixed64Kind,
}

func sameTypes(before, after protoreflect.FieldDescriptor) bool {
	was, is := before.Kind(), after.Kind()
	if cmp.Or(exchangeable[was], was) != cmp.Or(exchangeable[is], is) {
		return false
	}
	switch {
	case after.Message() != nil:
		return before.Message().FullName() == after.Message().FullName()
	case after.Enum() != nil:
		return before.Enum().FullName() == after.Enum().FullName() || grown(before.Enum(), after.Enum())
	}
	return true
}

// grown reports whether an enum that moved keeps its name and all its values.
func grown(before, after protoreflect.EnumDescriptor) bool {
	if before.Name() != after.Name() {
		return false
	}
	for i := range before.Values().Len() {
		old := before.Values().Get(i)
		if now := after.Values().ByName(old.Name()); now == nil || now.Number() != old.Number() {
			return false
		}
	}
	return true
}

// sameDefaults compares what is read where a field was not sent.
func sameDefaults(before, after protoreflect.FieldDescriptor) bool {
	if !hasDefault(before) || !hasDefault(after) {
		return true
	}
	was, is := defaultValue(before), defaultValue(after)
	if isZero(was) && isZero(is) {
		return true
	}
	return was == is
}

func hasDefault(f protoreflect.FieldDescriptor) bool {
	return !f.IsList() && !f.IsMap() && f.Message() == nil
}

// defaultValue returns a default such that equal ones are equal under ==, whatever the type:
// numbers as text that tells them apart, a float as if it were a double.
func defaultValue(f protoreflect.FieldDescriptor) any {
	switch v := f.Default().Interface().(type) {
	case []byte:
		return string(v)
	case string:
		return v
	case bool:
		if v {
			return number("1")
		}
		return number("0")
	case float32:
		return floating(float64(v))
	case float64:
		return floating(v)
	case protoreflect.EnumNumber:
		return number(fmt.Sprint(int32(v)))
	default:
		return number(fmt.Sprint(v))
	}
}

// number is a number in decimal.
type number string

// floating writes a number to the precision of a float, so that a float and a double can be compared,
// and without an exponent if it is whole.
func floating(f float64) number {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return number(fmt.Sprintf("%.0f", f+0)) // -0 is 0
	}
	return number(fmt.Sprint(float32(f)))
}

func isZero(v any) bool { return v == "" || v == number("0") }

var jsonFormatFeature = (*descriptorpb.FeatureSet)(nil).ProtoReflect().Descriptor().Fields().ByName("json_format")

// jsonFormat reports types that JSON was made for, and isn't any longer.
func (c *comparison) jsonFormat(rule string, before, after protoreflect.Descriptor) {
	if allowsJSON(before) && !allowsJSON(after) {
		c.add(Break{Rule: rule, Type: before.FullName(), Text: fmt.Sprintf("the JSON form of `%s` was certain, and is a best effort now", before.Name())})
	}
}

func allowsJSON(d protoreflect.Descriptor) bool {
	v, err := protoutil.ResolveFeature(d, jsonFormatFeature)
	return err == nil && descriptorpb.FeatureSet_JsonFormat(v.Enum()) == descriptorpb.FeatureSet_ALLOW
}

// between is a range of numbers, both ends included.
type between struct{ first, last int64 }

func messageRanges(m protoreflect.MessageDescriptor) []between {
	var all []between
	for i := range m.ReservedRanges().Len() {
		r := m.ReservedRanges().Get(i)
		all = append(all, between{int64(r[0]), int64(r[1]) - 1})
	}
	return all
}

func enumRanges(e protoreflect.EnumDescriptor) []between {
	var all []between
	for i := range e.ReservedRanges().Len() {
		r := e.ReservedRanges().Get(i)
		all = append(all, between{int64(r[0]), int64(r[1])})
	}
	return all
}

// reserved reports numbers and names that are free again.
func (c *comparison) reserved(rule string, of protoreflect.FullName, before, after []between, names, namesNow protoreflect.Names) {
	for _, r := range before {
		if n, ok := firstMissing(r, after); ok {
			c.add(Break{Rule: rule, Type: of, Number: int32(n), Aspect: OfReservation, Text: fmt.Sprintf("the number %d of `%s` was reserved, and no longer is", n, of.Name())})
		}
	}
	for i := range names.Len() {
		if name := names.Get(i); !namesNow.Has(name) {
			c.add(Break{Rule: rule, Type: of, Name: string(name), Aspect: OfReservation, Text: fmt.Sprintf("the name `%s` in `%s` was reserved, and no longer is", name, of.Name())})
		}
	}
}

// firstMissing returns the first number of a range that no other range holds.
func firstMissing(r between, in []between) (int64, bool) {
	sorted := slices.SortedFunc(slices.Values(in), func(a, b between) int { return cmp.Compare(a.first, b.first) })
	next := r.first
	for _, s := range sorted {
		if s.first > next {
			break
		}
		next = max(next, s.last+1)
	}
	return next, next <= r.last
}
