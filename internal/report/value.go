// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"math"

	"github.com/pulp/pulpmetrics/internal/wire"
)

// Value is the value of one leaf: a text, or the bits of anything else.
type Value struct {
	Text []byte // of a string: part of the bytes that were decoded
	Bits uint64 // integers and enums in two's complement, reals as a float64, bools as 0 or 1
}

// Int64 returns an integer of a signed type, or the number of an enum's member.
func (v Value) Int64() int64 { return int64(v.Bits) }

// Uint64 returns an integer of an unsigned type.
func (v Value) Uint64() uint64 { return v.Bits }

// Float64 returns a float or a double.
func (v Value) Float64() float64 { return math.Float64frombits(v.Bits) }

// Bool returns a bool.
func (v Value) Bool() bool { return v.Bits != 0 }

// Member returns what payloads and rows call the member of an enum; "" if it has none of that
// number.
func (v Value) Member(leaf *wire.Leaf) string {
	for i := range leaf.Domain.Enum {
		if leaf.Domain.Enum[i].Number.V == v.Int64() {
			return leaf.Domain.Enum[i].Name.V
		}
	}
	return ""
}

// realBits returns the bits of a real. Like [domain.Float], it knows one NaN and one zero.
func realBits(f float64) uint64 {
	switch {
	case f != f:
		return math.Float64bits(math.NaN())
	case f == 0:
		return 0
	}
	return math.Float64bits(f)
}
