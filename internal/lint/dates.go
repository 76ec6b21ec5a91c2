// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import "github.com/pulp/pulpmetrics/internal/diag"

var dates = Rule{Name: "dates", Severity: diag.Error, Proposal: func(p *Pass) {
	last := ""
	for _, n := range p.Proposal.Discussion {
		if n.Date.V > p.Today {
			p.Report(n.Date.Span, "write the day on which it was said", "%s is in the future", n.Date.V)
		}
		if n.Date.V < last && n.Date.Set() {
			p.Report(n.Date.Span, "order the notes from the oldest", "%s is earlier than %s, the date of the note before it", n.Date.V, last)
		}
		last = max(last, n.Date.V)
	}
	v := p.Proposal.Version
	if retired := p.Proposal.Retired; retired.Set() && !p.Proposal.Derived() && (v == nil || !v.Removed.Set()) {
		p.Report(retired.Span, "say under `version.removed` which release no longer sends it", "a metric that is still sent can't be retired")
	} else if retired.Set() && v != nil {
		out, released := p.Registry.ReleaseDate(p.Proposal.NamespaceName(), v.Removed.V)
		switch {
		case released && retired.V < out:
			p.Report(retired.Span, "retire it after the release that removes it, and long enough for old systems to be upgraded", "it is retired before the release that removes it, %s of %s", v.Removed.V, out)
		case !released && v.Removed.Set() && retired.V <= p.Today:
			p.Report(retired.Span, "retire it after the release that removes it, and long enough for old systems to be upgraded", "it is retired, and the release that removes it, %s, is not out", v.Removed.V)
		}
	}
}}
