// SPDX-License-Identifier: GPL-2.0-or-later

package summarize

import (
	"cmp"
	"slices"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/plan"
	"github.com/pulp/pulpmetrics/internal/store"
)

// family is the cells of one summary on one day, and what is published of them.
type family struct {
	query   *plan.Query
	cells   []cell // sorted by key
	index   map[string]int
	parent  *family      // the coarser one inside whose blocks its cells are folded; nil is none
	nesting plan.Nesting // in the parent
	blocks  []block
	block   []int // of each cell; -1 is unpublished
}

// cell is one row as it is stored, or the rows of one cell's quantiles.
type cell struct {
	key     []any
	text    string // of the key
	rows    []store.Row
	systems int64
	enough  bool // systems, to be published
	safe    bool // enough, and none of them makes more than half of a sum
}

// block is one or more cells that are published as one row.
type block struct {
	key   []any
	cells []int
}

// families sorts rows by summary. Rows of summaries that there are no more are left out.
func families(queries []plan.Query, rows []store.Row, minCell int64) ([]*family, error) {
	byID := map[string]*family{}
	var all []*family
	for i := range queries {
		f := &family{query: &queries[i], index: map[string]int{}}
		byID[f.query.ID] = f
		all = append(all, f)
	}
	for _, r := range rows {
		if f := byID[r.Summary]; f != nil {
			if err := f.add(r, minCell); err != nil {
				return nil, err
			}
		}
	}
	for _, f := range all {
		f.sort()
	}
	return all, nil
}

// add adds a row to its cell.
func (f *family) add(r store.Row, minCell int64) error {
	key, err := store.DecodeKey(r.Key)
	if err != nil {
		return err
	}
	text := r.Key
	if f.query.Measure == plan.Quantiles && len(key) > 0 {
		key = key[:len(key)-1]
		if text, err = store.EncodeKey(key); err != nil {
			return err
		}
	}
	i, ok := f.index[text]
	if !ok {
		i = len(f.cells)
		f.index[text] = i
		enough := r.Systems >= minCell
		f.cells = append(f.cells, cell{key: key, text: text, systems: r.Systems, enough: enough, safe: enough && !dominated(f.query, r)})
	}
	f.cells[i].rows = append(f.cells[i].rows, r)
	return nil
}

// dominated reports whether one system makes more than half of a sum or a mean.
func dominated(q *plan.Query, r store.Row) bool {
	if q.Measure != plan.Sum && q.Measure != plan.Mean {
		return false
	}
	return exceedsHalf(r.Largest, r.Total)
}

// exceedsHalf reports whether a number is more than half of a total, whatever its sign.
func exceedsHalf(part, total domain.Number) bool {
	whole := total.Float64()
	return 2*part.Float64() > max(whole, -whole)
}

func (f *family) sort() {
	slices.SortFunc(f.cells, func(a, b cell) int { return compareKeys(a.key, b.key) })
	for i := range f.cells {
		f.index[f.cells[i].text] = i
	}
}

// additive reports whether cells of the family can be put together into one, of which everything is
// known.
func (f *family) additive() bool { return !f.query.Several && f.query.Measure != plan.Quantiles }

// compareKeys orders keys: numbers by size, before texts.
func compareKeys(a, b []any) int {
	for i := range min(len(a), len(b)) {
		if c := compareValues(a[i], b[i]); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

func compareValues(a, b any) int {
	m, aNumber := numberOf(a)
	n, bNumber := numberOf(b)
	if aNumber && bNumber {
		return m.Compare(n)
	}
	s, aText := a.(string)
	t, bText := b.(string)
	if aText && bText {
		return cmp.Compare(s, t)
	}
	return cmp.Compare(rank(a), rank(b))
}

func rank(v any) int {
	switch v := v.(type) {
	case bool:
		if v {
			return 1
		}
		return 0
	case string:
		return 3
	}
	return 2
}

func numberOf(v any) (domain.Number, bool) {
	switch v := v.(type) {
	case int64:
		return domain.Int(v), true
	case uint64:
		return domain.Uint(v), true
	case float64:
		return domain.Float(v), true
	}
	return domain.Number{}, false
}

// through returns the text of the key of the cell of g in which a key of f lies. It is "" where the
// key lies in none; ok is false where that can't be told.
func (f *family) through(g *family, n plan.Nesting, key []any) (text string, ok bool) {
	for _, test := range n.Where {
		if !test.Filter.Passes(key[test.Term]) {
			return "", true
		}
	}
	coarse := make([]any, len(n.Origins))
	for i, o := range n.Origins {
		if o.Term < 0 {
			coarse[i] = plan.FixedValue(o.Fixed)
			continue
		}
		v, ok := f.query.Terms[o.Term].Coarser(g.query.Terms[i], key[o.Term])
		if !ok {
			return "", false
		}
		coarse[i] = v
	}
	text, err := store.EncodeKey(coarse)
	return text, err == nil
}

// relate gives each family its parent: the summary that it says it is within, or else the finest one
// that its cells lie inside of. Of two that tell the same apart, the first one is the parent.
func relate(all []*family) {
	for _, f := range all {
		for _, g := range all {
			if g == f || !g.additive() {
				continue
			}
			nesting, inside := f.query.Inside(g.query)
			if !inside || !nesting.Total() {
				continue
			}
			if _, mutual := g.query.Inside(f.query); mutual && g.query.ID > f.query.ID {
				continue
			}
			if f.parent == nil || f.closer(g) {
				f.parent, f.nesting = g, nesting
			}
		}
	}
}

// closer reports whether a family is a better parent than the one that there is.
func (f *family) closer(g *family) bool {
	switch f.query.Within {
	case f.parent.query.ID:
		return false
	case g.query.ID:
		return true
	}
	return len(g.query.Terms) > len(f.parent.query.Terms)
}

// inOrder returns families so that each comes after its parent; those with fewer keys first.
func inOrder(all []*family) []*family {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b *family) int { return cmp.Compare(len(a.query.Terms), len(b.query.Terms)) })
	var out []*family
	done := map[*family]bool{}
	var visit func(f *family)
	visit = func(f *family) {
		if f == nil || done[f] {
			return
		}
		done[f] = true // also ends a circle, should there be one
		visit(f.parent)
		out = append(out, f)
	}
	for _, f := range sorted {
		visit(f)
	}
	return out
}
