// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/govern"
)

var quorum = Rule{Name: "quorum", Severity: diag.Error, Firm: true, Proposal: func(p *Pass) {
	panel := govern.NewPanel(p.Registry.Project, p.Proposal)
	for i := range p.Proposal.Approval {
		for _, o := range panel.Objections(&p.Proposal.Approval[i]) {
			p.Report(o.Span, o.Help, "%s", o.Message)
		}
	}
}}
