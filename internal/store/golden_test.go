// SPDX-License-Identifier: GPL-2.0-or-later

package store_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/store/storetest"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// open opens and migrates a database for the real proposals.
func open(t *testing.T, url string) *store.Store {
	t.Helper()
	r, m := storetest.Registry(t, "../..", "2026-03-07")
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

// goldenEntries decodes the golden reports of a day; gate is nil for a site that has none.
func goldenEntries(t *testing.T, m *wire.Message, day string, gate *report.Gate) []store.Entry {
	t.Helper()
	decoder, err := report.NewDecoder(m)
	if err != nil {
		t.Fatal(err)
	}
	stream := report.NewStream(bytes.NewReader(storetest.Golden(t, "reports/"+day+".pb")), 0)
	times := strings.Split(strings.TrimSpace(string(storetest.Golden(t, "reports/"+day+".tsv"))), "\n")[1:]
	var entries []store.Entry
	for _, line := range times {
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
	if _, err := stream.Next(); !errors.Is(err, io.EOF) {
		t.Fatalf("%s: more reports than times: %v", day, err)
	}
	return entries
}

// TestGoldenIngest holds which reports count against what the site before this one stored.
func TestGoldenIngest(t *testing.T) {
	servers.Each(t, func(t *testing.T, url string) {
		s := open(t, url)
		gate, err := report.NewGate(s.Message(), "components.version", "release")
		if err != nil {
			t.Fatal(err)
		}
		for _, day := range storetest.Days() {
			entries := goldenEntries(t, s.Message(), day, gate)
			var outcomes []store.Outcome
			for start := 0; start < len(entries); start += 100 {
				some, err := s.Ingest(context.Background(), entries[start:min(start+100, len(entries))])
				if err != nil {
					t.Fatal(err)
				}
				outcomes = append(outcomes, some...)
			}
			want := strings.Split(strings.TrimSpace(string(storetest.Golden(t, "expected/prod/"+day+".ingest.tsv"))), "\n")[1:]
			for i, line := range want {
				if stored := strings.Split(line, "\t")[2] == "1"; stored != (outcomes[i] == store.Stored) {
					t.Errorf("%s, report %d: %v, want stored %v", day, i, outcomes[i], stored)
				}
			}
		}
	})
}
