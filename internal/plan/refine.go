// SPDX-License-Identifier: GPL-2.0-or-later

package plan

import (
	"slices"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/internal/wire"
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

// Nesting says in which cell of a coarser query a cell of a finer one lies.
type Nesting struct {
	Origins []Origin // of each value of the coarser key
	Where   []Test   // what has to hold; a cell for which it doesn't lies in none
	Wider   bool     // the coarser query counts every system, and the finer one the persistent ones
}

// Test is a filter of the coarser query on a term of the finer one.
type Test struct {
	Term   int
	Filter Filter
}

// Total reports whether every cell of the finer query lies in one of the coarser query, of the same
// population.
func (n Nesting) Total() bool { return len(n.Where) == 0 && !n.Wider }

// Inside reports whether each cell of q lies inside one cell of r or in none, and in which one. It sees through filters and named keys that pick one value of what r
// tells apart, and through filters of r on what q tells apart.
func (q *Query) Inside(r *Query) (Nesting, bool) {
	if !q.Persistent && r.Persistent || q.Several || r.Several {
		return Nesting{}, false
	}
	if n, ok := q.nesting(r, nil, q.Filters); ok {
		return n, true
	}
	for _, t := range q.Terms {
		if t.Pick == nil || t.Pick.Several || t.Pick.List != r.List || q.List == r.List {
			continue
		}
		if n, ok := q.nesting(r, t.Pick, append(slices.Clone(q.Filters), t.Pick.Filters...)); ok {
			return n, true
		}
	}
	return Nesting{}, false
}

// nesting finds the key of r in the terms of q, those of a pick for the list of r, and in filters.
func (q *Query) nesting(r *Query, pick *Pick, filters []Filter) (Nesting, bool) {
	n := Nesting{Wider: q.Persistent != r.Persistent}
	used := make([]bool, len(filters))
	for _, f := range r.Filters {
		if i := slices.IndexFunc(filters, f.same); i >= 0 {
			used[i] = true
			continue
		}
		i := slices.IndexFunc(q.Terms, func(t Term) bool { return t.Ref == f.Ref && t.Pick == nil && t.As.Name == "" })
		if i < 0 {
			return n, false
		}
		n.Where = append(n.Where, Test{i, f})
	}
	if r.Measure == Ratio && (q.Measure != Ratio || q.Under != r.Under) { // over systems with a denominator above 0
		i := slices.IndexFunc(q.Terms, func(t Term) bool { return t.Ref == r.Under && t.Pick == nil && t.As.Name == "" })
		if i < 0 {
			return n, false
		}
		n.Where = append(n.Where, Test{i, Filter{Ref: r.Under, Positive: true}})
	}
	for _, t := range r.Terms {
		if pick != nil && t.Pick == nil && t.Ref.Metric == r.List {
			t.Pick = pick
		}
		if i := slices.IndexFunc(q.Terms, func(u Term) bool { return u.finer(t) }); i >= 0 {
			n.Origins = append(n.Origins, Origin{Term: i})
			continue
		}
		i := slices.IndexFunc(filters, func(f Filter) bool {
			return f.Ref == t.Ref && len(f.In) == 1 && f.Ge.Span.IsZero() && f.Lt.Span.IsZero()
		})
		if i < 0 || t.As.Name != "" || t.IsAge() {
			return n, false
		}
		used[i] = true
		n.Origins = append(n.Origins, Origin{-1, filters[i].In[0]})
	}
	return n, !slices.Contains(used, false)
}

// Passes reports whether a value of a key passes the filter.
func (f Filter) Passes(value any) bool {
	n, isNumber := number(value)
	if f.Positive && (!isNumber || n.Compare(domain.Number{}) <= 0) {
		return false
	}
	if ge, ok := wire.Number(f.Ge); ok && (!isNumber || n.Compare(ge) < 0) {
		return false
	}
	if lt, ok := wire.Number(f.Lt); ok && (!isNumber || n.Compare(lt) >= 0) {
		return false
	}
	return len(f.In) == 0 || slices.ContainsFunc(f.In, func(v source.Value) bool { return FixedValue(v) == value })
}

// FixedValue returns a value of a proposal as keys have it.
func FixedValue(v source.Value) any {
	switch v.Kind {
	case source.String:
		return v.Text
	case source.Bool:
		return v.IsTrue()
	}
	n, _ := wire.Number(v)
	return KeyNumber(n)
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
