// SPDX-License-Identifier: GPL-2.0-or-later

package wire

import (
	"cmp"
	"fmt"

	"github.com/pulp/pulpmetrics/internal/proposal"
)

// Changes says in words what changes about the field of a metric, whether that breaks anything or
// not. Either proposal may be nil.
func Changes(was, is *proposal.Proposal) []string {
	before, after := sentField(was), sentField(is)
	switch {
	case before == nil && after == nil:
		return nil
	case before == nil:
		return []string{fmt.Sprintf("the field `%s` with the number %d is new: %s", is.ID.V, after.Number.V, fieldType(after))}
	case after == nil:
		return []string{fmt.Sprintf("the field `%s` with the number %d goes", was.ID.V, before.Number.V)}
	}
	w := words{}
	w.changed("the number", fmt.Sprint(before.Number.V), fmt.Sprint(after.Number.V))
	w.changed("the name", was.ID.V, is.ID.V)
	w.changed("the field", fieldType(before), fieldType(after))
	if before.IsMessage() && after.IsMessage() {
		w.leaves(before, after)
	}
	return w.lines
}

// sentField returns the field of a metric in force, or nil.
func sentField(p *proposal.Proposal) *proposal.Field {
	if p == nil || p.Status.V != proposal.Approved && p.Status.V != proposal.Suspended {
		return nil
	}
	return p.Field
}

func fieldType(f *proposal.Field) string {
	return cmp.Or(f.Label.V, proposal.Optional) + " " + cmp.Or(f.Message.V, TypeName(&f.Leaf))
}

func leafType(l *proposal.Leaf) string {
	return cmp.Or(l.Label.V, proposal.Optional) + " " + TypeName(l)
}

type words struct{ lines []string }

func (w *words) add(format string, args ...any) {
	w.lines = append(w.lines, fmt.Sprintf(format, args...))
}

func (w *words) changed(what, was, is string) {
	if was != is {
		w.add("%s was %s and is %s", what, was, is)
	}
}

func (w *words) leaves(was, is *proposal.Field) {
	for i := range was.Fields {
		old := &was.Fields[i]
		now := is.LeafNamed(old.Name.V)
		if now == nil {
			w.add("`%s` with the number %d goes", old.Name.V, old.Number.V)
			continue
		}
		w.changed("the number of `"+old.Name.V+"`", fmt.Sprint(old.Number.V), fmt.Sprint(now.Number.V))
		w.changed("`"+old.Name.V+"`", leafType(old), leafType(now))
		w.members(old, now)
	}
	for i := range is.Fields {
		if now := &is.Fields[i]; was.LeafNamed(now.Name.V) == nil {
			w.add("`%s` with the number %d is new: %s", now.Name.V, now.Number.V, leafType(now))
		}
	}
}

// members says which values of an enum are new, gone or renumbered.
func (w *words) members(was, is *proposal.Leaf) {
	numbers := func(l *proposal.Leaf) map[string]int64 {
		all := map[string]int64{}
		for _, m := range l.Members {
			all[m.Name.V] = m.Number.V
		}
		return all
	}
	before, after := numbers(was), numbers(is)
	for _, m := range was.Members {
		if n, ok := after[m.Name.V]; !ok {
			w.add("the value `%s` goes", m.Name.V)
		} else if n != m.Number.V {
			w.add("the number of the value `%s` was %d and is %d", m.Name.V, m.Number.V, n)
		}
	}
	for _, m := range is.Members {
		if _, ok := before[m.Name.V]; !ok {
			w.add("the value `%s` with the number %d is new", m.Name.V, m.Number.V)
		}
	}
}
