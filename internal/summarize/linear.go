// SPDX-License-Identifier: GPL-2.0-or-later

package summarize

import (
	"maps"
	"math/bits"
	"slices"
)

// prime is the modulus of the arithmetic: that of a field in which sums and differences of rows can
// be solved exactly, and fast. What follows from equations in fractions follows in it too.
const prime = 1<<61 - 1

// mul multiplies modulo the prime.
func mul(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	sum := low&prime + (low>>61 | high<<3)
	if sum >= prime {
		sum -= prime
	}
	return sum % prime
}

// inverse returns 1/a modulo the prime, by Fermat's little theorem.
func inverse(a uint64) uint64 {
	result, power := uint64(1), a
	for n := uint64(prime - 2); n > 0; n >>= 1 {
		if n&1 == 1 {
			result = mul(result, power)
		}
		power = mul(power, power)
	}
	return result
}

// equation is a sum of unknowns of which the value is known: coefficients by unknown, never 0.
type equation map[int]uint64

// system is everything that follows from equations by adding and subtracting them: each row is
// solved for one unknown, its pivot, which no other row has.
type system struct {
	rows    []equation
	pivots  map[int]int          // unknown to its row
	holders map[int]map[int]bool // unknown to the rows that have it
	shy     func(unknown int) bool
	journal []change // since the last commit
}

// change is what undoes a step.
type change struct {
	row, unknown int
	value        uint64 // before; 0 is none
	pivot        bool   // the unknown became the pivot of the row, which was added
}

// newSystem returns a system without equations. Rows are solved for unknowns that are shy, if they
// have any: those that are never known by themselves, so that rows need not be solved again.
func newSystem(shy func(unknown int) bool) *system {
	return &system{pivots: map[int]int{}, holders: map[int]map[int]bool{}, shy: shy}
}

// commit keeps what was added.
func (s *system) commit() { s.journal = s.journal[:0] }

// rollback takes back what was added since the last commit.
func (s *system) rollback() {
	for _, c := range slices.Backward(s.journal) {
		if c.pivot {
			delete(s.pivots, c.unknown)
			s.rows = s.rows[:c.row]
			continue
		}
		s.put(c.row, c.unknown, c.value)
	}
	s.journal = s.journal[:0]
}

// set changes a coefficient of a row.
func (s *system) set(row, unknown int, value uint64) {
	s.journal = append(s.journal, change{row: row, unknown: unknown, value: s.rows[row][unknown]})
	s.put(row, unknown, value)
}

func (s *system) put(row, unknown int, value uint64) {
	if value == 0 {
		delete(s.rows[row], unknown)
		delete(s.holders[unknown], row)
		return
	}
	s.rows[row][unknown] = value
	if s.holders[unknown] == nil {
		s.holders[unknown] = map[int]bool{}
	}
	s.holders[unknown][row] = true
}

// add adds an equation.
func (s *system) add(e equation) {
	e = maps.Clone(e)
	for _, unknown := range slices.Sorted(maps.Keys(e)) {
		if row, solved := s.pivots[unknown]; solved {
			times := e[unknown]
			for other, k := range s.rows[row] {
				if v := minus(e[other], mul(k, times)); v != 0 {
					e[other] = v
				} else {
					delete(e, other)
				}
			}
		}
	}
	if len(e) == 0 {
		return
	}
	pivot := s.choose(e)
	scale := inverse(e[pivot])
	row := len(s.rows)
	for _, holder := range slices.Sorted(maps.Keys(s.holders[pivot])) {
		times := mul(s.rows[holder][pivot], scale)
		for unknown, k := range e {
			s.set(holder, unknown, minus(s.rows[holder][unknown], mul(k, times)))
		}
	}
	s.rows = append(s.rows, equation{})
	s.pivots[pivot] = row
	s.journal = append(s.journal, change{row: row, unknown: pivot, pivot: true})
	for unknown, k := range e {
		s.set(row, unknown, mul(k, scale))
	}
}

// choose returns the unknown that an equation is solved for.
func (s *system) choose(e equation) int {
	best, shy := -1, false
	for unknown := range e {
		if is := s.shy(unknown); best < 0 || is && !shy || is == shy && unknown > best {
			best, shy = unknown, is
		}
	}
	return best
}

func minus(a, b uint64) uint64 {
	if a += prime - b; a >= prime {
		a -= prime
	}
	return a
}

// known reports whether the value of an unknown follows.
func (s *system) known(unknown int) bool {
	row, solved := s.pivots[unknown]
	return solved && len(s.rows[row]) == 1
}
