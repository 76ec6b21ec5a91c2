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

// Expire deletes the raw reports of days before one, but for those that are not summarized yet. What
// is known of a system goes with its last report. If it is stopped, it goes on the next time.
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
	defer s.partitions.Delete(day)
	for more := true; more && err == nil; {
		err = s.transact(ctx, func(tx *sql.Tx) error {
			if err := s.lock(ctx, tx, summarizeLock); err != nil {
				return err
			}
			if gone, err = s.isSummarized(ctx, tx, day); err != nil || !gone {
				more = false
				return err
			}
			c, err := s.catalogue(ctx, tx)
			if err != nil {
				return err
			}
			more, err = s.expireSome(ctx, tx, c.reports(), day)
			return err
		})
	}
	return gone && err == nil, err
}

// expireAtOnce is of how many systems SQLite deletes the reports in one transaction: those who store
// reports wait meanwhile.
const expireAtOnce = 2000

// expireSome deletes reports of a day, and reports whether there are more. On PostgreSQL the tables of
// the day are dropped.
func (s *Store) expireSome(ctx context.Context, tx *sql.Tx, tables []string, day Day) (more bool, err error) {
	if s.dialect == dialect.PostgreSQL {
		for _, table := range tables {
			if err := s.exec(ctx, tx, dialect.DropPartition(table, int64(day))); err != nil {
				return false, err
			}
		}
		return false, nil
	}
	var last []byte
	const some = `SELECT max(system_id) FROM (SELECT system_id FROM report WHERE day = $1 ORDER BY system_id LIMIT $2)`
	err = s.each(ctx, tx, some, []any{int64(day), expireAtOnce}, func(rows *sql.Rows) error { return rows.Scan(&last) })
	if err != nil || last == nil {
		return false, err
	}
	for _, table := range tables {
		if err := s.exec(ctx, tx, "DELETE FROM "+dialect.Quote(table)+" WHERE day = $1 AND system_id <= $2", int64(day), last); err != nil {
			return false, err
		}
	}
	return true, nil
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
