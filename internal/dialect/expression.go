// SPDX-License-Identifier: GPL-2.0-or-later

package dialect

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/plan"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// operand is a column in a query.
type operand struct {
	text string // SQL
	kind Kind
	leaf *wire.Leaf // nil for the age
}

var ageDomain, _ = domain.Integers(domain.Int(0), domain.Int(1<<20))

// numbers returns the domain of a number.
func (o operand) numbers() domain.Numbers {
	if o.leaf == nil {
		return ageDomain
	}
	return o.leaf.Domain.Numbers
}

// literal writes a value of a proposal as the operand's column has it.
func (d Dialect) literal(o operand, v source.Value) string {
	switch o.kind {
	case Text:
		return QuoteText(v.Text)
	case Truth:
		return d.truth(v.IsTrue())
	}
	if o.leaf != nil && o.leaf.Domain.Kind == wire.Enum {
		for _, m := range o.leaf.Domain.Enum {
			if m.Name.V == v.Text {
				return strconv.FormatInt(m.Number.V, 10)
			}
		}
		return "NULL"
	}
	n, _ := wire.Number(v)
	return d.number(o, n)
}

func (d Dialect) truth(is bool) string {
	if d == SQLite {
		return map[bool]string{true: "1", false: "0"}[is]
	}
	return strconv.FormatBool(is)
}

// number writes a number as the operand's column has it. A float has the precision of the wire.
func (d Dialect) number(o operand, n domain.Number) string {
	if o.kind == Wide && d == SQLite {
		return d.wide(n)
	}
	if o.leaf != nil && o.leaf.Type == "float" {
		n = domain.Float(float64(float32(n.Float64())))
	}
	return n.String()
}

// wide writes a bound of a Wide column, whose numbers are texts of one length: the least whole number
// that isn't below it.
func (d Dialect) wide(n domain.Number) string {
	if n.Compare(domain.Int(0)) <= 0 {
		return QuoteText(strings.Repeat("0", wideDigits))
	}
	u, whole := n.Uint64()
	if !whole {
		f := n.Float64()
		if f >= 1<<64 {
			return QuoteText(strings.Repeat("9", wideDigits))
		}
		if u = uint64(f); float64(u) < f {
			u++
		}
	}
	return QuoteText(fmt.Sprintf("%0*d", wideDigits, u))
}

// filter writes a condition.
func (d Dialect) filter(o operand, f plan.Filter) []string {
	var all []string
	if len(f.In) > 0 {
		var values []string
		for _, v := range f.In {
			values = append(values, d.literal(o, v))
		}
		if len(values) == 1 {
			all = append(all, o.text+" = "+values[0])
		} else {
			all = append(all, o.text+" IN ("+strings.Join(values, ", ")+")")
		}
	}
	if !f.Ge.Span.IsZero() {
		all = append(all, o.text+" >= "+d.literal(o, f.Ge))
	}
	if !f.Lt.Span.IsZero() {
		all = append(all, o.text+" < "+d.literal(o, f.Lt))
	}
	return all
}

// present writes that an operand takes part.
func present(o operand) string {
	if o.leaf == nil || o.leaf.Domain.Kind != wire.Enum {
		return o.text + " IS NOT NULL"
	}
	var numbers []string
	for _, m := range o.leaf.Domain.Enum {
		numbers = append(numbers, strconv.FormatInt(m.Number.V, 10))
	}
	return o.text + " IN (" + strings.Join(numbers, ", ") + ")"
}

// class writes what a row is told apart by: the value itself, or the class that it is in.
func (d Dialect) class(o operand, as proposal.As) string {
	switch as.Name {
	case "x":
		return d.parts(o.text, 1)
	case "xy":
		return d.parts(o.text, 2)
	case "log2":
		return d.ladder(o, powers(o))
	case proposal.ClassEdges:
		var edges []domain.Number
		for _, edge := range as.Edges {
			n, _ := wire.Number(edge)
			edges = append(edges, n)
		}
		return d.ladder(o, steps{edges: edges, last: edges[len(edges)-1].String() + plan.AndAbove})
	}
	if o.leaf != nil && o.leaf.Domain.Kind == wire.Enum {
		return enumNames(o)
	}
	return o.text
}

func enumNames(o operand) string {
	var b strings.Builder
	b.WriteString("CASE " + o.text)
	members := slices.Clone(o.leaf.Domain.Enum)
	slices.SortFunc(members, func(a, b proposal.Member) int { return int(a.Number.V - b.Number.V) })
	for _, m := range members {
		fmt.Fprintf(&b, " WHEN %d THEN %s", m.Number.V, QuoteText(m.Name.V))
	}
	return b.String() + " END"
}

// parts writes the first one or two parts of a version, or all of one that has fewer.
func (d Dialect) parts(text string, n int) string {
	if d == PostgreSQL {
		return fmt.Sprintf("array_to_string((string_to_array(%s, '.'))[1:%d], '.')", text, n)
	}
	first := fmt.Sprintf("instr(%s, '.')", text)
	if n == 1 {
		return fmt.Sprintf("CASE %s WHEN 0 THEN %s ELSE substr(%s, 1, %s - 1) END", first, text, text, first)
	}
	second := fmt.Sprintf("instr(substr(%s, %s + 1), '.')", text, first)
	return fmt.Sprintf("CASE WHEN %s = 0 OR %s = 0 THEN %s ELSE substr(%s, 1, %s + %s - 1) END", first, second, text, text, first, second)
}

// steps are classes of numbers by their lower edges. A class is called by its edge, in text.
type steps struct {
	edges []domain.Number
	last  string // what the last one is called; "" is by its edge
	gap   string // what lies between 0 and 1 is called, where numbers have fractions
}

// powers returns the classes of log2: 0 alone, then powers of two up to the greatest number.
func powers(o operand) steps {
	_, greatest, _ := o.numbers().Bounds()
	s := steps{edges: []domain.Number{domain.Int(0)}}
	if o.kind == Real {
		s.gap = plan.AboveZero
	}
	for shift := range 64 {
		edge := domain.Uint(1 << shift)
		if edge.Compare(greatest) > 0 && shift > 0 {
			break
		}
		s.edges = append(s.edges, edge)
	}
	return s
}

// ladder writes in which class a number is.
func (d Dialect) ladder(o operand, s steps) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CASE WHEN %s < %s THEN %s", o.text, d.number(o, s.edges[0]), QuoteText(plan.Below+s.edges[0].String()))
	for i, edge := range s.edges {
		name := edge.String()
		switch {
		case i == len(s.edges)-1:
			if s.last != "" {
				name = s.last
			}
			fmt.Fprintf(&b, " ELSE %s", QuoteText(name))
			continue
		case i == 0 && s.gap != "":
			fmt.Fprintf(&b, " WHEN %s = 0 THEN '0'", o.text)
			name = s.gap
		}
		fmt.Fprintf(&b, " WHEN %s < %s THEN %s", o.text, d.number(o, s.edges[i+1]), QuoteText(name))
	}
	return b.String() + " END"
}
