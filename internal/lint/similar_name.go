// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

var similarName = Rule{Name: "similar-name", Severity: diag.Warning, Proposal: func(p *Pass) {
	if !p.open() || !p.Proposal.ID.Set() {
		return
	}
	if other := p.similar().called(p.Proposal); other != nil {
		p.Report(p.Proposal.ID.Span, "choose a name that says what is different; once it is merged it stays for ever", "`%s` is nearly the name of `%s`, in %s", p.Proposal.ID.V, other.ID.V, other.Path)
	}
}}

// called returns the first proposal with nearly the same name, or nil.
func (s *similars) called(p *proposal.Proposal) *proposal.Proposal {
	best := -1
	for _, form := range forms(p.ID.V) {
		for _, i := range s.names[form] {
			if before(s.list[i], p) && !sameButNumbers(s.list[i].ID.V, p.ID.V) && (best < 0 || i < best) {
				best = i
			}
		}
	}
	if best < 0 {
		return nil
	}
	return s.list[best]
}

// shortestSlip is from how many letters on two names can differ by a slip.
const shortestSlip = 6

// forms are what a name has in common with names that are easily taken for it: the same words in
// another order or number, and one letter more, less or other.
func forms(id string) []string {
	if id == "" {
		return nil
	}
	words := strings.Split(id, "_")
	for i := range words {
		words[i] = singular(words[i])
	}
	slices.Sort(words)
	out := []string{"words " + strings.Join(words, " ")}
	if len(id) < shortestSlip {
		return out
	}
	out = append(out, "letters "+id)
	for i := range id {
		out = append(out, "letters "+id[:i]+id[i+1:])
	}
	return out
}

// sameButNumbers reports whether two names are of one series: what tells them apart is a number.
func sameButNumbers(a, b string) bool {
	word := func(s string) string { return strings.Trim(strings.Map(digitToHash, s), "_") }
	return a != b && word(a) == word(b)
}

func digitToHash(r rune) rune {
	if '0' <= r && r <= '9' {
		return -1
	}
	return r
}
