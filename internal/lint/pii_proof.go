// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"fmt"
	"math"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/exposure"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

// quietBits is what a metric may tell that never tells an installation apart: one of a thousand groups,
// in each of which a fleet has several.
const quietBits = 10

var piiProof = Rule{Name: "pii-proof", Severity: diag.Error, Firm: true, Proposal: func(p *Pass) {
	said := p.Proposal.PII
	if said == nil || p.Proposal.Field == nil {
		return
	}
	weigh := p.prover().Weigh
	if said.Class.V == "none" { // only then it matters what detectors find
		weigh = p.prover().Metric
	}
	leaves := weigh(p.Proposal)
	for i := range leaves {
		checkProof(p, said, &leaves[i])
	}
	bits := exposure.Sum(leaves)
	if said.SinglesOut.V == "none" && bits > quietBits {
		p.Report(said.SinglesOut.Span, "write `in_combination`, or send size classes; `pulpmetrics pii "+p.Proposal.ID.V+"` shows which leaf tells what", "`singles_out: none`, and the metric tells %.1f bits, as much as one installation in %s", bits, oneIn(bits))
	}
}}

// oneIn says among how many installations that many bits find one.
func oneIn(bits float64) string {
	if bits > 30 {
		return "more than there are"
	}
	return fmt.Sprintf("%.0f", math.Exp2(bits))
}

// checkProof holds what the author says against what a leaf can hold.
func checkProof(p *Pass, said *proposal.PII, l *exposure.Leaf) {
	carries := l.Carries()
	switch {
	case l.Proof == exposure.Identifier:
		if said.SinglesOut.Set() && said.SinglesOut.V != "alone" {
			p.Report(said.SinglesOut.Span, "write `singles_out: alone`", "`%s` is an identifier, and tells one installation from all others", l.Path)
		}
		if said.Class.V == "none" || said.Class.V == "sanitized" {
			p.Report(said.Class.Span, "write `class: pseudonymous`", "`%s` is an identifier, and its class is `pseudonymous`", l.Path)
		}
	case said.Class.V == "none" && len(carries) > 0:
		p.Report(said.Class.Span, "narrow the domain of `"+l.Path+"`, best to `values`; or write `class: sanitized`, and under `sanitization` how it is kept out", "class `none`, and `%s` lets through %s", l.Path, strings.Join(carries, ", "))
	}
}
