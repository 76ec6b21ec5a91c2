// SPDX-License-Identifier: GPL-2.0-or-later

package diag

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"
	"pgregory.net/rapid"

	"github.com/pulp/pulpmetrics/internal/source"
)

// sample is a run with a finding of each kind.
func sample() *Run {
	ds := []Diagnostic{
		{File: "proposals/a b.yaml", Span: span(4, 9, 16), Severity: Error, Rule: "wrong-value", Message: "`aproved` is not a value", Help: "did you mean `approved`?",
			Fix: &Fix{Title: "write `approved`", Edits: []source.Edit{{Span: span(4, 9, 16), Text: "approved"}}}},
		{File: "proposals/a b.yaml", Span: source.Span{Start: source.Pos{Line: 6, Column: 3}, End: source.Pos{Line: 8, Column: 5}}, Severity: Warning, Rule: "answer", Message: "thin"},
		{File: "proposals/a b.yaml", Span: span(9, 3, 3), Severity: Error, Rule: "wrong-value", Message: "again"},
		{File: "gen/x.proto", Severity: Info, Rule: "drift", Message: "stale", Diff: "--- a/gen/x.proto\n+++ b/gen/x.proto\n@@ -1 +1 @@\n-a\n+b\n"},
	}
	Sort(ds)
	return &Run{
		Command: "lint", Version: "v1.2.3", Diagnostics: ds, Summary: Count(3, ds), Verdict: Count(3, ds).String(),
		Files: []string{"proposals/a b.yaml", "proposals/clean.yaml"}, Failures: []string{"open x: permission denied"},
		Page: func(rule string) string { return "# " + rule + "\n\nThe gist of\nit.\n\nMore.\n" },
	}
}

func written(t interface{ Fatal(...any) }, format string, run *Run) string {
	var out bytes.Buffer
	if err := Write(&out, format, run); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestGitHub(t *testing.T) {
	want := `::notice file=gen/x.proto,title=drift::stale
::error file=proposals/a b.yaml,line=4,endLine=4,col=9,endColumn=15,title=wrong-value::` + "`aproved` is not a value%0Adid you mean `approved`?" + `
::warning file=proposals/a b.yaml,line=6,endLine=8,title=answer::thin
::error file=proposals/a b.yaml,line=9,endLine=9,col=3,title=wrong-value::again
::error title=pulpmetrics::open x: permission denied
3 proposals checked: 2 errors, 1 warning, 1 for your information
`
	if diff := cmp.Diff(want, written(t, FormatGitHub, sample())); diff != "" {
		t.Errorf("github (-want +got):\n%s", diff)
	}
}

// hostile draws texts with what could end a command, or begin one.
func hostile() *rapid.Generator[string] {
	part := rapid.SampledFrom([]string{"::", "\n", "\r", "\r\n", "%", "%0A", "%25", ",", ":", "=", "a", "é", "\u2028", "\x1b[2J", "\xff", "##[add-mask]", "::stop-commands::x", "]]>", "<", "&", "\"", "\x00", "\ufffe"})
	return rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(part, 0, 6).Draw(t, "parts"), "") })
}

func hostileRun(t *rapid.T) *Run {
	d := Diagnostic{File: "p/" + hostile().Draw(t, "file"), Severity: Severity(rapid.IntRange(0, 2).Draw(t, "severity")), Rule: hostile().Draw(t, "rule"), Message: hostile().Draw(t, "message"), Help: hostile().Draw(t, "help"), Diff: hostile().Draw(t, "diff")}
	if rapid.Bool().Draw(t, "placed") {
		d.Span = span(2, 3, 5)
	}
	ds := []Diagnostic{d}
	return &Run{Diagnostics: ds, Summary: Count(1, ds), Verdict: "done", Files: []string{hostile().Draw(t, "clean")}, Failures: []string{hostile().Draw(t, "failure")}}
}

var (
	command   = regexp.MustCompile(`^::(error|warning|notice) ([^:]*)::(.*)$`)
	githubOut = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
)

// Whatever names and texts hold, each finding is one command, with the properties that it has to have.
func TestGitHubInjection(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		run := hostileRun(t)
		lines := strings.Split(strings.TrimSuffix(written(t, FormatGitHub, run), "\n"), "\n")
		if len(lines) != 3 || lines[2] != "done" {
			t.Fatalf("want a finding, a failure and the verdict: %q", lines)
		}
		m := command.FindStringSubmatch(lines[0])
		if m == nil || strings.ContainsAny(lines[0], "\r\x1b\x00") {
			t.Fatalf("no command: %q", lines[0])
		}
		properties := map[string]string{}
		for _, p := range strings.Split(m[2], ",") {
			name, value, _ := strings.Cut(p, "=")
			properties[name] = githubOut.Replace(value)
		}
		if properties["file"] != seen(run.Diagnostics[0].File) || properties["title"] != seen(run.Diagnostics[0].Rule) {
			t.Errorf("properties %q of %q", properties, lines[0])
		}
		if d := run.Diagnostics[0]; (properties["line"] == "2") == d.Span.IsZero() {
			t.Errorf("line %q", properties["line"])
		}
	})
}

