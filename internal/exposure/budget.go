// SPDX-License-Identifier: GPL-2.0-or-later

package exposure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/registry"
)

// Budget is how much one report may tell of an installation, and how much it does.
type Budget struct {
	Bits float64 // that a report tells, without its identifier
	Most float64 // that it may tell; 0 is no limit
}

// Budget adds up the leaves of a registry on a day, YYYY-MM-DD.
func (p *Prover) Budget(r *registry.Registry, day string) (Budget, []Leaf) {
	leaves := inForce(r, day, p.Weigh)
	b := Budget{Bits: Sum(leaves)}
	if r.Project.PII != nil {
		b.Most = r.Project.PII.BudgetBits.V
	}
	return b, leaves
}

// Over returns how many bits are too many; 0 if none are.
func (b Budget) Over() float64 {
	if b.Most <= 0 {
		return 0
	}
	return max(0, b.Bits-b.Most)
}

// way is something that makes a report tell less.
type way struct {
	text  string
	saves float64
}

// Ways names the cheapest ways to save bits: those that give up the least of what is asked, and
// where none is enough alone, the greatest ones.
func Ways(leaves []Leaf, over float64) string {
	var all []way
	for _, l := range leaves {
		all = append(all, l.ways()...)
	}
	all = slices.DeleteFunc(all, func(w way) bool { return w.saves < 0.05 })
	enough := slices.DeleteFunc(slices.Clone(all), func(w way) bool { return w.saves < over })
	if len(enough) > 0 {
		slices.SortStableFunc(enough, func(a, b way) int { return cmp.Compare(a.saves, b.saves) })
		return join(enough[:min(3, len(enough))], ", or ")
	}
	slices.SortStableFunc(all, func(a, b way) int { return cmp.Compare(b.saves, a.saves) })
	return join(all[:min(3, len(all))], ", and ")
}

func join(ways []way, with string) string {
	var texts []string
	for _, w := range ways {
		texts = append(texts, fmt.Sprintf("%s (saves %.1f bits)", w.text, w.saves))
	}
	return strings.Join(texts, with)
}

// ways lists what can be done about a leaf: put its numbers into size classes, cap them, or drop
// it.
func (l *Leaf) ways() []way {
	if l.Proof == Identifier {
		return nil
	}
	ways := []way{{fmt.Sprintf("drop `%s`", l.Path), l.Bits}}
	if l.Law != Doublings {
		return ways
	}
	span := span(l)
	classes := math.Log2(span + 1)
	capped := math.Max(0, span-4)
	return append(ways,
		way{fmt.Sprintf("send the size class of `%s`, a power of two", l.Path), l.Bits - classes},
		way{fmt.Sprintf("cap `%s` at a sixteenth of its `max`", l.Path), l.Bits - (capped/2 + math.Log2(max(1, capped*math.Ln2)))})
}

// span returns log2 of how many values a range of numbers has, from the bits that it tells.
func span(l *Leaf) float64 {
	low, high := 2.0, 64.0
	for range 60 {
		if mid := (low + high) / 2; mid/2+math.Log2(mid*math.Ln2) < l.Bits {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}
