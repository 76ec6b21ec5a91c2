// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// treeChecker holds trees that were read from a text against the message.
type treeChecker struct {
	words
	names   *names
	fields  map[string]*wire.Field          // by both spellings
	others  map[string][]*proposal.Proposal // not in force, by both spellings
	leaves  map[*wire.Field]map[string]int  // by both spellings
	dropped bool                            // the list that is looked at is too long
	found   func(deviation)                 // takes what is found in the report that is checked
	sent    func(*wire.Field)               // takes each field that is in it
}

func newTreeChecker(w words, found func(deviation), sent func(*wire.Field)) *treeChecker {
	c := &treeChecker{words: w, fields: map[string]*wire.Field{}, others: map[string][]*proposal.Proposal{},
		leaves: map[*wire.Field]map[string]int{}, found: found, sent: sent,
		names: &names{known: map[string]bool{}, required: map[string]bool{}}}
	for i := range w.message.Fields {
		c.addField(&w.message.Fields[i])
	}
	for _, p := range w.registry.Proposals {
		for _, name := range []string{p.ID.V, jsonName(p.ID.V)} {
			if c.fields[name] == nil && !p.Derived() && name != "" {
				c.others[name] = append(c.others[name], p)
			}
		}
	}
	if len(c.names.required) == 0 {
		c.names.required = c.names.known
	}
	return c
}

func (c *treeChecker) addField(f *wire.Field) {
	for _, name := range []string{f.Name, jsonName(f.Name)} {
		c.fields[name] = f
		c.names.known[name] = true
		if f.Required {
			c.names.required[name] = true
		}
	}
	c.leaves[f] = map[string]int{}
	for i, leaf := range f.Leaves {
		c.leaves[f][leaf.Name] = i
		c.leaves[f][jsonName(leaf.Name)] = i
	}
}

// check holds one report against the message.
func (c *treeChecker) check(report source.Value) {
	seen := map[*wire.Field]bool{}
	for _, e := range report.Entries {
		if e.Value.Kind == source.Null {
			continue // not sent
		}
		f := c.fields[e.Key.V]
		switch {
		case f == nil:
			c.at(e.Key.Span, c.forbidden(c.others[e.Key.V], nameByLength(e.Key.V)))
		case seen[f]:
			c.at(e.Key.Span, c.misshapen(f, nil, -1, "", "stands there twice, in two spellings of its name"))
		case !f.Stored():
			c.at(e.Key.Span, c.unapproved(f.Metric, f.Metric.Status.V))
			c.dropped = true // two items of one key count all the same
			c.field(f, e.Value)
			c.dropped = false
		default:
			c.sent(f)
			c.field(f, e.Value)
		}
		seen[f] = f != nil
	}
	for i := range c.message.Fields {
		if f := &c.message.Fields[i]; f.Required && !seen[f] {
			c.at(report.Span, c.missing(f, nil, -1))
		}
	}
}

func (c *treeChecker) at(span source.Span, d deviation) {
	d.at = span
	c.found(d)
}

func (c *treeChecker) field(f *wire.Field, v source.Value) {
	switch {
	case f.Message == "":
		c.leaf(f, &f.Leaves[0], -1, v)
	case !f.Repeated && v.Kind != source.Map:
		c.at(v.Span, c.misshapen(f, nil, -1, hint(v), "has to be a mapping"))
	case !f.Repeated:
		c.item(f, -1, v)
	case v.Kind != source.List:
		c.at(v.Span, c.misshapen(f, nil, -1, hint(v), "has to be a list of mappings"))
	default:
		c.list(f, v)
	}
}

func (c *treeChecker) list(f *wire.Field, v source.Value) {
	if most := cmp.Or(f.MaxItems, longestList); len(v.Items) > most && !c.dropped {
		c.at(v.Span, c.tooMany(f, len(v.Items)))
		c.dropped = true // what is in it is not asked for its domain any more
		defer func() { c.dropped = false }()
	}
	keys := map[string]bool{}
	for i, item := range v.Items {
		if item.Kind != source.Map {
			c.at(item.Span, c.misshapen(f, nil, i, hint(item), "has to be a mapping"))
			continue
		}
		key := c.item(f, i, item)
		if len(f.Key) > 0 && keys[key] {
			c.at(item.Span, c.duplicateKey(f, i))
		}
		keys[key] = true
	}
}

