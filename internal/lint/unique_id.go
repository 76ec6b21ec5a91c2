// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import "github.com/pulp/pulpmetrics/internal/diag"

var uniqueID = Rule{Name: "unique-id", Severity: diag.Error, Firm: true, Proposal: func(p *Pass) {
	for _, other := range p.Registry.ByID(p.Proposal.ID.V) {
		if other != p.Proposal {
			p.Report(p.Proposal.ID.Span, "choose another id for the newer one", "`%s` is also the id of %s", p.Proposal.ID.V, other.Path)
		}
	}
}}
