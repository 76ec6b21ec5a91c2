// SPDX-License-Identifier: GPL-2.0-or-later

package govern_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pulp/pulpmetrics"
	"github.com/pulp/pulpmetrics/internal/govern"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
)

var update = flag.Bool("update", false, "write the test vectors into the page")

func parser(t *testing.T) *proposal.Parser {
	t.Helper()
	p, err := proposal.NewParser()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// vector is a proposal of the page with the two blocks behind it.
var vector = regexp.MustCompile("(?s)```yaml\n(.*?)```\n\n```text full\n(.*?)```\n\n```text machine\n(.*?)```")

func TestVectors(t *testing.T) {
	page, err := os.ReadFile("canonical-form.md")
	if err != nil {
		t.Fatal(err)
	}
	sealed := map[string]proposal.Seal{}
	text := vector.ReplaceAllStringFunc(string(page), func(block string) string {
		m := vector.FindStringSubmatch(block)
		full, machine := expand(t, m[1], sealed)
		for _, pair := range [][2]string{{m[2], full}, {m[3], machine}} {
			if diff := cmp.Diff(pair[0], pair[1]); diff != "" && !*update {
				t.Errorf("vector (-page +got):\n%s", diff)
			}
		}
		return strings.Replace(strings.Replace(block, "```text full\n"+m[2], "```text full\n"+full, 1), "```text machine\n"+m[3], "```text machine\n"+machine, 1)
	})
	if len(sealed) < 2 {
		t.Fatalf("the page has %d vectors", len(sealed))
	}
	if *update {
		if err := os.WriteFile("canonical-form.md", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// expand returns both forms of a proposal, each with its digest on a line below.
func expand(t *testing.T, yaml string, sealed map[string]proposal.Seal) (full, machine string) {
	t.Helper()
	p, problems := parser(t).Proposal("vector.yaml", []byte(yaml))
	if len(problems) > 0 && !p.ID.Set() {
		t.Fatal(problems)
	}
	form, seal, err := govern.Form([]byte(yaml), func(id string) (string, bool) {
		s, ok := sealed[id]
		return s.Machine, ok
	})
	if err != nil {
		t.Fatal(err)
	}
	sealed[p.ID.V] = seal
	return fmt.Sprintf("%s\n%s\n", form.Full, seal.Full), fmt.Sprintf("%s\n%s\n", form.Machine, seal.Machine)
}

// An implementation in another language, from the page alone, comes to the same digests.
func TestAnyoneCanRecompute(t *testing.T) {
	python := findPython(t)
	files, err := filepath.Glob("../../proposals/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no proposals: %v", err)
	}
	out, err := exec.Command(python, append([]string{"seal.py"}, files...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("seal.py: %v\n%s", err, out)
	}
	r, err := registry.Load(pulpmetrics.Registry, parser(t))
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for _, p := range r.Proposals {
		seal, ok := r.Seal(p)
		if !ok {
			t.Errorf("%s has no seal", p.Path)
		}
		fmt.Fprintln(&want, p.ID.V, seal.Full, seal.Machine)
	}
	if diff := cmp.Diff(want.String(), string(out)); diff != "" {
		t.Errorf("seals (-go +python):\n%s", diff)
	}
}

// findPython returns a Python with PyYAML. CI has one; elsewhere the test is skipped without.
func findPython(t *testing.T) string {
	t.Helper()
	for _, python := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(python, "-c", "import yaml").Run() == nil {
			return python
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no Python with PyYAML")
	}
	t.Skip("no Python with PyYAML")
	return ""
}

// What doesn't matter leaves both digests as they are; words change the full one, and what is
// collected changes both.
func TestWhatChangesASeal(t *testing.T) {
	const base = "id: a\ntitle: T\nstatus: draft\nquestion: How many?\npii: {class: none, singles_out: none, description: A count.}\n" +
		"field: {number: 1, type: uint32, min: 0, max: 9, description: Count, weights: {1: 2}}\n"
	const nothing, words, both = "nothing", "words", "both"
	tests := []struct{ name, old, new, changes string }{
		{"comment", "id: a", "# c\nid: a # d", nothing},
		{"title", "title: T", "title: U", nothing},
		{"status", "draft", "approved", nothing},
		{"quotes", "question: How many?", `question: "How many?"`, nothing},
		{"rewrapped", "question: How many?", "question: |\n  How\n  many?\n", nothing},
		{"key order", "number: 1, type: uint32", "type: uint32, number: 1", nothing},
		{"default", "number: 1,", "number: 1, label: optional,", nothing},
		{"empty list", "title: T", "title: T\nauthors: []", nothing},
		{"question", "How many?", "How few?", words},
		{"author", "title: T", "title: T\nauthors: [a]", words},
		{"description", "description: Count", "description: Number", words},
		{"weight", "{1: 2}", "{1: 3}", words},
		{"maximum", "max: 9", "max: 10", both},
		{"number", "number: 1", "number: 2", both},
		{"class", "class: none", "class: sanitized", both},
		{"text for a number", "max: 9", `max: "9"`, both},
	}
	_, before, err := govern.Form([]byte(base), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			changed := strings.Replace(base, test.old, test.new, 1)
			if changed == base {
				t.Fatal("nothing replaced")
			}
			_, after, err := govern.Form([]byte(changed), nil)
			if err != nil {
				t.Fatal(err)
			}
			got := map[[2]bool]string{{true, true}: nothing, {false, true}: words, {false, false}: both}[[2]bool{before.Full == after.Full, before.Machine == after.Machine}]
			if got != test.changes {
				t.Errorf("changes %q, want %q", got, test.changes)
			}
		})
	}
}
