// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"fmt"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/exposure"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
)

const budgetRule = "pii-budget"

var piiBudget = Rule{Name: budgetRule, Severity: diag.Warning, Firm: true, Project: func(p *Pass) {
	budget, leaves := p.prover().Budget(p.Registry, p.Today)
	if over := budget.Over(); over > 0 {
		p.Report(p.Registry.Project.PII.BudgetBits.Span, exposure.Ways(leaves, over), "%s", overText(budget))
	}
}}

func overText(b exposure.Budget) string {
	return fmt.Sprintf("one report tells %.1f bits, and the budget is %g", b.Bits, b.Most)
}

// Budget reports a change that raises what one report tells past the budget: from the registry
// before to the one after, on a day, YYYY-MM-DD.
func Budget(before, after *registry.Registry, day string) []diag.Diagnostic {
	prover := exposure.NewProver()
	was, old := prover.Budget(before, day)
	is, leaves := prover.Budget(after, day)
	over := is.Over()
	if over <= 0 || is.Bits <= was.Bits {
		return nil
	}
	file, span := proposal.ProjectFile, source.Span{}
	if after.Project.PII != nil {
		span = after.Project.PII.BudgetBits.Span
	}
	raised := raisedLeaves(old, leaves)
	if len(raised) > 0 {
		file, span = raised[0].Metric.Path, raised[0].Source.Here()
	}
	return []diag.Diagnostic{{
		File: file, Span: span, Severity: diag.Error, Rule: budgetRule,
		Message: fmt.Sprintf("the change raises what one report tells from %.1f bits to %.1f, and the budget is %g", was.Bits, is.Bits, is.Most),
		Help:    exposure.Ways(raised, min(over, is.Bits-was.Bits)),
	}}
}

// raisedLeaves are the leaves that tell more than they did, or that are new.
func raisedLeaves(before, after []exposure.Leaf) []exposure.Leaf {
	bits := map[string]float64{}
	for _, l := range before {
		bits[l.Path] = l.Bits
	}
	var raised []exposure.Leaf
	for _, l := range after {
		if l.Bits > bits[l.Path] && l.Proof != exposure.Identifier {
			raised = append(raised, l)
		}
	}
	return raised
}
