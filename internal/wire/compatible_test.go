// SPDX-License-Identifier: GPL-2.0-or-later

package wire_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/wire"
)

var update = flag.Bool("update", false, "write the output into the pages")

const smallProject = `format: 1
project: Pulp
message: Analytics
proto: analytics.proto
product: pulpcore
releases: {core: {"3.21": 2022-09-08}}
namespaces: {core: {numbers: 1-999}}
proposals: [proposals]
sites: {production: {url: "https://example.org/", min_age_days: 1}}
retention_days: 14
min_cell: 5
approvers: [{handle: a, from: 2022-01-01}]
quorum: 1
signatures: optional
`

// small makes a registry of some files; those that have no name are proposals/worker_count.yaml.
func small(t *testing.T, files map[string]string) (*registry.Registry, fstest.MapFS) {
	t.Helper()
	fsys := fstest.MapFS{"pulpmetrics.yaml": {Data: []byte(smallProject)}, "proposals/README": {}}
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
	return r, fsys
}

func compatibility(t *testing.T, before, after map[string]string) string {
	t.Helper()
	was, _ := small(t, before)
	is, fsys := small(t, after)
	found, err := wire.Compatible(was, is, today)
	if err != nil || found.Failed != nil {
		t.Fatal(err, found)
	}
	var ds []diag.Diagnostic
	for _, f := range found.Findings {
		ds = append(ds, f.Diagnostic)
	}
	diag.Sort(ds)
	var out bytes.Buffer
	style := diag.Style{Width: 90, Read: func(name string) ([]byte, error) { return fs.ReadFile(fsys, name) }}
	if err := diag.Text(&out, ds, style); err != nil {
		t.Fatal(err)
	}
	return strings.TrimRight(out.String(), "\n")
}

var pageBlock = regexp.MustCompile("(?ms)^```([a-z]+)([^\n]*)\n(.*?)^```$")

