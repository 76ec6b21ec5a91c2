// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/dialect"
)

// seenSystem keeps when a system was first and last seen. A report that comes after those of later
// days makes the system older.
const seenSystem = `INSERT INTO system (system_id, first_seen, last_seen) VALUES %s
ON CONFLICT (system_id) DO UPDATE SET first_seen = min(system.first_seen, excluded.first_seen), last_seen = max(system.last_seen, excluded.last_seen)
RETURNING system_id, first_seen, last_seen`

// portions are how many rows one statement adds: as many as there are, as few statements as can be
// prepared beforehand.
var portions = [...]int{32, 8, 4, 1}

// ingestSQLite stores a batch, a day at a time, with as few statements as can be.
func (s *Store) ingestSQLite(ctx context.Context, b *batch) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.prepare(ctx, b.layout); err != nil {
		return err
	}
	return s.transactAlone(ctx, func(tx *sql.Tx) (err error) {
		ctx := context.WithoutCancel(ctx) // the driver starts a goroutine for each statement that can be cancelled
		if b.halted, err = s.halted(ctx, tx); err != nil {
			return err
		}
		err = b.eachDay(func(order []int, day Day) error { return s.storeDay(ctx, tx, b, order, day) })
		if err != nil {
			return err
		}
		return s.count(ctx, tx, b)
	})
}

// prepare prepares what stores reports, on the one connection that writes, while nobody has it.
func (s *Store) prepare(ctx context.Context, l *layout) error {
	all := []string{haltedMetrics, addCount}
	for _, texts := range l.inserts {
		all = append(all, texts[:]...)
	}
	for _, text := range all {
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

// kept returns a prepared statement for a transaction.
func (s *Store) kept(ctx context.Context, tx *sql.Tx, text string) *sql.Stmt {
	return tx.StmtContext(ctx, s.statements[text])
}

// texts are the statements that add rows, for each of the portions.
type texts [len(portions)]string

// insertsInto returns the statements that add rows to a table.
func insertsInto(t dialect.Table) (all texts) {
	for i, n := range portions {
		head, _, _ := strings.Cut(t.Insert(dialect.SQLite), " VALUES ")
		all[i] = head + " VALUES " + tuples(n, len(t.Columns))
		if t.Name == dialect.ReportTable { // a system that has one that day keeps it
			all[i] += " ON CONFLICT DO NOTHING RETURNING " + dialect.Quote(t.Columns[1].Name)
		}
	}
	return all
}

// seen returns the statements that note that systems were seen.
func seen() (all texts) {
	for i, n := range portions {
		all[i] = fmt.Sprintf(seenSystem, tuples(n, 3))
	}
	return all
}

// tuples returns n rows of placeholders.
func tuples(n, width int) string {
	row := "(" + strings.TrimSuffix(strings.Repeat("?, ", width), ", ") + ")"
	return strings.TrimSuffix(strings.Repeat(row+", ", n), ", ")
}

// storeDay stores the entries of one day: first the systems, then their reports, then the items of
// those that were the first of the day.
func (s *Store) storeDay(ctx context.Context, tx *sql.Tx, b *batch, order []int, day Day) error {
	systems, err := s.see(ctx, tx, b, order, day)
	if err != nil {
		return err
	}
	rows := make([][][]any, len(b.layout.tables))
	for _, i := range order {
		e := &b.entries[i]
		b.rows(e, int64(day-systems[e.System].first), func(table int, row []any) { rows[table] = append(rows[table], row) })
	}
	added, err := s.addReports(ctx, tx, b, rows[b.layout.report])
	if err != nil {
		return err
	}
	for _, i := range order {
		e := &b.entries[i]
		b.outcomes[i] = Duplicate
		if !added[e.System] {
			continue
		}
		b.outcomes[i] = Stored
		if k := systems[e.System]; k.first == day && k.last > day {
			if err := s.grow(ctx, tx, e.System, day); err != nil {
				return err
			}
		}
	}
	return s.addItems(ctx, tx, b, rows, added)
}

// see notes that systems were seen, and returns what is known of each.
func (s *Store) see(ctx context.Context, tx *sql.Tx, b *batch, order []int, day Day) (map[[16]byte]known, error) {
	rows := make([][]any, 0, len(order))
	for _, i := range order {
		rows = append(rows, []any{b.entries[i].System[:], int64(day), int64(day)})
	}
	systems := make(map[[16]byte]known, len(order))
	err := s.inPortions(ctx, tx, b.layout.inserts[len(b.layout.tables)], rows, func(rows *sql.Rows) error {
		var id sql.RawBytes
		var k known
		if err := rows.Scan(&id, &k.first, &k.last); err != nil {
			return err
		}
		systems[[16]byte(id)] = k
		return nil
	})
	return systems, err
}

// addReports adds the rows of reports, and returns the systems of those that were added.
func (s *Store) addReports(ctx context.Context, tx *sql.Tx, b *batch, rows [][]any) (map[[16]byte]bool, error) {
	added := make(map[[16]byte]bool, len(rows))
	err := s.inPortions(ctx, tx, b.layout.inserts[b.layout.report], rows, func(rows *sql.Rows) error {
		var id sql.RawBytes
		if err := rows.Scan(&id); err != nil {
			return err
		}
		added[[16]byte(id)] = true
		return nil
	})
	return added, err
}

// addItems adds the rows of lists, of the systems whose report was added.
func (s *Store) addItems(ctx context.Context, tx *sql.Tx, b *batch, rows [][][]any, added map[[16]byte]bool) error {
	for table := range rows {
		if table == b.layout.report {
			continue
		}
		kept := slices.DeleteFunc(rows[table], func(row []any) bool {
			id, ok := row[1].([]byte)
			return !ok || !added[[16]byte(id)]
		})
		if err := s.inPortions(ctx, tx, b.layout.inserts[table], kept, nil); err != nil {
			return err
		}
	}
	return nil
}

// inPortions runs statements over rows, of each kind as many as fit.
func (s *Store) inPortions(ctx context.Context, tx *sql.Tx, statements texts, rows [][]any, result func(*sql.Rows) error) error {
	for i, n := range portions {
		if len(rows) < n {
			continue
		}
		stmt := s.kept(ctx, tx, statements[i])
		for ; len(rows) >= n; rows = rows[n:] {
			if err := runStatement(ctx, stmt, slices.Concat(rows[:n]...), result); err != nil {
				return err
			}
		}
	}
	return nil
}

// runStatement runs a statement, and calls a function for each row that it returns, if there is one.
func runStatement(ctx context.Context, stmt *sql.Stmt, args []any, result func(*sql.Rows) error) error {
	if result == nil {
		_, err := stmt.ExecContext(ctx, args...)
		return err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := result(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
