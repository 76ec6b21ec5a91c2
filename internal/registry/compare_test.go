// SPDX-License-Identifier: GPL-2.0-or-later

package registry_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/wire"
)

const compareProject = `format: 1
project: Pulp
message: Analytics
proto: analytics.proto
product: pulpcore
releases: {core: {"3.21": 2022-09-08, "3.22": 2022-12-18}}
namespaces: {core: {numbers: 1-999}}
proposals: [proposals]
sites: {production: {url: "https://example.org/", min_age_days: 1}}
retention_days: 14
min_cell: 5
approvers: [{handle: a, from: 2022-01-01}]
quorum: 1
signatures: optional
keys: {core_xy: {path: components.version, where: {name: core}, as: xy}}
`

const components = `id: components
title: Installed components
status: approved
question: Which versions do people run?
version: {since: ["3.21"]}
field:
  number: 4
  label: repeated
  message: Component
  max_items: 64
  key: [name]
  fields:
    - {name: name, number: 1, type: string, pattern: '[a-z]{1,9}', description: Its name}
    - {name: version, number: 2, type: string, format: version, description: Its version}
    - {name: size, number: 3, type: uint32, min: 0, max: 100, unit: By, description: Its size}
    - {name: kind, number: 5, type: string, values: [a, b, c], description: Its kind}
    - {name: store, number: 6, enum: Store, members: [{name: s3, number: 1}, {name: file, number: 2}], description: Where it is}
summarization:
  summaries:
    - {id: by_name, measure: systems, by: [name]}
    - {id: by_xy, measure: systems, by: [core_xy]}
visualization:
  charts:
    - {title: Names, kind: line, summary: by_name, series: name}
`

func loadFiles(t *testing.T, files map[string]string) *registry.Registry {
	t.Helper()
	fsys := fstest.MapFS{"pulpmetrics.yaml": {Data: []byte(compareProject)}, "proposals/README": {}}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	parser, err := proposal.NewParser()
	if err != nil {
		t.Fatal(err)
	}
	r, err := registry.Load(fsys, parser)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Problems {
		t.Fatalf("%s:%d: %s", p.File, p.Span.Start.Line, p.Message)
	}
	return r
}

const day = "2026-11-23"

// compared says what changes from one version of a metric to another, in one text.
func compared(t *testing.T, was, is string) string {
	t.Helper()
	files := func(text string) map[string]string {
		if text == "" {
			return nil
		}
		return map[string]string{"proposals/components.yaml": text}
	}
	found := registry.Compare(loadFiles(t, files(was)), loadFiles(t, files(is)), day, &wire.Compiler{})
	var b strings.Builder
	for _, c := range found.Metrics {
		fmt.Fprintf(&b, "%s\n%s\n", c.Collects, c.Line)
		for _, list := range [][]string{c.Notes, c.Summaries, c.Charts} {
			for _, text := range list {
				b.WriteString(text + "\n")
			}
		}
	}
	return b.String()
}

// TestCompareField changes what a metric may hold: is it more, the same or less?
func TestCompareField(t *testing.T) {
	tests := []struct{ old, now, want string }{
		{"id: components", "# a comment\nid:  components", ""},
		{"Which versions", "Which Versions", "the same: only the text of its proposal changes"},
		{"[a-z]{1,9}", "[a-z]{1,10}", "more: `name` may hold more"},
		{"[a-z]{1,9}", "[a-y]{1,9}", "less: `name` may hold less"},
		{"[a-z]{1,9}", "[a-z][a-z]{0,8}", "the same: only the text"},
		{"[a-z]{1,9}", "[a-y]{1,10}", "more: `name` may hold something else"},
		{"pattern: '[a-z]{1,9}'", "values: [core, rpm]", "less: `name` may hold less"},
		{"pattern: '[a-z]{1,9}'", "values: [Core, rpm]", "more: `name` may hold something else"},
		{"pattern: '[a-z]{1,9}'", "format: uuid", "more: `name` may hold something else"},
		{"format: version", "format: release", "less: `version` may hold less"},
		{"format: version", "pattern: '[0-9]{1,3}'", "more: `version` may hold something else"},
		{"max: 100", "max: 101", "more: `size` may hold more"},
		{"min: 0, max: 100", "min: 1, max: 100", "less: `size` may hold less"},
		{"min: 0, max: 100", "values: [0, 1, 100]", "less: `size` may hold less"},
		{"min: 0, max: 100", "min: 1, max: 101", "more: `size` may hold something else"},
		{"type: uint32", "type: uint64", "the same: sends it in another form"},
		{"unit: By", "unit: s", "more: `size` is counted in s, not in By"},
		{"unit: By", "unit: By, window: 24h", "more: `size` is about another time: 24h, not none was named"},
		{"[a, b, c]", "[a, b]", "less: `kind` may hold less"},
		{"[a, b, c]", "[c, b, a]", "the same: only the text"},
		{"[a, b, c]", "[a, b, c, d]", "more: `kind` may hold more"},
		{"values: [a, b, c]", "pattern: '[abc]'", "the same: only the text"},
		{"values: [a, b, c]", "pattern: '[a-c]{1,2}'", "more: `kind` may hold more"},
		{", {name: file, number: 2}", "", "less: `store` may hold less"},
		{"{name: file, number: 2}", "{name: file, number: 2}, {name: azure, number: 3}", "more: `store` may hold more"},
		{"max_items: 64", "max_items: 65", "more: a report may hold at most 65 items, not at most 64"},
		{"max_items: 64", "max_items: 63", "less: a report may hold at most 63 items"},
		{"key: [name]", "key: [name, version]", "more: more items may be alike"},
		{"key: [name]", "key: [version]", "more: more items may be alike"},
		{"    - {name: kind, number: 5, type: string, values: [a, b, c], description: Its kind}\n", "", "less: `kind` is no longer sent"},
		{"    - {name: kind", "    - {name: more, number: 7, type: bool, description: Another}\n    - {name: kind", "more: `more` is new"},
		{"{name: kind, number: 5, type: string, values: [a, b, c]", "{name: sort, number: 5, type: string, values: [a, b]", "less: `sort` may hold less"},
		{"type: string, format", "type: string, label: required, format", "more: `version` was optional and is required"},
		{`since: ["3.21"]`, `since: ["3.21", "3.22"]`, "the same: 3.22 begins to send it"},
		{`since: ["3.21"]`, `since: ["3.21"], removed: "3.99"`, "the same: 3.99 stops sending it"},
		{"{id: by_name, measure: systems, by: [name]}", "{id: by_name, measure: systems, by: [name, kind]}", "the same and shows it in another way: the summary `by_name` changes its by"},
		{"kind: line, summary: by_name", "kind: bar, summary: by_name", "the same and shows it in another way: the chart `Names` changes its kind"},
		{"    - {title: Names,", "    - {title: Others,", "the same and shows it in another way: the chart `Others` is new; the chart `Names` is gone"},
		{"description: Its size", "absent: zero, description: Its size", "the same and shows it in another way: `size` is read as `zero` where it is missing"},
	}
	for _, test := range tests {
		if !strings.Contains(components, test.old) {
			t.Fatalf("%s is not there", test.old)
		}
		got := compared(t, components, strings.Replace(components, test.old, test.now, 1))
		amount, why, _ := strings.Cut(test.want, ": ")
		amount, _, _ = strings.Cut(amount, " and ")
		if test.want == "" && got != "" || !strings.HasPrefix(got, amount) || !strings.Contains(got, why) {
			t.Errorf("%s -> %s: want %q\n%s", test.old, test.now, test.want, got)
		}
	}
}

