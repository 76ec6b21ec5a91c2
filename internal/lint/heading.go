// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"strings"

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
		fix := &source.Fix{Title: "delete the heading", Edits: []source.Edit{{Span: source.Span{Start: span.Start, End: source.Pos{Line: span.Start.Line + 1, Column: span.Start.Column}}}}}
		at := source.Span{Start: span.Start, End: source.Pos{Line: span.Start.Line, Column: span.Start.Column + int32(len([]rune(first)))}}
		p.ReportFix(fix, at, "delete the line: the key asks already", "the answer begins with the question of the template")
	}
}}

// isHeading reports whether a line is a question of the template.
func isHeading(line string) bool {
	line = strings.TrimSpace(strings.Trim(strings.TrimSpace(line), "#*"))
	return asks(line) && len(line) <= longestQuestion && templateText.MatchString(line) && strings.HasSuffix(strings.TrimSpace(line), "?")
}
