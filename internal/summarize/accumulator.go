// SPDX-License-Identifier: GPL-2.0-or-later

package summarize

import (
	"math"
	"math/big"

	"github.com/pulp/pulpmetrics/internal/domain"
)

// accumulator is a sum of numbers, exact as long as all of them are whole. The zero accumulator is 0.
type accumulator struct {
	whole big.Int
	real  float64
	reals bool
}

func (a *accumulator) add(n domain.Number) {
	var term big.Int
	if i, ok := n.Int64(); ok {
		a.whole.Add(&a.whole, term.SetInt64(i))
	} else if u, ok := n.Uint64(); ok {
		a.whole.Add(&a.whole, term.SetUint64(u))
	} else {
		a.real, a.reals = a.real+n.Float64(), true
	}
}

func (a *accumulator) float() float64 {
	f, _ := new(big.Float).SetInt(&a.whole).Float64()
	return f + a.real
}

// over returns the sum divided by a number, rounded to the nearest where it has to be.
func (a *accumulator) over(n domain.Number) domain.Number {
	i, whole := n.Int64()
	if a.reals || !whole || i == 0 {
		return domain.Float(a.float() / n.Float64())
	}
	quotient := new(big.Rat).SetFrac(&a.whole, big.NewInt(i))
	if quotient.IsInt() && quotient.Num().IsInt64() {
		return domain.Int(quotient.Num().Int64())
	}
	f, _ := quotient.Float64()
	if math.IsInf(f, 0) {
		return domain.Float(a.float() / n.Float64())
	}
	return domain.Float(f)
}
