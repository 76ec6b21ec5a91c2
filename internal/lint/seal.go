// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"slices"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

var seal = Rule{Name: "seal", Severity: diag.Error, Firm: true, Proposal: func(p *Pass) {
	d := standing(p.Proposal)
	if d == nil || !d.Seal.Set() && d.Decision.V == proposal.NotApproved {
		return
	}
	now, ok := p.Registry.Seal(p.Proposal)
	id := p.Proposal.ID.V
	switch {
	case !ok:
		// another rule has reported why there is none
	case !d.Seal.Set():
		p.Report(decisionSpan(d), "write the full digest that `pulpmetrics seal "+id+"` prints as its `seal`", "the decision has no seal, so nobody could tell what was decided")
	case len(d.Seal.V) != len(now.Full):
		// the schema has reported that this is no seal
	case d.Seal.V != now.Full:
		p.Report(d.Seal.Span, sealHelp(p.Proposal, d), "the seal doesn't fit: what stands here now is not what was decided")
	}
}}

// standing returns the decision that says what the proposal may be now, or nil: the newest one
// that let it be collected, or the one that it was turned down by.
func standing(q *proposal.Proposal) *proposal.Decision {
	var decisions []string
	switch q.Status.V {
	case proposal.Approved, proposal.Suspended:
		decisions = []string{proposal.Approved, proposal.Narrowed}
	case proposal.NotApproved:
		decisions = []string{proposal.NotApproved}
	}
	for i := len(q.Approval) - 1; i >= 0; i-- {
		if slices.Contains(decisions, q.Approval[i].Decision.V) {
			return &q.Approval[i]
		}
	}
	return nil
}

// sealHelp says what to do about a proposal that is not what was decided.
func sealHelp(q *proposal.Proposal, d *proposal.Decision) string {
	what := "the change"
	if q.Derived() {
		what = "the change, here or in what it is derived from"
	}
	if d.Decision.V == proposal.NotApproved {
		return "undo " + what + "; to propose something else, make it a draft again first"
	}
	if q.Status.V == proposal.Suspended {
		return "undo " + what + "; or have it decided anew with `pulpmetrics decide " + q.ID.V + "`"
	}
	return "undo " + what + ", or have it decided anew with `pulpmetrics amend " + q.ID.V + "`"
}
