// SPDX-License-Identifier: GPL-2.0-or-later

package site_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/pulp/pulpmetrics"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/site"
)

func TestTerminal(t *testing.T) {
	long := strings.Repeat("word ", 40)
	code := "key: " + strings.Repeat("x", 100)
	for _, screen := range []site.Screen{{Width: 60}, {Width: 60, Color: true, Dark: true}, {Width: 60, Color: true}} {
		out, err := site.Terminal("# Title\n\n"+long+"\n\n```yaml\n"+code+"\n```\n\n\x1b[31m\u202e end\n", screen)
		if err != nil {
			t.Fatal(err)
		}
		plain := ansi.Strip(out)
		if !screen.Color && out != plain {
			t.Errorf("escape sequences without colour: %q", out)
		}
		if strings.Contains(out, "\u202e") || strings.Contains(out, "\x1b[31m") {
			t.Errorf("the text reached the terminal as an instruction: %q", out)
		}
		if !strings.Contains(plain, code) {
			t.Errorf("the code was folded:\n%s", plain)
		}
		for line := range strings.Lines(plain) {
			if w := ansi.StringWidth(strings.TrimRight(line, " \n")); w > 60 && !strings.Contains(line, "xxx") {
				t.Errorf("%d columns: %q", w, line)
			}
		}
	}
}

// Every answer of every real proposal is on its page, in the order of the checklist.
func TestMetric(t *testing.T) {
	parser, err := proposal.NewParser()
	if err != nil {
		t.Fatal(err)
	}
	r, err := registry.Load(pulpmetrics.Registry, parser)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Proposals {
		page, err := site.Metric(r, p, nil, "2026-11-23")
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for _, answer := range answersOf(p) {
			i := strings.Index(page[at:], answer)
			if i < 0 {
				t.Errorf("%s: %q is missing, or not in its place", p.Path, answer)
				continue
			}
			at += i
		}
	}
}

func answersOf(p *proposal.Proposal) []string {
	answers := []string{p.Title.V, strings.TrimSpace(p.Question.V)}
	if p.Example != nil {
		answers = append(answers, strings.TrimSpace(p.Example.Notes.V))
	}
	if p.Storage != nil {
		answers = append(answers, strings.TrimSpace(p.Storage.Description.V))
	}
	if p.Load != nil {
		answers = append(answers, strings.TrimSpace(p.Load.Description.V))
	}
	if p.PII != nil {
		answers = append(answers, strings.TrimSpace(p.PII.Description.V), strings.TrimSpace(p.PII.Sanitization.V))
	}
	if p.Version != nil {
		answers = append(answers, p.Since())
	}
	for i := range p.Summaries() {
		answers = append(answers, "`"+p.Summaries()[i].ID.V+"`: ")
	}
	return answers
}
