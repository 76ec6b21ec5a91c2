// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Numbers is a closed set of numbers: the integers or the doubles from a least
// to a greatest one, or a list of values such as size classes. It is
// immutable. The zero Numbers is empty.
type Numbers struct {
	shape    shape
	min, max Number
	values   []Number // sorted and distinct; of a list only
}

type shape uint8

const (
	nothing shape = iota
	integers
	reals
	list
)

// Integers returns the integers from least to greatest, both included. It is
// an error if either is no int64 or uint64, or if they are the wrong way round.
func Integers(least, greatest Number) (Numbers, error) {
	for _, bound := range []Number{least, greatest} {
		if !bound.IsInteger() {
			return Numbers{}, fmt.Errorf("the bound %s is not an integer of 64 bits: round it, or make the field a double", bound)
		}
	}
	return bounded(integers, least, greatest)
}

// Reals returns the doubles from least to greatest, both included. It is an
// error if either is not finite or no double, or if they are the wrong way
// round.
func Reals(least, greatest Number) (Numbers, error) {
	for _, bound := range []Number{least, greatest} {
		if Float(bound.Float64()) != bound || !isFinite(bound.Float64()) {
			return Numbers{}, fmt.Errorf("the bound %s is not a finite double: use the nearest one that is", bound)
		}
	}
	return bounded(reals, least, greatest)
}

func isFinite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

func bounded(s shape, least, greatest Number) (Numbers, error) {
	if least.Compare(greatest) > 0 {
		return Numbers{}, fmt.Errorf("min %s is above max %s: swap them", least, greatest)
	}
	return Numbers{shape: s, min: least, max: greatest}, nil
}

// Values returns a list of values in any order. It is an error if there is
// none, one is not finite, or one occurs twice.
func Values(values ...Number) (Numbers, error) {
	if len(values) == 0 {
		return Numbers{}, errors.New("there are no values: list at least one")
	}
	sorted := slices.SortedFunc(slices.Values(values), Number.Compare)
	for i, v := range sorted {
		if !isFinite(v.Float64()) {
			return Numbers{}, fmt.Errorf("the value %s is not finite: remove it", v)
		}
		if i > 0 && v == sorted[i-1] {
			return Numbers{}, fmt.Errorf("the value %s occurs twice: remove one", v)
		}
	}
	return Numbers{list, sorted[0], sorted[len(sorted)-1], sorted}, nil
}

// Contains reports whether n is a member. It does not allocate.
func (s Numbers) Contains(n Number) bool {
	switch s.shape {
	case integers:
		return n.IsInteger() && s.spans(n)
	case reals:
		return s.spans(n)
	case list:
		_, found := slices.BinarySearchFunc(s.values, n, Number.Compare)
		return found
	}
	return false
}

// spans reports whether n lies between the bounds; NaN never does.
func (s Numbers) spans(n Number) bool {
	return !n.isNaN() && s.min.Compare(n) <= 0 && n.Compare(s.max) <= 0
}

// Bounds returns the least and the greatest member; false if there is none.
func (s Numbers) Bounds() (least, greatest Number, ok bool) {
	return s.min, s.max, s.shape != nothing
}

// Values returns the members of a list, sorted; nil for a range.
func (s Numbers) Values() []Number { return slices.Clone(s.values) }

// Cardinality returns log2 of the number of members, exact but for rounding:
// of a range of doubles, every double in it is one. The empty set has minus
// infinity.
func (s Numbers) Cardinality() float64 {
	switch s.shape {
	case integers:
		below, above := s.halves()
		return math.Log2(float64(below) + above.count())
	case reals:
		return math.Log2(float64(ordinal(s.max.Float64())-ordinal(s.min.Float64())) + 1)
	case list:
		return math.Log2(float64(len(s.values)))
	}
	return math.Inf(-1)
}

// ordinal numbers the finite doubles in order, with -0 and 0 the same.
func ordinal(f float64) int64 {
	bits := int64(math.Float64bits(f) &^ (1 << 63))
	if f < 0 {
		return -bits
	}
	return bits
}

// A naturals is the numbers from first on, more of them after it.
type naturals struct {
	first, more uint64
	any         bool
}

func (n naturals) count() float64 {
	if !n.any {
		return 0
	}
	return float64(n.more) + 1
}

// halves returns how many integers below 0 there are, and the others. Each
// half fits 64 bits, which all together need not.
func (s Numbers) halves() (below uint64, above naturals) {
	if s.max.kind == negative {
		return s.max.bits - s.min.bits + 1, naturals{}
	}
	if s.min.kind == negative {
		return -s.min.bits, naturals{0, s.max.bits, true}
	}
	return 0, naturals{s.min.bits, s.max.bits - s.min.bits, true}
}

// Sample returns a member: a bound now and then, else any with the same
// chance. The zero Numbers gives 0, which is not a member.
func (s Numbers) Sample(r *rand.Rand) Number {
	switch edge := r.IntN(32); {
	case s.shape == list:
		return s.values[r.IntN(len(s.values))]
	case edge == 0:
		return s.min
	case edge == 1:
		return s.max
	case s.shape == integers:
		return s.sampleInteger(r)
	case s.shape == reals:
		return s.sampleReal(r)
	}
	return Number{}
}

func (s Numbers) sampleInteger(r *rand.Rand) Number {
	below, above := s.halves()
	if !above.any || r.Float64()*(float64(below)+above.count()) < float64(below) {
		return Number{negative, s.min.bits + r.Uint64N(below)}
	}
	if above.more == math.MaxUint64 {
		return Uint(r.Uint64())
	}
	return Uint(above.first + r.Uint64N(above.more+1))
}

// sampleReal weighs the bounds, as their difference may overflow.
func (s Numbers) sampleReal(r *rand.Rand) Number {
	least, greatest, t := s.min.Float64(), s.max.Float64(), r.Float64()
	f := least*(1-t) + greatest*t
	return Float(min(max(f, least), greatest))
}
