// SPDX-License-Identifier: GPL-2.0-or-later

package summarize

import (
	"cmp"
	"slices"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/plan"
)

// Other is what stands in a key for values that were folded together.
const Other = "other"

// folder decides which cells of a family are published, and which are folded together.
type folder struct {
	family  *family
	minCell int64
	minAge  int64
	held    map[int]bool // cells that are not to be published alone
}

// fold publishes the cells that are safe, and folds those that are not, along the last key inside
// equal earlier ones, into `other`; while that isn't safe, the smallest published cell is folded in
// too; with none left, what is inside the earlier keys is folded as one along them. Nothing is ever
// folded across the blocks of the parent.
func (o *folder) fold() {
	f := o.family
	f.blocks, f.block = nil, make([]int, len(f.cells))
	for i := range f.block {
		f.block[i] = -1
	}
	for _, region := range o.regions() {
		for _, b := range o.level(region, 0) {
			o.publish(b)
		}
	}
}

// publish adds a block. One of the same key is there if it was folded in another region.
func (o *folder) publish(p part) {
	f := o.family
	if p.folded && !o.safe(p.cells) || len(p.cells) == 0 {
		return
	}
	at := -1
	if p.folded || slices.Contains(p.key, any(Other)) { // a cell alone has its key alone
		at = slices.IndexFunc(f.blocks, func(b block) bool { return compareKeys(b.key, p.key) == 0 })
	}
	if at < 0 {
		at = len(f.blocks)
		f.blocks = append(f.blocks, block{key: p.key})
	}
	f.blocks[at].cells = append(f.blocks[at].cells, p.cells...)
	for _, i := range p.cells {
		f.block[i] = at
	}
}

// regions divides the cells by what is folded apart: the blocks of the parent, and whether a system
// is persistent, where the age tells and both are counted. Cells whose parent is not published are
// in no region.
func (o *folder) regions() [][]int {
	f := o.family
	type region struct {
		block int
		fresh bool
	}
	byRegion := map[region][]int{}
	var order []region
	for i := range f.cells {
		r := region{fresh: o.fresh(f.cells[i].key)}
		if f.parent != nil {
			text, ok := f.through(f.parent, f.nesting, f.cells[i].key)
			at, there := f.parent.index[text]
			if !ok || !there || f.parent.block[at] < 0 {
				continue
			}
			r.block = f.parent.block[at]
		}
		if byRegion[r] == nil {
			order = append(order, r)
		}
		byRegion[r] = append(byRegion[r], i)
	}
	var out [][]int
	for _, r := range order {
		out = append(out, byRegion[r])
	}
	return out
}

// fresh reports whether a key is that of systems which are not persistent yet.
func (o *folder) fresh(key []any) bool {
	q := o.family.query
	i := slices.IndexFunc(q.Terms, plan.Term.IsAge)
	if i < 0 || q.Persistent {
		return false
	}
	age, ok := numberOf(key[i])
	return ok && age.Compare(domain.Int(o.minAge)) < 0
}

// part is one of the values of a key, with the cells below it.
type part struct {
	key    []any
	cells  []int
	blocks []part // what is published; empty if nothing can be
	total  int64
	folded bool
}

// level folds cells that have the same first n values of their keys. It returns what is published
// of them; of what is not safe even when all is folded together, it is one part that is folded, for
// the level above to put together with others.
func (o *folder) level(cells []int, n int) []part {
	f := o.family
	if n == len(f.query.Terms) {
		return o.alone(cells)
	}
	var parts, unsafe []part
	for _, p := range o.split(cells, n) {
		p.blocks = o.level(p.cells, n+1)
		if len(p.blocks) == 1 && p.blocks[0].folded && !o.safe(p.blocks[0].cells) {
			unsafe = append(unsafe, p)
			continue
		}
		if len(p.blocks) > 0 {
			parts = append(parts, p)
		}
	}
	if len(unsafe) == 0 {
		return blocksOf(parts)
	}
	if !f.additive() || !f.query.Disjoint(n) {
		return blocksOf(parts) // what isn't safe is withheld
	}
	return o.merge(parts, unsafe, cells, n)
}

// alone returns the only cell there is.
func (o *folder) alone(cells []int) []part {
	c := &o.family.cells[cells[0]]
	return []part{{key: c.key, cells: cells, folded: !c.safe || o.held[cells[0]]}}
}

// split divides cells by the value of their key at n, in order.
func (o *folder) split(cells []int, n int) []part {
	var parts []part
	for _, i := range cells {
		c := &o.family.cells[i]
		if last := len(parts) - 1; last < 0 || compareValues(o.family.cells[parts[last].cells[0]].key[n], c.key[n]) != 0 {
			parts = append(parts, part{})
		}
		last := &parts[len(parts)-1]
		last.cells = append(last.cells, i)
		last.total += c.systems
	}
	return parts
}

// merge folds what is not safe into one part, and the smallest others with it until that is safe. A
// value that is called `other` itself goes there in any case.
func (o *folder) merge(parts, unsafe []part, cells []int, n int) []part {
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(a.total, b.total) })
	if i := slices.IndexFunc(parts, func(p part) bool { return o.family.cells[p.cells[0]].key[n] == any(Other) }); i > 0 {
		parts = append([]part{parts[i]}, slices.Delete(parts, i, i+1)...)
	}
	other := part{folded: true, key: o.otherKey(cells[0], n)}
	for _, p := range unsafe {
		other.cells = append(other.cells, p.cells...)
	}
	forced := len(parts) > 0 && o.family.cells[parts[0].cells[0]].key[n] == any(Other)
	for len(parts) > 0 && (forced || !o.safe(other.cells)) {
		other.cells = append(other.cells, parts[0].cells...)
		parts, forced = parts[1:], false
	}
	slices.Sort(other.cells)
	return append(blocksOf(parts), other)
}

// otherKey returns the key of what is folded at n: equal to that of a cell before.
func (o *folder) otherKey(cell, n int) []any {
	key := slices.Clone(o.family.cells[cell].key)
	for i := n; i < len(key); i++ {
		key[i] = Other
	}
	return key
}

func blocksOf(parts []part) []part {
	var all []part
	for _, p := range parts {
		all = append(all, p.blocks...)
	}
	return all
}

// safe reports whether cells together may be published: with enough systems, none of which makes more
// than half of a sum.
func (o *folder) safe(cells []int) bool {
	if len(cells) == 1 && o.held[cells[0]] {
		return false
	}
	systems := int64(0)
	largest, total := 0.0, 0.0
	for _, i := range cells {
		r := o.family.cells[i].rows[0]
		systems += r.Systems
		largest, total = max(largest, r.Largest.Float64()), total+r.Total.Float64()
	}
	q := o.family.query
	if q.Measure != plan.Sum && q.Measure != plan.Mean {
		return systems >= o.minCell
	}
	return systems >= o.minCell && !exceedsHalf(domain.Float(largest), domain.Float(total))
}
