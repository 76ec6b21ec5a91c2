// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"context"
	"database/sql"
	"slices"

	"github.com/pulp/pulpmetrics/internal/dialect"
)

// Expired is what became of reports that are older than they may be.
type Expired struct {
	Days    []Day // whose reports are gone
	Kept    []Day // whose reports would be, but for their summaries: they are not written yet
	Systems int64 // that nothing is known of any more
}

// Expire deletes the raw reports of days before one, each in a transaction of its own, but for those
// that are not summarized yet. What is known of a system goes with its last report. On PostgreSQL the
// tables of the days are dropped.
func (s *Store) Expire(ctx context.Context, before Day) (Expired, error) {
	var out Expired
	held, err := s.Held(ctx)
	if err != nil {
		return out, err
	}
	for _, day := range held {
		if day >= before {
			break
		}
		gone, err := s.expireDay(ctx, day)
		switch {
		case err != nil:
			return out, err
		case gone:
			out.Days = append(out.Days, day)
		default:
			out.Kept = append(out.Kept, day)
		}
	}
	if out.Systems, err = s.expireSystems(ctx, before); err != nil {
		return out, err
	}
	if s.dialect == dialect.SQLite && len(out.Days) > 0 {
		err = s.checkpoint(ctx)
	}
	return out, err
}

// expireDay deletes the reports of a day if it is summarized.
func (s *Store) expireDay(ctx context.Context, day Day) (gone bool, err error) {
	err = s.transact(ctx, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, summarizeLock); err != nil {
			return err
		}
		if gone, err = s.isSummarized(ctx, tx, day); err != nil || !gone {
			return err
		}
		c, err := s.catalogue(ctx, tx)
		if err != nil {
			return err
		}
		for _, table := range c.reports() {
			statement := dialect.DropPartition(table, int64(day))
			args := []any{}
			if s.dialect == dialect.SQLite {
				statement, args = "DELETE FROM "+dialect.Quote(table)+" WHERE day = $1", []any{int64(day)}
			}
			if err := s.exec(ctx, tx, statement, args...); err != nil {
				return err
			}
		}
		return nil
	})
	s.partitions.Delete(day)
	return gone && err == nil, err
}

// expireSystems deletes what is known of systems that have no report any more. Those who were seen
// lately have one.
func (s *Store) expireSystems(ctx context.Context, before Day) (n int64, err error) {
	err = s.transact(ctx, func(tx *sql.Tx) error {
		held, err := s.held(ctx, tx)
		if err != nil {
			return err
		}
		held = slices.DeleteFunc(held, func(d Day) bool { return d >= before })
		statement := "DELETE FROM system WHERE last_seen < $1"
		args := []any{int64(before)}
		for _, day := range held {
			args = append(args, int64(day))
			statement += " AND NOT EXISTS (SELECT 1 FROM report WHERE report.day = " + s.dialect.Parameter(len(args)) + " AND report.system_id = system.system_id)"
		}
		result, err := tx.ExecContext(ctx, s.dialect.Placeholders(statement), args...)
		if err != nil {
			return err
		}
		n, err = result.RowsAffected()
		return err
	})
	return n, err
}
