// SPDX-License-Identifier: GPL-2.0-or-later

// Package summarize turns the reports of a day into its summaries, and those into what may be
// published. In flow a store and the queries of a registry; out come rows, exact ones and published
// ones, written together.
//
// A day is summarized once, when it is over, oldest day first; it never changes after that unless
// somebody asks for it.
package summarize

import (
	"context"
	"errors"
	"fmt"

	"github.com/pulp/pulpmetrics/internal/dialect"
	"github.com/pulp/pulpmetrics/internal/plan"
	"github.com/pulp/pulpmetrics/internal/store"
)

// Summarizer works out the summaries of one site. It is not changed once it is made.
type Summarizer struct {
	Queries    []plan.Query // in force, sorted by id
	Statements []dialect.Statement

	store   *store.Store
	minAge  int64
	minCell int64
}

// New returns the summarizer of a store for a site of its registry, as of a day, YYYY-MM-DD.
func New(s *store.Store, site, day string) (*Summarizer, error) {
	r := s.Registry()
	config, ok := r.Project.Sites.Get(site)
	if !ok {
		return nil, fmt.Errorf("there is no site `%s` in the project", site)
	}
	queries, err := plan.Queries(r, day)
	if err != nil {
		return nil, err
	}
	out := &Summarizer{Queries: queries, store: s, minAge: config.MinAgeDays.V, minCell: r.Project.MinCell.V}
	out.Statements, err = dialect.Compile(s.Dialect(), s.Message(), queries)
	return out, err
}

// Result is what became of one day.
type Result struct {
	store.Summarized
	Rows, Published int
	Wrote           bool // false if somebody else was first
}

// tries is how often a day is read again after something was erased meanwhile.
const tries = 5

// Day summarizes one day. A day that is summarized stays as it is, unless redo is set. Of a day that
// may be incomplete, because its reports have begun to expire, nothing should be asked again.
func (s *Summarizer) Day(ctx context.Context, day store.Day, redo bool) (Result, error) {
	var err error
	for range tries {
		var result Result
		if result, err = s.once(ctx, day, redo); !errors.Is(err, store.ErrErased) {
			return result, err
		}
	}
	return Result{}, fmt.Errorf("%s: %w", day, err)
}

func (s *Summarizer) once(ctx context.Context, day store.Day, redo bool) (Result, error) {
	snapshot, err := s.store.Snapshot(ctx, day, s.minAge, s.Statements)
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", day, err)
	}
	exact := make([]store.Row, len(snapshot.Cells))
	for i, c := range snapshot.Cells {
		if exact[i], err = store.RowOf(day, c); err != nil {
			return Result{}, err
		}
	}
	published, err := s.publish(day, snapshot.Persistent, exact)
	if err != nil {
		return Result{}, err
	}
	wrote, err := s.store.WriteDay(ctx, snapshot, s.minCell, exact, published, redo)
	return Result{
		Summarized: store.Summarized{Day: day, Systems: snapshot.Systems, Persistent: snapshot.Persistent, MinCell: s.minCell},
		Rows:       len(exact), Published: len(published), Wrote: wrote,
	}, err
}

// Missed returns the days that are to be summarized on a day: every one before it since the first
// report or summary that the store holds, but for those that are done. Oldest first.
func (s *Summarizer) Missed(ctx context.Context, today store.Day) ([]store.Day, error) {
	done, err := s.store.Summarized(ctx)
	if err != nil {
		return nil, err
	}
	held, err := s.store.Held(ctx)
	if err != nil {
		return nil, err
	}
	isDone := map[store.Day]bool{}
	first := today
	for _, d := range done {
		isDone[d.Day] = true
		first = min(first, d.Day)
	}
	for _, d := range held {
		first = min(first, d)
	}
	var missed []store.Day
	for day := first; day < today; day++ {
		if !isDone[day] {
			missed = append(missed, day)
		}
	}
	return missed, nil
}

// Republish brings up to date what is published of days that are summarized, where the project asks
// for another smallest cell than it did then. It returns how many days that were.
func (s *Summarizer) Republish(ctx context.Context) (int, error) {
	days, err := s.store.Summarized(ctx)
	if err != nil {
		return 0, err
	}
	changed := 0
	for _, d := range days {
		if d.MinCell == s.minCell {
			continue
		}
		var exact []store.Row
		err := s.store.Rows(ctx, "", d.Day, d.Day, func(r store.Row) error {
			exact = append(exact, r)
			return nil
		})
		if err != nil {
			return changed, err
		}
		published, err := s.publish(d.Day, d.Persistent, exact)
		if err == nil {
			err = s.store.Republish(ctx, d.Day, s.minCell, published)
		}
		if err != nil {
			return changed, fmt.Errorf("%s: %w", d.Day, err)
		}
		changed++
	}
	return changed, nil
}

// MinAge returns the age from which on a system is persistent, in days.
func (s *Summarizer) MinAge() int64 { return s.minAge }
