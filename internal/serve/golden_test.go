// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/store/storetest"
	"github.com/pulp/pulpmetrics/internal/summarize"
)

// postGolden posts the golden reports of a day, each at its time, and calls each with its outcome.
func (s *service) postGolden(t *testing.T, day string, each func(i int, outcome string)) {
	t.Helper()
	stream := report.NewStream(bytes.NewReader(storetest.Golden(t, "reports/"+day+".pb")), 0)
	times := strings.Split(strings.TrimSpace(string(storetest.Golden(t, "reports/"+day+".tsv"))), "\n")[1:]
	for i, line := range times {
		data, err := stream.Next()
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.RFC3339, strings.Split(line, "\t")[1])
		if err != nil {
			t.Fatal(err)
		}
		s.clock.set(at)
		s.journal.reset()
		want(t, s.post(data), http.StatusOK, "")
		each(i, s.lines(t)[0].Outcome)
	}
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
					then := strings.Split(strings.TrimSpace(string(storetest.Golden(t, "expected/"+folder+"/"+day+".ingest.tsv"))), "\n")[1:]
					s.postGolden(t, day, func(i int, outcome string) {
						fields := strings.Split(then[i], "\t")
						if fields[1] != "200" || (fields[2] == "1") != (outcome == "stored") {
							t.Errorf("%s, report %d: %s; then it was %s", day, i, outcome, then[i])
						}
					})
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
