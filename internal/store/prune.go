// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/pulp/pulpmetrics/internal/dialect"
)

// Prune drops the tables and columns of reports that the registry has no use for any more, such as
// those of retired metrics, and returns the statements; with dryRun it only returns them. What they
// hold is lost. Summaries stay.
func (s *Store) Prune(ctx context.Context, dryRun bool) (statements []string, err error) {
	l := s.layout.Load()
	if dryRun {
		return s.useless(ctx, s.read, l)
	}
	err = s.transact(ctx, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, registryLock); err != nil {
			return err
		}
		if statements, err = s.useless(ctx, tx, l); err != nil {
			return err
		}
		for _, statement := range statements {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("%w, at: %s", err, statement)
			}
		}
		return nil
	})
	return statements, err
}

// useless returns the statements that drop what no metric has any more.
func (s *Store) useless(ctx context.Context, q querier, l *layout) ([]string, error) {
	c, err := s.catalogue(ctx, q)
	if err != nil {
		return nil, err
	}
	if len(c[dialect.SettingTable]) > 0 {
		if err := s.refuseNewer(ctx, q, l); err != nil {
			return nil, err
		}
	}
	var statements []string
	for _, name := range c.reports() {
		t, known := dialect.ByName(l.tables, name)
		if !known {
			statements = append(statements, "DROP TABLE "+dialect.Quote(name))
			continue
		}
		drop, err := s.uselessColumns(ctx, q, t, c[name])
		if err != nil {
			return nil, err
		}
		statements = append(statements, drop...)
	}
	return statements, nil
}

// uselessColumns returns the statements that drop columns. SQLite's indexes could have one, so they go
// first, and are made again.
func (s *Store) uselessColumns(ctx context.Context, q querier, t dialect.Table, columns []string) ([]string, error) {
	var drop []string
	for _, column := range columns {
		if !slices.Contains(t.Names(), column) {
			drop = append(drop, s.dialect.Drop(t.Name, column))
		}
	}
	if len(drop) == 0 || s.dialect == dialect.PostgreSQL {
		return drop, nil
	}
	var indexes []string
	const named = `SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL ORDER BY name`
	err := s.each(ctx, q, named, []any{t.Name}, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		indexes = append(indexes, "DROP INDEX "+dialect.Quote(name))
		return err
	})
	return slices.Concat(indexes, drop, s.dialect.Indexes(t)), err
}
