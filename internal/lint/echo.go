// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var echo = Rule{Name: "echo", Severity: diag.Warning, Proposal: func(p *Pass) {
	if !p.open() {
		return // words that were decided on stay
	}
	if q := p.Proposal.Question; q.Set() && p.Proposal.Title.Set() && sameWords(q.V, p.Proposal.Title.V) {
		p.Report(q.Span, "say what somebody wants to know, and why", "the question says no more than the title")
	}
	if p.Proposal.Field == nil {
		return
	}
	for _, leaf := range p.Proposal.Field.Leaves() {
		if leaf.Description.Set() && leaf.Name.Set() && sameWords(leaf.Description.V, strings.ReplaceAll(leaf.Name.V, "_", " ")) {
			p.Report(leaf.Description.Span, "say what exactly is counted or told, and when", "the description says no more than the name `%s`", leaf.Name.V)
		}
	}
}}

// sameWords reports whether two texts are made of the same words, but for articles and the like.
func sameWords(a, b string) bool {
	x, y := bare(a), bare(b)
	return len(x) > 0 && slices.Equal(x, y)
}

// bare returns the words of a text without those that only join others, sorted, each once.
func bare(text string) []string {
	var words []string
	for _, w := range plainWord.FindAllString(strings.ToLower(text), -1) {
		switch w {
		case "a", "an", "the", "of", "is", "are", "what", "how", "many", "number", "count", "there":
		default:
			words = append(words, singular(w))
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}
