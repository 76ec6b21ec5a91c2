// SPDX-License-Identifier: GPL-2.0-or-later

package proposal

import (
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/pulp/pulpmetrics/internal/source"
)

// acceptor is a part of a schema in a form that says yes quickly. Nearly every file is right, and
// the library takes half as long to find that as it takes to parse the file; so it is asked only
// where the acceptor doesn't say yes. The acceptor may say no to anything: it never says yes to
// what the library refuses, and a test holds it to that.
type acceptor struct {
	kinds       [source.Map + 1]bool // of values
	properties  map[string]*acceptor
	required    []string
	extra       *acceptor // for other keys; nil refuses them
	open        bool      // other keys may have any value
	names       *regexp.Regexp
	items       *acceptor
	fewest      int // items of a list or keys of a map
	unique      bool
	enum        []string
	shortest    int // code points
	longest     int // -1 is no limit
	pattern     *regexp.Regexp
	format      func(any) bool
	low, high   *int64   // inclusive
	over, under *float64 // exclusive
}

// newAcceptor translates a schema; nil if it says something that an acceptor can't.
func newAcceptor(s *jsonschema.Schema) *acceptor {
	if !simple(s) {
		return nil
	}
	a := &acceptor{
		required: s.Required, fewest: max(s.MinItems, s.MinProperties, 0), unique: s.UniqueItems,
		shortest: max(s.MinLength, 0), longest: s.MaxLength, pattern: s.Pattern,
		properties: make(map[string]*acceptor, len(s.Properties)),
	}
	for name, property := range s.Properties {
		a.properties[name] = newAcceptor(property)
	}
	a.open = s.AdditionalProperties == nil || s.AdditionalProperties == true
	if extra, ok := s.AdditionalProperties.(*jsonschema.Schema); ok {
		a.extra = newAcceptor(extra)
	}
	if items, ok := s.Items.(*jsonschema.Schema); ok {
		a.items = newAcceptor(items)
	}
	if s.PropertyNames != nil {
		a.names = s.PropertyNames.Pattern
	}
	if s.Format != "" {
		a.format = jsonschema.Formats[s.Format]
	}
	for _, value := range s.Enum {
		text, _ := value.(string)
		a.enum = append(a.enum, text)
	}
	a.low, a.high = whole(s.Minimum), whole(s.Maximum)
	a.over, a.under = float(s.ExclusiveMinimum), float(s.ExclusiveMaximum)
	a.setKinds(s.Types)
	return a
}

// simple reports whether a schema uses only what acceptors know.
func simple(s *jsonschema.Schema) bool {
	plainNames := s.PropertyNames == nil || s.PropertyNames.Pattern != nil && simple(s.PropertyNames)
	bounds := (s.Minimum == nil || whole(s.Minimum) != nil) && (s.Maximum == nil || whole(s.Maximum) != nil)
	return plainNames && bounds && s.Always == nil && s.Ref == nil && s.Constant == nil && s.Not == nil &&
		len(s.AllOf)+len(s.AnyOf)+len(s.OneOf) == 0 && s.If == nil && s.MaxProperties == -1 && s.MaxItems == -1 &&
		len(s.PatternProperties)+len(s.Dependencies) == 0 && s.Contains == nil && s.AdditionalItems == nil &&
		s.MultipleOf == nil &&
		(s.Format == "" || jsonschema.Formats[s.Format] != nil)
}

func whole(r *big.Rat) *int64 {
	if r == nil || !r.IsInt() || !r.Num().IsInt64() {
		return nil
	}
	n := r.Num().Int64()
	return &n
}

func float(r *big.Rat) *float64 {
	if r == nil {
		return nil
	}
	f, _ := r.Float64()
	return &f
}

func (a *acceptor) setKinds(types []string) {
	of := map[string][]source.Kind{"string": {source.String}, "integer": {source.Int}, "number": {source.Int, source.Float}, "boolean": {source.Bool}, "object": {source.Map}, "array": {source.List}}
	for _, name := range types {
		for _, kind := range of[name] {
			a.kinds[kind] = true
		}
	}
}

// accept reports that the schema certainly allows a value.
func (a *acceptor) accept(v source.Value) bool {
	if a == nil || !a.kinds[v.Kind] {
		return false
	}
	switch v.Kind {
	case source.Map:
		return a.acceptMap(v)
	case source.List:
		return a.acceptList(v)
	case source.String:
		return a.acceptText(v.Text)
	case source.Int, source.Float:
		return a.acceptNumber(v)
	}
	return a.enum == nil
}

func (a *acceptor) acceptMap(v source.Value) bool {
	if len(v.Entries) < a.fewest {
		return false
	}
	for _, e := range v.Entries {
		property, known := a.properties[e.Key.V]
		if !known {
			property = a.extra
		}
		if !(property.accept(e.Value) || !known && a.open) || a.names != nil && !a.names.MatchString(e.Key.V) {
			return false
		}
	}
	return !slices.ContainsFunc(a.required, func(key string) bool {
		_, ok := v.Get(key)
		return !ok
	})
}

func (a *acceptor) acceptList(v source.Value) bool {
	if len(v.Items) < a.fewest || a.unique && !distinct(v.Items) {
		return false
	}
	for _, item := range v.Items {
		if !a.items.accept(item) {
			return false
		}
	}
	return true
}

const fewItems = 64 // that are compared each with each

func distinct(items []source.Value) bool {
	if len(items) > fewItems {
		return false
	}
	for i, v := range items {
		for _, w := range items[:i] {
			if v.Text == w.Text || v.Kind != w.Kind {
				return false
			}
		}
	}
	return true
}

func (a *acceptor) acceptText(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= a.shortest && (a.longest < 0 || n <= a.longest) &&
		(a.enum == nil || slices.Contains(a.enum, s)) &&
		(a.pattern == nil || a.pattern.MatchString(s)) &&
		(a.format == nil || a.format(s))
}

func (a *acceptor) acceptNumber(v source.Value) bool {
	if a.enum != nil || !a.between(v.Text) {
		return false
	}
	if a.low == nil && a.high == nil {
		return true
	}
	n, err := strconv.ParseInt(v.Text, 10, 64)
	return err == nil && (a.low == nil || n >= *a.low) && (a.high == nil || n <= *a.high)
}

// between reports whether a number lies strictly inside the exclusive bounds. One that rounds to
// a bound doesn't.
func (a *acceptor) between(number string) bool {
	if a.over == nil && a.under == nil {
		return true
	}
	f, err := strconv.ParseFloat(number, 64)
	return err == nil && (a.over == nil || f > *a.over) && (a.under == nil || f < *a.under)
}
