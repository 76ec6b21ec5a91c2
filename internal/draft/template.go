// SPDX-License-Identifier: GPL-2.0-or-later

package draft

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pulp/pulpmetrics/internal/domain"
)

// The questions of the template, in the order of its headings.
const (
	qTitle = iota
	qQuestion
	qExample
	qStorage
	qLoad
	qPII
	qSanitization
	qVersion
	qAlternatives
	qDiscussion
	qApproval
	qParkingLot
	qSummarization
	qVisualization
	qTags
	qNone
)

// headings are how the template, and the forge's form, ask; the first words of a heading, normalized.
func headings() map[string]int {
	return map[string]int{
		"title":                                  qTitle,
		"what question will this help us answer": qQuestion,
		"what is a specific example of the data to be gathered":                            qExample,
		"how will this metric be stored in the database or gathered at runtime":            qStorage,
		"how will it be stored in the database or gathered at runtime":                     qStorage,
		"will the gathering and or storage of this cause unacceptable burden load on pulp": qLoad,
		"will gathering or storing it be an unacceptable burden on pulp":                   qLoad,
		"is this metric personally identifiable data":                                      qPII,
		"how can we sanitize this output":                                                  qSanitization,
		"how is it sanitized":                                                              qSanitization,
		"what pulpcore version will this be collected with":                                qVersion,
		"alternative proposal s":                                                           qAlternatives,
		"alternative proposals":                                                            qAlternatives,
		"alternatives":                                                                     qAlternatives,
		"discussion notes":                                                                 qDiscussion,
		"discussion":                                                                       qDiscussion,
		"is this approved not approved":                                                    qApproval,
		"parking lot for potential future rfe work":                                        qParkingLot,
		"parking lot":   qParkingLot,
		"summarization": qSummarization,
		"visualization": qVisualization,
		"tags":          qTags,
	}
}

// question finds which question a heading asks, and what stands behind it on the same line.
func question(heading string) (q int, behind string) {
	words := normal(heading)
	known := headings()
	if q, ok := known[words]; ok {
		return q, ""
	}
	for asked, q := range known {
		if !strings.HasPrefix(words, asked+" ") {
			continue
		}
		if i := strings.IndexAny(heading, "?:"); i >= 0 && normal(heading[:i]) == asked {
			return q, strings.TrimSpace(heading[i+1:])
		}
	}
	return qNone, ""
}

// Markdown reads a proposal in the working group's template. What stands under a question goes to its
// key; under a question that is asked twice, one after the other. The notes say what was made of what
// has no key, or can't be read by machines.
func Markdown(data []byte) (a *Answers, notes []string) {
	data = []byte(strings.ReplaceAll(strings.TrimPrefix(string(data), "\ufeff"), "\r\n", "\n"))
	r := &reader{a: &Answers{}, texts: map[int][]string{}, now: qNone}
	for _, p := range pieces(data) {
		r.piece(p)
	}
	r.finish()
	return r.a, r.notes
}

// reader goes through a document.
type reader struct {
	a     *Answers
	notes []string
	texts map[int][]string // what stands under each question
	now   int              // the question that is being answered
	level int              // of its heading
}

func (r *reader) note(format string, args ...any) {
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
}

func (r *reader) piece(p piece) {
	q, behind := question(p.heading)
	switch {
	case p.level == 0:
		r.rest(p.raw, p.body, "")
		return
	case q == qNone && p.level == 1 && r.a.Title == "" && len(r.texts) == 0:
		r.a.Title = p.heading
		r.now, r.level = qTitle, p.level
		r.rest("", p.body, "")
		return
	case q == qNone && r.now != qNone && p.level > r.level && r.now != qTitle && r.now != qTags:
		r.inside(p)
		return
	case q == qNone:
		r.now, r.level = qNone, p.level
		r.rest(p.raw, p.body, "")
		if strings.TrimSpace(p.body) != "" {
			r.note("`%s` is no question of the template: it is kept as a comment", p.heading)
		}
		return
	case q == qTitle && r.a.Title == "" && !strings.Contains(join(behind, p.body), "\n"):
		r.now, r.level = q, p.level
		r.a.Title = join(behind, p.body)
		return
	case q == qTags || q == qTitle:
		r.now, r.level = q, p.level
		r.rest(p.raw, p.body, "")
		return
	}
	if len(r.texts[q]) > 0 && strings.TrimSpace(p.body+behind) != "" {
		r.note("`%s` is asked more than once: the answers stand below each other", p.heading)
	}
	r.now, r.level = q, p.level
	if q == qAlternatives {
		r.alternative("", behind+"\n"+p.body)
		return
	}
	r.texts[q] = append(r.texts[q], join(behind, p.body))
}

// inside takes a heading that belongs to the answer above it.
func (r *reader) inside(p piece) {
	if r.now == qAlternatives {
		r.alternative(p.heading, p.body)
		return
	}
	r.texts[r.now] = append(r.texts[r.now], join(p.raw, p.body))
}

var emptyOption = regexp.MustCompile(`^option ([0-9]+|n)$`)

func (r *reader) alternative(title, body string) {
	body = cleaned(body)
	switch {
	case body == "" && emptyOption.MatchString(normal(title)):
		return // as the template has it
	case title == "" && body == "":
		r.texts[qAlternatives] = append(r.texts[qAlternatives], "")
		return
	case title == "":
		title = "Another way"
	}
	r.a.Alternatives = append(r.a.Alternatives, Alternative{title, body})
}

