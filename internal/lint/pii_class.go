// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

var piiClass = Rule{Name: "pii-class", Severity: diag.Error, Firm: true, Proposal: func(p *Pass) {
	pii := p.Proposal.PII
	if pii == nil {
		return
	}
	decided := p.InForce() || p.Proposal.Status.V == proposal.Proposed
	switch {
	case pii.Class.V == "personal" && decided:
		p.Report(pii.Class.Span, "find a way to answer the question without personal data, and say under `sanitization` how", "personal data is never collected, so a metric of class `personal` can't be %s", p.Proposal.Status.V)
	case pii.Class.V == "sanitized" && !pii.Sanitization.Set():
		p.Report(pii.Class.Span, "say under `sanitization` what is taken out, and where", "a metric of class `sanitized` needs `sanitization`")
	case pii.Class.V == "none" && pii.SinglesOut.V == "alone":
		p.Report(pii.SinglesOut.Span, "a value that tells one installation from all others is an identifier: its class is `pseudonymous`", "class `none` and `singles_out: alone` contradict each other")
	}
}}
