// SPDX-License-Identifier: GPL-2.0-or-later

package summarize

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/pulp/pulpmetrics/internal/plan"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/store/storetest"
)

var servers storetest.Server

func TestMain(m *testing.M) { os.Exit(servers.Run(m)) }

// TestEngines holds both engines against the oracle: every type of leaf, every measure, classes,
// filters and named keys, with reports that come over the wire. The projects are data: a metric that
// is approved has its columns, queries and summaries without a line of Go.
func TestEngines(t *testing.T) {
	for _, project := range []string{"small", "every"} {
		t.Run(project, func(t *testing.T) {
			servers.Each(t, func(t *testing.T, url string) {
				for seed := range uint64(3) {
					target := url
					if seed > 0 && url[:7] == "sqlite:" {
						target = storetest.SQLite(t)
					} else if seed > 0 {
						target = servers.PostgreSQL(t)
					}
					compareEngine(t, target, "testdata/"+project, seed)
				}
			})
		})
	}
}

const testDay = store.Day(20500)

func compareEngine(t *testing.T, url, folder string, seed uint64) {
	ctx := context.Background()
	r, m := storetest.Registry(t, folder, testDay.String())
	s, err := store.Open(ctx, url, r, m)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Migrate(ctx, false); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(seed, 7))
	pool := map[*proposal.Leaf][]any{}
	var fleet []*machine
	for range 120 {
		fleet = append(fleet, invent(random, m, pool, 3))
	}
	receive(t, s, fleet)
	z, err := New(s, "main", testDay.String())
	if err != nil {
		t.Fatal(err)
	}
	if len(z.Queries) < 10 {
		t.Fatalf("only %d queries", len(z.Queries))
	}
	if _, err := z.Day(ctx, testDay, false); err != nil {
		t.Fatal(err)
	}
	for i := range z.Queries {
		compareQuery(t, s, &z.Queries[i], fleet)
	}
}

// receive stores the reports of a fleet; those of older machines also on the day they were first seen.
func receive(t *testing.T, s *store.Store, fleet []*machine) {
	t.Helper()
	md, err := s.Message().Reflect()
	if err != nil {
		t.Fatal(err)
	}
	decoder, err := report.NewDecoder(s.Message())
	if err != nil {
		t.Fatal(err)
	}
	var entries []store.Entry
	for _, machine := range fleet {
		data, err := machine.encode(s.Message(), md)
		if err != nil {
			t.Fatal(err)
		}
		for _, day := range slices.Compact([]store.Day{testDay, testDay - store.Day(machine.age)}) { // the later one first
			decoded, err := decoder.Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			if len(decoded.Findings) > 0 {
				t.Fatalf("the machine sends what is not allowed: %v", decoded.Findings[0].Path())
			}
			entries = append(entries, store.NewEntry(decoded, day.Start().Add(time.Hour)))
		}
	}
	for start := 0; start < len(entries); start += 50 {
		if _, err := s.Ingest(context.Background(), entries[start:min(start+50, len(entries))]); err != nil {
			t.Fatal(err)
		}
	}
}

func compareQuery(t *testing.T, s *store.Store, q *plan.Query, fleet []*machine) {
	t.Helper()
	want, _ := expect(q, fleet, 1, testDay)
	var got []store.Row
	err := s.Rows(context.Background(), q.ID, testDay, testDay, func(r store.Row) error {
		got = append(got, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(got, func(a, b store.Row) int { return cmp.Compare(a.Key, b.Key) })
	if len(got) != len(want) {
		t.Errorf("%s: %d rows, want %d\ngot  %v\nwant %v", q.ID, len(got), len(want), texts(got), texts(want))
		return
	}
	for i := range want {
		if got[i].Key != want[i].Key || got[i].Systems != want[i].Systems || !alike(got[i], want[i]) {
			t.Errorf("%s:\ngot  %s\nwant %s", q.ID, text(got[i]), text(want[i]))
		}
	}
}

func alike(a, b store.Row) bool {
	for _, pair := range [][2]float64{
		{a.Value.Float64(), b.Value.Float64()}, {a.Total.Float64(), b.Total.Float64()},
		{a.Weight.Float64(), b.Weight.Float64()}, {a.Largest.Float64(), b.Largest.Float64()},
	} {
		if math.Abs(pair[0]-pair[1]) > 1e-12*max(math.Abs(pair[1]), 1e-3) {
			return false
		}
	}
	return true
}

func text(r store.Row) string {
	return fmt.Sprintf("%s %s value %s systems %d total %s weight %s largest %s", r.Summary, r.Key, r.Value, r.Systems, r.Total, r.Weight, r.Largest)
}

func texts(rows []store.Row) (all []string) {
	for _, r := range rows {
		all = append(all, text(r))
	}
	return all
}