// seen is a text of which all but the line breaks is printable.
func seen(s string) string {
	return githubOut.Replace(Printable(strings.NewReplacer("%", "%25", "\n", "%0A", "\r", "%0D").Replace(s)))
}

func sarifSchema(t interface{ Fatal(...any) }) *jsonschema.Schema {
	text, err := os.ReadFile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat = true
	if err := c.AddResource("sarif.json", bytes.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validSARIF(t interface {
	Fatal(...any)
	Errorf(string, ...any)
}, schema *jsonschema.Schema, text string) map[string]any {
	var value map[string]any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%#v\n%s", err, text)
	}
	return value
}

func TestSARIF(t *testing.T) {
	schema := sarifSchema(t)
	if schema.Validate(map[string]any{"version": "2.1.0"}) == nil {
		t.Fatal("the schema accepts a log without runs")
	}
	want, err := os.ReadFile("testdata/sample.sarif")
	if err != nil {
		t.Fatal(err)
	}
	got := written(t, FormatSARIF, sample())
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("sarif (-want +got):\n%s", diff)
	}
	validSARIF(t, schema, got)
	none := written(t, FormatSARIF, &Run{})
	validSARIF(t, schema, none)
	if !strings.Contains(none, `"results": []`) {
		t.Errorf("code scanning wants a list of results, if only an empty one:\n%s", none)
	}
}

func TestSARIFInjection(t *testing.T) {
	schema := sarifSchema(t)
	rapid.Check(t, func(t *rapid.T) {
		run := hostileRun(t)
		log := validSARIF(t, schema, written(t, FormatSARIF, run))
		result := log["runs"].([]any)[0].(map[string]any)["results"].([]any)[0].(map[string]any)
		uri := result["locations"].([]any)[0].(map[string]any)["physicalLocation"].(map[string]any)["artifactLocation"].(map[string]any)["uri"].(string)
		if parsed, err := url.Parse(uri); err != nil || parsed.IsAbs() || parsed.Host != "" {
			t.Errorf("uri %q of %q: %v", uri, run.Diagnostics[0].File, err)
		}
	})
}

func TestSARIFNames(t *testing.T) {
	for file, want := range map[string]string{"a b.yaml": "a%20b.yaml", "a:b.yaml": "./a:b.yaml", "../x.yaml": "../x.yaml", "/x/y#z": "file:///x/y%23z", "é": "%C3%A9"} {
		if got := sarifURI(file); got != want {
			t.Errorf("%s is %s, want %s", file, got, want)
		}
	}
}

func TestJUnit(t *testing.T) {
	want := `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="pulpmetrics lint" tests="5" failures="1" errors="1">
  <testsuite name="gen/x.proto" tests="1" failures="0" errors="0" skipped="0">
    <testcase classname="gen/x.proto" name="drift" file="gen/x.proto">
      <system-out>gen/x.proto: info: stale&#xA;--- a/gen/x.proto&#xA;+++ b/gen/x.proto&#xA;@@ -1 +1 @@&#xA;-a&#xA;+b&#xA;</system-out>
    </testcase>
  </testsuite>
  <testsuite name="proposals/a b.yaml" tests="2" failures="1" errors="0" skipped="0">
    <testcase classname="proposals/a b.yaml" name="answer" file="proposals/a b.yaml" line="6">
      <system-out>proposals/a b.yaml:6:3: warning: thin&#xA;</system-out>
    </testcase>
    <testcase classname="proposals/a b.yaml" name="wrong-value" file="proposals/a b.yaml" line="4">
      <failure message="` + "`aproved`" + ` is not a value" type="wrong-value">proposals/a b.yaml:4:9: error: ` + "`aproved` is not a value&#xA;  help: did you mean `approved`?&#xA;" + `proposals/a b.yaml:9:3: error: again&#xA;</failure>
    </testcase>
  </testsuite>
  <testsuite name="proposals/clean.yaml" tests="1" failures="0" errors="0" skipped="0">
    <testcase classname="proposals/clean.yaml" name="no findings" file="proposals/clean.yaml"></testcase>
  </testsuite>
  <testsuite name="pulpmetrics" tests="1" failures="0" errors="1" skipped="0">
    <testcase classname="pulpmetrics" name="everything can be read">
      <error message="open x: permission denied" type="failure">open x: permission denied</error>
    </testcase>
  </testsuite>
</testsuites>
`
	if diff := cmp.Diff(want, written(t, FormatJUnit, sample())); diff != "" {
		t.Errorf("junit (-want +got):\n%s", diff)
	}
}

// Whatever names and texts hold, the report is well-formed XML, and says what failed.
func TestJUnitInjection(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		run := hostileRun(t)
		var all junitSuites
		if err := xml.Unmarshal([]byte(written(t, FormatJUnit, run)), &all); err != nil {
			t.Fatal(err)
		}
		if fails := run.Diagnostics[0].Severity == Error; all.Errors != 1 || all.Failures != btoi(fails) || all.Tests < 2 {
			t.Errorf("%+v", all)
		}
	})
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestUnknownFormat(t *testing.T) {
	if err := Write(io.Discard, "yaml", &Run{}); fmt.Sprint(err) != `there is no format "yaml"` {
		t.Error(err)
	}
}
