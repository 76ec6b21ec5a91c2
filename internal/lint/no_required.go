// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

var noRequired = Rule{Name: "no-required", Severity: diag.Error, Firm: true, Proposal: func(p *Pass) {
	f := p.Proposal.Field
	if f == nil || p.IsLegacy() {
		return
	}
	for _, leaf := range append(f.Leaves(), &f.Leaf) {
		if leaf.Label.V == proposal.Required {
			p.Report(leaf.Label.Span, "delete `label`: fields are optional, and one that is required can never be removed", "`required` is only for what the wire already has")
		}
	}
}}
