// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A page is a class's documentation and its test. Each line of its first block is a record in
// which the class is found, each of its second block one in which nothing is.

var block = regexp.MustCompile("(?ms)^## (Found|Not found)\n\n```json\n(.*?)^```$")

// scan returns the findings in a text.
func scan(t testing.TB, s *Scanner, name, text string) []Finding {
	t.Helper()
	var all []Finding
	_, err := s.Scan(Job{Source: name, Workers: 2}, strings.NewReader(text), func(found []Finding) error {
		all = append(all, found...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func classesOf(found []Finding) []string {
	var names []string
	for _, f := range found {
		names = append(names, f.Class)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestPages(t *testing.T) {
	s := New(nil)
	for _, class := range Classes() {
		page, ok := Page(class)
		if !ok || !strings.HasPrefix(page, "# "+class+"\n\n") || !strings.HasSuffix(Gist(class), ".") {
			t.Errorf("internal/pii/%s.md has to be there, and to begin with `# %s` and one sentence", class, class)
			continue
		}
		blocks := block.FindAllStringSubmatch(page, -1)
		if len(blocks) != 2 || blocks[0][1] != "Found" || blocks[1][1] != "Not found" {
			t.Errorf("%s.md needs a block under `## Found` and one under `## Not found`", class)
			continue
		}
		for _, line := range lines(blocks[0][2]) {
			if got := classesOf(scan(t, s, "page", line)); !slices.Contains(got, class) {
				t.Errorf("%s.md: %s gives %q", class, line, got)
			}
		}
		for _, line := range lines(blocks[1][2]) {
			if got := classesOf(scan(t, s, "page", line)); len(got) > 0 {
				t.Errorf("%s.md: %s should give nothing, and gives %q", class, line, got)
			}
		}
	}
}

func lines(text string) []string { return strings.Split(strings.TrimSpace(text), "\n") }

// Every class has a page, every page a class, and every file that declares a detector a line in the
// list.
func TestListed(t *testing.T) {
	list, err := os.ReadFile("detectors.go")
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("*.go")
	declared := regexp.MustCompile(`(?m)^var (\w+) = Detector\{`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declared.FindAllSubmatch(text, -1) {
			if !strings.Contains(string(list), "\t\t"+string(m[1])+",\n") {
				t.Errorf("detectors.go lacks the line `%s,` for the detector in %s", m[1], file)
			}
		}
	}
	pages, _ := filepath.Glob("*.md")
	for _, page := range pages {
		if !slices.Contains(Classes(), strings.TrimSuffix(page, ".md")) {
			t.Errorf("%s is the page of no class", page)
		}
	}
}
