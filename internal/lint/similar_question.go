// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"regexp"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
)

var similarQuestion = Rule{Name: "similar-question", Severity: diag.Warning, Proposal: func(p *Pass) {
	if !p.open() || !p.Proposal.Question.Set() {
		return
	}
	if other := p.similar().asks(p.Proposal); other != nil {
		p.Report(p.Proposal.Question.Span, "say what this one finds out that the other can't, or add to the other one: "+other.Path, "`%s` asks nearly the same: %s", other.ID.V, strings.Join(strings.Fields(other.Question.V), " "))
	}
}}

// open reports whether the proposal is still worked on: nothing was decided on it.
func (p *Pass) open() bool {
	return p.Proposal.Status.V == proposal.Draft || p.Proposal.Status.V == proposal.Proposed
}

// Two questions are near each other when they share this part of their words, and so many of them.
const nearWords, fewestShared = 0.7, 3

// mostPostings of one word are looked at: a word that so many questions have tells nothing.
const mostPostings = 200

// similars finds proposals by the words of their questions and names.
type similars struct {
	list  []*proposal.Proposal // sorted by id
	words [][]string           // of each question
	by    map[string][]int     // which questions have a word
	names map[string][]int     // which ids have a form
}

func newSimilars(r *registry.Registry) *similars {
	s := &similars{list: r.Proposals, words: make([][]string, len(r.Proposals)), by: map[string][]int{}, names: map[string][]int{}}
	for i, p := range s.list {
		s.words[i] = telling(p.Question.V)
		for _, w := range s.words[i] {
			if len(s.by[w]) < mostPostings {
				s.by[w] = append(s.by[w], i)
			}
		}
		for _, form := range forms(p.ID.V) {
			if len(s.names[form]) < mostPostings {
				s.names[form] = append(s.names[form], i)
			}
		}
	}
	return s
}

// before reports whether an open proposal has to give way to another: to what was decided, and of two
// open ones to the first.
func before(other, p *proposal.Proposal) bool {
	if other == p || other.ID.V == p.ID.V {
		return false
	}
	still := other.Status.V == proposal.Draft || other.Status.V == proposal.Proposed
	return !still || other.ID.V < p.ID.V
}

// asks returns the first proposal with nearly the same question, or nil.
func (s *similars) asks(p *proposal.Proposal) *proposal.Proposal {
	words := telling(p.Question.V)
	shared := map[int]int{}
	for _, w := range words {
		for _, i := range s.by[w] {
			shared[i]++
		}
	}
	best := -1
	for i, n := range shared {
		all := len(words) + len(s.words[i]) - n
		if n >= fewestShared && float64(n) >= nearWords*float64(all) && before(s.list[i], p) && (best < 0 || i < best) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	return s.list[best]
}

var plainWord = regexp.MustCompile(`[\pL\pN]+`)

// Words that questions are made of, whatever they ask.
var idle = strings.Fields("a all an and any are each every as at be been by can do does for from had has have how i in is it its know make many most much need no not of often on one only or our out over people per run so that the their them there they this to typical up us use user want was we what when where which who why will with would pulp installation instance system")

// telling returns the words of a question that say what it is about, sorted, each once.
func telling(question string) []string {
	var words []string
	for _, w := range plainWord.FindAllString(strings.ToLower(question), -1) {
		if one := singular(w); !slices.Contains(idle, w) && !slices.Contains(idle, one) {
			words = append(words, one)
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// singular takes the ending of a plural away, roughly: it only has to do so to both.
func singular(word string) string {
	if len(word) > 3 && !strings.HasSuffix(word, "ss") {
		return strings.TrimSuffix(word, "s")
	}
	return word
}
