// SPDX-License-Identifier: GPL-2.0-or-later

package summarize

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/plan"
	"github.com/pulp/pulpmetrics/internal/store"
)

// publish returns what may be seen of the exact rows of a day, sorted by summary and key. The
// smallest cell is kept in every summary by itself, and by whoever adds and subtracts all that is
// published: summaries are taken one after the other, and one that would give a cell away is folded
// further, or left out.
func (s *Summarizer) publish(day store.Day, persistent int64, exact []store.Row) ([]store.Row, error) {
	all, err := s.fold(persistent, exact)
	if err != nil {
		return nil, err
	}
	var rows []store.Row
	for _, f := range all {
		published, err := s.rows(day, f)
		if err != nil {
			return nil, err
		}
		rows = append(rows, published...)
	}
	slices.SortFunc(rows, func(a, b store.Row) int {
		return cmp.Or(strings.Compare(a.Summary, b.Summary), strings.Compare(a.Key, b.Key))
	})
	return rows, nil
}

// fold decides which cells are published, and which are folded together.
func (s *Summarizer) fold(persistent int64, exact []store.Row) ([]*family, error) {
	all, err := families(s.Queries, exact, s.minCell)
	if err != nil {
		return nil, err
	}
	relate(all)
	d := newDiscloser(all, s.minAge, persistent)
	ordered := inOrder(all)
	for _, f := range ordered {
		o := &folder{family: f, minCell: s.minCell, minAge: s.minAge, held: map[int]bool{}}
		o.settle(d)
	}
	return ordered, nil
}

// maxHeld is how many cells of a summary are folded further before it is left out.
const maxHeld = 50

// settle folds a family until nothing leaks.
func (o *folder) settle(d *discloser) {
	for range maxHeld {
		o.fold()
		if d.publishes(o.family) {
			return
		}
		if !o.holdSmallest() {
			break
		}
	}
	o.keep(func(b block) bool { return len(b.cells) == 1 })
	if !d.publishes(o.family) {
		o.keep(func(block) bool { return false })
	}
}

// holdSmallest holds back the smallest cell that is published alone, and reports whether there was
// one.
func (o *folder) holdSmallest() bool {
	f, smallest := o.family, -1
	for _, b := range f.blocks {
		if i := b.cells[0]; len(b.cells) == 1 && (smallest < 0 || f.cells[i].systems < f.cells[smallest].systems) {
			smallest = i
		}
	}
	if smallest < 0 {
		return false
	}
	o.held[smallest] = true
	return true
}

// keep leaves out the blocks that a function doesn't hold for.
func (o *folder) keep(holds func(block) bool) {
	f := o.family
	kept := f.blocks[:0]
	for i := range f.block {
		f.block[i] = -1
	}
	for _, b := range f.blocks {
		if !holds(b) {
			continue
		}
		for _, i := range b.cells {
			f.block[i] = len(kept)
		}
		kept = append(kept, b)
	}
	f.blocks = kept
}

// rows returns what is published of a family.
func (s *Summarizer) rows(day store.Day, f *family) ([]store.Row, error) {
	var rows []store.Row
	for _, b := range f.blocks {
		if len(b.cells) == 1 && !slices.Contains(b.key, any(Other)) {
			for _, r := range f.cells[b.cells[0]].rows {
				if s.mayShow(f.query, r) {
					rows = append(rows, store.Row{Day: day, Summary: r.Summary, Key: r.Key, Value: r.Value, Systems: r.Systems})
				}
			}
			continue
		}
		r, err := f.other(day, b)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// mayShow reports whether enough systems stand on both sides of a quantile.
func (s *Summarizer) mayShow(query *plan.Query, r store.Row) bool {
	if query.Measure != plan.Quantiles {
		return true
	}
	key, err := store.DecodeKey(r.Key)
	if err != nil || len(key) == 0 {
		return false
	}
	n, ok := numberOf(key[len(key)-1])
	if !ok {
		return false
	}
	q := n.Float64()
	return float64(r.Systems)*min(q, 1-q) >= float64(s.minCell)-1e-9
}

// other returns one row for several cells: what the measure is of all of them together.
func (f *family) other(day store.Day, b block) (store.Row, error) {
	q := f.query
	key, err := store.EncodeKey(b.key)
	out := store.Row{Day: day, Summary: q.ID, Key: key}
	var total, weight accumulator
	for _, i := range b.cells {
		r := f.cells[i].rows[0]
		out.Systems += r.Systems
		total.add(r.Total)
		weight.add(r.Weight)
	}
	switch q.Measure {
	case plan.Systems:
		out.Value = domain.Int(out.Systems)
	case plan.Sum:
		out.Value = total.over(domain.Int(1))
	case plan.Mean:
		out.Value = total.over(domain.Int(out.Systems))
	case plan.Ratio:
		out.Value = total.over(weight.over(domain.Int(1)))
	}
	return out, err
}
