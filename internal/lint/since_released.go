// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

var sinceReleased = Rule{Name: "since-released", Severity: diag.Warning, Proposal: func(p *Pass) {
	if p.Proposal.Status.V != proposal.Proposed || p.Proposal.Version == nil || p.IsLegacy() {
		return
	}
	for _, since := range p.Proposal.Version.Since {
		if date, ok := p.Registry.ReleaseDate(p.Proposal.NamespaceName(), since.V); ok && date <= p.Today {
			p.Report(since.Span, "name the release that will begin to send it, after it is approved", "%s was released on %s, and nothing was decided yet: it can't have sent this", since.V, date)
		}
	}
}}
