// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/pulp/pulpmetrics/internal/dialect"
	"github.com/pulp/pulpmetrics/internal/domain"
)

// Summarized is a day that is summarized.
type Summarized struct {
	Day                 Day
	Systems, Persistent int64
	MinCell             int64 // the smallest cell that was published
}

// Summarized returns the days that are summarized, in order.
func (s *Store) Summarized(ctx context.Context) ([]Summarized, error) {
	var days []Summarized
	const query = `SELECT day, systems, persistent, min_cell FROM summary_day ORDER BY day`
	err := s.each(ctx, s.read, query, nil, func(rows *sql.Rows) error {
		var d Summarized
		err := rows.Scan(&d.Day, &d.Systems, &d.Persistent, &d.MinCell)
		days = append(days, d)
		return err
	})
	return days, err
}

// WriteDay writes the summaries of a snapshot and what of them is published, in one transaction. A
// day that is summarized stays as it is unless redo is set; then all of it is written anew. It
// reports whether it wrote. With [ErrErased] the snapshot has to be taken again.
func (s *Store) WriteDay(ctx context.Context, snapshot *Snapshot, minCell int64, exact, published []Row, redo bool) (wrote bool, err error) {
	day := Summarized{snapshot.Day, snapshot.Systems, snapshot.Persistent, minCell}
	err = s.transact(ctx, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, summarizeLock); err != nil {
			return err
		}
		done, err := s.isSummarized(ctx, tx, day.Day)
		if err != nil || done && !redo {
			return err
		}
		if n, err := s.erasures(ctx, tx); err != nil || n != snapshot.erasures {
			return errors.Join(err, ErrErased)
		}
		wrote = true
		return s.writeDay(ctx, tx, day, exact, published)
	})
	return wrote && err == nil, err
}

func (s *Store) isSummarized(ctx context.Context, tx *sql.Tx, day Day) (done bool, err error) {
	err = s.each(ctx, tx, "SELECT 1 FROM summary_day WHERE day = $1", []any{int64(day)}, func(*sql.Rows) error {
		done = true
		return nil
	})
	return done, err
}

const addDay = `INSERT INTO summary_day (day, systems, persistent, min_cell) VALUES ($1, $2, $3, $4)`

func (s *Store) writeDay(ctx context.Context, tx *sql.Tx, d Summarized, exact, published []Row) error {
	for _, table := range []string{dialect.DayTable, dialect.SummaryTable, dialect.PublishedTable} {
		if err := s.exec(ctx, tx, "DELETE FROM "+dialect.Quote(table)+" WHERE day = $1", int64(d.Day)); err != nil {
			return err
		}
	}
	if err := s.exec(ctx, tx, addDay, int64(d.Day), d.Systems, d.Persistent, d.MinCell); err != nil {
		return err
	}
	if err := s.addRows(ctx, tx, dialect.SummaryTable, exact); err != nil {
		return err
	}
	return s.addRows(ctx, tx, dialect.PublishedTable, published)
}

// values returns a row in the order of the columns of summary; published has the first five of them.
func (s *Store) values(r Row, n int) []any {
	bind := s.dialect.BindNumber
	return []any{int64(r.Day), r.Summary, r.Key, bind(r.Value), r.Systems, bind(r.Total), bind(r.Weight), bind(r.Largest)}[:n]
}

// addRows adds rows to one of the tables of summaries.
func (s *Store) addRows(ctx context.Context, tx *sql.Tx, table string, rows []Row) error {
	t, _ := dialect.ByName(s.layout.Load().tables, table)
	if s.dialect == dialect.PostgreSQL {
		return s.addArrays(ctx, tx, t, rows)
	}
	stmt, err := tx.PrepareContext(ctx, t.Insert(s.dialect))
	if err != nil {
		return err
	}
	defer stmt.Close()
	for _, r := range rows {
		if _, err := stmt.ExecContext(ctx, s.values(r, len(t.Columns))...); err != nil {
			return fmt.Errorf("%s %s %s: %w", r.Day, r.Summary, r.Key, err)
		}
	}
	return nil
}

