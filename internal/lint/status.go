// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"slices"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

var status = Rule{Name: "status", Severity: diag.Error, Firm: true, Proposal: func(p *Pass) {
	q := p.Proposal
	if !slices.Contains(proposal.Statuses(), q.Status.V) {
		return // the schema has reported it
	}
	if len(q.Approval) == 0 {
		if p.Checked() && q.Status.V != proposal.Proposed {
			p.Report(q.Status.Span, "add the decision under `approval`; until there is one the proposal is a draft, or proposed", "the status is `%s`, and there is no decision", q.Status.V)
		}
		return
	}
	last := q.Approval[len(q.Approval)-1].Decision
	if reopened := last.V == proposal.NotApproved || last.V == proposal.Withdrawn; reopened && (q.Status.V == proposal.Draft || q.Status.V == proposal.Proposed) {
		return
	}
	if want := statusAfter(last.V); last.Set() && q.Status.V != want {
		p.ReportFix(write(q.Status.Span, want), q.Status.Span, "write `status: "+want+"`, or append the decision that changed it", "the status is `%s`, and the last decision is `%s`", q.Status.V, last.V)
	}
}}

// statusAfter returns the status that a decision gives.
func statusAfter(decision string) string {
	if decision == proposal.Narrowed {
		return proposal.Approved
	}
	return decision
}
