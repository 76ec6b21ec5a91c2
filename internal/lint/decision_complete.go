// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

var decisionComplete = Rule{Name: "decision-complete", Severity: diag.Error, Firm: true, Proposal: func(p *Pass) {
	for i := range p.Proposal.Approval {
		d := &p.Proposal.Approval[i]
		if d.Legacy.V && !p.IsLegacy() {
			p.Report(d.Legacy.Span, "decide anew, with date, approvers and reference; the list of legacy metrics can't grow", "`%s` is not in the legacy list of pulpmetrics.yaml", p.Proposal.ID.V)
			continue
		}
		for _, part := range decisionParts(d) {
			if !part.given {
				p.Report(decisionSpan(d), "add `"+part.key+"`: "+part.why, "the decision lacks `%s`", part.key)
			}
		}
	}
}}

// decisionParts lists what a decision has to be accounted for by: a place where it can be read, or
// a reason to stop; and, unless it is older than the toolkit, when it was made and by whom.
func decisionParts(d *proposal.Decision) []item {
	account := item{"reference", "a URL, or the meeting", d.Reference.Set() || d.Legacy.V && d.Reason.Set()}
	if d.Decision.V == proposal.Suspended || d.Decision.V == proposal.Withdrawn {
		account = item{"reason", "why, in a sentence", d.Reason.Set()}
	}
	if d.Legacy.V {
		return []item{account}
	}
	return []item{
		{"date", "the day of the decision", d.Date.Set()},
		{"by", "the handles of those who decided", len(d.By) > 0},
		account,
	}
}

func decisionSpan(d *proposal.Decision) source.Span {
	if d.Decision.Set() {
		return d.Decision.Span
	}
	return d.Key
}
