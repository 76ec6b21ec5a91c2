// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"github.com/pulp/pulpmetrics/internal/dialect"
)

// Snapshot is the reports of one day, as they are at one moment.
type Snapshot struct {
	Day                 Day
	Systems, Persistent int64 // how many reported
	Cells               []dialect.Cell

	erasures int64 // how often something was erased before
}

// ErrErased says that something was erased after a snapshot was taken.
var ErrErased = errors.New("something was erased meanwhile")

// Snapshot runs statements over the reports of a day. Systems are persistent from an age in days on.
// Nobody who stores reports waits for it.
func (s *Store) Snapshot(ctx context.Context, day Day, minAge int64, statements []dialect.Statement) (*Snapshot, error) {
	if s.dialect == dialect.PostgreSQL {
		if err := s.analyze(ctx, day); err != nil {
			return nil, err
		}
	}
	tx, err := s.read.BeginTx(ctx, s.reading())
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	out := &Snapshot{Day: day}
	if out.erasures, err = s.erasures(ctx, tx); err != nil {
		return nil, err
	}
	const count = `SELECT count(*), count(CASE WHEN age >= $2 THEN 1 END) FROM report WHERE day = $1`
	row := tx.QueryRowContext(ctx, s.dialect.Placeholders(count), int64(day), minAge)
	if err := row.Scan(&out.Systems, &out.Persistent); err != nil {
		return nil, err
	}
	for i := range statements {
		if err := s.run(ctx, tx, out, &statements[i], minAge); err != nil {
			return nil, fmt.Errorf("%s: %w", statements[i].Queries[0].ID, err)
		}
	}
	return out, nil
}

// reading returns the options of a transaction that sees one state throughout. On SQLite every one
// does.
func (s *Store) reading() *sql.TxOptions {
	if s.dialect == dialect.SQLite {
		return nil
	}
	return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
}

func (s *Store) run(ctx context.Context, tx *sql.Tx, out *Snapshot, statement *dialect.Statement, minAge int64) error {
	args := []any{int64(out.Day)}
	if statement.Ages {
		args = append(args, minAge)
	}
	rows, err := tx.QueryContext(ctx, statement.Text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		cells, err := statement.Read(values)
		if err != nil {
			return err
		}
		out.Cells = append(out.Cells, cells...)
	}
	return rows.Err()
}

// Explain returns how the engine goes about a statement, line by line.
func (s *Store) Explain(ctx context.Context, statement *dialect.Statement, day Day, minAge int64) (lines []string, err error) {
	args := []any{int64(day)}
	if statement.Ages {
		args = append(args, minAge)
	}
	text := "EXPLAIN " + statement.Text
	if s.dialect == dialect.SQLite {
		text = "EXPLAIN QUERY PLAN " + statement.Text
	}
	rows, err := s.read.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var line string
		into := []any{&id, &parent, &unused, &line}
		if s.dialect == dialect.PostgreSQL {
			into = into[3:]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, rows.Err()
}

// erasures counts how often something was erased from reports.
func (s *Store) erasures(ctx context.Context, q querier) (int64, error) {
	text, err := s.setting(ctx, q, "erasures")
	n, _ := strconv.ParseInt(text, 10, 64)
	return n, err
}

// erasing notes that something is erased, so that no summary is written of what was read before.
func (s *Store) erasing(ctx context.Context, tx *sql.Tx) error {
	n, err := s.erasures(ctx, tx)
	if err != nil {
		return err
	}
	return s.exec(ctx, tx, setSetting, "erasures", strconv.FormatInt(n+1, 10))
}