// addArrays adds rows with one statement, which takes an array for each column: PostgreSQL would
// answer every single row.
func (s *Store) addArrays(ctx context.Context, tx *sql.Tx, t dialect.Table, rows []Row) error {
	arrays := make([]any, len(t.Columns))
	types := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		types[i] = fmt.Sprintf("$%d::%s[]", i+1, s.dialect.Type(c.Kind))
		switch c.Kind {
		case dialect.Int:
			arrays[i] = column[int64](s, rows, i)
		default:
			arrays[i] = column[string](s, rows, i)
		}
	}
	statement := fmt.Sprintf("INSERT INTO %s (%s) SELECT * FROM unnest(%s)", dialect.Quote(t.Name), strings.Join(t.Names(), ", "), strings.Join(types, ", "))
	_, err := tx.ExecContext(ctx, statement, arrays...)
	return err
}

// column returns the values of one column.
func column[T any](s *Store, rows []Row, i int) []T {
	values := make([]T, len(rows))
	for n, r := range rows {
		values[n], _ = s.values(r, i+1)[i].(T)
	}
	return values
}

// Republish replaces what is published of a day that is summarized.
func (s *Store) Republish(ctx context.Context, day Day, minCell int64, published []Row) error {
	return s.transact(ctx, func(tx *sql.Tx) error {
		if err := s.exec(ctx, tx, "DELETE FROM published WHERE day = $1", int64(day)); err != nil {
			return err
		}
		if err := s.exec(ctx, tx, "UPDATE summary_day SET min_cell = $2 WHERE day = $1", int64(day), minCell); err != nil {
			return err
		}
		return s.addRows(ctx, tx, dialect.PublishedTable, published)
	})
}

// Rows calls a function for the exact rows of summaries, in the order of days, summaries and keys;
// of one summary, or of all where it is "". Both days are included.
func (s *Store) Rows(ctx context.Context, summary string, from, to Day, row func(Row) error) error {
	const query = `SELECT day, summary, key, value, systems, total, weight, largest FROM summary`
	return s.rows(ctx, query, summary, from, to, func(rows *sql.Rows) error {
		var r Row
		var numbers [4]any
		if err := rows.Scan(&r.Day, &r.Summary, &r.Key, &numbers[0], &r.Systems, &numbers[1], &numbers[2], &numbers[3]); err != nil {
			return err
		}
		for i, into := range []*domain.Number{&r.Value, &r.Total, &r.Weight, &r.Largest} {
			n, err := parseNumber(numbers[i])
			if err != nil {
				return err
			}
			*into = n
		}
		return row(r)
	})
}

// Published calls a function for the rows that were published, in the same way. Whether a summary may
// be shown today is not asked here: see package summarize.
func (s *Store) Published(ctx context.Context, summary string, from, to Day, row func(Row) error) error {
	const query = `SELECT day, summary, key, value, systems FROM published`
	return s.rows(ctx, query, summary, from, to, func(rows *sql.Rows) (err error) {
		var r Row
		var value any
		if err := rows.Scan(&r.Day, &r.Summary, &r.Key, &value, &r.Systems); err != nil {
			return err
		}
		if r.Value, err = parseNumber(value); err != nil {
			return err
		}
		return row(r)
	})
}

func (s *Store) rows(ctx context.Context, query, summary string, from, to Day, row func(*sql.Rows) error) error {
	query += " WHERE day BETWEEN $1 AND $2"
	args := []any{int64(from), int64(to)}
	if summary != "" {
		query += " AND summary = $3"
		args = append(args, summary)
	}
	order := " ORDER BY day, summary, key"
	if s.dialect == dialect.PostgreSQL {
		order = ` ORDER BY day, summary COLLATE "C", key COLLATE "C"` // the same order everywhere
	}
	return s.each(ctx, s.read, query+order, args, row)
}
