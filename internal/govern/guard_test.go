// SPDX-License-Identifier: GPL-2.0-or-later

package govern_test

import (
	"bytes"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/govern"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/wire"
)

const today = "2026-11-23"

// usual is the project that examples belong to if they bring none.
const usual = `format: 1
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
approvers:
  - {handle: alice, from: 2022-01-01}
  - {handle: bob, from: 2022-01-01}
quorum: 2
signatures: optional
legacy: [old_metric]
`

// load makes a registry of files by their paths.
func load(t *testing.T, files fstest.MapFS) *registry.Registry {
	t.Helper()
	if files[proposal.ProjectFile] == nil {
		files[proposal.ProjectFile] = &fstest.MapFile{Data: []byte(usual)}
	}
	files["proposals/README"] = &fstest.MapFile{}
	r, err := registry.Load(files, parser(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Problems {
		t.Fatalf("%s:%d: %s", p.File, p.Span.Start.Line, p.Message)
	}
	return r
}

// sealed puts the seal of a proposal where its text says SEAL, and one that fits nothing where it
// says SEALED.
func sealed(t *testing.T, text string) string {
	t.Helper()
	const none = `"sha256:0000000000000000000000000000000000000000000000000000000000000000"`
	text = strings.ReplaceAll(text, "SEALED", none)
	_, seal, err := govern.Form([]byte(strings.ReplaceAll(text, "SEAL", none)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(text, "SEAL", `"`+seal.Full+`"`)
}

// guard holds files against what they were. What the seals say is for the rule seal.
func guard(t *testing.T, before, after fstest.MapFS) []diag.Diagnostic {
	t.Helper()
	was, is := load(t, before), load(t, after)
	changes := registry.Compare(was, is, today, &wire.Compiler{}).Metrics
	g := govern.Guard{Before: was, After: is, Changes: changes, Base: "main", Day: today}
	return g.Findings()
}

var block = regexp.MustCompile("(?ms)^```([a-z]+)([^\n]*)\n(.*?)^```$")
var section = regexp.MustCompile(`(?m)^## (Bad|Good)$`)
var idLine = regexp.MustCompile(`(?m)^id: *(\S+)`)

// example is a section of a page: what was, what is, and what is said of it.
type example struct {
	before, after fstest.MapFS
	output        string
	at            []int // where the output stands in the page
}

func readExample(t *testing.T, page string, start, end int) example {
	t.Helper()
	e := example{before: fstest.MapFS{}, after: fstest.MapFS{}}
	for _, m := range block.FindAllStringSubmatchIndex(page[start:end], -1) {
		kind, info, text := page[start+m[2]:start+m[3]], strings.TrimSpace(page[start+m[4]:start+m[5]]), page[start+m[6]:start+m[7]]
		if kind == "text" {
			e.output, e.at = text, []int{start + m[6], start + m[7]}
			continue
		}
		if file, base, _ := strings.Cut(info, " "); file == proposal.ProjectFile {
			if e.after[file] = (&fstest.MapFile{Data: []byte(text)}); e.before[file] == nil || base != "" {
				e.before[file] = &fstest.MapFile{Data: []byte(text)}
			}
			continue
		}
		name := "proposals/" + idLine.FindStringSubmatch(text)[1] + ".yaml"
		into := e.after
		if info == "before" {
			into = e.before
			text = strings.ReplaceAll(text, "SEALED", "SEAL")
		}
		into[name] = &fstest.MapFile{Data: []byte(sealed(t, text))}
	}
	for name, file := range e.before { // the same seal stands on both sides
		if now := e.after[name]; now != nil {
			if seal := regexp.MustCompile(`"sha256:[0-9a-f]{64}"`).Find(file.Data); seal != nil {
				now.Data = bytes.Replace(now.Data, regexp.MustCompile(`"sha256:[0-9a-f]{64}"`).Find(now.Data), seal, 1)
			}
		}
	}
	return e
}

// The page of a check is its test, as in package lint; blocks marked `before` are the base.
func TestGuardPages(t *testing.T) {
	for _, name := range govern.Checks() {
		t.Run(name, func(t *testing.T) {
			page, _ := govern.Page(name)
			if !strings.HasPrefix(page, "# "+name+"\n\n") {
				t.Fatalf("the page has to begin with `# %s`", name)
			}
			fired, good := false, false
			headings := section.FindAllStringSubmatchIndex(page, -1)
			for i := len(headings) - 1; i >= 0; i-- {
				end := len(page)
				if i+1 < len(headings) {
					end = headings[i+1][0]
				}
				e := readExample(t, page, headings[i][1], end)
				found := guard(t, e.before, e.after)
				if page[headings[i][2]:headings[i][3]] == "Good" {
					good = true
					if slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Severity > diag.Info }) {
						t.Errorf("the good example has findings:\n%s", render(t, e.after, found))
					}
					continue
				}
				found = slices.DeleteFunc(found, func(d diag.Diagnostic) bool { return d.Rule != name })
				fired = fired || len(found) > 0
				got := render(t, e.after, found)
				if *update && e.at != nil {
					page = page[:e.at[0]] + got + page[e.at[1]:]
				} else if diff := cmp.Diff(e.output, got); diff != "" {
					t.Errorf("output (-page +got):\n%s", diff)
				}
			}
			if !fired || !good {
				t.Errorf("a page needs a bad example in which the check fires (%v) and a good one (%v)", fired, good)
			}
			if *update {
				if err := os.WriteFile(name+".md", []byte(page), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func render(t *testing.T, files fstest.MapFS, ds []diag.Diagnostic) string {
	t.Helper()
	var out bytes.Buffer
	style := diag.Style{Width: 76, Read: func(name string) ([]byte, error) { return fs.ReadFile(files, name) }}
	if err := diag.Text(&out, ds, style); err != nil {
		t.Fatal(err)
	}
	return strings.TrimRight(out.String(), "\n") + "\n"
}

// The page has the bytes that a signature covers.
func TestStatement(t *testing.T) {
	page, _ := govern.Page(govern.RuleProof)
	_, rest, _ := strings.Cut(page, "```json statement\n")
	want, _, ok := strings.Cut(rest, "\n```")
	d := &proposal.Decision{}
	d.Decision.V, d.Date.V, d.Reference.V = proposal.Approved, "2026-03-02", "meeting\n  of 2026-03-02 "
	d.Seal.V = "sha256:54f40057e1ab39099c42e8c7fdee924c2d8d618ebde04759d6e038615990d66d"
	if got := string(govern.Statement("disk_count", d)); got != want || !ok {
		t.Errorf("the page has %q, and the statement is %q", want, got)
	}
}