// TestPage runs the examples of the page: those marked `before` are the base.
func TestPage(t *testing.T) {
	const file = "wire-compatibility.md"
	page, ok := wire.Page(wire.RuleCompatibility)
	if !ok || !strings.HasPrefix(page, "# "+wire.RuleCompatibility+"\n\n") {
		t.Fatal("the page is missing, or has another title")
	}
	for _, heading := range []string{"## Good\n", "## Bad\n"} {
		start := strings.Index(page, heading)
		end := len(page)
		if i := strings.Index(page[start+3:], "\n## "); i >= 0 {
			end = start + 3 + i
		}
		before, after := map[string]string{}, map[string]string{}
		want, block := "", []int(nil)
		for _, m := range pageBlock.FindAllStringSubmatchIndex(page[start:end], -1) {
			text, info := page[start+m[6]:start+m[7]], strings.Fields(page[start+m[4]:start+m[5]])
			switch {
			case page[start+m[2]:start+m[3]] == "text":
				want, block = text, []int{start + m[6], start + m[7]}
			case len(info) > 1:
				before[info[0]] = text
			default:
				after[info[0]] = text
			}
		}
		got := compatibility(t, before, after)
		if got != "" {
			got += "\n"
		}
		if *update && block != nil {
			if err := os.WriteFile(file, []byte(page[:block[0]]+got+page[block[1]:]), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", heading, diff)
		}
	}
}

const workers = `id: worker_count
title: Workers
status: approved
question: How many workers do people run?
version: {since: ["3.21"]}
field:
  number: 7
  message: WorkerCount
  fields:
    - {name: online, number: 1, type: uint32, min: 0, max: 1000, description: Workers that are online}
    - {name: kind, number: 2, enum: WorkerKind, members: [{name: big, number: 1}, {name: small, number: 2}], description: What they are}
  reserved: [9]
  reserved_names: [missing]
`

// TestCompatible changes one metric in every way, and asks where the finding points and which of
// buf's rules it names.
func TestCompatible(t *testing.T) {
	tests := []struct{ name, old, now, want string }{
		{"nothing", "", "", ""},
		{"words", "How many workers", "How very many workers", ""},
		{"domain", "max: 1000", "max: 9000", ""},
		{"renumber", "number: 7", "number: 8", "7:11 FIELD_NO_DELETE_UNLESS_NAME_RESERVED, FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED"},
		{"renumber a leaf", "online, number: 1,", "online, number: 3,", "10:30 FIELD_NO_DELETE_UNLESS_NAME_RESERVED, FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED"},
		{"renumber a leaf that is required", "online, number: 1, type: uint32,", "online, number: 3, type: uint32, label: required,", "10:30 FIELD_NO_DELETE_UNLESS_NAME_RESERVED, FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED, MESSAGE_SAME_REQUIRED_FIELDS"},
		{"retype a leaf", "type: uint32", "type: double", "10:39 FIELD_WIRE_JSON_COMPATIBLE_TYPE"},
		{"a type that reads the same", "type: uint32", "type: int32", ""},
		{"rename a leaf", "name: online", "name: alive", "10:14 FIELD_SAME_JSON_NAME, FIELD_SAME_NAME"},
		{"require a leaf", "type: uint32,", "type: uint32, label: required,", "10:54 FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY, MESSAGE_SAME_REQUIRED_FIELDS"},
		{"repeat", "  number: 7", "  number: 7\n  label: repeated\n  max_items: 5\n  key: [online]", "8:10 FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY"},
		{"rename the message", "message: WorkerCount", "message: Workers", "8:12 FIELD_WIRE_JSON_COMPATIBLE_TYPE"},
		{"drop a leaf", "    - {name: online, number: 1, type: uint32, min: 0, max: 1000, description: Workers that are online}\n", "", "6:1 FIELD_NO_DELETE_UNLESS_NAME_RESERVED, FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED"},
		{"free a number", "  reserved: [9]\n", "", "12:20 RESERVED_MESSAGE_NO_DELETE"},
		{"free a name", "  reserved_names: [missing]\n", "", "12:14 RESERVED_MESSAGE_NO_DELETE"},
		{"drop a member", ", {name: small, number: 2}", "", "11:37 ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED, ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED"},
		{"rename a member", "name: small", "name: tiny", "11:90 ENUM_VALUE_SAME_NAME"},
		{"renumber a member", "small, number: 2", "small, number: 3", "11:105 ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED, ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED"},
		{"grow the enum", "number: 2}]", "number: 2}, {name: tiny, number: 3}]", ""},
		{"add a leaf", "  reserved: [9]", "    - {name: busy, number: 3, type: uint32, min: 0, max: 9, description: Busy ones}\n  reserved: [9]", ""},
		{"suspend", "status: approved", "status: suspended", ""},
		{"withdraw", "status: approved", "status: withdrawn", "3:9 FIELD_NO_DELETE_UNLESS_NAME_RESERVED, FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED"},
		{"back to the drafts", "status: approved", "status: draft", "3:9 FIELD_NO_DELETE_UNLESS_NAME_RESERVED, FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED"},
		{"retire", "version:", "retired: 2026-01-01\nversion:", ""},
		{"rename", "id: worker_count", "id: workers", "1:5 FIELD_SAME_JSON_NAME, FIELD_SAME_NAME"},
	}
	finding := regexp.MustCompile(`(?m)^proposals/worker_count\.yaml:(\d+:\d+): error: (?s:.*?)\(([A-Z_,\s]+)\)`)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if !strings.Contains(workers, test.old) {
				t.Fatal("nothing changes")
			}
			out := compatibility(t, map[string]string{"proposals/worker_count.yaml": workers},
				map[string]string{"proposals/worker_count.yaml": strings.Replace(workers, test.old, test.now, 1)})
			var got []string
			for _, m := range finding.FindAllStringSubmatch(out, -1) {
				got = append(got, m[1]+" "+strings.Join(strings.Fields(m[2]), " "))
			}
			if strings.Join(got, "\n") != test.want {
				t.Errorf("got %q, want %q\n%s", got, test.want, out)
			}
		})
	}
}

func TestCompatibleGone(t *testing.T) {
	before := map[string]string{"proposals/worker_count.yaml": workers}
	if out := compatibility(t, before, nil); !strings.HasPrefix(out, "proposals/worker_count.yaml: error: `worker_count` with the number 7 is gone, and") {
		t.Errorf("a metric that is gone:\n%s", out)
	}
	retired := map[string]string{"proposals/worker_count.yaml": strings.Replace(workers, "version:", "retired: 2026-01-01\nversion:", 1)}
	if out := compatibility(t, retired, nil); strings.Count(out, "proposals/worker_count.yaml: error:") != 2 || !strings.Contains(out, "RESERVED_MESSAGE_NO_DELETE") {
		t.Errorf("a tombstone that is gone:\n%s", out)
	}
	planned := strings.Replace(workers, `"3.21"`, `"3.99"`, 1)
	if out := compatibility(t, map[string]string{"proposals/worker_count.yaml": planned}, map[string]string{"proposals/worker_count.yaml": strings.Replace(planned, "status: approved", "status: withdrawn", 1)}); out != "" {
		t.Errorf("withdrawn before a release sent it:\n%s", out)
	}
	suspended := strings.Replace(workers, "status: approved", "status: suspended\napproval:\n  - {decision: approved}\n  - {decision: suspended}", 1)
	withdrawn := strings.Replace(suspended, "status: suspended", "status: withdrawn", 1)
	if out := compatibility(t, map[string]string{"proposals/worker_count.yaml": suspended}, map[string]string{"proposals/worker_count.yaml": strings.Replace(withdrawn, "decision: suspended}", "decision: suspended}\n  - {decision: withdrawn}", 1)}); out != "" {
		t.Errorf("withdrawn after it was suspended:\n%s", out)
	}
	if out := compatibility(t, map[string]string{"proposals/worker_count.yaml": workers}, map[string]string{"pulpmetrics.yaml": strings.Replace(smallProject, "message: Analytics", "message: Report", 1), "proposals/worker_count.yaml": workers}); !strings.HasPrefix(out, "pulpmetrics.yaml:3:10: error: the message `Analytics` is gone (MESSAGE_NO_DELETE)") {
		t.Errorf("another message:\n%s", out)
	}
}

