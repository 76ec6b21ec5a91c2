// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"

	"github.com/pulp/pulpmetrics/internal/dialect"
	"github.com/pulp/pulpmetrics/internal/report"
)

// Reasons beside those of package report: reports that were stored, and those that came later on
// the same day. With the rejected ones they are all that were received.
const (
	ReasonStored    = "stored"
	ReasonDuplicate = "duplicate_day"
)

// Audit is how often something happened to reports of one day.
type Audit struct {
	Day    Day
	Reason string // as report.Reason says it, or ReasonStored, or ReasonDuplicate
	Path   string // of the field or leaf, as report.Finding says it; "" where the whole report is meant
	Count  int64
}

// maxUnknownPaths is how many unknown fields are told apart on one day. The others are counted
// together under "*", so that nobody can fill the database with counters.
const maxUnknownPaths = 1000

// unknownPaths remembers the unknown fields of one day that have a counter.
type unknownPaths struct {
	sync.Mutex
	day   Day
	paths map[string]bool
}

// Audit returns the counts of days, both included, in the order of days, reasons and paths.
func (s *Store) Audit(ctx context.Context, from, to Day) ([]Audit, error) {
	var all []Audit
	const query = `SELECT day, reason, path, count FROM audit_count WHERE day BETWEEN $1 AND $2`
	err := s.each(ctx, s.read, query, []any{int64(from), int64(to)}, func(rows *sql.Rows) error {
		var a Audit
		err := rows.Scan(&a.Day, &a.Reason, &a.Path, &a.Count)
		all = append(all, a)
		return err
	})
	slices.SortFunc(all, compareAudit)
	return all, err
}

func compareAudit(a, b Audit) int {
	return cmp.Or(cmp.Compare(a.Day, b.Day), strings.Compare(a.Reason, b.Reason), strings.Compare(a.Path, b.Path))
}

// counted returns what a batch adds to the counts, in their order. A report that is rejected counts
// under the reason alone, and one that came too late under that: what else they held was not to be
// stored anyway.
func (b *batch) counted() []Audit {
	sums := map[Audit]int64{}
	for i := range b.entries {
		e := &b.entries[i]
		switch b.outcomes[i] {
		case Rejected:
			sums[Audit{Day: e.Day(), Reason: e.Rejected.String()}]++
		case Duplicate:
			sums[Audit{Day: e.Day(), Reason: ReasonDuplicate}]++
		case Stored:
			sums[Audit{Day: e.Day(), Reason: ReasonStored}]++
			for _, c := range e.counts {
				sums[Audit{Day: e.Day(), Reason: c.reason.String(), Path: c.path}] += c.n
			}
		}
	}
	var all []Audit
	for a, n := range sums {
		a.Count = n
		all = append(all, a)
	}
	slices.SortFunc(all, compareAudit)
	return all
}

const addCount = `INSERT INTO audit_count (day, reason, path, count) VALUES ($1, $2, $3, $4)
ON CONFLICT (day, reason, path) DO UPDATE SET count = audit_count.count + excluded.count`

// count adds what a batch has to the counts.
func (s *Store) count(ctx context.Context, tx *sql.Tx, b *batch) error {
	for _, a := range b.counted() {
		if a.Reason == report.UnknownField.String() {
			path, err := s.bounded(ctx, tx, a.Day, a.Path)
			if err != nil {
				return err
			}
			a.Path = path
		}
		if err := s.addCount(ctx, tx, a); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) addCount(ctx context.Context, tx *sql.Tx, a Audit) error {
	args := []any{int64(a.Day), a.Reason, a.Path, a.Count}
	if s.dialect == dialect.SQLite {
		return runStatement(ctx, s.kept(ctx, tx, addCount), args, nil)
	}
	return s.exec(ctx, tx, addCount, args...)
}

// bounded returns the path under which an unknown field is counted.
func (s *Store) bounded(ctx context.Context, tx *sql.Tx, day Day, path string) (string, error) {
	u := &s.unknown
	u.Lock()
	defer u.Unlock()
	if u.day != day || u.paths == nil {
		paths, err := s.unknownOf(ctx, tx, day)
		if err != nil {
			return "", err
		}
		u.day, u.paths = day, paths
	}
	if !u.paths[path] && len(u.paths) >= maxUnknownPaths {
		return "*", nil
	}
	u.paths[path] = true
	return path, nil
}

func (s *Store) unknownOf(ctx context.Context, tx *sql.Tx, day Day) (map[string]bool, error) {
	paths := map[string]bool{}
	const query = `SELECT path FROM audit_count WHERE day = $1 AND reason = $2`
	err := s.each(ctx, tx, query, []any{int64(day), report.UnknownField.String()}, func(rows *sql.Rows) error {
		var path string
		err := rows.Scan(&path)
		paths[path] = true
		return err
	})
	return paths, err
}
