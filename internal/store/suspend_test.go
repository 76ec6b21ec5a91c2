// SPDX-License-Identifier: GPL-2.0-or-later

package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/store/storetest"
)

// suspended copies the real proposals into a folder, with one of them suspended.
func suspended(t *testing.T, id string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "proposals"), os.DirFS("../../proposals")); err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile("../../pulpmetrics.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "proposals", id+".yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text = []byte(strings.Replace(string(text), "status: approved", "status: suspended", 1) + "  - {decision: suspended, date: 2026-03-06, by: [bmbouter], reason: PII}\n")
	for name, data := range map[string][]byte{file: text, filepath.Join(dir, "pulpmetrics.yaml"): config} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestSuspend: what is suspended is erased at once and not stored any more, neither of entries that
// were decoded before, nor by another process that hasn't reloaded.
func TestSuspend(t *testing.T) {
	for _, id := range []string{"components", "rbac_stats", "postgresql_version"} {
		t.Run(id, func(t *testing.T) {
			servers.Each(t, func(t *testing.T, url string) { suspend(t, url, id) })
		})
	}
}

func suspend(t *testing.T, url, id string) {
	ctx := context.Background()
	s, other := open(t, url), open(t, url)
	entries := goldenEntries(t, s.Message(), storetest.Days()[1], nil)
	if _, err := s.Ingest(ctx, entries[:100]); err != nil {
		t.Fatal(err)
	}
	if values(t, s, id) == 0 {
		t.Fatal("nothing was stored")
	}
	r, m := storetest.Registry(t, suspended(t, id), "2026-03-07")
	if err := s.Apply(ctx, r, m); err != nil {
		t.Fatal(err)
	}
	if n := values(t, s, id); n != 0 {
		t.Errorf("%d values are still there", n)
	}
	for i, process := range []*store.Store{s, other} {
		if _, err := process.Ingest(ctx, entries[100*(i+1):100*(i+2)]); err != nil {
			t.Fatal(err)
		}
		if n := values(t, s, id); n != 0 {
			t.Errorf("process %d stored %d values", i, n)
		}
	}
	if _, err := other.Migrate(ctx, false); !errors.Is(err, store.ErrNewer) {
		t.Errorf("proposals from before the suspension are not refused: %v", err)
	}
}

// values counts the values of a metric.
func values(t *testing.T, s *store.Store, id string) (n int64) {
	t.Helper()
	query := map[string]string{
		"components":         `SELECT count(*) FROM report_components`,
		"rbac_stats":         `SELECT count("rbac_stats.users") + count("rbac_stats.custom_roles") FROM report`,
		"postgresql_version": `SELECT count(postgresql_version) FROM report`,
	}[id]
	if err := s.QueryRow(context.Background(), query, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestFirstSeen: a system is as old as its first report that is held, also where reports come in the
// wrong order, and starts anew after its last report has expired.
func TestFirstSeen(t *testing.T) {
	servers.Each(t, func(t *testing.T, url string) {
		ctx := context.Background()
		s := open(t, url)
		day, _ := store.ParseDay("2026-03-10")
		system := [16]byte{1, 2, 3}
		for _, step := range []struct{ offset, age int64 }{{0, 0}, {2, 2}, {-3, 0}, {1, 4}} {
			at := day + store.Day(step.offset)
			outcomes, err := s.Ingest(ctx, []store.Entry{{System: system, Received: at.Start()}, {System: system, Received: at.Start().Add(time.Hour)}})
			if diff := cmp.Diff([]store.Outcome{store.Stored, store.Duplicate}, outcomes); diff != "" || err != nil {
				t.Fatal(diff, err)
			}
			if age := ageOn(t, s, at); age != step.age {
				t.Errorf("on %s the system is %d days old, want %d", at, age, step.age)
			}
		}
		if age := ageOn(t, s, day+2); age != 5 {
			t.Errorf("after a report of an earlier day it is %d days old, want 5", age)
		}
		for d := day - 3; d <= day+2; d++ {
			if _, err := s.WriteDay(ctx, mustSnapshot(t, s, d), 5, nil, nil, false); err != nil {
				t.Fatal(err)
			}
		}
		gone, err := s.Expire(ctx, day+10)
		if err != nil || len(gone.Days) != 4 || gone.Systems != 1 {
			t.Fatal(gone, err)
		}
		if _, err := s.Ingest(ctx, []store.Entry{{System: system, Received: (day + 20).Start()}}); err != nil {
			t.Fatal(err)
		}
		if age := ageOn(t, s, day+20); age != 0 {
			t.Errorf("after everything had expired the system is %d days old", age)
		}
	})
}

func mustSnapshot(t *testing.T, s *store.Store, day store.Day) *store.Snapshot {
	t.Helper()
	snapshot, err := s.Snapshot(context.Background(), day, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	return snapshot
}

func ageOn(t *testing.T, s *store.Store, day store.Day) (age int64) {
	t.Helper()
	if err := s.QueryRow(context.Background(), `SELECT age FROM report WHERE day = $1`, &age, int64(day)); err != nil {
		t.Fatal(err)
	}
	return age
}

// TestExpireUnsummarized: what isn't summarized is kept, whatever its age, and so is what is known of
// its systems.
func TestExpireUnsummarized(t *testing.T) {
	servers.Each(t, func(t *testing.T, url string) {
		ctx := context.Background()
		s := open(t, url)
		day, _ := store.ParseDay("2026-03-10")
		for i := range 3 {
			entries := []store.Entry{{System: [16]byte{1}, Received: (day + store.Day(i)).Start()}, {System: [16]byte{2, byte(i)}, Received: (day + store.Day(i)).Start()}}
			if _, err := s.Ingest(ctx, entries); err != nil {
				t.Fatal(err)
			}
		}
		for _, d := range []store.Day{day, day + 2} {
			if _, err := s.WriteDay(ctx, mustSnapshot(t, s, d), 5, nil, nil, false); err != nil {
				t.Fatal(err)
			}
		}
		gone, err := s.Expire(ctx, day+100)
		want := store.Expired{Days: []store.Day{day, day + 2}, Kept: []store.Day{day + 1}, Systems: 2}
		if diff := cmp.Diff(want, gone); diff != "" || err != nil {
			t.Error(diff, err)
		}
	})
}

// TestUnknownFieldsAreBounded: nobody fills the database with counters.
func TestUnknownFieldsAreBounded(t *testing.T) {
	servers.Each(t, func(t *testing.T, url string) {
		ctx := context.Background()
		s := open(t, url)
		decoder, err := report.NewDecoder(s.Message())
		if err != nil {
			t.Fatal(err)
		}
		day, _ := store.ParseDay("2026-03-10")
		sent := 0
		for i := range 60 {
			data := []byte("\x0a\x24000000" + string(rune('0'+i/10)) + string(rune('0'+i%10)) + "-0000-4000-8000-000000000000")
			for n := range 30 {
				number := 10_000 + 30*i + n
				data = append(data, byte(number<<3)|0x80, byte(number>>4)|0x80, byte(number>>11), 1)
				sent++
			}
			decoded, err := decoder.Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Ingest(ctx, []store.Entry{store.NewEntry(decoded, day.Start())}); err != nil {
				t.Fatal(err)
			}
		}
		counts, err := s.Audit(ctx, day, day)
		if err != nil {
			t.Fatal(err)
		}
		numbers, total := 0, int64(0)
		for _, c := range counts {
			if c.Reason == report.UnknownField.String() {
				numbers, total = numbers+1, total+c.Count
			}
		}
		if numbers != 1001 || total != int64(sent) {
			t.Errorf("%d counters that add up to %d, want 1001 and %d", numbers, total, sent)
		}
	})
}

// TestTogether: many who store reports of the same systems at once, and somebody who forgets one of
// them; every system counts once a day.
func TestTogether(t *testing.T) {
	servers.Each(t, func(t *testing.T, url string) {
		ctx := context.Background()
		s := open(t, url)
		entries := goldenEntries(t, s.Message(), storetest.Days()[0], nil)
		var group sync.WaitGroup
		var mu sync.Mutex
		stored := 0
		for range 4 {
			group.Go(func() {
				for start := 0; start < len(entries); start += 50 {
					outcomes, err := s.Ingest(ctx, entries[start:min(start+50, len(entries))])
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					for _, o := range outcomes {
						if o == store.Stored {
							stored++
						}
					}
					mu.Unlock()
				}
			})
			group.Go(func() {
				if err := s.Forget(ctx, [16]byte{9}); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		var rows int64
		if err := s.QueryRow(ctx, `SELECT count(*) FROM report`, &rows); err != nil || rows != int64(stored) || stored == 0 {
			t.Errorf("%d rows, and %d were acknowledged, %v", rows, stored, err)
		}
	})
}
