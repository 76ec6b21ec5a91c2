// SPDX-License-Identifier: GPL-2.0-or-later

package summarize

import (
	"slices"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/plan"
)

// discloser is somebody who adds and subtracts whatever is published of a day. It knows what the
// summaries mean: that the cells of a finer one add up to those of a coarser one, and all persistent
// systems to one number. It stands for everyone outside, and sees to it that no cell follows which
// isn't safe.
//
// Unknowns are the numbers of systems in cells, and for sums and means also their sums.
type discloser struct {
	families []*family
	first    map[*family]int // of its cells; sums come after all numbers of systems
	sums     map[*family]int
	unsafe   []int
	isUnsafe map[int]bool
	system   *system
}

func newDiscloser(all []*family, minAge int64, persistent int64) *discloser {
	d := &discloser{families: all, first: map[*family]int{}, sums: map[*family]int{}, isUnsafe: map[int]bool{}}
	next := d.unknowns()
	for _, unknown := range d.unsafe {
		d.isUnsafe[unknown] = true
	}
	d.system = newSystem(func(unknown int) bool { return unknown == next || d.isUnsafe[unknown] })
	for _, f := range all {
		for _, g := range all {
			d.link(f, g, d.first, systemsOf)
			if sameOperand(f, g) {
				d.link(f, g, d.sums, totalOf)
			}
		}
	}
	d.totals(next, minAge, persistent)
	d.system.commit()
	return d
}

// unknowns numbers the unknowns, and returns the first number that is free.
func (d *discloser) unknowns() int {
	next := 0
	for _, f := range d.families {
		d.first[f] = next
		for i := range f.cells {
			if f.cells[i].systems > 0 && !f.cells[i].enough {
				d.unsafe = append(d.unsafe, next+i)
			}
		}
		next += len(f.cells)
	}
	for _, f := range d.families {
		if f.query.Measure != plan.Sum && f.query.Measure != plan.Mean {
			continue
		}
		d.sums[f] = next
		for i := range f.cells {
			if f.cells[i].systems > 0 && !f.cells[i].safe {
				d.unsafe = append(d.unsafe, next+i)
			}
		}
		next += len(f.cells)
	}
	return next
}

func sameOperand(f, g *family) bool {
	return isSum(f.query) && isSum(g.query) && f.query.Of == g.query.Of
}

func isSum(q *plan.Query) bool { return q.Measure == plan.Sum || q.Measure == plan.Mean }

func systemsOf(c *cell) domain.Number { return domain.Int(c.systems) }

func totalOf(c *cell) domain.Number { return c.rows[0].Total }

// link notes that the cells of f add up to those of g, where they do. That it could be otherwise
// helps nobody who guesses right.
func (d *discloser) link(f, g *family, first map[*family]int, value func(*cell) domain.Number) {
	nesting, inside := f.query.Inside(g.query)
	if f == g || !inside {
		return
	}
	groups := map[int][]int{}
	for i := range f.cells {
		text, ok := f.through(g, nesting, f.cells[i].key)
		if !ok {
			return
		}
		if at, there := g.index[text]; there {
			groups[at] = append(groups[at], i)
		}
	}
	for at, cells := range groups {
		sum := 0.0
		e := equation{first[g] + at: prime - 1}
		for _, i := range cells {
			sum += value(&f.cells[i]).Float64()
			e[first[f]+i] = 1
		}
		if near(sum, value(&g.cells[at]).Float64()) {
			d.system.add(e)
		}
	}
}

// near reports whether two sums are the same, but for the rounding of reals.
func near(a, b float64) bool {
	return max(a-b, b-a) <= 1e-9*max(a, -a, b, -b)
}

// totals notes which families add up to the persistent systems: those of them whose cells are all
// of these, and the persistent ages of all systems.
func (d *discloser) totals(next int, minAge, persistent int64) {
	for _, f := range d.families {
		if !f.additive() || len(f.query.Filters) > 0 || !f.query.Disjoint(0) {
			continue
		}
		e, sum := equation{next: prime - 1}, int64(0)
		for i := range f.cells {
			if f.query.Persistent || f.persistent(i, minAge) {
				e[d.first[f]+i] = 1
				sum += f.cells[i].systems
			}
		}
		if sum == persistent && len(e) > 1 {
			d.system.add(e)
		}
	}
}

// persistent reports whether a cell is one of the ages of persistent systems.
func (f *family) persistent(i int, minAge int64) bool {
	for j, t := range f.query.Terms {
		age, ok := numberOf(f.cells[i].key[j])
		if t.IsAge() && ok {
			return age.Compare(domain.Int(minAge)) >= 0
		}
	}
	return false
}

// publishes learns what is published of a family, and reports whether nothing follows that isn't safe.
// If something does, it forgets it again.
func (d *discloser) publishes(f *family) bool {
	for _, b := range f.blocks {
		counts, sums := equation{}, equation{}
		for _, i := range b.cells {
			counts[d.first[f]+i] = 1
			if isSum(f.query) {
				sums[d.sums[f]+i] = 1
			}
		}
		d.system.add(counts)
		d.system.add(sums)
	}
	if slices.ContainsFunc(d.unsafe, d.system.known) {
		d.system.rollback()
		return false
	}
	d.system.commit()
	return true
}
