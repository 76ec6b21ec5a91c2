// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

var load = Rule{Name: "load", Severity: diag.Error, Proposal: func(p *Pass) {
	l := p.Proposal.Load
	if l == nil || !l.Acceptable.Set() || l.Acceptable.V {
		return
	}
	if p.InForce() || p.Proposal.Status.V == proposal.Proposed {
		p.Report(l.Acceptable.Span, "make it a draft until there is a way to gather it that is no burden", "a metric that is %s has to be an acceptable burden", p.Proposal.Status.V)
	}
}}