// TestCompareLife changes where a metric stands: the line is what people read.
func TestCompareLife(t *testing.T) {
	status := func(s string) string {
		return strings.Replace(components, "status: approved", "status: "+s, 1)
	}
	retired := strings.Replace(components, "version:", "retired: 2026-01-01\nversion:", 1)
	tests := []struct{ was, is, want string }{
		{"", components, "more\nCollected: Installed components (`components`), sent from pulpcore 3.21 on.\n"},
		{"", status("draft"), "the same\nDrafted: Installed components (`components`), and nothing of it is collected.\n"},
		{status("proposed"), components, "more\nCollected: Installed components (`components`), sent from pulpcore 3.21 on.\n"},
		{status("draft"), status("proposed"), "the same\nProposed: Installed components (`components`), and nothing of it is collected.\n"},
		{components, status("suspended"), "less\nSuspended: Installed components (`components`), dropped from every report until it is decided about again.\n"},
		{components, status("withdrawn"), "less\nWithdrawn: Installed components (`components`), and nothing of it is collected.\n"},
		{status("suspended"), components, "more\nCollected: Installed components (`components`), sent from pulpcore 3.21 on.\n"},
		{components, retired, "less\nRetired: Installed components (`components`), dropped from every report.\nit is retired on 2026-01-01, not on no day\n"},
		{components, "", "less\nNo longer collected: Installed components (`components`). Its proposal is gone.\n"},
		{status("draft"), "", "the same\nGone: the proposal of Installed components (`components`), of which nothing was collected; but files are never deleted.\n"},
		{components, strings.Replace(components, "id: components", "id: parts", 1), "the same\nRenamed: Installed components (`parts`) was `components`.\n"},
		{status("proposed"), strings.Replace(status("proposed"), "max: 100", "max: 900", 1), "the same\nInstalled components (`components`): its proposal changes; it is proposed, and nothing of it is collected.\n"},
	}
	for _, test := range tests {
		if got := compared(t, test.was, test.is); got != test.want {
			t.Errorf("got  %q\nwant %q", got, test.want)
		}
	}
}

func TestCompareProject(t *testing.T) {
	files := func(old, now string) map[string]string {
		return map[string]string{"pulpmetrics.yaml": strings.Replace(compareProject, old, now, 1), "proposals/components.yaml": components}
	}
	tests := []struct {
		old, now string
		want     registry.Amount
	}{
		{"retention_days: 14", "retention_days: 30", registry.More},
		{"retention_days: 14", "retention_days: 7", registry.Less},
		{"min_cell: 5", "min_cell: 3", registry.More},
		{"min_cell: 5", "min_cell: 9", registry.Less},
		{"min_age_days: 1", "min_age_days: 0", registry.Same},
		{"proto: analytics.proto", "proto: telemetry.proto", registry.Same},
		{"message: Analytics", "message: Telemetry", registry.Same},
	}
	for _, test := range tests {
		found := registry.Compare(loadFiles(t, files("", "")), loadFiles(t, files(test.old, test.now)), day, &wire.Compiler{})
		if len(found.Project) != 1 || found.Project[0].Amount != test.want || len(found.Metrics) > 0 {
			t.Errorf("%s -> %s: %v", test.old, test.now, found)
		}
	}
	found := registry.Compare(loadFiles(t, files("", "")), loadFiles(t, files("as: xy", "as: x")), day, &wire.Compiler{})
	if len(found.Metrics) != 1 || len(found.Metrics[0].Summaries) != 1 {
		t.Errorf("a key that means something else: %v", found)
	}
}
