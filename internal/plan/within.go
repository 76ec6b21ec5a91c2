// SPDX-License-Identifier: GPL-2.0-or-later

package plan

import (
	"slices"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// within checks that each summary that refines another really does, and that no two summaries
// count the same leaf in different classes side by side: their difference could give a small cell
// away.
func (b *builder) within(summaries []Summary) {
	for i := range summaries {
		if s := &summaries[i]; s.Within.Set() {
			s.Parent = named(summaries, s.Within.V)
		}
	}
	for i := range summaries {
		b.refines(&summaries[i], summaries)
	}
	for i := range summaries {
		for j := range summaries[:i] {
			b.apart(&summaries[j], &summaries[i], len(summaries))
		}
	}
}

func (b *builder) refines(s *Summary, all []Summary) {
	if !s.Within.Set() {
		return
	}
	parent := s.Parent
	switch {
	case parent == s:
		b.report(CodeWithin, s.Within.Span, "name the coarser summary", "`%s` can't refine itself", s.ID.V)
	case parent == nil:
		b.report(CodeWithin, s.Within.Span, proposal.Suggest(s.Within.V, ids(all, s), "the other summaries here are "), "there is no summary `%s` in this proposal", s.Within.V)
	case parent.Measure.V != Systems || s.Measure.V != Systems:
		b.report(CodeWithin, s.Within.Span, "delete `within`", "only counts of systems refine each other")
	case parent.Population.V != s.Population.V:
		b.report(CodeWithin, s.Within.Span, "give both the same `population`", "`%s` counts other systems than `%s`", s.ID.V, parent.ID.V)
	case !sameConditions(s, parent):
		b.report(CodeWithin, s.Within.Span, "give both the same conditions", "`%s` counts under other conditions than `%s`", s.ID.V, parent.ID.V)
	case inside(s, s, len(all)):
		b.report(CodeWithin, s.Within.Span, "let one of them stand alone", "`%s` and `%s` refine each other", s.ID.V, parent.ID.V)
	default:
		for _, key := range parent.Keys {
			if !hasFiner(s.Keys, key) {
				b.report(CodeWithin, s.Within.Span, "`by` needs `"+key.Name+"`, in the same classes or finer", "`%s` doesn't refine `%s`: it has no key for `%s`", s.ID.V, parent.ID.V, key.Name)
			}
		}
	}
}

// apart reports two summaries of one leaf in different classes, neither within the other.
func (b *builder) apart(s, t *Summary, steps int) {
	if s.Measure.V != Systems || t.Measure.V != Systems || inside(s, t, steps) || inside(t, s, steps) || astray(s) || astray(t) {
		return
	}
	for _, k := range t.Keys {
		for _, other := range s.Keys {
			if k.Ref == other.Ref && k.Name == other.Name && !sameAs(k.As, other.As) {
				b.report(CodeWithin, t.ID.Span, refineHelp(s, t, other.As, k.As), "`%s` and `%s` count `%s` in different classes, and neither is `within` the other", s.ID.V, t.ID.V, k.Name)
				return
			}
		}
	}
}

// astray reports whether s is within a summary that isn't there, which is reported already.
func astray(s *Summary) bool { return s.Within.Set() && s.Parent == nil }

// refineHelp says which of two summaries is to name the other, given their classes of one key.
func refineHelp(s, t *Summary, of, as proposal.As) string {
	switch {
	case finer(as, of):
		return "add `within: " + s.ID.V + "` to `" + t.ID.V + "`"
	case finer(of, as):
		return "add `within: " + t.ID.V + "` to `" + s.ID.V + "`"
	}
	return "use the same classes in both, or keep one of them"
}

// inside reports whether s is, over at most that many steps, within t.
func inside(s, t *Summary, steps int) bool {
	for s = s.Parent; s != nil && steps > 0; s = s.Parent {
		if s == t {
			return true
		}
		steps--
	}
	return false
}

func named(all []Summary, id string) *Summary {
	for i := range all {
		if all[i].ID.V == id {
			return &all[i]
		}
	}
	return nil
}

func ids(all []Summary, but *Summary) []string {
	var out []string
	for i := range all {
		if &all[i] != but {
			out = append(out, all[i].ID.V)
		}
	}
	return out
}

// hasFiner reports whether one of the keys tells apart at least what the other does.
func hasFiner(keys []Key, coarse Key) bool {
	for _, k := range keys {
		if k.Ref == coarse.Ref && k.Name == coarse.Name && finer(k.As, coarse.As) {
			return true
		}
	}
	return false
}

// finer reports whether each class of a lies inside one class of b.
func finer(a, b proposal.As) bool {
	switch {
	case sameAs(a, b), a.Name == "", a.Name == "xy" && b.Name == "x":
		return true
	case a.Name != proposal.ClassEdges || b.Name != proposal.ClassEdges:
		return false
	}
	return !slices.ContainsFunc(b.Edges, func(edge source.Value) bool {
		return !slices.ContainsFunc(a.Edges, func(v source.Value) bool { return v.Text == edge.Text })
	})
}

func sameAs(a, b proposal.As) bool {
	if a.Name != b.Name || len(a.Edges) != len(b.Edges) {
		return false
	}
	for i := range a.Edges {
		if a.Edges[i].Text != b.Edges[i].Text {
			return false
		}
	}
	return true
}

func sameConditions(s, t *Summary) bool {
	a, b := s.Summary.Where, t.Summary.Where
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Field.V != b[i].Field.V || !sameValues(conditionValues(a[i]), conditionValues(b[i])) {
			return false
		}
	}
	return true
}

func conditionValues(c proposal.Condition) []source.Value {
	return append([]source.Value{c.Eq, c.Ge, c.Lt}, c.In...)
}

func sameValues(a, b []source.Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Kind != b[i].Kind || a[i].Text != b[i].Text {
			return false
		}
	}
	return true
}
