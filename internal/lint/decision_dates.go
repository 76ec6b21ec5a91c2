// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"bytes"
	"slices"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/govern"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

var decisionDates = Rule{Name: "decision-dates", Severity: diag.Error, Firm: true, Proposal: func(p *Pass) {
	last := ""
	for i := range p.Proposal.Approval {
		d := &p.Proposal.Approval[i]
		if !d.Date.Set() {
			continue
		}
		if d.Date.V > p.Today {
			p.Report(d.Date.Span, "write the day of the decision; it can't be made in advance", "%s is in the future", d.Date.V)
		}
		if d.Date.V < last {
			p.Report(d.Date.Span, "append decisions at the end, the newest last", "%s comes before %s", d.Date.V, last)
		}
		if i > 0 && d.Decision.V == proposal.Approved && d.Date.V == last && p.Proposal.Approval[i-1].Decision.V == proposal.Suspended {
			p.Report(d.Date.Span, "decide on a later day, about what changed since", "the suspension was on %s too, and it takes a decision that is dated after it", last)
		}
		again := func(other proposal.Decision) bool {
			return bytes.Equal(govern.Statement(p.Proposal.ID.V, &other), govern.Statement(p.Proposal.ID.V, d))
		}
		if !d.Legacy.V && slices.ContainsFunc(p.Proposal.Approval[:i], again) {
			p.Report(decisionSpan(d), "delete it, or write what was decided anew: another day, or another reference", "this decision stands here already, and can't be made twice")
		}
		last = max(last, d.Date.V)
	}
}}
