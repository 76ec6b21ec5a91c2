// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"math"
	"slices"
	"sort"
	"unicode/utf8"
)

// maxPairs is how many pairs of states a comparison of two patterns visits.
const maxPairs = 1 << 20

// Subset reports whether every member of p is one of q. Where two large patterns would take too
// long to tell, the answer is false.
func (p *Pattern) Subset(q *Pattern) bool {
	if p.auto.start == dead || p.expr == q.expr {
		return true
	}
	w := pairWalk{p: p, q: q, steps: pairClasses(p.alpha, q.alpha), seen: map[[2]uint16]bool{}}
	w.reach(p.auto.start, q.auto.start)
	for len(w.todo) > 0 && !w.escaped {
		pair := w.todo[len(w.todo)-1]
		w.todo = w.todo[:len(w.todo)-1]
		for _, step := range w.steps {
			w.reach(p.auto.rows[step[0]][pair[0]], q.auto.rows[step[1]][pair[1]])
		}
	}
	return !w.escaped
}

// pairWalk runs two automata side by side, over every text that the first can read.
type pairWalk struct {
	p, q    *Pattern
	steps   [][2]uint16 // a class of each, for every kind of code point
	seen    map[[2]uint16]bool
	todo    [][2]uint16
	escaped bool // a member of p is none of q, or there is too much to look at
}

func (w *pairWalk) reach(s, t uint16) {
	pair := [2]uint16{s, t}
	if s == dead || w.seen[pair] {
		return
	}
	w.seen[pair] = true
	w.todo = append(w.todo, pair)
	// Every state but the dead one has a member of p before it.
	w.escaped = w.escaped || t == dead || w.p.auto.accept[s] && !w.q.auto.accept[t] || len(w.seen) > maxPairs
}

// pairClasses returns the pairs of classes that some code point belongs to, without class 0 of a.
func pairClasses(a, b *alphabet) [][2]uint16 {
	var steps [][2]uint16
	known := map[[2]uint16]bool{}
	for class, spans := range a.spans {
		for _, s := range spans {
			for r := s.lo; r <= s.hi; r = b.next(r) {
				step := [2]uint16{uint16(class), b.class(r)}
				if !known[step] {
					known[step] = true
					steps = append(steps, step)
				}
			}
		}
	}
	return steps
}

// next returns the first code point after r whose class may be another.
func (a *alphabet) next(r rune) rune {
	i := sort.Search(len(a.starts), func(i int) bool { return a.starts[i] > r })
	if i == len(a.starts) {
		return utf8.MaxRune + 1
	}
	return a.starts[i]
}

// Subset reports whether every member of f is one of g.
func (f Format) Subset(g Format) bool {
	return f == g || f == 0 || f == Release && g == Version
}

// Subset reports whether every member of s is one of t.
func (s Numbers) Subset(t Numbers) bool {
	switch {
	case s.shape == nothing:
		return true
	case s.shape == list || s.min == s.max:
		return !slices.ContainsFunc(s.members(), func(n Number) bool { return !t.Contains(n) })
	case t.shape == list:
		return s.shape == integers && s.countIn(t.values) == s.Cardinality()
	case s.shape == reals && t.shape == integers, t.shape == nothing:
		return false
	}
	return t.min.Compare(s.min) <= 0 && s.max.Compare(t.max) <= 0
}

// members returns the members of a list, or of a range of one.
func (s Numbers) members() []Number {
	if s.shape == list {
		return s.values
	}
	return []Number{s.min}
}

// countIn returns log2 of how many of the values are members.
func (s Numbers) countIn(values []Number) float64 {
	n := 0
	for _, v := range values {
		if s.Contains(v) {
			n++
		}
	}
	return math.Log2(float64(n))
}
