// SPDX-License-Identifier: GPL-2.0-or-later

package summarize_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/store/storetest"
	"github.com/pulp/pulpmetrics/internal/summarize"
)

// table is what the site before this one made of a day.
type table struct {
	Posted     int                              `json:"posted"`
	Stored     int64                            `json:"systems_stored"`
	Persistent int64                            `json:"systems_persistent"`
	Ages       []struct{ Age, Count int64 }     `json:"age_count"`
	XY         []version                        `json:"xy_version_count"`
	XYZ        []version                        `json:"xyz_version_count"`
	Postgres   []struct{ Version, Count int64 } `json:"postgres_version_count"`
	Means      map[string]float64               `json:"deployment_stats"`
	Numbers    []struct {
		Name          string
		Number, Count int64
	} `json:"number_count"`
}

type version struct {
	Name, Version string
	Count         int64
}

// counts returns the rows that a table asks for, as "summary key" to the count.
func (t *table) counts() map[string]int64 {
	out := map[string]int64{}
	for _, a := range t.Ages {
		out[fmt.Sprintf("systems_by_age [%d]", a.Age)] = a.Count
	}
	for _, v := range t.XY {
		out[fmt.Sprintf("components_xy [%q,%q]", v.Name, v.Version)] = v.Count
	}
	for _, v := range t.XYZ {
		out[fmt.Sprintf("components_xyz [%q,%q]", v.Name, v.Version)] = v.Count
	}
	for _, v := range t.Postgres {
		out[fmt.Sprintf("postgresql_version [%d]", v.Version)] = v.Count
	}
	for _, n := range t.Numbers {
		out[fmt.Sprintf("rbac_%s [%d]", n.Name, n.Number)] = n.Count
	}
	return out
}

var means = map[string]string{
	"online_worker_processes_avg":      "online_workers_processes_mean",
	"online_worker_hosts_avg":          "online_workers_hosts_mean",
	"online_content_app_processes_avg": "online_content_apps_processes_mean",
	"online_content_app_hosts_avg":     "online_content_apps_hosts_mean",
}

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
		var want table
		if err := json.Unmarshal(storetest.Golden(t, "expected/"+folder+"/"+day.String()+".json"), &want); err != nil {
			t.Fatal(err)
		}
		if result.Systems != want.Stored || result.Persistent != want.Persistent {
			t.Errorf("%s: %d systems, %d persistent, want %d and %d", day, result.Systems, result.Persistent, want.Stored, want.Persistent)
		}
		compareDay(t, s, day, &want)
	}
	if missed, err = z.Missed(ctx, today); err != nil || len(missed) > 0 {
		t.Error("after the last day:", missed, err)
	}
}

func compareDay(t *testing.T, s *store.Store, day store.Day, want *table) {
	t.Helper()
	counts, averages := map[string]int64{}, map[string]float64{}
	err := s.Rows(context.Background(), "", day, day, func(r store.Row) error {
		if strings.HasSuffix(r.Summary, "_mean") {
			averages[r.Summary] = r.Value.Float64()
			return nil
		}
		n, whole := r.Value.Int64()
		if !whole || n != r.Systems {
			t.Errorf("%v: the value of a count is the number of systems", r)
		}
		counts[r.Summary+" "+r.Key] = n
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.counts(), counts); diff != "" {
		t.Errorf("%s (-want +got):\n%s", day, diff)
	}
	for theirs, ours := range means {
		expected, there := want.Means[theirs]
		if got, ok := averages[ours]; there && (!ok || math.Abs(got-expected) > 1e-12*math.Abs(expected)) {
			t.Errorf("%s %s: %v, want %v", day, ours, got, expected)
		}
	}
	if len(want.Means) != len(averages) {
		t.Errorf("%s: %d means, want %d", day, len(averages), len(want.Means))
	}
}
