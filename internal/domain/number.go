// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"cmp"
	"math"
	"strconv"
)

// Number holds every int64, uint64 and float64 exactly. Equal numbers are
// equal under ==, whatever they were made from: 2.0 is 2, and -0.0 is 0. The
// zero Number is 0.
type Number struct {
	kind numberKind
	bits uint64
}

type numberKind uint8

const (
	natural  numberKind = iota // bits is the number, 0 to 2^64-1
	negative                   // bits is an int64, -2^63 to -1
	double                     // bits is a float64 that is neither: a fraction, too large, or NaN
)

const (
	twoTo63 = 1 << 63
	twoTo64 = 1 << 64
)

// Int returns n.
func Int(n int64) Number {
	if n < 0 {
		return Number{negative, uint64(n)}
	}
	return Number{natural, uint64(n)}
}

// Uint returns n.
func Uint(n uint64) Number { return Number{natural, n} }

// Float returns f. All NaN are one Number, which lies in no domain.
func Float(f float64) Number {
	switch {
	case f != f:
		return Number{double, math.Float64bits(math.NaN())}
	case f != math.Trunc(f), f < -twoTo63, f >= twoTo64:
		return Number{double, math.Float64bits(f)}
	case f < 0:
		return Number{negative, uint64(int64(f))}
	}
	return Number{natural, uint64(f)}
}

// Int64 returns the number if it is an int64.
func (n Number) Int64() (int64, bool) {
	if n.kind == double || n.kind == natural && n.bits > math.MaxInt64 {
		return 0, false
	}
	return int64(n.bits), true
}

// Uint64 returns the number if it is a uint64.
func (n Number) Uint64() (uint64, bool) {
	if n.kind != natural {
		return 0, false
	}
	return n.bits, true
}

// Float64 returns the float64 that is nearest.
func (n Number) Float64() float64 {
	switch n.kind {
	case natural:
		return float64(n.bits)
	case negative:
		return float64(int64(n.bits))
	}
	return math.Float64frombits(n.bits)
}

// IsInteger reports whether the number is an int64 or a uint64. Larger ones
// that a float64 can hold are not counted.
func (n Number) IsInteger() bool { return n.kind != double }

func (n Number) isNaN() bool { return n.kind == double && math.IsNaN(n.Float64()) }

// String returns the number in decimal, exactly enough to be read back.
func (n Number) String() string {
	switch n.kind {
	case natural:
		return strconv.FormatUint(n.bits, 10)
	case negative:
		return strconv.FormatInt(int64(n.bits), 10)
	}
	return strconv.FormatFloat(n.Float64(), 'g', -1, 64)
}

// Compare returns -1, 0 or 1 as n is below, equal to or above m, without
// rounding. NaN comes before all others.
func (n Number) Compare(m Number) int {
	switch {
	case n.kind == double && m.kind == double:
		return cmp.Compare(n.Float64(), m.Float64())
	case n.kind == double:
		return -m.compareReal(n.Float64())
	case m.kind == double:
		return n.compareReal(m.Float64())
	case n.kind != m.kind:
		return cmp.Compare(m.kind, n.kind) // negative below natural
	}
	return cmp.Compare(n.bits, m.bits) // two's complement keeps the order of negatives
}

// compareReal compares an integer with a float64 that is no such integer: it
// is out of range, or has a fraction and so a floor that is exact.
func (n Number) compareReal(f float64) int {
	switch {
	case f != f, f < -twoTo63:
		return 1
	case f >= twoTo64:
		return -1
	}
	if n.Compare(Float(math.Floor(f))) <= 0 {
		return -1
	}
	return 1
}
