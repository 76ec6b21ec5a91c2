// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pulp/pulpmetrics/internal/store/storetest"
)

// line is the line of a report.
type line struct {
	Msg       string   `json:"msg"`
	Outcome   string   `json:"outcome"`
	Problem   string   `json:"problem"`
	Proposals []string `json:"proposals"`
	Dropped   []string `json:"dropped"`
	Unknown   int      `json:"unknown_fields"`
}

func (s *service) lines(t *testing.T) (all []line) {
	t.Helper()
	for text := range strings.Lines(s.journal.String()) {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatal(err, text)
		}
		all = append(all, l)
	}
	return all
}

func TestOneLineAReport(t *testing.T) {
	s := begin(t, storetest.SQLite(t), func(o *Options) { o.Site, o.Limits.Rate, o.Limits.Burst = "production", 1, 9 })
	everything := []string{"system_id", "online_content_apps", "online_workers", "components", "postgresql_version", "rbac_stats"}
	for _, body := range [][]byte{
		typical(id(1)), typical(id(1)), text(nil, 1, id(2)), typical(id(3), component("rpm", "1.2.3")), typical(id(4), component("ostree", "1.2.dev")),
		typical(id(5), number(nil, 5, 1<<31), number(nil, 77, 5), number(nil, 78, 5)), []byte("<html>"), nil, make([]byte, 1<<20+1),
		typical(id(6)), // above the rate: counted only
	} {
		s.post(body)
	}
	without := []string{"system_id", "online_content_apps", "online_workers", "components", "rbac_stats"}
	if diff := cmp.Diff([]line{
		{"report", "stored", "", everything, nil, 0},
		{"report", "duplicate", "", everything, nil, 0},
		{"report", "stored", "", []string{"system_id"}, nil, 0},
		{"report", "duplicate_key", "", everything, []string{"components: duplicate_key"}, 0},
		{"report", "gate", "", everything, nil, 0},
		{"report", "stored", "", without, []string{"postgresql_version: outside_domain"}, 2},
		{"report", "malformed", "byte 0: a group ends that was not opened, or is nested too deeply", nil, nil, 0},
		{"report", "malformed", "byte 0, system_id: a required field is missing", nil, nil, 0},
		{"report", "too_large", "", nil, nil, 0},
	}, s.lines(t)); diff != "" {
		t.Error(diff)
	}
	page := s.ask("GET", "/metrics", nil).Body.String()
	for _, want := range []string{
		`pulpmetrics_reports_total{outcome="stored"} 3`, `pulpmetrics_reports_total{outcome="limited"} 1`, `pulpmetrics_reports_total{outcome="slow"} 0`,
		`pulpmetrics_dropped_total{reason="unknown_field"} 2`, `pulpmetrics_commit_reports_count 6`, "go_goroutines ", "process_open_fds ",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}
}

// TestNothingOfClients looks for everything that a client sends in everything that the service says
// and keeps of it.
func TestNothingOfClients(t *testing.T) {
	servers.Each(t, func(t *testing.T, url string) {
		s := begin(t, url, func(o *Options) { o.Limits.Rate, o.Limits.Burst = 1, 20 })
		secret := []string{"192.0.2.77", "198.51.100.5", "Mozilla", "cookie-value", "me@example.com", "sekrit", "3735928559", "query-value"}
		post := func(body []byte) {
			s.ask("POST", "/?q=query-value", body, "Test-Remote", "192.0.2.77:4242", "X-Forwarded-For", "198.51.100.5", "User-Agent", "Mozilla", "Cookie", "cookie-value")
		}
		post(typical(id(1), component("me@example.com", "1.0.0"), text(nil, 99, "sekrit"), number(nil, 98, 3735928559), number(nil, 5, 3735928559)))
		post(text(nil, 1, "me@example.com"))
		post([]byte("sekrit"))
		post(typical(id(2), text(nil, 3, []byte("sekrit"))))
		post(typical(id(4)))
		for range 20 {
			post(typical(id(3)))
		}
		s.ask("DELETE", "/systems/"+id(3), nil, "Test-Remote", "192.0.2.77:4242", "User-Agent", "Mozilla")
		s.ask("DELETE", "/systems/sekrit", nil, "Test-Remote", "192.0.2.77:4242", "User-Agent", "Mozilla")
		said := s.journal.String() + s.ask("GET", "/metrics", nil).Body.String()
		values := append(secret, id(1), id(2), id(3), strings.ReplaceAll(id(1), "-", ""), "3.23.0", "130004")
		for _, value := range values {
			if strings.Contains(said, value) {
				t.Errorf("the log or the counters hold %q", value)
			}
		}
		for _, value := range secret {
			if held(t, s, []byte(value)) {
				t.Errorf("the database holds %q", value)
			}
		}
		if !held(t, s, []byte("3.23.0")) {
			t.Error("the search of the database finds nothing")
		}
		if !strings.Contains(s.journal.String(), "name it with --trusted-proxy") {
			t.Error("nothing is said of a proxy that is not trusted")
		}
	})
}
