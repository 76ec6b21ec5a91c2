// SPDX-License-Identifier: GPL-2.0-or-later

package dialect

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/plan"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// Statement is a query for the rows of one or more summaries of a day. Its first argument is the
// day; if Ages, the second one is the age from which on a system is persistent, in days.
type Statement struct {
	Queries []*plan.Query // whose rows it returns
	Text    string
	Ages    bool
	About   string // how it works, in a sentence or two, where the text alone doesn't say

	read func(values []any) ([]Cell, error) // the cells of a row
}

// Compile returns the statements of queries, sorted by the first summary of each. What can be worked
// out together is: sums and means of one population read it once, and counts in coarser classes are
// added up from the finer ones.
func Compile(d Dialect, m *wire.Message, queries []plan.Query) ([]Statement, error) {
	c := compiler{dialect: d, message: m}
	for i := range queries {
		c.builders = append(c.builders, newBuilder(d, m, &queries[i]))
	}
	var all []Statement
	for _, group := range c.groups() {
		all = append(all, c.statement(group))
	}
	for _, b := range c.builders {
		if b.err != nil {
			return nil, b.err
		}
	}
	return all, nil
}

type compiler struct {
	dialect  Dialect
	message  *wire.Message
	builders []*builder
}

// groups puts together what one statement works out, in the order of the first of each.
func (c *compiler) groups() [][]*builder {
	var groups [][]*builder
	leader := map[*builder]int{}
	for _, b := range c.builders {
		first := c.leader(b)
		if i, ok := leader[first]; ok {
			groups[i] = append(groups[i], b)
			continue
		}
		leader[first] = len(groups)
		groups = append(groups, []*builder{b})
	}
	for i, group := range groups { // the leader comes first
		j := slices.IndexFunc(group, func(b *builder) bool { return c.leader(b) == b })
		groups[i] = append([]*builder{group[j]}, slices.Delete(slices.Clone(group), j, j+1)...)
	}
	return groups
}

// leader returns the query whose statement works out b's rows.
func (c *compiler) leader(b *builder) *builder {
	switch b.query.Measure {
	case plan.Systems:
		return c.finest(b)
	case plan.Mean, plan.Sum:
		i := slices.IndexFunc(c.builders, func(o *builder) bool {
			return (o.query.Measure == plan.Mean || o.query.Measure == plan.Sum) && o.signature() == b.signature()
		})
		return c.builders[i]
	}
	return b
}

// finest returns the finest count that b can be added up from, or b itself.
func (c *compiler) finest(b *builder) *builder {
	best := b
	for _, o := range c.builders {
		if o == best {
			continue
		}
		if _, down := o.query.RollsUp(best.query); !down {
			continue
		}
		if _, up := best.query.RollsUp(o.query); !up || o.query.ID < best.query.ID { // of equals, the first
			best = o
		}
	}
	return best
}

// signature says what is read, and how it is told apart.
func (b *builder) signature() string {
	return strings.Join(slices.Concat(b.from, []string{"?"}, b.where, []string{"?"}, b.keys), "\n")
}

func (c *compiler) statement(group []*builder) Statement {
	lead := group[0]
	s := Statement{Ages: lead.query.Persistent}
	for _, b := range group {
		s.Queries = append(s.Queries, b.query)
	}
	if lead.err != nil {
		return s
	}
	switch lead.query.Measure {
	case plan.Systems:
		c.counts(&s, group)
	case plan.Ratio:
		c.ratio(&s, lead)
	case plan.Quantiles:
		c.quantiles(&s, lead)
	default:
		c.sums(&s, group)
	}
	return s
}

// keyColumns writes the terms, each under its name.
func (b *builder) keyColumns() []string {
	var columns []string
	for i, key := range b.keys {
		columns = append(columns, key+" AS "+Quote(b.query.Terms[i].Name))
	}
	return columns
}

// tail writes a query from FROM on, grouped by its first n columns.
func (b *builder) tail(n int) string {
	text := strings.Join(b.from, "\n") + "\nWHERE " + strings.Join(b.where, "\n  AND ")
	return text + groupBy(1, n)
}

// groupBy groups by n columns, counted from first on.
func groupBy(first, n int) string {
	if n == 0 {
		return ""
	}
	var columns []string
	for i := range n {
		columns = append(columns, fmt.Sprint(first+i))
	}
	return "\nGROUP BY " + strings.Join(columns, ", ")
}

func selecting(columns []string) string { return "SELECT " + strings.Join(columns, ",\n  ") + "\n" }

// count writes what counts systems.
func (b *builder) count() string {
	if b.query.Several {
		return "count(DISTINCT " + b.base + ".system_id) AS systems"
	}
	return "count(*) AS systems"
}

// counts writes one count, or the finest one and what is added up from it.
func (c *compiler) counts(s *Statement, group []*builder) {
	lead := group[0]
	finest := selecting(append(lead.keyColumns(), lead.count())) + lead.tail(len(lead.keys))
	if len(group) == 1 {
		s.Text = finest
		s.read = func(values []any) ([]Cell, error) { return countCell(lead.query, values) }
		return
	}
	s.About = fmt.Sprintf("The finest count is made once, and the coarser ones are added up from its rows. The first column says which is which: %d is %s.", 0, lead.query.ID)
	text := "WITH finest AS MATERIALIZED (\n" + finest + "\n)\n" + selecting(append(append([]string{"0"}, names(lead.query)...), "systems")) + "FROM finest"
	for i, b := range group[1:] {
		s.About += fmt.Sprintf(" %d is %s.", i+1, b.query.ID)
		text += "\nUNION ALL\n" + c.rollUp(lead, b, i+1)
	}
	s.Text = text
	s.read = func(values []any) ([]Cell, error) { return taggedCell(s.Queries, values) }
}

func names(q *plan.Query) []string {
	var list []string
	for _, t := range q.Terms {
		list = append(list, Quote(t.Name))
	}
	return list
}

// rollUp writes how a count is added up from the rows of a finer one. Columns that it has no use for
// are NULL.
func (c *compiler) rollUp(finest, b *builder, tag int) string {
	index, _ := finest.query.RollsUp(b.query)
	columns := []string{fmt.Sprint(tag)}
	for i, t := range b.query.Terms {
		columns = append(columns, c.dialect.coarser(finest, index[i], t))
	}
	for range len(finest.keys) - len(b.keys) {
		columns = append(columns, "NULL")
	}
	sum := "sum(systems)"
	if c.dialect == PostgreSQL {
		sum += "::bigint"
	}
	return selecting(append(columns, sum)) + "FROM finest" + groupBy(2, len(b.keys))
}

// coarser writes the class of a value that is in finer classes already. Only versions are put into
// classes twice: numbers are never rolled up by class.
func (d Dialect) coarser(finest *builder, i int, t plan.Term) string {
	column := Quote(finest.query.Terms[i].Name)
	if finest.query.Terms[i].SameClasses(t) {
		return column
	}
	return d.class(operand{text: column, kind: Text}, t.As)
}

var errColumns = errors.New("a query returned another number of columns than it asked for")
