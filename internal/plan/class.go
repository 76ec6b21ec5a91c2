// SPDX-License-Identifier: GPL-2.0-or-later

package plan

import (
	"math/bits"
	"slices"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// Names of classes of numbers that have no lower edge, or no upper one.
const (
	Below     = "below "     // and the first edge
	AndAbove  = " and above" // after the last edge
	AboveZero = "above 0"    // of log2: a fraction below 1
)

// Coarser returns the class that a value in the classes of t is in for u, which has the same leaf,
// and whether that can be told.
func (t Term) Coarser(u Term, value any) (any, bool) {
	if sameAs(t.As, u.As) {
		return value, true
	}
	if text, ok := value.(string); ok {
		return coarserText(u.As, text)
	}
	n, ok := number(value)
	if !ok {
		return nil, false
	}
	switch u.As.Name {
	case "log2":
		return log2(n), t.As.Name == ""
	case proposal.ClassEdges:
		return edge(u.As, n), true
	}
	return nil, false
}

// coarserText returns the class of a version. Classes of numbers that have a name are not told apart
// any further.
func coarserText(as proposal.As, text string) (any, bool) {
	switch {
	case as.Name == "x":
		return domain.Parts(text, 1), true
	case as.Name == "xy":
		return domain.Parts(text, 2), true
	}
	return nil, false
}

func number(value any) (domain.Number, bool) {
	switch v := value.(type) {
	case int64:
		return domain.Int(v), true
	case uint64:
		return domain.Uint(v), true
	case float64:
		return domain.Float(v), true
	}
	return domain.Number{}, false
}

// KeyNumber returns a number as keys have it.
func KeyNumber(n domain.Number) any {
	if i, ok := n.Int64(); ok {
		return i
	}
	if u, ok := n.Uint64(); ok {
		return u
	}
	return n.Float64()
}

// log2 returns the class of a number: 0 alone, then powers of two, by the lower edge.
func log2(n domain.Number) any {
	switch zero := domain.Int(0); {
	case n.Compare(zero) < 0:
		return Below + "0"
	case n.Compare(zero) == 0:
		return int64(0)
	case n.Compare(domain.Int(1)) < 0:
		return AboveZero
	}
	u, whole := n.Uint64()
	if !whole {
		f := n.Float64()
		if f >= 1<<64 {
			return uint64(1 << 63)
		}
		u = uint64(f)
	}
	return KeyNumber(domain.Uint(1 << (bits.Len64(u) - 1)))
}

// edge returns the class of a number between edges.
func edge(as proposal.As, n domain.Number) any {
	var edges []domain.Number
	for _, e := range as.Edges {
		v, _ := wire.Number(e)
		edges = append(edges, v)
	}
	i := slices.IndexFunc(edges, func(e domain.Number) bool { return n.Compare(e) < 0 })
	switch {
	case i == 0:
		return Below + edges[0].String()
	case i < 0:
		return edges[len(edges)-1].String() + AndAbove
	}
	return KeyNumber(edges[i-1])
}
