// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/store/storetest"
	"github.com/pulp/pulpmetrics/internal/summarize"
)

// together is how many of the golden reports come at once.
const together = 32

// postGolden posts the golden reports of a day, as many at once as have different systems, at the
// time of the last of them.
func (s *service) postGolden(t *testing.T, day string) {
	t.Helper()
	stream := report.NewStream(bytes.NewReader(storetest.Golden(t, "reports/"+day+".pb")), 0)
	var posts sync.WaitGroup
	systems := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(storetest.Golden(t, "reports/"+day+".tsv"))), "\n")[1:] {
		fields := strings.Split(line, "\t")
		if systems[fields[4]] || len(systems) == together {
			posts.Wait()
			clear(systems)
		}
		systems[fields[4]] = true
		at, err := time.Parse(time.RFC3339, fields[1])
		if err != nil {
			t.Fatal(err)
		}
		data, err := stream.Next()
		if err != nil {
			t.Fatal(err)
		}
		s.clock.set(at)
		body := bytes.Clone(data)
		posts.Go(func() { want(t, s.post(body), http.StatusOK, "") })
	}
	posts.Wait()
	if _, err := stream.Next(); !errors.Is(err, io.EOF) {
		t.Fatalf("%s: more reports than times: %v", day, err)
	}
}

// TestGoldenReports posts a fleet as its clients send it. What is stored is what the site before
// this one stored, and so are the summaries.
func TestGoldenReports(t *testing.T) {
	for site, folder := range map[string]string{"production": "prod", "dev": "dev"} {
		t.Run(site, func(t *testing.T) {
			servers.Each(t, func(t *testing.T, url string) {
				s := begin(t, url, func(o *Options) { o.Site = site })
				for _, day := range storetest.Days() {
					s.postGolden(t, day)
					stored := int64(strings.Count(string(storetest.Golden(t, "expected/"+folder+"/"+day+".ingest.tsv")), "\t200\t1\n"))
					if counts := s.counts(t, s.clock.now()); counts["stored"] != stored {
						t.Errorf("%s: %v, want %d stored", day, counts, stored)
					}
				}
				s.summarizeGolden(t, site, folder)
			})
		})
	}
}

// summarizeGolden summarizes the days of the fleet.
func (s *service) summarizeGolden(t *testing.T, site, folder string) {
	t.Helper()
	z, err := summarize.New(s.store, site, "2026-03-07")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range storetest.Days() {
		day, err := store.ParseDay(name)
		if err != nil {
			t.Fatal(err)
		}
		result, err := z.Day(context.Background(), day, false)
		want := storetest.Expect(t, folder, day)
		if err != nil || result.Systems != want.Stored || result.Persistent != want.Persistent {
			t.Errorf("%s: %+v, %v; want %d and %d systems", day, result, err, want.Stored, want.Persistent)
		}
		want.Compare(t, s.store, day)
	}
}
