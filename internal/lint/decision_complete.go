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
		if d.Legacy.V {
			if !p.IsLegacy() {
				p.Report(d.Legacy.Span, "decide anew, with date, approvers and reference; the list of legacy metrics can't grow", "`%s` is not in the legacy list of pulpmetrics.yaml", p.Proposal.ID.V)
			}
			continue
		}
		for _, part := range []struct {
			key, what string
			set       bool
		}{
			{"date", "the day of the decision", d.Date.Set()},
			{"by", "the handles of those who decided", len(d.By) > 0},
			reasonOf(d),
		} {
			if !part.set {
				p.Report(decisionSpan(d), "add `"+part.key+"`: "+part.what, "the decision lacks `%s`", part.key)
			}
		}
	}
}}

// reasonOf says what a decision has to be accounted for by: a reason to stop, or else a place
// where it can be read.
func reasonOf(d *proposal.Decision) struct {
	key, what string
	set       bool
} {
	part := struct {
		key, what string
		set       bool
	}{"reference", "a URL, or the meeting", d.Reference.Set()}
	if d.Decision.V == proposal.Suspended || d.Decision.V == proposal.Withdrawn {
		part.key, part.what, part.set = "reason", "why, in a sentence", d.Reason.Set()
	}
	return part
}

func decisionSpan(d *proposal.Decision) source.Span {
	if d.Decision.Set() {
		return d.Decision.Span
	}
	return d.Key
}
