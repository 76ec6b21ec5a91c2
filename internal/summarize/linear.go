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
// solved for one unknown, which no other row has.
type system struct {
	rows    []equation
	pivots  map[int]int          // unknown to its row
	holders map[int]map[int]bool // unknown to the rows that have it
}

func newSystem() *system {
	return &system{pivots: map[int]int{}, holders: map[int]map[int]bool{}}
}

// clone returns a copy that can be added to without changing the original.
func (s *system) clone() *system {
	c := &system{rows: make([]equation, len(s.rows)), pivots: maps.Clone(s.pivots), holders: make(map[int]map[int]bool, len(s.holders))}
	for i, row := range s.rows {
		c.rows[i] = maps.Clone(row)
	}
	for unknown, rows := range s.holders {
		c.holders[unknown] = maps.Clone(rows)
	}
	return c
}

// add adds an equation.
func (s *system) add(e equation) {
	e = maps.Clone(e)
	for _, unknown := range slices.Sorted(maps.Keys(e)) {
		if row, solved := s.pivots[unknown]; solved {
			subtract(e, s.rows[row], e[unknown])
		}
	}
	if len(e) == 0 {
		return
	}
	pivot := slices.Min(slices.Collect(maps.Keys(e)))
	scale := inverse(e[pivot])
	for unknown, k := range e {
		e[unknown] = mul(k, scale)
	}
	for _, row := range slices.Sorted(maps.Keys(s.holders[pivot])) {
		s.replace(row, e, pivot)
	}
	s.pivots[pivot] = len(s.rows)
	s.rows = append(s.rows, e)
	s.hold(len(s.rows)-1, e)
}

// replace removes an unknown from a row, with an equation that is solved for it.
func (s *system) replace(row int, e equation, pivot int) {
	for unknown := range s.rows[row] {
		delete(s.holders[unknown], row)
	}
	subtract(s.rows[row], e, s.rows[row][pivot])
	s.hold(row, s.rows[row])
}

func (s *system) hold(row int, e equation) {
	for unknown := range e {
		if s.holders[unknown] == nil {
			s.holders[unknown] = map[int]bool{}
		}
		s.holders[unknown][row] = true
	}
}

// subtract subtracts times·b from a.
func subtract(a, b equation, times uint64) {
	for unknown, k := range b {
		v := a[unknown] + prime - mul(k, times)
		if v >= prime {
			v -= prime
		}
		if v == 0 {
			delete(a, unknown)
		} else {
			a[unknown] = v
		}
	}
}

// known reports whether the value of an unknown follows.
func (s *system) known(unknown int) bool {
	row, solved := s.pivots[unknown]
	return solved && len(s.rows[row]) == 1
}