// item checks one message of a metric, and returns its key.
func (c *treeChecker) item(f *wire.Field, item int, v source.Value) string {
	values := make([]*source.Value, len(f.Leaves))
	for i := range v.Entries {
		e := &v.Entries[i]
		at, known := c.leaves[f][e.Key.V]
		switch {
		case e.Value.Kind == source.Null:
		case !known:
			c.at(e.Key.Span, c.unknown(f, item, nameByLength(e.Key.V)))
		case values[at] != nil:
			c.at(e.Key.Span, c.misshapen(f, &f.Leaves[at], item, "", "stands there twice, in two spellings of its name"))
		default:
			values[at] = &e.Value
			c.leaf(f, &f.Leaves[at], item, e.Value)
		}
	}
	for i := range f.Leaves {
		if f.Leaves[i].Required && values[i] == nil {
			c.at(v.Span, c.missing(f, &f.Leaves[i], item))
		}
	}
	var key strings.Builder
	for _, i := range f.Key {
		if values[i] != nil {
			n := normal(&f.Leaves[i], *values[i])
			fmt.Fprintf(&key, "%d:%d:%s", n.Kind, len(n.Text), n.Text)
		}
		key.WriteByte(';')
	}
	return key.String()
}

func (c *treeChecker) leaf(f *wire.Field, leaf *wire.Leaf, item int, v source.Value) {
	if n := normal(leaf, v); !c.dropped && !leaf.Domain.Contains(n) {
		text := hint(v)
		if leaf.Domain.Kind == wire.Numeric && (n.Kind == source.Int || n.Kind == source.Float) {
			text = numberHint(leaf, n)
		}
		c.at(v.Span, c.outside(f, leaf, item, text))
	}
}

// numberHint says on which side of its domain a number lies.
func numberHint(leaf *wire.Leaf, v source.Value) string {
	n, ok := wire.Number(v)
	least, greatest, _ := leaf.Domain.Numbers.Bounds()
	switch {
	case !ok:
		return "a number that no type can hold"
	case n.Compare(least) < 0:
		return "a number below " + least.String()
	case n.Compare(greatest) > 0:
		return "a number above " + greatest.String()
	case isWhole(leaf) && !n.IsInteger():
		return "a number with a fraction"
	}
	return "another number"
}

// normal gives a value the spelling that proposals use: protobuf's JSON writes large numbers as
// texts, and a member of an enum as its constant or its number.
func normal(leaf *wire.Leaf, v source.Value) source.Value {
	switch {
	case leaf.Domain.Kind == wire.Numeric && v.Kind == source.String && isDecimal(v.Text):
		v.Kind = source.Int
	case leaf.Domain.Kind == wire.Numeric && v.Kind == source.Float:
		if n, ok := wire.Number(v); ok && n.IsInteger() { // 8.0 is 8, as protobuf has it
			v.Kind, v.Text = source.Int, n.String()
		}
	case leaf.Domain.Kind == wire.Enum:
		for _, m := range leaf.Domain.Enum {
			if v.Kind == source.Int && v.Text == strconv.FormatInt(m.Number.V, 10) ||
				v.Kind == source.String && v.Text == wire.EnumValue(leaf.Enum, m.Name.V) {
				v.Kind, v.Text = source.String, m.Name.V
				break
			}
		}
	}
	return v
}

// example is a name that every report has, or some.
func (c *treeChecker) example() string {
	for i := range c.message.Fields {
		if f := &c.message.Fields[i]; f.Required {
			return jsonName(f.Name)
		}
	}
	for i := range c.message.Fields {
		return jsonName(c.message.Fields[i].Name)
	}
	return c.message.Name
}

func isDecimal(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	return digits != "" && len(s) <= 20 && strings.Trim(digits, "0123456789") == ""
}

// hint says what kind of value it is, and how long: enough to find it, too little to give it away.
func hint(v source.Value) string {
	switch v.Kind {
	case source.String:
		return "a text of " + count(utf8.RuneCountInString(v.Text), "character")
	case source.List:
		return "a list of " + count(len(v.Items), "item")
	case source.Map:
		return "a mapping of " + count(len(v.Entries), "key")
	case source.Int, source.Float:
		return "a number"
	}
	return v.Kind.String()
}
