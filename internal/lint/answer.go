// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"regexp"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

var answer = Rule{Name: "answer", Severity: diag.Error, Proposal: func(p *Pass) {
	for _, a := range answers(p.Proposal) {
		if !a.text.Set() {
			continue
		}
		if why := evades(a.text.V); why != "" {
			p.Report(a.text.Span, "answer in a sentence: "+a.question, "%s", why)
		}
	}
	for _, name := range namesToChoose(p.Proposal) {
		if placeholderWord.MatchString(name.V) {
			p.Report(name.Span, "choose it before anything depends on it", "still to be answered: `%s`", name.V)
		}
	}
}}

// namesToChoose lists what is no answer in words, and can be left open all the same.
func namesToChoose(p *proposal.Proposal) []source.Text {
	if p.Field == nil {
		return nil
	}
	list := p.Field.TypeNames()
	for _, leaf := range p.Field.Leaves() {
		list = append(list, leaf.Unit)
	}
	return list
}

// asked is one of the checklist's questions with the answer given to it.
type asked struct {
	question string
	text     source.Text
}

// answers lists everything in a proposal that a person is meant to answer in words.
func answers(p *proposal.Proposal) []asked {
	list := []asked{{"what is the metric, in a few words?", p.Title}, {"What question will this help us answer?", p.Question}}
	if p.Example != nil {
		list = append(list, asked{"where does the example come from?", p.Example.Notes})
	}
	if p.Storage != nil {
		list = append(list, asked{"How will it be stored in the database or gathered at runtime?", p.Storage.Description})
	}
	if p.Load != nil {
		list = append(list, asked{"Will gathering or storing it be an unacceptable burden on Pulp?", p.Load.Description})
	}
	if p.PII != nil {
		list = append(list, asked{"Is this metric Personally-Identifiable-Data?", p.PII.Description}, asked{"How is it sanitized?", p.PII.Sanitization})
		for _, e := range p.PII.Exceptions {
			list = append(list, asked{"why is the finding acceptable?", e.Reason})
		}
	}
	if p.Field != nil {
		for _, leaf := range p.Field.Leaves() {
			list = append(list, asked{"what is the value?", leaf.Description})
			for _, m := range leaf.Members {
				list = append(list, asked{"what does the value mean?", m.Description})
			}
		}
	}
	for i := range p.Summaries() {
		list = append(list, asked{"why does no chart show it?", p.Summaries()[i].Uncharted})
	}
	for i := range p.Charts() {
		list = append(list, asked{"what does the chart show?", p.Charts()[i].Title})
	}
	for _, a := range p.Alternatives {
		list = append(list, asked{"what is the alternative?", a.Title}, asked{"why was the alternative not chosen?", a.Description})
	}
	for _, n := range p.Discussion {
		list = append(list, asked{"what was said?", n.Note})
	}
	for _, d := range p.Approval {
		list = append(list, asked{"where can the decision be read?", d.Reference}, asked{"why was it decided?", d.Reason})
	}
	for _, ig := range ignores(p) {
		list = append(list, asked{"why does the rule not apply here?", ig.Reason})
	}
	return list
}

var (
	placeholderWord = regexp.MustCompile(`(?i)\b(todo|tbd|fixme|xxx|fill (me |this )?in|to be (done|defined|decided|determined|written)|lorem ipsum)\b`)
	noAnswer        = regexp.MustCompile(`(?i)^(n/?a|none|nothing|no idea|unknown|yes|no|maybe|see above|same|ditto|[^\pL\pN]*|.)$`)
	templateText    = regexp.MustCompile(`(?i)^(#+ *)?(what question will this help us answer|what is a specific example of the data to be gathered|how will (this metric|it) be stored in the database or gathered at runtime|will (the )?gathering (and/)?or stor(age|ing)|is this metric personally|how can we sanitize|how is it sanitized|what pulpcore version will this be collected|is this approved)[^\n]*\??$|^\[.*\]$|^<[^>]*>$`)
)

// Words that any placeholder begins with, to look for before the expression does: it is slow, and
// answers are long.
var placeholderHints = []string{"todo", "tbd", "fixme", "xxx", "fill", "to be", "lorem"}

// Longest texts, in bytes, that can be no answer at all or a question of the template.
const longestNoAnswer, longestQuestion = 20, 200

// Evades says in what way a text is no answer to a question of the checklist; "" if it is one.
func Evades(text string) string { return evades(text) }

// IsName reports whether a text can be the id of a metric, or the name of a leaf.
func IsName(text string) bool { return snakeCase.MatchString(text) && len(text) <= longestName }

const longestName = 64

// evades says in what way a text is no answer; "" if it is one.
func evades(text string) string {
	text = strings.Trim(strings.TrimSpace(text), ". ")
	switch {
	case hasHint(text) && placeholderWord.MatchString(text):
		return "still to be answered: `" + placeholderWord.FindString(text) + "`"
	case asks(text) && templateText.MatchString(text):
		return "the question stands where its answer belongs"
	case text == "":
		return "the answer is empty"
	case len(text) <= longestNoAnswer && noAnswer.MatchString(text):
		return "`" + text + "` is not an answer"
	}
	return ""
}

// asks reports whether a text begins as the questions of the template do.
func asks(text string) bool {
	first, _, _ := strings.Cut(text, " ")
	switch strings.ToLower(first) {
	case "what", "how", "will", "is":
		return len(text) <= longestQuestion
	}
	return strings.HasPrefix(text, "#") || strings.HasPrefix(text, "[") || strings.HasPrefix(text, "<")
}

func hasHint(text string) bool {
	lower := strings.ToLower(text)
	return slices.ContainsFunc(placeholderHints, func(hint string) bool { return strings.Contains(lower, hint) })
}
