// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"context"
	"database/sql"
	"slices"

	"github.com/pulp/pulpmetrics/internal/dialect"
)

// catalogue is what there is in the database: the columns of each table.
type catalogue map[string][]string

// Queries for tables and columns. On PostgreSQL the tables of single days are left out.
const (
	sqliteCatalogue = `SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'`

	postgresCatalogue = `SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped`
)

func (s *Store) catalogue(ctx context.Context, q querier) (catalogue, error) {
	query := sqliteCatalogue
	if s.dialect == dialect.PostgreSQL {
		query = postgresCatalogue
	}
	c := catalogue{}
	err := s.each(ctx, q, query, nil, func(rows *sql.Rows) error {
		var table, column string
		err := rows.Scan(&table, &column)
		c[table] = append(c[table], column)
		return err
	})
	return c, err
}

func (c catalogue) has(table, column string) bool { return slices.Contains(c[table], column) }

// reports returns the tables that hold what systems reported, also of metrics that are no more.
func (c catalogue) reports() []string {
	var names []string
	for name := range c {
		if dialect.IsReport(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// missing returns the statements that add to a database what a layout needs.
func (c catalogue) missing(d dialect.Dialect, l *layout) []string {
	var statements []string
	for _, t := range l.tables {
		if len(c[t.Name]) == 0 {
			statements = append(statements, d.Create(t)...)
			continue
		}
		added := false
		for _, column := range t.Columns {
			if !c.has(t.Name, column.Name) {
				statements, added = append(statements, d.Add(t, column)), true
			}
		}
		if added {
			statements = append(statements, d.Indexes(t)...)
		}
	}
	return statements
}
