// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"slices"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/source"
)

var reservedNumber = Rule{Name: "reserved-number", Severity: diag.Error, Firm: true, Proposal: func(p *Pass) {
	f := p.Proposal.Field
	if f == nil {
		return
	}
	for i := range f.Fields {
		leaf := &f.Fields[i]
		if slices.ContainsFunc(f.Reserved, func(n source.Whole) bool { return n.V == leaf.Number.V }) {
			p.Report(leaf.Number.Span, "take a number that was never used; reports of old systems still carry this one", "the number %d of `%s` is reserved", leaf.Number.V, leaf.Name.V)
		}
		if slices.ContainsFunc(f.ReservedNames, func(name source.Text) bool { return name.V == leaf.Name.V }) {
			p.Report(leaf.Name.Span, "take a name that was never used; what was stored under this one means something else", "the name `%s` is reserved", leaf.Name.V)
		}
	}
}}
