// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"net/url"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var links = Rule{Name: "links", Severity: diag.Error, Proposal: func(p *Pass) {
	for _, link := range p.Proposal.Links {
		if link.Set() && !isURL(link.V) {
			p.Report(link.Span, "write the whole address, as in https://github.com/pulp/pulpcore/pull/3116", "`%s` is not a web address", link.V)
		}
	}
	for _, d := range p.Proposal.Approval {
		if strings.Contains(d.Reference.V, "://") && !strings.ContainsAny(strings.TrimSpace(d.Reference.V), " \n") && !isURL(d.Reference.V) {
			p.Report(d.Reference.Span, "write the whole address, or the meeting in words", "`%s` is not a web address", d.Reference.V)
		}
	}
}}

func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && !strings.ContainsAny(s, " \t\n")
}
