// SPDX-License-Identifier: GPL-2.0-or-later

package proposal

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/pulp/pulpmetrics/internal/source"
)

// Canonical is what is decided about a proposal in the one form that it is hashed in, without
// what its `from` adds: JSON, its keys sorted, without white space between tokens. The page
// internal/govern/canonical-form.md specifies it, with test vectors.
type Canonical struct {
	Full    []byte // everything that is decided
	Machine []byte // what machines read alone: what is collected, and how it is summarized
}

// decidedKeys are the keys that are decided about, in the order of the canonical form.
var decidedKeys = []string{"authors", "example", "field", "id", "lint", "load", "pii", "question", "storage", "summarization"}

// prose are the keys whose values are words: white space in them is of no matter, and they are not
// part of what machines read.
var prose = []string{"description", "question", "reason", "sanitization", "uncharted"}

// defaults are values that mean the same as none at all.
var defaults = map[string]string{"absent": "skip", "label": Optional, "population": "persistent"}

// NewCanonical returns the canonical forms of a proposal's file.
func NewCanonical(root source.Value) Canonical {
	var c Canonical
	for _, w := range []struct {
		out     *[]byte
		machine bool
	}{{&c.Full, false}, {&c.Machine, true}} {
		canon := canonWriter{machine: w.machine, out: make([]byte, 0, usualSize)}
		canon.mapping(decided(root, w.machine))
		*w.out = canon.out
	}
	return c
}

// decided picks what is decided about out of the file.
func decided(root source.Value, machine bool) source.Value {
	out := source.Value{Kind: source.Map}
	for _, key := range decidedKeys {
		v, ok := root.Get(key)
		switch {
		case !ok || machine && (key == "authors" || key == "lint"):
			continue
		case key == "authors":
			v.Items = slices.Clone(v.Items)
			slices.SortFunc(v.Items, func(a, b source.Value) int { return cmp.Compare(a.Text, b.Text) })
		case key == "example":
			v = only(v, "payload")
		}
		out.Entries = append(out.Entries, source.Entry{Key: source.Text{V: key}, Value: v})
	}
	return out
}

// only returns a map with no other key.
func only(v source.Value, key string) source.Value {
	part, ok := v.Get(key)
	if !ok {
		return source.Value{Kind: source.Null}
	}
	return source.Value{Kind: source.Map, Entries: []source.Entry{{Key: source.Text{V: key}, Value: part}}}
}

const usualSize = 4 << 10 // bytes of a canonical form

// canonWriter writes values in the canonical form.
type canonWriter struct {
	out     []byte
	machine bool
	raw     bool // inside the payload, where keys are the author's own
}

func (c *canonWriter) value(key string, v source.Value) {
	switch v.Kind {
	case source.Map:
		c.mapping(v)
	case source.List:
		c.list(key, v)
	case source.String:
		text := v.Text
		if !c.raw && slices.Contains(prose, key) {
			text = strings.Join(strings.Fields(text), " ")
		}
		c.text(text)
	case source.Bool:
		c.out = strconv.AppendBool(c.out, v.IsTrue())
	default:
		c.out = append(c.out, v.Text...)
	}
}

func (c *canonWriter) mapping(v source.Value) {
	var few [32]int // most maps are small: their order needs no allocation
	order := few[:0]
	for i, e := range v.Entries {
		if !c.omitted(e.Key.V, e.Value) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(v.Entries[a].Key.V, v.Entries[b].Key.V) })
	c.out = append(c.out, '{')
	for i, at := range order {
		if i > 0 {
			c.out = append(c.out, ',')
		}
		c.entry(v.Entries[at])
	}
	c.out = append(c.out, '}')
}

func (c *canonWriter) entry(e source.Entry) {
	c.text(e.Key.V)
	c.out = append(c.out, ':')
	raw := c.raw
	c.raw = raw || e.Key.V == "payload"
	c.value(e.Key.V, e.Value)
	c.raw = raw
}

// omitted reports whether a key says nothing: it is empty, or a default; or, of what machines
// read, words and the weights of simulations.
func (c *canonWriter) omitted(key string, v source.Value) bool {
	if c.raw {
		return false
	}
	empty := v.Kind == source.Null || v.Kind == source.List && len(v.Items) == 0 || v.Kind == source.Map && len(v.Entries) == 0
	words := slices.Contains(prose, key) || key == "weights"
	return empty || v.Kind == source.String && v.Text == defaults[key] && v.Text != "" || c.machine && words
}

func (c *canonWriter) list(key string, v source.Value) {
	c.out = append(c.out, '[')
	for i, item := range v.Items {
		if i > 0 {
			c.out = append(c.out, ',')
		}
		if field, ok := item.Get("field"); ok && key == "by" && len(item.Entries) == 1 {
			item = field // {field: name} means name
		}
		c.value("", item)
	}
	c.out = append(c.out, ']')
}

// text writes a string as RFC 8785 does: as it is, but for quotes, backslashes and controls.
func (c *canonWriter) text(s string) {
	const hex = "0123456789abcdef"
	c.out = append(c.out, '"')
	from := 0
	for i := range len(s) {
		b := s[i]
		if b >= ' ' && b != '"' && b != '\\' {
			continue
		}
		c.out = append(c.out, s[from:i]...)
		from = i + 1
		if at := strings.IndexByte("\"\\\b\f\n\r\t", b); at >= 0 {
			c.out = append(c.out, '\\', "\"\\bfnrt"[at])
		} else {
			c.out = append(c.out, '\\', 'u', '0', '0', hex[b>>4], hex[b&15])
		}
	}
	c.out = append(append(c.out, s[from:]...), '"')
}

// CanonicalText returns a value in the canonical form: JSON, its keys sorted, without white space
// between tokens. Keys whose values are empty are left out.
func CanonicalText(v source.Value) []byte {
	var c canonWriter
	c.value("", v)
	return c.out
}
