// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

var exampleCoverage = Rule{Name: "example-coverage", Severity: diag.Error, Proposal: func(p *Pass) {
	example, field := p.Proposal.Example, p.Proposal.Field
	if example == nil || field == nil {
		return
	}
	value, ok := example.Payload.Get(p.Proposal.ID.V)
	if !ok || field.IsMessage() && value.Kind != source.Map && value.Kind != source.List {
		return
	}
	if field.IsRepeated() && value.Kind == source.List && len(value.Items) == 0 {
		p.Report(value.Span, "add an item", "the example is an empty list")
		return
	}
	covered := map[*proposal.Leaf]bool{}
	eachScalar(field, value, func(leaf *proposal.Leaf, _ source.Value) { covered[leaf] = true })
	for _, leaf := range field.Leaves() {
		if !covered[leaf] {
			p.Report(value.Span, "add a value of it; people look at the example for everything that is sent", "the example has no `%s`", leaf.Name.V)
		}
	}
}}
