// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

var exampleShape = Rule{Name: "example-shape", Severity: diag.Error, Proposal: func(p *Pass) {
	example, field := p.Proposal.Example, p.Proposal.Field
	if example == nil || field == nil || example.Payload.Kind != source.Map {
		return
	}
	payload := example.Payload
	for _, e := range payload.Entries {
		if e.Key.V != p.Proposal.ID.V {
			p.Report(e.Key.Span, "write `"+p.Proposal.ID.V+":`, and nothing beside it", "the payload holds `%s`, which is not this metric", e.Key.V)
		}
	}
	value, ok := payload.Get(p.Proposal.ID.V)
	if !ok && len(payload.Entries) > 0 {
		return // what stands in its place is reported
	}
	if !ok {
		p.Report(example.Key, "write this metric's part of a report under its id", "the payload lacks `%s`", p.Proposal.ID.V)
		return
	}
	checkMetricShape(p, field, value)
}}

func checkMetricShape(p *Pass, f *proposal.Field, v source.Value) {
	switch {
	case f.IsRepeated() && v.Kind != source.List:
		p.Report(v.Span, "write its items as a list", "`%s` is repeated, and the example has %s", p.Proposal.ID.V, v.Kind)
	case f.IsRepeated():
		for _, item := range v.Items {
			checkMessageShape(p, f, item)
		}
		checkItemKeys(p, f, v.Items)
	case f.IsMessage():
		checkMessageShape(p, f, v)
	default:
		checkScalarShape(p, &f.Leaf, v)
	}
}

func checkMessageShape(p *Pass, f *proposal.Field, v source.Value) {
	if v.Kind != source.Map {
		p.Report(v.Span, "write its fields as `name: value`", "`%s` is a message, and the example has %s", f.Message.V, v.Kind)
		return
	}
	for _, e := range v.Entries {
		leaf := f.LeafNamed(e.Key.V)
		if leaf == nil {
			p.Report(e.Key.Span, proposal.Suggest(e.Key.V, leafNames(f), "its fields are "), "`%s` has no field `%s`", f.Message.V, e.Key.V)
			continue
		}
		checkScalarShape(p, leaf, e.Value)
	}
	for i := range f.Fields {
		leaf := &f.Fields[i]
		if _, ok := v.Get(leaf.Name.V); ok {
			continue
		}
		if isKey := slices.ContainsFunc(f.KeyNames, func(k source.Text) bool { return k.V == leaf.Name.V }); isKey {
			p.Report(v.Span, "add `"+leaf.Name.V+": VALUE`", "the item has no `%s`, which tells it from the others", leaf.Name.V)
		} else if leaf.Label.V == proposal.Required {
			p.Report(v.Span, "add `"+leaf.Name.V+": VALUE`", "the required field `%s` is missing", leaf.Name.V)
		}
	}
}

// checkScalarShape reports a value of a kind that the leaf's type can't hold.
func checkScalarShape(p *Pass, leaf *proposal.Leaf, v source.Value) {
	want := source.String
	switch {
	case leaf.Type.V == "bool":
		want = source.Bool
	case leaf.IsNumber():
		want = source.Int
	}
	if v.Kind == want || want == source.Int && v.Kind == source.Float && (leaf.Type.V == "double" || leaf.Type.V == "float") {
		return
	}
	help, has := "write "+want.String(), v.Kind.String()
	switch {
	case want == source.String && v.Kind != source.Null && len(v.Text) > 0:
		help = fmt.Sprintf("put quotes around it: %q", v.Text)
	case want == source.Int && v.Kind == source.Float:
		help, has = "write a whole number", "a fraction"
	}
	p.Report(v.Span, help, "the example has %s where `%s` is of type %s", has, leafTitle(p, leaf), leafType(leaf))
}

func leafType(leaf *proposal.Leaf) string {
	if leaf.Enum.Set() {
		return leaf.Enum.V
	}
	return leaf.Type.V
}

// checkItemKeys reports two items of one key: a real report with them would not be counted.
func checkItemKeys(p *Pass, f *proposal.Field, items []source.Value) {
	var seen []string
	for _, item := range items {
		var key []string
		for _, name := range f.KeyNames {
			v, _ := item.Get(name.V)
			key = append(key, v.Text)
		}
		text := strings.Join(key, ", ")
		if slices.Contains(seen, text) && len(key) > 0 {
			p.Report(item.Span, "keep one: a report with both would not be counted", "two items have the key `%s`", text)
		}
		seen = append(seen, text)
	}
}
