// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"context"
	"database/sql"

	"github.com/pulp/pulpmetrics/internal/dialect"
)

// seenSystem keeps when a system was first and last seen. A report that comes after those of later
// days makes the system older.
const seenSystem = `INSERT INTO system (system_id, first_seen, last_seen) VALUES ($1, $2, $2)
ON CONFLICT (system_id) DO UPDATE SET first_seen = min(system.first_seen, excluded.first_seen), last_seen = max(system.last_seen, excluded.last_seen)
RETURNING first_seen, last_seen`

// ingestSQLite stores a batch, one row after the other.
func (s *Store) ingestSQLite(ctx context.Context, b *batch) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.prepare(ctx, b.layout); err != nil {
		return err
	}
	return s.transactAlone(ctx, func(tx *sql.Tx) (err error) {
		if b.halted, err = s.halted(ctx, tx); err != nil {
			return err
		}
		for _, i := range b.order {
			outcome, err := s.storeEntry(ctx, tx, b, &b.entries[i])
			if err != nil {
				return err
			}
			b.outcomes[i] = outcome
		}
		return s.count(ctx, tx, b)
	})
}

// prepare prepares what storing reports runs, on the only connection that writes: there is no other
// one to do it while a transaction is open.
func (s *Store) prepare(ctx context.Context, l *layout) error {
	for _, text := range append([]string{seenSystem}, l.inserts...) {
		if s.statements[text] != nil {
			continue
		}
		stmt, err := s.write.PrepareContext(ctx, dialect.SQLite.Placeholders(text))
		if err != nil {
			return err
		}
		s.statements[text] = stmt
	}
	return nil
}

func (s *Store) storeEntry(ctx context.Context, tx *sql.Tx, b *batch, e *Entry) (Outcome, error) {
	first, last, err := s.see(ctx, tx, e)
	if err != nil {
		return 0, err
	}
	day := e.Day()
	type pending struct {
		table int
		row   []any
	}
	var rows []pending
	b.rows(e, int64(day-first), func(table int, row []any) { rows = append(rows, pending{table, row}) })
	report := rows[len(rows)-1]
	added, err := s.insert(ctx, tx, b.layout.inserts[report.table], report.row)
	if err != nil || added == 0 {
		return Duplicate, err
	}
	for _, r := range rows[:len(rows)-1] {
		if _, err := s.insert(ctx, tx, b.layout.inserts[r.table], r.row); err != nil {
			return 0, err
		}
	}
	if first == day && last > day {
		err = s.grow(ctx, tx, e.System, first)
	}
	return Stored, err
}

func (s *Store) see(ctx context.Context, tx *sql.Tx, e *Entry) (first, last Day, err error) {
	err = tx.StmtContext(ctx, s.statements[seenSystem]).QueryRowContext(ctx, e.System[:], int64(e.Day())).Scan(&first, &last)
	return first, last, err
}

// insert adds a row, and returns how many were added.
func (s *Store) insert(ctx context.Context, tx *sql.Tx, statement string, row []any) (int64, error) {
	result, err := tx.StmtContext(ctx, s.statements[statement]).ExecContext(ctx, row...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}
