// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"strings"
	"unicode/utf8"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/source"
)

var heading = Rule{Name: "heading", Severity: diag.Error, Proposal: func(p *Pass) {
	if !p.open() {
		return // words that were decided on stay
	}
	for _, a := range answers(p.Proposal) {
		first, rest, several := strings.Cut(a.text.V, "\n")
		if !several || strings.TrimSpace(rest) == "" || !isHeading(first) {
			continue
		}
		span := a.text.Span
		at := source.Span{Start: span.Start, End: source.Pos{Line: span.Start.Line, Column: span.Start.Column + int32(utf8.RuneCountInString(first))}}
		p.ReportFix(dropFirstLine(a.text), at, "delete the line: the key asks already", "the answer begins with the question of the template")
	}
}}

// dropFirstLine takes the first line of a text away; nil unless the text stands in the file line by
// line, as it does under `|`.
func dropFirstLine(text source.Text) *source.Fix {
	lines := strings.Split(strings.TrimRight(text.V, "\n"), "\n")
	start, end := text.Span.Start, text.Span.End
	last := lines[len(lines)-1]
	if int(end.Line-start.Line) != len(lines)-1 || int(end.Column-start.Column) != utf8.RuneCountInString(last) {
		return nil
	}
	next := 1
	for next < len(lines) && strings.TrimSpace(lines[next]) == "" {
		next++
	}
	gone := source.Span{Start: start, End: source.Pos{Line: start.Line + int32(next), Column: start.Column}}
	return &source.Fix{Title: "delete the heading", Edits: []source.Edit{{Span: gone}}, InText: true}
}

// isHeading reports whether a line is a question of the template.
func isHeading(line string) bool {
	line = strings.TrimSpace(strings.Trim(strings.TrimSpace(line), "#*"))
	return asks(line) && len(line) <= longestQuestion && templateText.MatchString(line) && strings.HasSuffix(strings.TrimSpace(line), "?")
}
