// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/internal/wire"
)

var weights = Rule{Name: "weights", Severity: diag.Error, Proposal: func(p *Pass) {
	if p.Proposal.Field == nil {
		return
	}
	for _, leaf := range p.Proposal.Field.Leaves() {
		d, closed := p.Domain(leaf)
		if !closed {
			continue
		}
		for _, weight := range leaf.Weights {
			if weight.Value.V < 0 {
				p.Report(weight.Value.Span, "write how common the value is, as a number above 0", "the weight of `%s` is below 0", weight.Key.V)
			}
			if !d.Contains(weightValue(d, weight.Key)) {
				p.Report(weight.Key.Span, "delete it, or weigh a value of the domain: "+d.String(), "`%s` has a weight, and is not in the domain", weight.Key.V)
			}
		}
	}
}}

// weightValue reads the key of a weight, which YAML has as text, as a value of the leaf's kind.
func weightValue(d wire.Domain, key source.Text) source.Value {
	v := source.Value{Kind: source.String, Text: key.V, Span: key.Span}
	switch d.Kind {
	case wire.Numeric:
		v.Kind = source.Float
		if !strings.ContainsAny(key.V, ".eE") {
			v.Kind = source.Int
		}
	case wire.Bool:
		if key.V == "true" || key.V == "false" {
			v.Kind = source.Bool
		}
	}
	return v
}
