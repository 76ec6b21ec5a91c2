// SPDX-License-Identifier: GPL-2.0-or-later

package exposure

import (
	"strings"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/pii"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// Declarations says what the leaves of a message may hold, under the names that proposals give
// them and under those of protobuf's JSON.
func Declarations(m *wire.Message) *pii.Declarations {
	identifier := -1
	if i, err := m.Identifier(); err == nil {
		identifier = i
	}
	root := &pii.Declarations{Keys: map[string]*pii.Declarations{}}
	for i := range m.Fields {
		f := &m.Fields[i]
		d := &pii.Declarations{}
		if f.Message == "" {
			d.Leaf = declared(&f.Leaves[0], i == identifier)
		} else {
			d.Keys = map[string]*pii.Declarations{}
			for j := range f.Leaves {
				both(d.Keys, f.Leaves[j].Name, &pii.Declarations{Leaf: declared(&f.Leaves[j], false)})
			}
		}
		both(root.Keys, f.Name, d)
	}
	return root
}

// Declarations says what the leaves of one metric may hold. A leaf whose domain is open is left out.
func (p *Prover) Declarations(m *proposal.Proposal) *pii.Declarations {
	top := &pii.Declarations{}
	for _, src := range m.Field.Leaves() {
		d, problems := p.compiler.Domain(src)
		if len(problems) > 0 {
			continue
		}
		leaf := &wire.Leaf{Name: src.Name.V, Type: src.Type.V, Enum: src.Enum.V, Domain: d, Source: src}
		if !m.Field.IsMessage() {
			top.Leaf = declared(leaf, d.Format == domain.UUID && m.Field.Label.V == proposal.Required)
			continue
		}
		if top.Keys == nil {
			top.Keys = map[string]*pii.Declarations{}
		}
		both(top.Keys, src.Name.V, &pii.Declarations{Leaf: declared(leaf, false)})
	}
	for _, src := range m.Field.Leaves() { // a list may have personal data in it
		leaf := top.Leaf
		if m.Field.IsMessage() && top.Keys[src.Name.V] != nil {
			leaf = top.Keys[src.Name.V].Leaf
		}
		if leaf != nil && leaf.Meaning == pii.Closed && src.Type.V == "string" && len(src.Values) > 0 {
			leaf.Meaning = pii.Bounded
		}
	}
	root := &pii.Declarations{Keys: map[string]*pii.Declarations{}}
	both(root.Keys, m.ID.V, top)
	return root
}

func both(keys map[string]*pii.Declarations, name string, d *pii.Declarations) {
	keys[name], keys[jsonName(name)] = d, d
}

// jsonName returns the name that protobuf's JSON has: online_workers is onlineWorkers.
func jsonName(name string) string {
	words := strings.Split(name, "_")
	for i, w := range words[1:] {
		if w != "" {
			words[i+1] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, "")
}

// declared says what a leaf may hold.
func declared(leaf *wire.Leaf, identifier bool) *pii.Declared {
	d := &leaf.Domain
	out := &pii.Declared{Meaning: pii.Closed, Holds: func(text string) bool { return holds(leaf, text) }}
	switch {
	case identifier:
		out.Meaning = pii.Identifier
	case d.Kind == wire.Open:
		out.Meaning = pii.Open
	case d.Format == domain.UUID:
		out.Meaning = pii.Open // another identifier is a finding
	case d.Pattern != nil:
		out.Meaning = pii.Bounded
	}
	return out
}

// holds reports whether a text, or the decimal digits of a number, is a value of a leaf, in any
// spelling of JSON or of the wire.
func holds(leaf *wire.Leaf, text string) bool {
	d := &leaf.Domain
	switch d.Kind {
	case wire.Numeric:
		kind := source.Int
		if strings.ContainsAny(text, ".eE") {
			kind = source.Float
		}
		n, ok := wire.Number(source.Value{Kind: kind, Text: text})
		return ok && d.Numbers.Contains(n)
	case wire.Bool:
		return text == "0" || text == "1" || text == "true" || text == "false"
	case wire.Enum:
		for _, m := range d.Enum {
			if text == m.Name.V || text == wire.EnumValue(leaf.Enum, m.Name.V) || strings.Trim(text, "0123456789") == "" {
				return true
			}
		}
		return false
	}
	return d.ContainsText(text)
}
