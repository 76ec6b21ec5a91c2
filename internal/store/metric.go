// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/pulp/pulpmetrics/internal/dialect"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// metric is what the database knows of a metric.
type metric struct {
	id, status string
	decisions  int
}

func (s *Store) metrics(ctx context.Context, q querier) ([]metric, error) {
	var all []metric
	err := s.each(ctx, q, "SELECT id, status, decisions FROM metric ORDER BY id", nil, func(rows *sql.Rows) error {
		var m metric
		err := rows.Scan(&m.id, &m.status, &m.decisions)
		all = append(all, m)
		return err
	})
	return all, err
}

const setMetric = `INSERT INTO metric (id, status, decisions) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET status = excluded.status, decisions = excluded.decisions`

// record notes the registry in the database, and erases what it doesn't allow any more. It reports
// whether something was erased.
func (s *Store) record(ctx context.Context, tx *sql.Tx, l *layout) (erased bool, err error) {
	known, err := s.metrics(ctx, tx)
	if err != nil {
		return false, err
	}
	for _, p := range l.registry.Proposals {
		if len(p.Approval) == 0 || slices.Contains(known, metric{p.ID.V, p.Status.V, len(p.Approval)}) {
			continue
		}
		if err := s.exec(ctx, tx, setMetric, p.ID.V, p.Status.V, len(p.Approval)); err != nil {
			return erased, err
		}
		if p.Status.V != proposal.Approved && p.Field != nil {
			erased = true
			if err := errors.Join(s.erasing(ctx, tx), s.erase(ctx, tx, p)); err != nil {
				return erased, err
			}
		}
	}
	return erased, s.exec(ctx, tx, setSetting, "tables", strconv.Itoa(tablesVersion))
}

// erase deletes the stored raw values of a metric. Its summaries stay, and are withheld.
func (s *Store) erase(ctx context.Context, tx *sql.Tx, p *proposal.Proposal) error {
	c, err := s.catalogue(ctx, tx)
	if err != nil {
		return err
	}
	if p.Field.IsRepeated() {
		if table := dialect.ListTable(p.ID.V); len(c[table]) > 0 {
			return s.exec(ctx, tx, "DELETE FROM "+dialect.Quote(table))
		}
		return nil
	}
	f, err := wire.CompileField(p)
	if err != nil {
		return err
	}
	for i := range f.Leaves {
		for _, name := range dialect.ReportNames(&f, &f.Leaves[i]) {
			if !c.has(dialect.ReportTable, name) {
				continue
			}
			column := dialect.Quote(name)
			if err := s.exec(ctx, tx, fmt.Sprintf("UPDATE report SET %s = NULL WHERE %s IS NOT NULL", column, column)); err != nil {
				return err
			}
		}
	}
	return nil
}

// halted returns the metrics that the database knows to be no longer approved, whatever the registry
// of this process says: another one may have suspended them.
func (s *Store) halted(ctx context.Context, tx *sql.Tx) (map[string]bool, error) {
	halted := map[string]bool{}
	add := func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		halted[id] = true
		return err
	}
	if s.dialect == dialect.SQLite {
		return halted, runStatement(ctx, s.kept(ctx, tx, haltedMetrics), []any{proposal.Approved}, add)
	}
	return halted, s.each(ctx, tx, haltedMetrics, []any{proposal.Approved}, add)
}

const haltedMetrics = "SELECT id FROM metric WHERE status <> $1"
