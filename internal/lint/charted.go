// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import "github.com/pulp/pulpmetrics/internal/diag"

var charted = Rule{Name: "charted", Severity: diag.Error, Proposal: func(p *Pass) {
	if !p.Checked() {
		return
	}
	for i := range p.Proposal.Summaries() {
		s := &p.Proposal.Summaries()[i]
		shown := p.Registry.Charted(s.ID.V)
		switch {
		case !shown && !s.Uncharted.Set():
			p.Report(s.ID.Span, "add a chart, or say under `uncharted` why nobody has to see it", "no chart shows `%s`", s.ID.V)
		case shown && s.Uncharted.Set():
			p.Report(s.Uncharted.Span, "delete `uncharted`", "a chart shows `%s`", s.ID.V)
		}
	}
}}
