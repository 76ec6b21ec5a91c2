// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

var fieldShape = Rule{Name: "field-shape", Severity: diag.Error, Proposal: func(p *Pass) {
	f := p.Proposal.Field
	if f == nil {
		return
	}
	switch {
	case len(f.Fields) > 0 && !f.Message.Set():
		p.Report(f.Key, "add `message: NAME`, the name of its type", "a field with `fields` is a message, and needs its name")
	case f.Message.Set() && len(f.Fields) == 0:
		p.Report(f.Message.Span, "list the scalars of the message under `fields`, or delete `message`", "the message `%s` has no fields", f.Message.V)
	case f.IsRepeated() && !f.IsMessage():
		p.Report(f.Label.Span, "make it a message with one scalar: a list needs a key", "only messages can be repeated")
		return
	}
	checkMessage(p, f)
	if f.IsRepeated() {
		checkRepeated(p, f)
	} else if f.MaxItems.Set() || len(f.KeyNames) > 0 {
		p.Report(firstSet(f.MaxItems.Span, first(f.KeyNames)), "delete it, or add `label: repeated`", "`max_items` and `key` are for repeated messages")
	}
}}

// checkMessage reports what only scalars have on a message, and the other way round.
func checkMessage(p *Pass, f *proposal.Field) {
	if !f.IsMessage() {
		if len(f.Reserved) > 0 {
			p.Report(first(f.Reserved), "delete `reserved`; the number of a metric is reserved by its file", "`reserved` is for the fields of a message")
		}
		if len(f.ReservedNames) > 0 {
			p.Report(first(f.ReservedNames), "delete `reserved_names`; the name of a metric is reserved by its file", "`reserved_names` is for the fields of a message")
		}
		return
	}
	own := firstSet(f.Type.Span, f.Enum.Span, f.Min.Span, f.Max.Span, f.Format.Span, f.Pattern.Span)
	if len(f.Values) > 0 {
		own = firstSet(own, f.Values[0].Span)
	}
	if !own.IsZero() {
		p.Report(own, "move it to a scalar under `fields`", "a message has no type and no domain of its own")
	}
}

func checkRepeated(p *Pass, f *proposal.Field) {
	if !f.MaxItems.Set() {
		p.Report(f.Label.Span, "add `max_items`, so that one report can't fill the database", "a repeated message has no limit")
	}
	if len(f.KeyNames) == 0 {
		p.Report(f.Label.Span, "add `key` with the leaves that tell its items apart", "a repeated message has no key")
	}
	for _, name := range f.KeyNames {
		leaf := f.LeafNamed(name.V)
		if leaf == nil {
			p.suggest(name, leafNames(f), "the leaves are ", "the key names `%s`, and the message has no such leaf", name.V)
		}
	}
}

func leafNames(f *proposal.Field) []string {
	var names []string
	for i := range f.Fields {
		names = append(names, f.Fields[i].Name.V)
	}
	return names
}

func first[T any](texts []source.Scalar[T]) source.Span {
	if len(texts) == 0 {
		return source.Span{}
	}
	return texts[0].Span
}

func firstSet(spans ...source.Span) source.Span {
	for _, s := range spans {
		if !s.IsZero() {
			return s
		}
	}
	return source.Span{}
}
