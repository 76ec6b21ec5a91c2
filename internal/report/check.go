// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"math"
	"slices"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// check is the domain of a leaf, ready to be asked about bits. The zero check lets all pass.
type check struct {
	how     how
	unknown bool            // what is outside is an unknown member of an enum
	low     uint64          // of a range of integers, in two's complement
	width   uint64          // of a range of integers: the greatest less the least
	least   float64         // of a range of reals
	most    float64         // of a range of reals
	members []uint64        // bits, sorted
	texts   []string        // sorted
	format  domain.Format   // of texts
	pattern *domain.Pattern // of texts
}

type how uint8

const (
	all how = iota
	none
	within
	between
	among
	oneOf
	formatted
	matching
)

func newCheck(k kind, d wire.Domain) check {
	switch d.Kind {
	case wire.Bool:
		return check{how: all}
	case wire.Enum:
		c := check{how: among, unknown: true}
		for i := range d.Enum {
			c.members = append(c.members, uint64(d.Enum[i].Number.V))
		}
		slices.Sort(c.members)
		return c
	case wire.Numeric:
		return numericCheck(k, d.Numbers)
	case wire.Text:
		return textCheck(d)
	}
	return check{how: none}
}

func textCheck(d wire.Domain) check {
	switch {
	case d.Pattern != nil:
		return check{how: matching, pattern: d.Pattern}
	case d.Format != 0:
		return check{how: formatted, format: d.Format}
	}
	return check{how: oneOf, texts: d.Texts}
}

func numericCheck(k kind, n domain.Numbers) check {
	least, greatest, ok := n.Bounds()
	switch values := n.Values(); {
	case !ok:
		return check{how: none}
	case values != nil:
		c := check{how: among}
		for _, v := range values {
			c.members = append(c.members, k.bitsOf(v))
		}
		slices.Sort(c.members)
		return c
	case k == floats || k == doubles:
		return check{how: between, least: k.round(least), most: k.round(greatest)}
	}
	low := k.bitsOf(least)
	return check{how: within, low: low, width: k.bitsOf(greatest) - low}
}

// bitsOf returns the bits of a number that the kind can hold.
func (k kind) bitsOf(n domain.Number) uint64 {
	if k == floats || k == doubles {
		return realBits(k.round(n))
	}
	if i, ok := n.Int64(); ok {
		return uint64(i)
	}
	u, _ := n.Uint64()
	return u
}

// round returns the real that arrives when a number is sent: a float of 0.3 is a little more.
func (k kind) round(n domain.Number) float64 {
	if k == floats {
		return float64(float32(n.Float64()))
	}
	return n.Float64()
}

// isWithin reports whether the domain is a range of integers, and holds the bits. It is what most
// leaves need, and small enough to be inlined.
func (c *check) isWithin(bits uint64) bool { return c.how == within && bits-c.low <= c.width }

// inside reports whether a cell that is present lies in a domain that judgeRow does not look into
// by itself.
func (c *check) inside(data []byte, at cell) bool {
	switch c.how {
	case all:
		return true
	case between:
		f := math.Float64frombits(at.bits)
		return c.least <= f && f <= c.most
	case among:
		_, found := slices.BinarySearch(c.members, at.bits)
		return found
	case oneOf:
		return slices.Contains(c.texts, string(at.text(data)))
	}
	return false
}
