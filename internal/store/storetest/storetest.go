// SPDX-License-Identifier: GPL-2.0-or-later

package storetest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server starts PostgreSQL when the first test asks for it. The zero Server is ready; stop it when
// all tests are done:
//
//	var postgres storetest.Server
//
//	func TestMain(m *testing.M) { os.Exit(postgres.Run(m)) }
type Server struct {
	once    sync.Once
	server  *server
	err     error
	mu      sync.Mutex
	counter int
}

// Run runs the tests of a package, and stops the server after them.
func (s *Server) Run(m *testing.M) int {
	code := m.Run()
	if s.server != nil {
		if err := s.server.stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = max(code, 1)
		}
	}
	return code
}

// Stop stops the server, for those who have no TestMain of their own.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if s.server != nil {
		if err := s.server.stop(); err != nil {
			t.Error(err)
		}
	}
}

// Each runs a test for each engine, with the URL of an empty database. Where PostgreSQL is missing
// that half is skipped; in CI it fails.
func (s *Server) Each(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgresql", func(t *testing.T) { test(t, s.PostgreSQL(t)) })
}

// SQLite returns the URL of a database in a file of its own.
func SQLite(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "test.db") }

// PostgreSQL returns the URL of a database of its own, which is dropped after the test.
func (s *Server) PostgreSQL(t testing.TB) string {
	t.Helper()
	s.once.Do(func() { s.server, s.err = start() })
	switch {
	case s.err != nil && os.Getenv("CI") == "true":
		t.Fatal(s.err)
	case s.err != nil:
		t.Skip(s.err)
	}
	s.mu.Lock()
	s.counter++
	name := fmt.Sprintf("test_%d_%d_%d", os.Getpid(), time.Now().UnixNano(), s.counter)
	s.mu.Unlock()
	s.admin(t, "CREATE DATABASE "+name)
	t.Cleanup(func() { s.admin(t, "DROP DATABASE "+name+" WITH (FORCE)") })
	url, err := s.server.database(name)
	if err != nil {
		t.Fatal(err)
	}
	return url
}

func (s *Server) admin(t testing.TB, statement string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.server.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatal(err)
	}
}

// Dumped reports whether a text is in a row of any table of a PostgreSQL database, hyphens aside.
func Dumped(t testing.TB, url, text string) bool {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	const tables = `SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace`
	rows, _ := conn.Query(ctx, tables)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		var there bool
		query := fmt.Sprintf(`SELECT EXISTS (SELECT 1 FROM %s AS t WHERE strpos(replace(t::text, '-', ''), $1) > 0)`, name)
		if err := conn.QueryRow(ctx, query, text).Scan(&there); err != nil {
			t.Fatal(err)
		}
		if there {
			return true
		}
	}
	return false
}
