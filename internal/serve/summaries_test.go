// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/summarize"
)

// shown is a row as JSON shows it.
type shown struct {
	Day, Summary string
	Key          map[string]any
	Value        float64
	Systems      int64
}

func TestSummaries(t *testing.T) {
	servers.Each(t, func(t *testing.T, url string) {
		s := begin(t, url)
		for n := range 6 {
			want(t, s.post(typical(id(n))), http.StatusOK, "")
		}
		for n := range 2 {
			want(t, s.post(typical(id(10+n), component("ostree", "2.0.0"))), http.StatusOK, "")
		}
		z, err := summarize.New(s.store, "dev", "2026-11-24")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := z.Day(context.Background(), store.DayOf(noon), false); err != nil {
			t.Fatal(err)
		}
		s.clock.set(noon.AddDate(0, 0, 1))
		w := s.ask("GET", "/summaries/components_xy", nil)
		want(t, w, http.StatusOK, `{"day":"2026-11-23","summary":"components_xy","key":{"name":"core","version":"3.23"},"value":8,"systems":8}`)
		var rows []shown
		if err := json.Unmarshal(w.Body.Bytes(), &rows); err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if row.Systems < 5 || row.Key["name"] == "ostree" {
				t.Errorf("a small cell is shown: %+v", row)
			}
		}
		s.again(t, w.Header().Get("ETag"))
		w = s.ask("GET", "/summaries/components_xy?format=csv&from=2026-11-23&to=2026-11-23", nil)
		table, err := csv.NewReader(w.Body).ReadAll()
		if err != nil || len(table) != len(rows)+1 || strings.Join(table[0], " ") != "day name version value systems" {
			t.Errorf("%v, %v", table, err)
		}
		want(t, s.ask("GET", "/summaries/components_xy?to=2026-11-22", nil), http.StatusOK, "[]")
		if err := s.Reload(context.Background(), suspended(t)); err != nil {
			t.Fatal(err)
		}
		want(t, s.ask("GET", "/summaries/components_xy", nil), http.StatusNotFound, "There is no summary")
	})
}

// again asks for what somebody has already.
func (s *service) again(t *testing.T, tag string) {
	t.Helper()
	w := s.ask("GET", "/summaries/components_xy", nil, "If-None-Match", tag)
	if w.Code != http.StatusNotModified || w.Body.Len() > 0 || tag == "" {
		t.Errorf("%d for the same ETag %q", w.Code, tag)
	}
	if other := s.ask("GET", "/summaries/components_xyz", nil).Header().Get("ETag"); other == tag {
		t.Error("different rows have one ETag")
	}
	head := s.ask("HEAD", "/summaries/components_xy", nil)
	if head.Code != http.StatusOK || head.Body.Len() > 0 || head.Header().Get("ETag") != tag {
		t.Errorf("HEAD: %d with %d bytes", head.Code, head.Body.Len())
	}
}

func TestSummariesRefuse(t *testing.T) {
	s := serving(t)
	for path, sentence := range map[string]string{
		"/summaries/components_xv":                                        "did you mean `components_xy`?",
		"/summaries/components_xy?format=xml":                             `The format "xml" is neither json nor csv.`,
		"/summaries/components_xy?from=yesterday":                         "A day is written as in 2026-11-23.",
		"/summaries/components_xy?to=2026-02-30":                          "A day is written as in 2026-11-23.",
		"/summaries/components_xy?from=2026-11-02&to=2026-11-01":          "The first day, 2026-11-02, is after the last, 2026-11-01.",
		"/summaries/components_xy?from=1900-01-01":                        "is more than 1000 days: ask for them in parts.",
		"/summaries/components_xy?since=2026-11-02":                       `There is no parameter "since"`,
		"/summaries/" + strings.Repeat("x", 5000):                         "There is no summary",
		"/summaries/components_xy?format=" + strings.Repeat("json", 4000): "is neither json nor csv.",
	} {
		w := s.ask("GET", path, nil)
		if w.Code/100 != 4 || !strings.Contains(w.Body.String(), sentence) || w.Body.Len() > 1000 {
			t.Errorf("%.80s: %d %.200s", path, w.Code, w.Body)
		}
	}
	s.clock.set(time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC))
	want(t, s.ask("GET", "/summaries/components_xy", nil), http.StatusOK, "[]")
}
