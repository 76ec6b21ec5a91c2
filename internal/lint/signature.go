// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/internal/sshsig"
)

var signature = Rule{Name: "signature", Severity: diag.Error, Firm: true, Proposal: func(p *Pass) {
	for i := range p.Proposal.Approval {
		d := &p.Proposal.Approval[i]
		for j := range d.Signatures {
			s := &d.Signatures[j]
			if s.By.Set() && !slices.ContainsFunc(d.By, func(by source.Text) bool { return strings.EqualFold(by.V, s.By.V) }) {
				p.Report(s.By.Span, "only those under `by` can sign a decision; it can't be made to fit afterwards", "`%s` did not make this decision", s.By.V)
			}
			if slices.ContainsFunc(d.Signatures[:j], func(other proposal.Signature) bool { return strings.EqualFold(other.By.V, s.By.V) }) {
				p.Report(s.By.Span, "keep one signature of each", "`%s` signs this decision twice", s.By.V)
			}
			if s.Signature.Set() && !sshsig.IsArmored(s.Signature.V) {
				p.Report(s.Signature.Span, "`pulpmetrics sign "+p.Proposal.ID.V+"` adds one; `pulpmetrics explain decision-proof` tells how", "this is no SSH signature")
			}
		}
	}
}}
