// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
)

// A lengthSet has bit n set when something of n code points may follow.
type lengthSet [MaxPatternLen/64 + 1]uint64

func (s *lengthSet) has(n int) bool { return n >= 0 && s[n/64]&(1<<(n%64)) != 0 }

// addLonger adds each length of t, plus one.
func (s *lengthSet) addLonger(t *lengthSet) {
	carry := uint64(0)
	for i, word := range t {
		s[i] |= word<<1 | carry
		carry = word >> 63
	}
}

// bounds returns the least and the greatest length; 0, 0 if there is none.
func (s *lengthSet) bounds() (least, greatest int) {
	for i, word := range slices.Backward(s[:]) {
		if word != 0 {
			least = i*64 + bits.TrailingZeros64(word)
			greatest = max(greatest, i*64+63-bits.LeadingZeros64(word))
		}
	}
	return least, greatest
}

// pick returns one of the lengths, each as likely; 0 if there is none.
func (s *lengthSet) pick(r *rand.Rand) int {
	var lengths []int
	for n := range len(s) * 64 {
		if s.has(n) {
			lengths = append(lengths, n)
		}
	}
	if len(lengths) == 0 {
		return 0
	}
	return lengths[r.IntN(len(lengths))]
}

// lengths returns for each state the lengths of what may follow.
func (a *automaton) lengths() []lengthSet {
	sets := make([]lengthSet, len(a.accept))
	for state, accept := range a.accept {
		if accept {
			sets[state][0] = 1
		}
		for _, row := range a.rows {
			sets[state].addLonger(&sets[row[state]])
		}
	}
	return sets
}

// Cardinality returns log2 of the number of distinct members: exact but for
// rounding, as each member has one path through the automaton. The zero
// Pattern has minus infinity.
func (p *Pattern) Cardinality() float64 {
	counts := make([]float64, len(p.auto.accept))
	for state, accept := range p.auto.accept {
		counts[state] = math.Inf(-1)
		if accept {
			counts[state] = 0
		}
		for class, row := range p.auto.rows {
			size := math.Log2(float64(spanCount(p.alpha.spans[class])))
			counts[state] = addLog2(counts[state], size+counts[row[state]])
		}
	}
	if len(counts) == 0 {
		return math.Inf(-1)
	}
	return counts[p.auto.start]
}

// addLog2 returns log2(2^a + 2^b).
func addLog2(a, b float64) float64 {
	a, b = max(a, b), min(a, b)
	if math.IsInf(b, -1) {
		return a
	}
	return a + math.Log1p(math.Exp2(b-a))/math.Ln2
}

func spanCount(spans []span) int {
	n := 0
	for _, s := range spans {
		n += int(s.hi-s.lo) + 1
	}
	return n
}

// Widest returns a longest member in code points, the same one every time: of
// legible characters where the pattern has them.
func (p *Pattern) Widest() string {
	return p.walk(p.maxLen, func(classes []int) rune {
		return legible(p.alpha, classes)
	})
}

// Sample returns a member. Every length that occurs is as likely, then every
// class of characters that the pattern tells apart; within a class printable
// ASCII is preferred, but every member can come.
func (p *Pattern) Sample(r *rand.Rand) string {
	if p.auto.start == dead {
		return ""
	}
	return p.walk(p.lengths[p.auto.start].pick(r), func(classes []int) rune {
		return sampleSpans(p.alpha.spans[classes[r.IntN(len(classes))]], r)
	})
}

// walk spells a member of n code points. choose gets the classes that may come
// next, at least one, and returns a code point of one of them.
func (p *Pattern) walk(n int, choose func(classes []int) rune) string {
	var text strings.Builder
	state := p.auto.start
	for ; n > 0; n-- {
		classes := p.viable(state, n-1)
		if len(classes) == 0 {
			break
		}
		r := choose(classes)
		text.WriteRune(r)
		state = p.auto.rows[p.alpha.class(r)][state]
	}
	return text.String()
}

// viable lists the classes after which exactly n more code points may follow.
func (p *Pattern) viable(state uint16, n int) []int {
	var classes []int
	for class, row := range p.auto.rows {
		if p.lengths[row[state]].has(n) {
			classes = append(classes, class)
		}
	}
	return classes
}

// legible returns a lower-case letter of one of the classes, or else printable
// ASCII, or else the first code point of the first class.
func legible(alpha *alphabet, classes []int) rune {
	for _, want := range []span{{'a', 'z'}, {'!', '~'}} {
		for _, class := range classes {
			if inside := intersect(alpha.spans[class], want); len(inside) > 0 {
				return inside[0].lo
			}
		}
	}
	return alpha.spans[classes[0]][0].lo
}

// sampleSpans returns a code point of spans, which are not empty.
func sampleSpans(spans []span, r *rand.Rand) rune {
	if printable := intersect(spans, span{' ', '~'}); len(printable) > 0 && r.IntN(4) > 0 {
		spans = printable
	}
	n := rune(r.IntN(spanCount(spans)))
	for _, s := range spans {
		if n <= s.hi-s.lo {
			return s.lo + n
		}
		n -= s.hi - s.lo + 1
	}
	return spans[0].lo
}

func intersect(spans []span, with span) []span {
	var inside []span
	for _, s := range spans {
		inside = appendSpan(inside, max(s.lo, with.lo), min(s.hi, with.hi))
	}
	return inside
}
