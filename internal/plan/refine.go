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
	for i, t := range r.Terms {
		if as := t.As.Name; !sameAs(t.As, q.Terms[index[i]].As) && as != "x" && as != "xy" {
			return nil, false // classes of numbers are made of numbers only
		}
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

// Origin says where a value of a coarser key comes from: a term of the finer query, or a value that
// its filters fix.
type Origin struct {
	Term  int // -1 is Fixed
	Fixed source.Value
}

// Inside reports whether each cell of q lies inside one cell of r, over the same population, and
// where the key of that cell comes from. It is Refines, and also sees through filters and named keys
// that pick one value of what r tells apart.
func (q *Query) Inside(r *Query) ([]Origin, bool) {
	if q.Persistent != r.Persistent || q.Several || r.Several {
		return nil, false
	}
	if origins, ok := q.origins(r, nil, q.Filters); ok {
		return origins, true
	}
	for _, t := range q.Terms {
		if t.Pick == nil || t.Pick.Several || t.Pick.List != r.List || q.List == r.List {
			continue
		}
		if origins, ok := q.origins(r, t.Pick, append(slices.Clone(q.Filters), t.Pick.Filters...)); ok {
			return origins, true
		}
	}
	return nil, false
}

// origins finds the key of r in the terms of q, those of a pick for the list of r, and in filters.
func (q *Query) origins(r *Query, pick *Pick, filters []Filter) ([]Origin, bool) {
	used := make([]bool, len(filters))
	for _, f := range r.Filters {
		i := slices.IndexFunc(filters, f.same)
		if i < 0 {
			return nil, false
		}
		used[i] = true
	}
	var origins []Origin
	for _, t := range r.Terms {
		if pick != nil && t.Pick == nil && t.Ref.Metric == r.List {
			t.Pick = pick
		}
		if i := slices.IndexFunc(q.Terms, func(u Term) bool { return u.finer(t) }); i >= 0 {
			origins = append(origins, Origin{Term: i})
			continue
		}
		i := slices.IndexFunc(filters, func(f Filter) bool {
			return f.Ref == t.Ref && len(f.In) == 1 && f.Ge.Span.IsZero() && f.Lt.Span.IsZero()
		})
		if i < 0 || t.As.Name != "" || t.IsAge() {
			return nil, false
		}
		used[i] = true
		origins = append(origins, Origin{-1, filters[i].In[0]})
	}
	return origins, !slices.Contains(used, false)
}

// Disjoint reports whether no system is in two cells that have the same first n values of their keys.
func (q *Query) Disjoint(n int) bool {
	if q.Several {
		return false
	}
	if q.List == nil {
		return true
	}
	for _, name := range q.List.Field.KeyNames {
		fixed := slices.ContainsFunc(q.Terms[:n], func(t Term) bool {
			return t.Pick == nil && t.Ref.Metric == q.List && t.Ref.Leaf.Name.V == name.V && t.As.Name == ""
		})
		filtered := slices.ContainsFunc(q.Filters, func(f Filter) bool {
			return f.Ref.Metric == q.List && f.Ref.Leaf.Name.V == name.V && len(f.In) == 1
		})
		if !fixed && !filtered {
			return false
		}
	}
	return true
}
