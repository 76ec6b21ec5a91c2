// SPDX-License-Identifier: GPL-2.0-or-later

package plan

import (
	"slices"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// Refines reports whether each cell of q lies inside one cell of r, and index says for each term of
// r which term of q is as fine or finer. Both count the same population under the same filters. It
// doesn't matter whether q says that it is within r.
func (q *Query) Refines(r *Query) (index []int, ok bool) {
	if q.Persistent != r.Persistent || !sameFilters(q.Filters, r.Filters) {
		return nil, false
	}
	for _, coarse := range r.Terms {
		i := slices.IndexFunc(q.Terms, func(t Term) bool { return t.finer(coarse) })
		if i < 0 {
			return nil, false
		}
		index = append(index, i)
	}
	return index, true
}

// finer reports whether each value of t lies inside one value of u.
func (t Term) finer(u Term) bool {
	return t.Ref == u.Ref && samePick(t.Pick, u.Pick) && finer(t.As, u.As)
}

// SameClasses reports whether the values of both terms are the same.
func (t Term) SameClasses(u Term) bool { return sameAs(t.As, u.As) }

// RollsUp reports whether the rows of r are sums of the rows of q: no system counts twice in a cell
// of r, and none is missing in q that is there in r.
func (q *Query) RollsUp(r *Query) (index []int, ok bool) {
	if q.Measure != Systems || r.Measure != Systems || q.Several || r.Several || q.List != r.List {
		return nil, false
	}
	if index, ok = q.Refines(r); !ok {
		return nil, false
	}
	for i, t := range q.Terms {
		if t.Pick != nil && t.Pick.Several || !slices.Contains(index, i) && !t.always(q.List) {
			return nil, false
		}
	}
	return index, true
}

// always reports whether the term has a value wherever there is an item of the list.
func (t Term) always(list *proposal.Proposal) bool {
	return t.IsAge() || t.Pick == nil && t.Ref.Metric == list && t.Ref.Leaf.Label.V == proposal.Required
}

func samePick(a, b *Pick) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.List == b.List && sameFilters(a.Filters, b.Filters)
}

// sameFilters reports whether two lists say the same, in any order.
func sameFilters(a, b []Filter) bool {
	if len(a) != len(b) {
		return false
	}
	for _, f := range a {
		if !slices.ContainsFunc(b, f.same) {
			return false
		}
	}
	return true
}

func (f Filter) same(g Filter) bool {
	return f.Ref == g.Ref && sameValues(f.In, g.In) && sameValues([]source.Value{f.Ge, f.Lt}, []source.Value{g.Ge, g.Lt})
}
