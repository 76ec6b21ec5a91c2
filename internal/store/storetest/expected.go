// SPDX-License-Identifier: GPL-2.0-or-later

package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pulp/pulpmetrics/internal/store"
)

// Table is what the site before this one made of a day.
type Table struct {
	Posted     int                              `json:"posted"`
	Stored     int64                            `json:"systems_stored"`
	Persistent int64                            `json:"systems_persistent"`
	Ages       []struct{ Age, Count int64 }     `json:"age_count"`
	XY         []release                        `json:"xy_version_count"`
	XYZ        []release                        `json:"xyz_version_count"`
	Postgres   []struct{ Version, Count int64 } `json:"postgres_version_count"`
	Means      map[string]float64               `json:"deployment_stats"`
	Numbers    []struct {
		Name          string
		Number, Count int64
	} `json:"number_count"`
}

type release struct {
	Name, Version string
	Count         int64
}

// counts returns the rows that a table asks for, as "summary key" to the count.
func (t *Table) counts() map[string]int64 {
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

// Expect returns the table of a day; the folder is prod or dev.
func Expect(t testing.TB, folder string, day store.Day) *Table {
	t.Helper()
	var want Table
	if err := json.Unmarshal(Golden(t, "expected/"+folder+"/"+day.String()+".json"), &want); err != nil {
		t.Fatal(err)
	}
	return &want
}

// Compare holds the exact rows of a day against the table: means to a relative 1e-12, everything else
// exactly.
func (want *Table) Compare(t testing.TB, s *store.Store, day store.Day) {
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
