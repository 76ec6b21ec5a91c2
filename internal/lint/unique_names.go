// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import "github.com/pulp/pulpmetrics/internal/diag"

var uniqueNames = Rule{Name: "unique-names", Severity: diag.Error, Proposal: func(p *Pass) {
	checkSummaryNames(p)
	if p.Proposal.Field == nil {
		return
	}
	seen := map[string]bool{}
	for _, leaf := range p.Proposal.Field.Leaves() {
		if leaf.Name.Set() && seen[leaf.Name.V] {
			p.Report(leaf.Name.Span, "give each leaf a name of its own", "the message has two leaves named `%s`", leaf.Name.V)
		}
		seen[leaf.Name.V] = true
	}
	checkTypeNames(p)
}}

func checkSummaryNames(p *Pass) {
	for i := range p.Proposal.Summaries() {
		s := &p.Proposal.Summaries()[i]
		if first, ok := p.Registry.Summary(s.ID.V); ok && first.Summary != s && s.ID.Set() {
			p.Report(s.ID.Span, "choose another id: rows are published under it", "%s has a summary `%s` too", first.Proposal.Path, s.ID.V)
		}
	}
}

// checkTypeNames reports types that are declared twice: all of them are nested in one message.
func checkTypeNames(p *Pass) {
	for i, name := range p.Proposal.Field.TypeNames() {
		help := "give each type a name of its own: they are all nested in " + p.Registry.Project.Message.V
		for _, earlier := range p.Proposal.Field.TypeNames()[:i] {
			if earlier.V == name.V {
				p.Report(name.Span, help, "`%s` is declared twice", name.V)
			}
		}
		for _, other := range p.Registry.ByType(name.V) {
			if other.Path < p.Proposal.Path {
				p.Report(name.Span, help, "%s declares `%s` too", other.Path, name.V)
			}
		}
	}
}
