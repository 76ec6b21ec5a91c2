// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/pulp/pulpmetrics/internal/dialect"
	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// Outcome is what became of an entry.
type Outcome uint8

// The outcomes.
const (
	Stored    Outcome = iota + 1
	Duplicate         // an earlier report of the system counts for that day
	Rejected          // it doesn't count, and the day of the system is still open
)

// String returns the outcome in a word.
func (o Outcome) String() string {
	return [...]string{"", "stored", "duplicate", "rejected"}[o]
}

// Ingest stores entries in one transaction, in their order, and returns what became of each. What
// was dropped and rejected is counted in the same transaction. With an error, nothing is stored.
func (s *Store) Ingest(ctx context.Context, entries []Entry) ([]Outcome, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	b := newBatch(s.layout.Load(), s.dialect, entries)
	b.sort()
	var err error
	if s.dialect == dialect.SQLite {
		err = s.ingestSQLite(ctx, b)
	} else {
		err = s.ingestPostgres(ctx, b)
	}
	if err != nil {
		return nil, fmt.Errorf("nothing was stored: %w", err)
	}
	return b.outcomes, nil
}

// batch is what is stored in one transaction.
type batch struct {
	layout   *layout
	dialect  dialect.Dialect
	entries  []Entry
	outcomes []Outcome
	order    []int // of the entries that count, by day and system, then as they came
	halted   map[string]bool
	places   map[*wire.Message][]place
}

func newBatch(l *layout, d dialect.Dialect, entries []Entry) *batch {
	b := &batch{layout: l, dialect: d, entries: entries, outcomes: make([]Outcome, len(entries)), places: map[*wire.Message][]place{}}
	for i := range entries {
		if entries[i].Rejected != report.None {
			b.outcomes[i] = Rejected
			continue
		}
		b.order = append(b.order, i)
	}
	return b
}

// sort puts the entries into an order that is the same for everyone, so that two who store the same
// systems wait for each other and don't lock each other out. Of one system and day, the first stays.
func (b *batch) sort() {
	slices.SortStableFunc(b.order, func(i, j int) int {
		x, y := &b.entries[i], &b.entries[j]
		if x.Day() != y.Day() {
			return int(x.Day() - y.Day())
		}
		return slices.Compare(x.System[:], y.System[:])
	})
	kept := b.order[:0]
	for n, i := range b.order {
		if n > 0 && b.same(kept[len(kept)-1], i) {
			b.outcomes[i] = Duplicate
			continue
		}
		kept = append(kept, i)
	}
	b.order = kept
}

func (b *batch) same(i, j int) bool {
	return b.entries[i].System == b.entries[j].System && b.entries[i].Day() == b.entries[j].Day()
}

// eachDay calls a function for the entries of each day, in order.
func (b *batch) eachDay(call func(order []int, day Day) error) error {
	for start := 0; start < len(b.order); {
		end, day := start, b.entries[b.order[start]].Day()
		for end < len(b.order) && b.entries[b.order[end]].Day() == day {
			end++
		}
		if err := call(b.order[start:end], day); err != nil {
			return err
		}
		start = end
	}
	return nil
}

// placesOf returns where the fields of a message are stored, without those of metrics that were
// halted meanwhile.
func (b *batch) placesOf(m *wire.Message) []place {
	if places, ok := b.places[m]; ok || m == nil { // an entry without values has no message
		return places
	}
	places := slices.Clone(b.layout.placesOf(m))
	for i := range places {
		if b.halted[m.Fields[i].Name] {
			places[i].stored = false
		}
	}
	b.places[m] = places
	return places
}

// rows returns the rows of an entry, those of each table one after the other, with the key and the
// age of the report.
func (b *batch) rows(e *Entry, age int64, add func(table int, row []any)) {
	places := b.placesOf(e.message)
	row := b.row(b.layout.report, e, -1, age)
	var item []any
	field, at := int32(-1), int32(-1)
	table := -1
	for _, c := range e.cells {
		p := &places[c.field]
		if !p.stored || p.columns[c.leaf] < 0 {
			continue
		}
		if p.list && (c.field != field || c.item != at) {
			if item != nil {
				add(table, item)
			}
			item, table, field, at = b.row(p.table, e, int64(c.item), age), p.table, c.field, c.item
		}
		into := row
		if p.list {
			into = item
		}
		into[p.columns[c.leaf]] = b.dialect.Bind(p.kinds[c.leaf], c.bits, c.text)
	}
	if item != nil {
		add(table, item)
	}
	add(b.layout.report, row)
}

// row returns a row with nothing but its key and age. An item of -1 is a row of the report itself.
func (b *batch) row(table int, e *Entry, item, age int64) []any {
	row := make([]any, len(b.layout.tables[table].Columns))
	row[0], row[1], row[2] = int64(e.Day()), b.dialect.BindID(e.System), age
	if item >= 0 {
		row[2], row[3] = item, age
	}
	return row
}
