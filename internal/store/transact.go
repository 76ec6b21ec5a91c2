// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/pulp/pulpmetrics/internal/dialect"
)

// transact runs a function in a transaction that writes. What the function returns as an error rolls
// everything back.
func (s *Store) transact(ctx context.Context, run func(*sql.Tx) error) error {
	if s.dialect == dialect.SQLite {
		s.writing.Lock()
		defer s.writing.Unlock()
	}
	return s.transactAlone(ctx, run)
}

// transactAlone is transact for those who hold the lock of writers.
func (s *Store) transactAlone(ctx context.Context, run func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := run(tx); err != nil {
		return errors.Join(err, rollback(tx))
	}
	return tx.Commit()
}

func rollback(tx *sql.Tx) error {
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return err
	}
	return nil
}

// exec runs a statement whose arguments are $1, $2, ….
func (s *Store) exec(ctx context.Context, tx *sql.Tx, statement string, args ...any) error {
	_, err := tx.ExecContext(ctx, s.dialect.Placeholders(statement), args...)
	return err
}

// querier is what can be asked: a database, or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// each runs a query whose arguments are $1, $2, …, and calls a function for each of its rows.
func (s *Store) each(ctx context.Context, q querier, query string, args []any, row func(*sql.Rows) error) error {
	rows, err := q.QueryContext(ctx, s.dialect.Placeholders(query), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// IsUnavailable reports whether an error comes from a database that can't be reached or can't write
// at the moment: it is full, busy, starting, shutting down, or away. Trying again later can help.
func IsUnavailable(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_INTERRUPT:
			return true
		}
		return false
	}
	var postgres *pgconn.PgError
	if !errors.As(err, &postgres) {
		return err != nil // the connection
	}
	switch postgres.Code[:2] {
	case "08", "40", "53", "55", "57", "58": // connection, rollback, resources, state, operator, system
		return true
	}
	return postgres.Code == "25006" // read only
}

// explain says what to do about a database that can't be opened.
func explain(url string, err error) error {
	return fmt.Errorf("the database %s can't be opened: %w", url, folded{err})
}

// folded is an error whose message is one line.
type folded struct{ error }

func (f folded) Error() string { return strings.Join(strings.Fields(f.error.Error()), " ") }

func (f folded) Unwrap() error { return f.error }
