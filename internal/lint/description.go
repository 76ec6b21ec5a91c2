// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import "github.com/pulp/pulpmetrics/internal/diag"

var description = Rule{Name: "description", Severity: diag.Error, Proposal: func(p *Pass) {
	f := p.Proposal.Field
	if f == nil {
		return
	}
	for _, leaf := range f.Leaves() {
		if !leaf.Description.Set() && !f.IsMessage() {
			p.Report(leaf.Here(), "add `description`: what the value is, in one sentence", "the field has no description")
		}
		for _, m := range leaf.Members {
			if !m.Description.Set() {
				p.Report(m.Name.Span, "add `description`: what the value means", "the member `%s` has no description", m.Name.V)
			}
		}
	}
}}
