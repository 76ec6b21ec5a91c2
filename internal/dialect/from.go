// SPDX-License-Identifier: GPL-2.0-or-later

package dialect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/plan"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// The names of tables in a query.
const (
	reportAlias = "r"
	itemAlias   = "i"
	pickAlias   = "p" // and a number
)

// builder writes the query of one summary.
type builder struct {
	dialect Dialect
	message *wire.Message
	query   *plan.Query
	base    string // alias of the table that is read first
	from    []string
	where   []string
	keys    []string  // expressions of the terms
	values  []operand // Of; or Over and Under
	err     error
}

func newBuilder(d Dialect, m *wire.Message, q *plan.Query) *builder {
	b := &builder{dialect: d, message: m, query: q, base: reportAlias}
	if q.List != nil && !b.readsReport() {
		b.base = itemAlias
	}
	b.tables()
	b.where = append(b.where, b.base+".day = "+d.Parameter(dayParameter))
	if q.Persistent {
		b.where = append(b.where, b.base+".age >= "+d.Parameter(ageParameter))
	}
	for i, t := range q.Terms {
		b.term(i, t)
	}
	for _, f := range q.Filters {
		b.where = append(b.where, d.filter(b.operand(f.Ref), f)...)
	}
	for _, ref := range []plan.Ref{q.Of, q.Over, q.Under} {
		if ref.Metric != nil {
			b.values = append(b.values, b.operand(ref))
		}
	}
	return b
}

// The arguments of every query.
const (
	dayParameter = 1 // the day
	ageParameter = 2 // the age from which on a system is persistent, in days
)

// readsReport reports whether the query reads a leaf that is not of its list.
func (b *builder) readsReport() bool {
	refs := []plan.Ref{b.query.Of, b.query.Over, b.query.Under}
	for _, t := range b.query.Terms {
		if t.Pick == nil {
			refs = append(refs, t.Ref)
		}
	}
	for _, f := range b.query.Filters {
		refs = append(refs, f.Ref)
	}
	return slices.ContainsFunc(refs, func(ref plan.Ref) bool { return ref.Metric != nil && ref.Metric != b.query.List })
}

// tables writes what the query reads.
func (b *builder) tables() {
	if b.base == reportAlias {
		b.from = append(b.from, "FROM "+Quote(ReportTable)+" AS "+reportAlias)
	}
	if list := b.query.List; list != nil && b.base == itemAlias {
		b.from = append(b.from, "FROM "+Quote(ListTable(list.ID.V))+" AS "+itemAlias)
	} else if list != nil {
		b.join(Quote(ListTable(list.ID.V)), itemAlias)
	}
}

func (b *builder) join(table, alias string) {
	b.from = append(b.from, fmt.Sprintf("JOIN %s AS %s ON %s.day = %s.day AND %s.system_id = %s.system_id", table, alias, alias, b.base, alias, b.base))
}

// term adds a term to the key.
func (b *builder) term(i int, t plan.Term) {
	if t.IsAge() {
		b.keys = append(b.keys, b.dialect.class(operand{text: b.base + ".age", kind: Int}, t.As))
		return
	}
	if t.Pick != nil {
		b.pick(i, t)
		return
	}
	o := b.operand(t.Ref)
	b.keys = append(b.keys, b.dialect.class(o, t.As))
	b.where = append(b.where, present(o))
}

// pick joins the items that a named key picks. Where there can be several in a report, each class
// of theirs counts once.
func (b *builder) pick(i int, t plan.Term) {
	alias := fmt.Sprintf("%s%d", pickAlias, i+1)
	table := Quote(ListTable(t.Pick.List.ID.V))
	if !t.Pick.Several {
		b.join(table, alias)
		for _, f := range t.Pick.Filters {
			b.where = append(b.where, b.dialect.filter(b.item(alias, f.Ref), f)...)
		}
		o := b.item(alias, t.Ref)
		b.keys = append(b.keys, b.dialect.class(o, t.As))
		b.where = append(b.where, present(o))
		return
	}
	o := b.item("x", t.Ref)
	where := []string{"x.day = " + b.dialect.Parameter(dayParameter), present(o)}
	for _, f := range t.Pick.Filters {
		where = append(where, b.dialect.filter(b.item("x", f.Ref), f)...)
	}
	picked := fmt.Sprintf("(SELECT DISTINCT x.day, x.system_id, %s AS value FROM %s AS x WHERE %s)", b.dialect.class(o, t.As), table, strings.Join(where, " AND "))
	b.join(picked, alias)
	b.keys = append(b.keys, alias+".value")
}

// operand returns the column of a leaf, in the table of reports or in that of the query's list.
func (b *builder) operand(ref plan.Ref) operand {
	if ref.Metric == b.query.List {
		return b.item(itemAlias, ref)
	}
	f, leaf := b.leaf(ref)
	if leaf == nil {
		return operand{}
	}
	c := ReportColumn(f, leaf)
	return operand{reportAlias + "." + Quote(c.Name), c.Kind, leaf}
}

func (b *builder) item(alias string, ref plan.Ref) operand {
	f, leaf := b.leaf(ref)
	if leaf == nil {
		return operand{}
	}
	c := ItemColumn(f, leaf)
	return operand{alias + "." + Quote(c.Name), c.Kind, leaf}
}

// leaf finds a leaf in the message. It is an error if there is none.
func (b *builder) leaf(ref plan.Ref) (*wire.Field, *wire.Leaf) {
	if f, leaf := findLeaf(b.message, ref.Metric, ref.Leaf); leaf != nil && Kept(b.message, f) {
		return f, leaf
	}
	b.err = fmt.Errorf("the summary `%s` reads `%s`, of which nothing is stored", b.query.ID, ref.Metric.ID.V)
	return nil, nil
}

func findLeaf(m *wire.Message, p *proposal.Proposal, src *proposal.Leaf) (*wire.Field, *wire.Leaf) {
	for i := range m.Fields {
		if m.Fields[i].Metric != p {
			continue
		}
		for j := range m.Fields[i].Leaves {
			if m.Fields[i].Leaves[j].Source == src {
				return &m.Fields[i], &m.Fields[i].Leaves[j]
			}
		}
	}
	return nil, nil
}
