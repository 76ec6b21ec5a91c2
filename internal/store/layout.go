// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"slices"

	"github.com/pulp/pulpmetrics/internal/dialect"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// layout is where the values of a registry's reports are stored. It is not changed.
type layout struct {
	registry *registry.Registry
	message  *wire.Message
	tables   []dialect.Table
	report   int // index of the table
	places   []place
	inserts  []string // of SQLite: the statement that adds a row to each table
}

// place is where one field of a message is stored.
type place struct {
	stored  bool
	list    bool
	table   int            // index of the table
	columns []int          // for each leaf, the index of its column
	kinds   []dialect.Kind // of each leaf
}

func newLayout(r *registry.Registry, m *wire.Message) *layout {
	l := &layout{registry: r, message: m, tables: dialect.Tables(m)}
	l.report = slices.IndexFunc(l.tables, func(t dialect.Table) bool { return t.Name == dialect.ReportTable })
	l.places = l.placesOf(m)
	for i, t := range l.tables {
		text := t.Insert(dialect.SQLite)
		if i == l.report {
			text += " ON CONFLICT DO NOTHING" // a report that is there stays
		}
		l.inserts = append(l.inserts, text)
	}
	return l
}

// placesOf returns where the fields of a message are stored: of this one, or of an older one that
// entries were decoded with.
func (l *layout) placesOf(m *wire.Message) []place {
	if m == l.message && l.places != nil {
		return l.places
	}
	places := make([]place, len(m.Fields))
	for i := range m.Fields {
		if here := l.field(m.Fields[i].Name); here != nil && here.Stored() && dialect.Kept(l.message, here) {
			places[i] = l.place(&m.Fields[i], here)
		}
	}
	return places
}

func (l *layout) field(name string) *wire.Field {
	i := slices.IndexFunc(l.message.Fields, func(f wire.Field) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return &l.message.Fields[i]
}

// place finds the columns for a field; here is the same field as this layout knows it. Leaves that
// it doesn't know, or knows as another type, are not stored.
func (l *layout) place(f, here *wire.Field) place {
	p := place{stored: f.Repeated == here.Repeated, list: here.Repeated, table: l.report}
	if p.list {
		p.table = slices.IndexFunc(l.tables, func(t dialect.Table) bool { return t.List == here })
	}
	for i := range f.Leaves {
		column, kind := -1, dialect.Int
		for j := range here.Leaves {
			if leaf := &here.Leaves[j]; leaf.Name == f.Leaves[i].Name && leaf.Type == f.Leaves[i].Type {
				column, kind = l.column(p, here, leaf)
			}
		}
		p.columns, p.kinds = append(p.columns, column), append(p.kinds, kind)
	}
	return p
}

func (l *layout) column(p place, f *wire.Field, leaf *wire.Leaf) (int, dialect.Kind) {
	want := dialect.ReportColumn(f, leaf)
	if p.list {
		want = dialect.ItemColumn(f, leaf)
	}
	return slices.Index(l.tables[p.table].Names(), want.Name), want.Kind
}
