// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"context"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/store/storetest"
)

// changed returns the project of this repository with texts replaced in a file of it.
func changed(t *testing.T, file string, replacements ...string) *registry.Registry {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS("../.."), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && path != "." && path != "proposals" {
			return fs.SkipDir
		}
		if err != nil {
			return err
		}
		if strings.HasSuffix(path, ".yaml") {
			data, err := os.ReadFile("../../" + path)
			files[path] = &fstest.MapFile{Data: data}
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(replacements...).Replace(string(files[file].Data))
	if text == string(files[file].Data) {
		t.Fatalf("%s doesn't change", file)
	}
	files[file] = &fstest.MapFile{Data: []byte(text)}
	parser, err := proposal.NewParser()
	if err != nil {
		t.Fatal(err)
	}
	r, err := registry.Load(files, parser)
	if err != nil || len(r.Problems) > 0 {
		t.Fatal(err, r.Problems)
	}
	return r
}

// suspended returns the project with the versions of components suspended.
func suspended(t *testing.T) *registry.Registry {
	t.Helper()
	return changed(t, "proposals/components.yaml", "status: approved", "status: suspended")
}

// TestSuspension suspends a metric while reports pour in. When the reload is done, nothing of it is
// stored, and nothing comes.
func TestSuspension(t *testing.T) {
	servers.Each(t, func(t *testing.T, url string) {
		s := begin(t, url)
		var stop atomic.Bool
		var posts sync.WaitGroup
		for worker := range 4 {
			posts.Go(func() {
				for n := worker * 10_000; !stop.Load(); n++ {
					if w := s.post(typical(id(n))); w.Code != http.StatusOK {
						t.Errorf("%d %s", w.Code, w.Body)
						return
					}
				}
			})
		}
		time.Sleep(200 * time.Millisecond)
		if !held(t, s, []byte("3.19.1")) {
			t.Error("the versions are not stored to begin with")
		}
		if err := s.Reload(context.Background(), suspended(t)); err != nil {
			t.Fatal(err)
		}
		again := held(t, s, []byte("3.19.1"))
		time.Sleep(200 * time.Millisecond)
		stop.Store(true)
		posts.Wait()
		if again || held(t, s, []byte("3.19.1")) {
			t.Error("values of a suspended metric are stored")
		}
		if n := s.counts(t, noon)["not_approved components"]; n == 0 {
			t.Error("reports with the suspended metric are not counted")
		}
	})
}

func TestReloadRefuses(t *testing.T) {
	s := begin(t, storetest.SQLite(t), func(o *Options) { o.Site = "production" })
	for _, bad := range []*registry.Registry{
		changed(t, "pulpmetrics.yaml", "  production:", "  live:"),
		changed(t, "proposals/system_id.yaml", "status: approved", "status: draft"),
		changed(t, "pulpmetrics.yaml", "path: components.version, format: release", "path: components.nothing, format: release"),
	} {
		if err := s.Reload(context.Background(), bad); err == nil {
			t.Error("a registry without the site, the id or the gate is in force")
		}
	}
	want(t, s.post(typical(id(1))), http.StatusOK, "")
	page := s.ask("GET", "/metrics", nil).Body.String()
	if !strings.Contains(page, `pulpmetrics_reloads_total{result="failed"} 3`) {
		t.Error("failed reloads are not counted")
	}
}

// TestRetirement drops a metric from the day on that it is retired.
func TestRetirement(t *testing.T) {
	retiring := changed(t, "proposals/rbac_stats.yaml", "\nversion:", "\nretired: 2026-11-25\nversion:")
	s := begin(t, storetest.SQLite(t), func(o *Options) { o.Registry = retiring })
	for _, test := range []struct {
		days int
		kept bool
	}{{1, true}, {2, false}, {3, false}, {0, true}} { // and the clock goes back
		s.clock.set(noon.AddDate(0, 0, test.days))
		before := len(s.lines(t))
		want(t, s.post(typical(id(1))), http.StatusOK, "")
		lines := s.lines(t)[before:]
		last := lines[len(lines)-1]
		if kept := strings.Contains(strings.Join(last.Proposals, " "), "rbac_stats"); kept != test.kept || kept == (last.Unknown == 1) {
			t.Errorf("after %d days: %+v", test.days, last)
		}
	}
}

// TestClockJumps sends the clock around. Every report is answered, and counts for the day that the
// clock says; nobody is locked out by a limit that thinks of the future.
func TestClockJumps(t *testing.T) {
	servers.Each(t, func(t *testing.T, url string) {
		s := begin(t, url, func(o *Options) { o.Limits.Rate, o.Limits.Burst = 1, 5 })
		for _, days := range []int{0, 1, 400, 1, 0, -400, 30_000, 0} {
			at := noon.AddDate(0, 0, days)
			s.clock.set(at)
			before := s.counts(t, at)["stored"] + s.counts(t, at)["duplicate_day"]
			want(t, s.post(typical(id(1))), http.StatusOK, "")
			if after := s.counts(t, at)["stored"] + s.counts(t, at)["duplicate_day"]; after != before+1 {
				t.Errorf("%d days from now: %d reports, and then %d", days, before, after)
			}
		}
		if n := strings.Count(s.journal.String(), "the clock went back"); n != 4 {
			t.Errorf("the clock went back %d times:\n%s", n, s.journal)
		}
	})
}

func TestDecodeReportsTheGate(t *testing.T) {
	r, err := newRules(real(t), "production", "2026-11-23", report.MaxBytes)
	if err != nil {
		t.Fatal(err)
	}
	for body, reason := range map[string]report.Reason{
		string(typical(id(1))): report.None, string(typical(id(1), component("ostree", "1.dev0"))): report.GateFailed,
		string(typical(id(1), component("rpm", "1.dev0"))): report.DuplicateKey, // the first reason counts
	} {
		err := r.decode([]byte(body), func(got *report.Report) {
			if got.Rejected != reason {
				t.Errorf("%v, want %v", got.Rejected, reason)
			}
		})
		if err != nil {
			t.Error(err)
		}
	}
	if _, err := newRules(real(t), "prodution", "2026-11-23", 1); err == nil || !strings.Contains(err.Error(), "did you mean `production`?") {
		t.Error(err)
	}
}
