// SPDX-License-Identifier: GPL-2.0-or-later

package summarize_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/store/storetest"
	"github.com/pulp/pulpmetrics/internal/summarize"
)

// changed copies the real project into a folder, and replaces text in one file.
func changed(t *testing.T, file, old, now string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "proposals"), os.DirFS("../../proposals")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"pulpmetrics.yaml", file} {
		text, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		if name == file {
			if !strings.Contains(string(text), old) {
				t.Fatalf("%s has no %q", file, old)
			}
			text = []byte(strings.Replace(string(text), old, now, 1))
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// summarized opens a database with the golden reports of production, all summarized.
func summarized(t *testing.T, url string) (*store.Store, *summarize.Summarizer) {
	t.Helper()
	s := open(t, url, "../..", "2026-03-07")
	for _, day := range storetest.Days() {
		ingest(t, s, day, nil)
	}
	z, err := summarize.New(s, "dev", "2026-03-07")
	if err != nil {
		t.Fatal(err)
	}
	today, _ := store.ParseDay("2026-03-07")
	missed, err := z.Missed(context.Background(), today)
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range missed {
		if _, err := z.Day(context.Background(), day, false); err != nil {
			t.Fatal(err)
		}
	}
	return s, z
}

// shown returns the published rows of a folder's proposals, by summary.
func shown(t *testing.T, s *store.Store, folder string) map[string][]summarize.Line {
	t.Helper()
	r, _ := storetest.Registry(t, folder, "2026-03-07")
	v, err := summarize.NewView(r)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]summarize.Line{}
	err = v.Published(context.Background(), s, "", 0, 1<<40, func(l summarize.Line) error {
		rows[l.Summary] = append(rows[l.Summary], l)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestView: what is suspended is withheld, with everything that reads it, and what is retired keeps
// its history. No row stands for fewer systems than the project allows.
func TestView(t *testing.T) {
	summarize.Servers.Each(t, func(t *testing.T, url string) {
		s, _ := summarized(t, url)
		all := shown(t, s, "../..")
		if len(all) != 13 {
			t.Errorf("%d summaries are shown, want 13", len(all))
		}
		for _, lines := range all {
			for _, l := range lines {
				if l.Systems < 5 {
					t.Errorf("a row of %d systems: %v", l.Systems, l)
				}
			}
		}
		less := shown(t, s, changed(t, "proposals/components.yaml", "status: approved", "status: suspended"))
		if len(less) != 11 || less["components_xy"] != nil || less["components_xyz"] != nil {
			t.Errorf("without components there are %d summaries", len(less))
		}
		less = shown(t, s, changed(t, "proposals/system_id.yaml", "status: approved", "status: suspended"))
		if less["systems_by_age"] != nil {
			t.Error("the age is derived from what is suspended, and shown")
		}
		kept := shown(t, s, changed(t, "proposals/components.yaml", "version:\n", "retired: 2026-03-06\nversion:\n"))
		if len(kept["components_xy"]) != len(all["components_xy"]) {
			t.Error("what is retired has lost its history")
		}
	})
}

// TestRedo: two at once are safe, a summary never changes unless asked for, and what is published
// follows the smallest cell of the project.
func TestRedo(t *testing.T) {
	summarize.Servers.Each(t, func(t *testing.T, url string) {
		ctx := context.Background()
		s, z := summarized(t, url)
		day, _ := store.ParseDay(storetest.Days()[2])
		before := len(shown(t, s, "../..")["components_xy"])
		if err := s.Forget(ctx, goldenSystem(t, s)); err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				if result, err := z.Day(ctx, day, false); err != nil || result.Wrote {
					t.Error("summarized twice", result, err)
				}
			})
		}
		group.Wait()
		exact := sumOfAges(t, s, day)
		if _, err := z.Day(ctx, day, true); err != nil {
			t.Fatal(err)
		}
		if now := sumOfAges(t, s, day); now != exact-1 {
			t.Errorf("after a system was forgotten, and the day summarized again, there are %d systems, want %d", now, exact-1)
		}
		r, m := storetest.Registry(t, changed(t, "pulpmetrics.yaml", "min_cell: 5", "min_cell: 20"), "2026-03-07")
		if err := s.Apply(ctx, r, m); err != nil {
			t.Fatal(err)
		}
		if z, _ = summarize.New(s, "dev", "2026-03-07"); z == nil {
			t.Fatal("no summarizer")
		}
		if n, err := z.Republish(ctx); n != len(storetest.Days()) || err != nil {
			t.Fatal(n, err)
		}
		after := shown(t, s, "../..")
		if len(after["components_xy"]) >= before {
			t.Error("nothing was folded")
		}
		for _, lines := range after {
			for _, l := range lines {
				if l.Systems < 20 {
					t.Errorf("a row of %d systems: %v", l.Systems, l)
				}
			}
		}
	})
}

// goldenSystem returns a system that reported on the third day.
func goldenSystem(t *testing.T, s *store.Store) [16]byte {
	t.Helper()
	decoder, err := report.NewDecoder(s.Message())
	if err != nil {
		t.Fatal(err)
	}
	data, err := report.NewStream(bytes.NewReader(storetest.Golden(t, "reports/"+storetest.Days()[2]+".pb")), 0).Next()
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := decoder.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return decoded.System
}

func sumOfAges(t *testing.T, s *store.Store, day store.Day) (n int64) {
	t.Helper()
	err := s.Rows(context.Background(), "systems_by_age", day, day, func(r store.Row) error {
		n += r.Systems
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestLine(t *testing.T) {
	day, _ := store.ParseDay("2026-03-06")
	l := summarize.Line{Day: day, Summary: "s", Names: []string{"b", "a", "c"}, Key: []any{"x<\"y", int64(3), true}, Systems: 7}
	got, err := json.Marshal(l)
	want := `{"day":"2026-03-06","summary":"s","key":{"b":"x\u003c\"y","a":3,"c":true},"value":0,"systems":7}`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v", got, err)
	}
}
