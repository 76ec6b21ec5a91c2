// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

var exampleDomain = Rule{Name: "example-domain", Severity: diag.Error, Proposal: func(p *Pass) {
	example, field := p.Proposal.Example, p.Proposal.Field
	if example == nil || field == nil {
		return
	}
	value, _ := example.Payload.Get(p.Proposal.ID.V)
	if limit := field.MaxItems; limit.Set() && int64(len(value.Items)) > limit.V {
		p.Report(value.Span, "raise `max_items`, or shorten the example", "the example has %d items, and `max_items` is %d", len(value.Items), limit.V)
	}
	eachScalar(field, value, func(leaf *proposal.Leaf, v source.Value) {
		d, closed := p.Domain(leaf)
		if closed && scalarKind(v.Kind) && !d.Contains(v) && fitsKind(leaf, v) {
			p.Report(v.Span, "write "+d.String()+", or widen the domain", "`%s` is outside the domain of `%s`", v.Text, leafTitle(p, leaf))
		}
	})
}}

// fitsKind leaves values of the wrong kind to example-shape.
func fitsKind(leaf *proposal.Leaf, v source.Value) bool {
	switch {
	case leaf.Type.V == "bool":
		return v.Kind == source.Bool
	case leaf.IsNumber():
		return v.Kind == source.Int || v.Kind == source.Float
	}
	return v.Kind == source.String
}

func scalarKind(k source.Kind) bool { return k != source.Map && k != source.List && k != source.Null }

func leafTitle(p *Pass, leaf *proposal.Leaf) string {
	if leaf.Name.Set() {
		return leaf.Name.V
	}
	return p.Proposal.ID.V
}

// eachScalar visits every value of the metric in a payload, with its leaf.
func eachScalar(f *proposal.Field, value source.Value, visit func(*proposal.Leaf, source.Value)) {
	if !f.IsMessage() {
		visit(&f.Leaf, value)
		return
	}
	items := value.Items
	if value.Kind == source.Map {
		items = []source.Value{value}
	}
	for _, item := range items {
		for _, e := range item.Entries {
			if leaf := f.LeafNamed(e.Key.V); leaf != nil {
				visit(leaf, e.Value)
			}
		}
	}
}
