// SPDX-License-Identifier: GPL-2.0-or-later

package summarize_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/store/storetest"
	"github.com/pulp/pulpmetrics/internal/summarize"
)

// open opens and migrates a database for a project.
func open(t testing.TB, url, folder, day string) *store.Store {
	t.Helper()
	r, m := storetest.Registry(t, folder, day)
	s, err := store.Open(context.Background(), url, r, m)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := s.Migrate(context.Background(), false); err != nil {
		t.Fatal(err)
	}
	return s
}

// ingest stores the golden reports of a day.
func ingest(t *testing.T, s *store.Store, day string, gate *report.Gate) {
	t.Helper()
	decoder, err := report.NewDecoder(s.Message())
	if err != nil {
		t.Fatal(err)
	}
	stream := report.NewStream(bytes.NewReader(storetest.Golden(t, "reports/"+day+".pb")), 0)
	var entries []store.Entry
	for _, line := range strings.Split(strings.TrimSpace(string(storetest.Golden(t, "reports/"+day+".tsv"))), "\n")[1:] {
		data, err := stream.Next()
		if err != nil {
			t.Fatal(err)
		}
		received, err := time.Parse(time.RFC3339, strings.Split(line, "\t")[1])
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := decoder.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		e := store.NewEntry(decoded, received)
		if gate != nil && e.Rejected == report.None && !gate.Holds(data) {
			e.Rejected = report.GateFailed
		}
		entries = append(entries, e)
	}
	if _, err := s.Ingest(context.Background(), entries); err != nil {
		t.Fatal(err)
	}
}

// TestGolden holds the summaries against the tables of the site before this one.
func TestGolden(t *testing.T) {
	for folder, site := range map[string]string{"prod": "production", "dev": "dev"} {
		t.Run(site, func(t *testing.T) {
			summarize.Servers.Each(t, func(t *testing.T, url string) {
				s := open(t, url, "../..", "2026-03-07")
				var gate *report.Gate
				if site == "production" {
					var err error
					if gate, err = report.NewGate(s.Message(), "components.version", "release"); err != nil {
						t.Fatal(err)
					}
				}
				for _, day := range storetest.Days() {
					ingest(t, s, day, gate)
				}
				runGolden(t, s, folder, site)
			})
		})
	}
}

func runGolden(t *testing.T, s *store.Store, folder, site string) {
	ctx := context.Background()
	z, err := summarize.New(s, site, "2026-03-07")
	if err != nil {
		t.Fatal(err)
	}
	today, _ := store.ParseDay("2026-03-07")
	missed, err := z.Missed(ctx, today)
	if err != nil || len(missed) != len(storetest.Days()) {
		t.Fatal(missed, err)
	}
	for i, day := range missed {
		result, err := z.Day(ctx, day, false)
		if err != nil || !result.Wrote || day.String() != storetest.Days()[i] {
			t.Fatal(day, result, err)
		}
		want := storetest.Expect(t, folder, day)
		if result.Systems != want.Stored || result.Persistent != want.Persistent {
			t.Errorf("%s: %d systems, %d persistent, want %d and %d", day, result.Systems, result.Persistent, want.Stored, want.Persistent)
		}
		want.Compare(t, s, day)
	}
	if missed, err = z.Missed(ctx, today); err != nil || len(missed) > 0 {
		t.Error("after the last day:", missed, err)
	}
}
