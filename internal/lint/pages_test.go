// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
)

// A page is the rule's documentation and its test. Its parts are:
//
//	# RULE            the name
//	one paragraph     the gist, shown in lists
//	more text         why
//	## Bad            files that break the rule, then exactly what is printed
//	## Good           files that don't
//
// A block marked yaml is a file: proposals/ID.yaml, or the name behind the mark. With `escaped`
// behind it the block is written with Go's escapes, for bytes that a page can't hold. A block
// marked text is the output. Bad and Good may come more than once.

var update = flag.Bool("update", false, "write the output into the pages")

var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

type section struct {
	good   bool
	files  fstest.MapFS
	output string
	block  [2]int // where the output stands in the page
}

var fence = regexp.MustCompile("(?ms)^```([a-z]+)([^\n]*)\n(.*?)^```$")
var idLine = regexp.MustCompile(`(?m)^id: *(\S+)`)

func parsePage(t *testing.T, page string) []section {
	t.Helper()
	var sections []section
	heading := regexp.MustCompile(`(?m)^## (Bad|Good)$`).FindAllStringIndex(page, -1)
	for i, at := range heading {
		end := len(page)
		if i+1 < len(heading) {
			end = heading[i+1][0]
		}
		s := section{good: strings.HasSuffix(page[at[0]:at[1]], "Good"), files: fstest.MapFS{}}
		for _, m := range fence.FindAllStringSubmatchIndex(page[at[1]:end], -1) {
			sub := func(n int) string { return page[at[1]+m[2*n] : at[1]+m[2*n+1]] }
			if sub(1) == "text" {
				s.output, s.block = sub(3), [2]int{at[1] + m[6], at[1] + m[7]}
				continue
			}
			name, data := blockFile(t, sub(2), sub(3))
			s.files[name] = &fstest.MapFile{Data: data}
		}
		sections = append(sections, s)
	}
	return sections
}

func blockFile(t *testing.T, info, text string) (name string, data []byte) {
	t.Helper()
	for _, word := range strings.Fields(info) {
		if word == "escaped" {
			unescaped, err := strconv.Unquote(`"` + strings.ReplaceAll(strings.ReplaceAll(text, `"`, `\"`), "\n", "") + `"`)
			if err != nil {
				t.Fatalf("escaped block: %v", err)
			}
			text = unescaped
		} else {
			name = word
		}
	}
	if name == "" {
		m := idLine.FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("a block without a file name and without an id:\n%s", text)
		}
		name = "proposals/" + m[1] + ".yaml"
	}
	return name, []byte(text)
}

// run lints the files of a section inside the example project.
func run(t *testing.T, files fstest.MapFS) []diag.Diagnostic {
	t.Helper()
	if files[proposal.ProjectFile] == nil {
		config, err := os.ReadFile("testdata/pulpmetrics.yaml")
		if err != nil {
			t.Fatal(err)
		}
		files[proposal.ProjectFile] = &fstest.MapFile{Data: config}
	}
	if _, err := fs.Stat(files, "proposals"); err != nil {
		files["proposals/README"] = &fstest.MapFile{}
	}
	parser, err := proposal.NewParser()
	if err != nil {
		t.Fatal(err)
	}
	r, err := registry.Load(files, parser)
	if err != nil {
		t.Fatal(err)
	}
	return Run(r, today)
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

func TestPages(t *testing.T) {
	for _, rule := range Rules() {
		t.Run(rule.Name, func(t *testing.T) {
			page, ok := Page(rule.Name)
			if !ok {
				t.Fatalf("internal/lint/%s.md is missing: the page of the rule", rule.Name)
			}
			if !strings.HasPrefix(page, "# "+rule.Name+"\n\n") || !strings.HasSuffix(Gist(rule.Name), ".") {
				t.Errorf("the page has to begin with `# %s`, and go on with a sentence that sums the rule up", rule.Name)
			}
			checkSections(t, rule, page)
		})
	}
}

func checkSections(t *testing.T, rule Rule, page string) {
	sections, fired, good := parsePage(t, page), false, false
	for i := len(sections) - 1; i >= 0; i-- {
		s := sections[i]
		found := run(t, s.files)
		if s.good {
			good = true
			if text := render(t, s.files, found); len(found) > 0 {
				t.Errorf("the good example has findings:\n%s", text)
			}
			continue
		}
		mine := slices.DeleteFunc(found, func(d diag.Diagnostic) bool { return d.Rule != rule.Name })
		fired = fired || len(mine) > 0
		got := render(t, s.files, mine)
		if *update && s.block[0] > 0 {
			page = page[:s.block[0]] + got + page[s.block[1]:]
			continue
		}
		if diff := cmp.Diff(s.output, got); diff != "" {
			t.Errorf("output (-page +got):\n%s", diff)
		}
	}
	if !fired || !good {
		t.Errorf("a page needs a bad example in which the rule fires (%v) and a good one (%v)", fired, good)
	}
	if *update {
		if err := os.WriteFile(rule.Name+".md", []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestListed says which line is missing: a rule that nobody listed, a page without a rule, a
// problem without a rule to report it.
func TestListed(t *testing.T) {
	list, err := os.ReadFile("rules.go")
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("*.go")
	declared := regexp.MustCompile(`(?m)^var (\w+) = Rule\{`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declared.FindAllSubmatch(text, -1) {
			if !bytes.Contains(list, []byte("\t\t"+string(m[1])+",\n")) {
				t.Errorf("rules.go lacks the line `%s,` for the rule in %s", m[1], file)
			}
		}
	}
	pages, _ := filepath.Glob("*.md")
	for _, page := range pages {
		if _, ok := Find(strings.TrimSuffix(page, ".md")); !ok {
			t.Errorf("%s is the page of no rule", page)
		}
	}
	constants := regexp.MustCompile(`\tCode\w+ += "([a-z-]+)"`)
	for _, dir := range []string{"source", "proposal", "registry", "wire", "plan"} {
		files, _ := filepath.Glob("../" + dir + "/*.go")
		for _, file := range files {
			text, _ := os.ReadFile(file)
			for _, m := range constants.FindAllSubmatch(text, -1) {
				if _, ok := Find(string(m[1])); !ok {
					t.Errorf("%s finds problems of code %s, and no rule reports them", file, m[1])
				}
			}
		}
	}
}
