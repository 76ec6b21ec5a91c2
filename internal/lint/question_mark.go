// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var questionMark = Rule{Name: "question-mark", Severity: diag.Warning, Proposal: func(p *Pass) {
	if q := p.Proposal.Question; p.open() && q.Set() && !strings.Contains(q.V, "?") && evades(q.V) == "" {
		p.Report(q.Span, "write what somebody wants to know, and will act upon, as a question", "this asks nothing: it has no question mark")
	}
}}
