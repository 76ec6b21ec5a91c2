// SPDX-License-Identifier: GPL-2.0-or-later

package govern_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pulp/pulpmetrics/internal/govern"
	"github.com/pulp/pulpmetrics/internal/registry"
)

// metric writes a proposal of a few keys.
func metric(id, rest string) string {
	return "id: " + id + "\ntitle: T\nquestion: Why?\n" + rest + "\n"
}

func someMetrics(t *testing.T) *registry.Registry {
	t.Helper()
	files := fstest.MapFS{"pulpmetrics.yaml": {Data: []byte(strings.Replace(usual, `{"3.21": 2022-09-08}`, `{"3.20": 2022-06-21, "3.21": 2022-09-08, "3.22": 2022-12-18, "3.23": 2023-03-14}`, 1))}}
	const seal = `seal: "sha256:0000000000000000000000000000000000000000000000000000000000000000"`
	for id, rest := range map[string]string{
		"plain":     "status: approved\nversion: {since: [\"3.22\"]}\napproval: [{decision: approved, date: 2022-10-01, " + seal + "}]",
		"backport":  "status: approved\nversion: {since: [\"3.22\", \"3.20.3\"]}\napproval: [{decision: approved, legacy: true, " + seal + "}]",
		"removed":   "status: approved\nversion: {since: [\"3.20\"], removed: \"3.22\"}\napproval: [{decision: approved, legacy: true, " + seal + "}]",
		"stopped":   "status: suspended\nversion: {since: [\"3.21\"]}\napproval: [{decision: approved, date: 2022-09-01, " + seal + "}, {decision: suspended, date: 2023-01-01}]",
		"never":     "status: not-approved\nversion: {since: [\"3.20\"]}\napproval: [{decision: not-approved, date: 2022-01-01}]",
		"draft":     "status: draft\nversion: {since: [\"3.20\"]}",
		"derived":   "status: approved\nfrom: [plain, stopped]\napproval: [{decision: approved, date: 2022-10-01, " + seal + "}]",
		"too_early": "status: approved\nversion: {since: [\"3.20\"]}\napproval: [{decision: approved, date: 2023-02-01, " + seal + "}]",
	} {
		files["proposals/"+id+".yaml"] = &fstest.MapFile{Data: []byte(metric(id, rest))}
	}
	return load(t, files)
}

func TestCollectedOn(t *testing.T) {
	r := someMetrics(t)
	for day, want := range map[string]string{
		"2022-01-01": "",
		"2022-06-21": "backport removed",
		"2022-09-08": "backport removed stopped",
		"2022-12-18": "backport derived plain removed stopped",
		"2023-01-01": "backport plain removed",
		"2023-03-14": "backport plain removed too_early",
	} {
		var got []string
		for _, p := range govern.CollectedOn(r, day) {
			got = append(got, p.ID.V)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("on %s: %v, want %s", day, got, want)
		}
	}
}

func TestSentBy(t *testing.T) {
	r := someMetrics(t)
	for release, want := range map[string]string{
		"3.19":   "",
		"3.20":   "backport:3.20.3 removed:3.20 too_early:3.20",
		"3.20.2": "removed:3.20 too_early:3.20",
		"3.20.3": "backport:3.20.3 removed:3.20 too_early:3.20",
		"3.21":   "removed:3.20 stopped:3.21 too_early:3.20",
		"3.22":   "backport:3.22 plain:3.22 stopped:3.21 too_early:3.20",
		"3.23.1": "backport:3.22 plain:3.22 stopped:3.21 too_early:3.20",
	} {
		var got []string
		for _, s := range govern.SentBy(r, "core", release) {
			got = append(got, s.Metric.ID.V+":"+s.Since)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s sends %v, want %s", release, got, want)
		}
	}
}
