// SPDX-License-Identifier: GPL-2.0-or-later

// Package store keeps reports, and the summaries that are made of them, in SQLite or PostgreSQL. In
// flow a registry and checked reports; out come rows. Its tables follow from the registry alone, in
// package dialect: an approved proposal needs nothing here.
//
// How it is used:
//
//	s, err := store.Open(ctx, "sqlite:pulpmetrics.db", registry, message)
//	_, err = s.Migrate(ctx, false)             // tables and columns that are missing
//	_, err = s.Site(ctx, "production")         // one database holds the reports of one site
//	outcomes, err := s.Ingest(ctx, []store.Entry{store.NewEntry(report, receivedAt)})
//
// An Entry is a copy, so the report may be decoded over as soon as NewEntry returns. When Ingest
// returns without an error, what it stored survives a crash of the machine; with an error, nothing
// of the call was stored, and all of it can be tried again. [IsUnavailable] tells errors that pass.
//
// After a registry was reloaded, Apply takes it over: what it suspends is erased and not stored any
// more, also in entries that were decoded before.
//
// What clients are is never stored: no bytes as they came, no unknown fields, no addresses.
//
// A Store may be used by many goroutines.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/pulp/pulpmetrics/internal/dialect"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// Store is an open database.
type Store struct {
	dialect dialect.Dialect
	write   *sql.DB // of SQLite, a single connection
	read    *sql.DB // the same as write on PostgreSQL
	layout  atomic.Pointer[layout]

	writing    sync.Mutex           // of SQLite: one writer at a time, without waiting in the engine
	statements map[string]*sql.Stmt // of SQLite, by text, for the connection that writes
	partitions sync.Map             // of PostgreSQL: days that have their tables
	unknown    unknownPaths
}

// ErrUnmigrated says that tables or columns are missing.
var ErrUnmigrated = errors.New("the database has no tables for some of what is approved; run `pulpmetrics db migrate`")

// Open opens the database at a URL, sqlite:PATH or postgres://…, for the reports of a registry and
// its message. A file that doesn't exist is made; tables are made by Migrate only. On PostgreSQL the
// PG* variables and the parameters of libpq's URLs mean what they always mean.
func Open(ctx context.Context, url string, r *registry.Registry, m *wire.Message) (*Store, error) {
	s := &Store{statements: map[string]*sql.Stmt{}}
	s.layout.Store(newLayout(r, m))
	if err := s.connect(url); err != nil {
		return nil, err
	}
	if err := s.write.PingContext(ctx); err != nil {
		_ = s.Close()
		return nil, explain(Redact(url), err)
	}
	return s, nil
}

func (s *Store) connect(url string) (err error) {
	path, isSQLite := strings.CutPrefix(url, "sqlite:")
	switch {
	case isSQLite && path == "":
		return fmt.Errorf("the database `sqlite:` has no path: write sqlite:PATH")
	case isSQLite:
		s.dialect = dialect.SQLite
		s.write, s.read, err = openSQLite(path)
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		s.dialect = dialect.PostgreSQL
		s.write, err = openPostgres(url)
		s.read = s.write
	default:
		return fmt.Errorf("the database %q is neither sqlite:PATH nor postgres://USER@HOST/NAME", Redact(url))
	}
	return err
}

// Close closes the database. SQLite's log is put into its file.
func (s *Store) Close() error {
	if s.dialect == dialect.PostgreSQL {
		return s.write.Close()
	}
	for _, stmt := range s.statements {
		_ = stmt.Close()
	}
	return errors.Join(s.read.Close(), s.write.Close())
}

// Ping reports whether the database answers, and has a table for everything that is approved.
func (s *Store) Ping(ctx context.Context) error {
	statements, err := s.Migrate(ctx, true)
	if err != nil {
		return err
	}
	if len(statements) > 0 {
		return ErrUnmigrated
	}
	return nil
}

// Dialect returns which engine it is.
func (s *Store) Dialect() dialect.Dialect { return s.dialect }

// Registry returns the registry that the store goes by.
func (s *Store) Registry() *registry.Registry { return s.layout.Load().registry }

// Message returns the message that the store has its tables from.
func (s *Store) Message() *wire.Message { return s.layout.Load().message }

// Redact returns a URL without its password, for messages.
func Redact(url string) string {
	scheme, rest, found := strings.Cut(url, "://")
	authority, path, _ := strings.Cut(rest, "/")
	user, host, hasUser := cutLast(authority, "@")
	if name, _, secret := strings.Cut(user, ":"); found && hasUser && secret {
		return scheme + "://" + name + ":…@" + host + "/" + path
	}
	return url
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
