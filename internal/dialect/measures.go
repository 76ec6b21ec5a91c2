// SPDX-License-Identifier: GPL-2.0-or-later

package dialect

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/pulp/pulpmetrics/internal/domain"
)

// sum is how a sum is written: in one column, or in two that are put together as high · radix + low,
// where one could be more than 64 bits hold.
type sum struct {
	columns []string
	radix   int64 // 0 is one column
}

const (
	halfRadix = 1 << 32
	wideRadix = 10_000_000_000
)

// sum writes the sum of a column.
func (d Dialect) sum(o operand, name string) sum {
	switch {
	case d == PostgreSQL && o.kind != Real:
		return sum{columns: []string{fmt.Sprintf("sum(%s)::text AS %s", o.text, name)}}
	case o.kind == Wide:
		return sum{radix: wideRadix, columns: []string{
			fmt.Sprintf("sum(CAST(substr(%s, 1, 10) AS INTEGER)) AS %s_high", o.text, name),
			fmt.Sprintf("sum(CAST(substr(%s, 11) AS INTEGER)) AS %s_low", o.text, name),
		}}
	case o.kind == Int && !small(o.numbers()):
		return sum{radix: halfRadix, columns: []string{
			fmt.Sprintf("sum(%s / %d) AS %s_high", o.text, int64(halfRadix), name),
			fmt.Sprintf("sum(%s %% %d) AS %s_low", o.text, int64(halfRadix), name),
		}}
	}
	return sum{columns: []string{fmt.Sprintf("sum(%s) AS %s", o.text, name)}}
}

// small reports whether two thousand million numbers of a domain have a sum of at most 64 bits.
func small(n domain.Numbers) bool {
	least, greatest, _ := n.Bounds()
	return least.Compare(domain.Int(-halfRadix)) >= 0 && greatest.Compare(domain.Int(halfRadix)) <= 0
}

// sums writes sums and means that read the same, each with its greatest and its least value.
func (c *compiler) sums(s *Statement, group []*builder) {
	lead := group[0]
	columns := lead.keyColumns()
	sums := make([]sum, len(group))
	for i, b := range group {
		o, name := b.values[0], b.query.ID
		sums[i] = c.dialect.sum(o, Quote(name+".total"))
		sums[i].columns = requote(sums[i].columns, name)
		columns = append(columns, fmt.Sprintf("count(%s) AS %s", o.text, Quote(name+".systems")))
		columns = append(columns, sums[i].columns...)
		columns = append(columns, c.dialect.plain(o.kind, "max("+o.text+")")+" AS "+Quote(name+".most"), c.dialect.plain(o.kind, "min("+o.text+")")+" AS "+Quote(name+".least"))
	}
	s.Text = selecting(columns) + lead.tail(len(lead.keys))
	s.read = func(values []any) ([]Cell, error) { return sumCells(s.Queries, sums, values) }
}

// requote moves the end of a column's name inside its quotes.
func requote(columns []string, name string) []string {
	for i, text := range columns {
		for _, end := range []string{"_high", "_low"} {
			text = strings.Replace(text, Quote(name+".total")+end, Quote(name+".total"+end), 1)
		}
		columns[i] = text
	}
	return columns
}

// plain writes a number in a form that both engines return whole.
func (d Dialect) plain(k Kind, text string) string {
	if d == PostgreSQL && k == Wide {
		return text + "::text"
	}
	return text
}

// ratio writes a sum over a sum, over systems that sent both.
func (c *compiler) ratio(s *Statement, b *builder) {
	over, under := b.values[0], b.values[1]
	b.where = append(b.where, present(over), under.text+" > "+c.dialect.number(under, domain.Int(0)))
	sums := []sum{c.dialect.sum(over, "over"), c.dialect.sum(under, "under")}
	columns := append(b.keyColumns(), "count(*) AS systems")
	columns = append(append(columns, sums[0].columns...), sums[1].columns...)
	s.Text = selecting(columns) + b.tail(len(b.keys))
	s.read = func(values []any) ([]Cell, error) { return ratioCell(b.query, sums, values) }
}

// quantiles numbers the values of each cell in their order, and takes those of the ranks asked for:
// the smallest whole number that is at least q times the number of systems, and 1 at least.
func (c *compiler) quantiles(s *Statement, b *builder) {
	o := b.values[0]
	b.where = append(b.where, present(o))
	over := ""
	if len(b.keys) > 0 {
		over = "PARTITION BY " + strings.Join(b.keys, ", ") + " "
	}
	inner := append(b.keyColumns(), o.text+" AS value",
		fmt.Sprintf("row_number() OVER (%sORDER BY %s) AS place", over, o.text),
		fmt.Sprintf("count(*) OVER (%s) AS systems", strings.TrimSpace(over)))
	var ranks []string
	for i, q := range b.query.Q {
		n, of := fraction(q)
		ranks = append(ranks, fmt.Sprintf("SELECT %d AS q, %d AS times, %d AS per", i, n, of))
	}
	columns := append(names(b.query), "q", c.dialect.plain(o.kind, "value"), "systems")
	s.Text = "WITH ranked AS (\n" + selecting(inner) + b.tail(0) + "\n), ranks AS (\n" + strings.Join(ranks, " UNION ALL ") + "\n)\n" +
		selecting(columns) + "FROM ranked JOIN ranks ON place = CASE WHEN times = 0 THEN 1 ELSE (times * systems + per - 1) / per END"
	s.About = "The ranks are worked out in whole numbers: a q of 0.9 is 9 per 10."
	s.read = func(values []any) ([]Cell, error) { return quantileCell(b.query, values) }
}

// maxDigits is how many decimal digits of a q count.
const maxDigits = 9

// fraction returns a number from 0 to 1 as a fraction of whole numbers.
func fraction(q float64) (n, of int64) {
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(q, 'f', -1, 64))
	if !ok || !r.Denom().IsInt64() || r.Denom().Int64() > 1e9 {
		r, _ = new(big.Rat).SetString(strconv.FormatFloat(q, 'f', maxDigits, 64))
	}
	return r.Num().Int64(), r.Denom().Int64()
}
