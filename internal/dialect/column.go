// SPDX-License-Identifier: GPL-2.0-or-later

package dialect

import (
	"fmt"
	"math"
	"strconv"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// Kind is how the values of a column are stored.
type Kind uint8

// The kinds.
const (
	Int   Kind = iota // a whole number of 64 bits; also the number of an enum's member
	Wide              // a whole number from 0 to 2^64-1, where the domain goes above 2^63-1
	Real              // a float64
	Truth             // a bool
	Text
	ID     // 16 bytes
	Number // a whole number or a float64
)

// wideDigits is the length of the longest Wide number in decimal.
const wideDigits = 20

// Column is a column of a table.
type Column struct {
	Name   string
	Kind   Kind
	Leaf   *wire.Leaf // nil for the columns that every registry has
	Metric string     // the id of the metric that the column belongs to; "" is none
	Null   bool
}

// kindOf returns how the values of a leaf are stored. The type is the widest of its sort, so that a
// domain can grow without a change of the column.
func kindOf(leaf *wire.Leaf) Kind {
	switch leaf.Domain.Kind {
	case wire.Bool:
		return Truth
	case wire.Text:
		return Text
	case wire.Numeric:
		if leaf.Type == "float" || leaf.Type == "double" {
			return Real
		}
		if _, greatest, ok := leaf.Domain.Numbers.Bounds(); ok {
			if _, fits := greatest.Int64(); !fits {
				return Wide
			}
		}
	}
	return Int
}

// wideSuffix ends the name of a column of Kind Wide.
const wideSuffix = ".wide"

// leafColumn returns the column of a leaf. A Wide one has a name of its own, since the domain of a
// leaf that was narrower before has filled another column.
func leafColumn(metric, name string, leaf *wire.Leaf) Column {
	c := Column{Name: name, Kind: kindOf(leaf), Leaf: leaf, Metric: metric, Null: true}
	if c.Kind == Wide {
		c.Name += wideSuffix
	}
	c.Name = shorten(c.Name)
	return c
}

// Type returns the type of a column.
func (d Dialect) Type(k Kind) string {
	if d == SQLite {
		return [...]string{Int: "INTEGER", Wide: "TEXT", Real: "REAL", Truth: "INTEGER", Text: "TEXT", ID: "BLOB", Number: "NUMERIC"}[k]
	}
	return [...]string{Int: "bigint", Wide: "numeric(20)", Real: "double precision", Truth: "boolean", Text: "text", ID: "uuid", Number: "numeric"}[k]
}

// Bind returns a value as the driver takes it: bits as in report.Value, or a text.
func (d Dialect) Bind(k Kind, bits uint64, text string) any {
	switch k {
	case Wide:
		if d == SQLite {
			return fmt.Sprintf("%0*d", wideDigits, bits)
		}
		return strconv.FormatUint(bits, 10)
	case Real:
		return math.Float64frombits(bits)
	case Truth:
		return bits != 0
	case Text:
		return text
	}
	return int64(bits)
}

// BindNumber returns a number as the driver takes it for a column of Kind Number.
func (d Dialect) BindNumber(n domain.Number) any {
	i, whole := n.Int64()
	switch {
	case d == PostgreSQL:
		return n.String()
	case whole:
		return i
	}
	return n.Float64()
}

// BindID returns the id of a system as the driver takes it.
func (d Dialect) BindID(id [16]byte) any {
	if d == SQLite {
		return id[:]
	}
	return id
}
