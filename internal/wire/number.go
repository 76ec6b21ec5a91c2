// SPDX-License-Identifier: GPL-2.0-or-later

package wire

import (
	"fmt"
	"math"
	"strconv"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/source"
)

// Number returns the number that a value holds, and whether it holds one.
func Number(v source.Value) (domain.Number, bool) {
	if v.Kind == source.Int {
		if n, err := strconv.ParseInt(v.Text, 10, 64); err == nil {
			return domain.Int(n), true
		}
		if n, err := strconv.ParseUint(v.Text, 10, 64); err == nil {
			return domain.Uint(n), true
		}
	}
	if v.Kind == source.Int || v.Kind == source.Float {
		f, err := strconv.ParseFloat(v.Text, 64)
		return domain.Float(f), err == nil
	}
	return domain.Number{}, false
}

// limits are the least and the greatest number of a proto type.
type limits struct {
	least, greatest domain.Number
	integer         bool
}

func limitsOf(protoType string) limits {
	switch protoType {
	case "int32", "sint32", "sfixed32":
		return limits{domain.Int(math.MinInt32), domain.Int(math.MaxInt32), true}
	case "int64", "sint64", "sfixed64":
		return limits{domain.Int(math.MinInt64), domain.Int(math.MaxInt64), true}
	case "uint32", "fixed32":
		return limits{domain.Int(0), domain.Int(math.MaxUint32), true}
	case "uint64", "fixed64":
		return limits{domain.Int(0), domain.Uint(math.MaxUint64), true}
	case "float":
		return limits{domain.Float(-math.MaxFloat32), domain.Float(math.MaxFloat32), false}
	}
	return limits{domain.Float(-math.MaxFloat64), domain.Float(math.MaxFloat64), false}
}

func (l limits) hold(n domain.Number) bool {
	return l.least.Compare(n) <= 0 && n.Compare(l.greatest) <= 0 && (!l.integer || n.IsInteger())
}

// words says which numbers a proto type of that name holds.
func (l limits) words(protoType string) string {
	numbers := "numbers"
	if l.integer {
		numbers = "whole numbers"
	}
	return fmt.Sprintf("a %s holds %s from %s to %s", protoType, numbers, l.least, l.greatest)
}
