// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/source"
)

var thinAnswer = Rule{Name: "thin-answer", Severity: diag.Warning, Proposal: func(p *Pass) {
	q := p.Proposal
	if !p.open() {
		return // words that were decided on stay
	}
	thin := func(what string, text source.Text, fewest int, help string) {
		if words := len(plainWord.FindAllString(text.V, -1)); text.Set() && words > 0 && words < fewest && evades(text.V) == "" {
			p.Report(text.Span, help, "%s in %s", what, counted(words, "word"))
		}
	}
	thin("a question", q.Question, 5, "say what would be done differently, depending on the answer")
	if q.Storage != nil {
		thin("the answer about storage", q.Storage.Description, 3, "say where the numbers are read, when, and whether anything is stored for it")
	}
	if q.Load != nil {
		thin("the answer about the load", q.Load.Description, 3, "say what is read or queried, how often, and how long that takes")
	}
	if q.PII != nil {
		thin("the answer about personal data", q.PII.Description, 4, "say what it could tell about a person or an installation, and why it doesn't")
	}
	for _, a := range q.Alternatives {
		thin("an alternative", a.Description, 3, "say why it was not chosen")
	}
}}

func counted(n int, noun string) string {
	if n == 1 {
		return "one " + noun
	}
	return strings.ToLower([]string{"no", "one", "two", "three", "four", "five"}[min(n, 5)]) + " " + noun + "s"
}