func join(texts ...string) string {
	var out []string
	for _, text := range texts {
		if text = cleaned(text); text != "" {
			out = append(out, text)
		}
	}
	return strings.Join(out, "\n\n")
}

// cleaned takes the blank lines around a text away, and what forges write where nothing was answered.
func cleaned(text string) string {
	lines := strings.Split(text, "\n")
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	text = strings.TrimRight(strings.Join(lines, "\n"), " \t\n")
	if text == "_No response_" {
		return ""
	}
	return text
}

// rest keeps what has no key.
func (r *reader) rest(heading, body, near string) {
	if body = cleaned(body); body != "" || heading != "" {
		r.a.Rest = append(r.a.Rest, Section{Heading: heading, Text: body, Near: near})
	}
}

// finish carries the texts to their keys.
func (r *reader) finish() {
	a := r.a
	text := func(q int) string { return join(r.texts[q]...) }
	a.Question, a.Example, a.Storage, a.Load = text(qQuestion), text(qExample), text(qStorage), text(qLoad)
	a.PII, a.Sanitization = text(qPII), text(qSanitization)
	if firstWord(a.Load) == "no" {
		acceptable := true
		a.Acceptable = &acceptable
		r.note("the answer about the load begins with \"no\": it is taken for acceptable")
	}
	r.versions(text(qVersion))
	r.said(text(qDiscussion))
	a.ParkingLot = items(text(qParkingLot))
	if decided := text(qApproval); decided != "" {
		r.rest("Is this approved/not-approved?", decided, "approval")
		r.note("what was decided is kept as a comment: decisions are recorded with `pulpmetrics propose` and `pulpmetrics decide`")
	}
	for q, key := range map[int]string{qSummarization: "summarization", qVisualization: "visualization"} {
		if words := text(q); words != "" {
			r.rest(strings.ToUpper(key[:1])+key[1:], words, key)
		}
	}
	slices.SortStableFunc(a.Rest, func(x, y Section) int { return strings.Compare(x.Near, y.Near) })
	if text(qSummarization)+text(qVisualization) != "" {
		r.note("summaries and charts in words are kept as comments: say them under `summarization` and `visualization`")
	}
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(normal(text), " ")
	return word
}

var release = regexp.MustCompile(`\b[0-9]+\.[0-9]+(\.[0-9]+)?\b`)

// versions takes the releases out of an answer. What it says beside them is kept as a comment.
func (r *reader) versions(answer string) {
	if answer == "" {
		return
	}
	found := release.FindAllString(answer, -1)
	slices.SortFunc(found, domain.Compare)
	r.a.Since = slices.CompactFunc(found, func(x, y string) bool { return domain.Compare(x, y) == 0 })
	if normal(release.ReplaceAllString(answer, "")) != "" || strings.Contains(answer, "\n") {
		r.rest("What pulpcore version will this be collected with?", answer, "version")
	}
}

var dated = regexp.MustCompile(`^(?:[-*+] +)?\**([0-9]{4}-[0-9]{2}-[0-9]{2})\**[:,]? *(.*)$`)

// said splits notes at the lines that begin with a day. What has no day is kept as a comment.
func (r *reader) said(text string) {
	var loose []string
	note := -1
	for line := range strings.SplitSeq(text, "\n") {
		switch m := dated.FindStringSubmatch(line); {
		case m != nil:
			r.a.Discussion = append(r.a.Discussion, Note{Date: m[1], Text: m[2]})
			note = len(r.a.Discussion) - 1
		case note >= 0:
			r.a.Discussion[note].Text += "\n" + line
		default:
			loose = append(loose, line)
		}
	}
	for i := range r.a.Discussion {
		r.a.Discussion[i].Text = cleaned(r.a.Discussion[i].Text)
	}
	if words := cleaned(strings.Join(loose, "\n")); words != "" {
		r.rest("Discussion notes", words, "discussion")
		r.note("notes of a discussion without a day are kept as a comment: `discussion` has a date for each")
	}
	slices.SortStableFunc(r.a.Discussion, func(x, y Note) int { return strings.Compare(x.Date, y.Date) })
}

var bullet = regexp.MustCompile(`^[-*+] +`)

// items splits a list into its items, and any other text into one.
func items(text string) []string {
	if text == "" {
		return nil
	}
	if !bullet.MatchString(text) {
		return []string{text}
	}
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		if mark := bullet.FindString(line); mark != "" {
			out = append(out, line[len(mark):])
		} else {
			out[len(out)-1] += "\n" + strings.TrimPrefix(line, "  ")
		}
	}
	for i := range out {
		out[i] = cleaned(out[i])
	}
	return slices.DeleteFunc(out, func(item string) bool { return item == "" })
}

// IDFrom makes an id from a title.
func IDFrom(title string) string {
	id := strings.ReplaceAll(normal(title), " ", "_")
	for utf8.RuneCountInString(id) > 64 || strings.HasSuffix(id, "_") {
		id = id[:max(strings.LastIndexByte(id, '_'), 0)]
	}
	return strings.TrimLeft(id, "0123456789_")
}