// TestCompatibleUnsound: what is wrong with a domain, on either side, hides no break of the form.
func TestCompatibleUnsound(t *testing.T) {
	load := func(old, now string) *registry.Registry {
		if !strings.Contains(workers, old) {
			t.Fatal("nothing changes")
		}
		r, _ := small(t, map[string]string{"proposals/worker_count.yaml": strings.Replace(workers, old, now, 1)})
		return r
	}
	sound, broken := load("", ""), load("max: 1000", "max: -1")
	for _, test := range []struct{ name, old, now, want string }{
		{"nothing", "", "", ""},
		{"number", "  number: 7", "  number: 8", "had the number 7 and has 8"},
		{"type", "min: 0, max: 1000", "pattern: x", ""},
		{"retype", "type: uint32, min: 0, max: 1000", "type: string", "was of type uint32 and is of type string"},
		{"label", "type: uint32,", "type: uint32, label: required,", "was optional and is required"},
		{"name", "name: online", "name: alive", "was `online` in JSON and is `alive`"},
		{"enum", "{name: small, number: 2}", "{name: small, number: 3}", "`WORKER_KIND_SMALL` had the number 2 and has 3"},
	} {
		for _, was := range []*registry.Registry{sound, broken} {
			found, err := wire.Compatible(was, load(test.old, test.now), today)
			if err != nil || (len(found.Before.Domains) == 1) != (was == broken) || len(found.Findings) > 1 || (test.want == "") != (len(found.Findings) == 0) {
				t.Errorf("%s: %v, %v", test.name, found, err)
			} else if test.want != "" && !strings.Contains(found.Findings[0].Diagnostic.Message, test.want) {
				t.Errorf("%s: %s", test.name, found.Findings[0].Diagnostic.Message)
			}
		}
	}
	twice, err := wire.Compatible(sound, load("{name: small, number: 2}", "{name: small, number: 1}"), today)
	if err != nil || len(twice.Findings) > 0 || len(twice.After.Fields) != 1 {
		t.Errorf("an enum that can't be: %v, %v", twice, err)
	}
}

// TestCompatibleRenumber: a required leaf under another number is one finding.
func TestCompatibleRenumber(t *testing.T) {
	required := strings.Replace(workers, "online, number: 1,", "online, number: 1, label: required,", 1)
	for _, now := range []string{"number: 3", "number: 8"} {
		out := compatibility(t, map[string]string{"proposals/worker_count.yaml": required},
			map[string]string{"proposals/worker_count.yaml": strings.Replace(required, "online, number: 1", "online, "+now, 1)})
		if strings.Count(out, "error:") != 1 || !strings.Contains(out, "`online` had the number 1 and has "+now[8:]) {
			t.Errorf("%s:\n%s", now, out)
		}
	}
}

func TestCompatibleWith(t *testing.T) {
	r, _ := small(t, map[string]string{"proposals/worker_count.yaml": workers})
	file, err := wire.ReadProto("x.proto", []byte("syntax = \"proto2\";\nmessage Analytics {\n  optional WorkerCount worker_count = 7;\n  message WorkerCount { optional string online = 1; }\n  optional uint32 lost = 8;\n}\n"))
	if err != nil {
		t.Fatal(err)
	}
	found := wire.CompatibleWith(file, r, today)
	var got []string
	for _, f := range found.Findings {
		got = append(got, fmt.Sprintf("%s:%d %s", f.Diagnostic.File, f.Diagnostic.Span.Start.Line, f.Diagnostic.Message))
	}
	want := []string{
		"pulpmetrics.yaml:3 `lost` with the number 8 is gone, and neither is reserved (FIELD_NO_DELETE_UNLESS_NAME_RESERVED, FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED)",
		"proposals/worker_count.yaml:10 `online` was of type string and is of type uint32 (FIELD_WIRE_JSON_COMPATIBLE_TYPE)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}
