// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"math"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/plan"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// mostCells is how many rows a summary may have room for on one day.
const mostCells = 2_000_000

var summaryCells = Rule{Name: "summary-cells", Severity: diag.Error, Proposal: func(p *Pass) {
	if !p.open() {
		return // summaries that were decided on stay
	}
	for i := range p.Plan.Summaries {
		s := &p.Plan.Summaries[i]
		if len(s.Keys) < len(s.By) {
			continue // what is wrong with the keys is reported there
		}
		cells := 1.0
		for _, k := range s.Keys {
			n := p.classes(k.Ref.Leaf, k.As)
			if math.IsInf(n, 1) {
				p.Report(k.Span, "count without it, or put its values into classes", "every system has a `%s` of its own, so each row of `%s` would be about one system", k.Name, s.ID.V)
				cells = 0
				break
			}
			cells *= n
		}
		if cells > mostCells {
			p.Report(s.ID.Span, "leave a key out, or put values into classes with `as: log2`, `as: xy` or edges", "`%s` has room for %.0f rows a day; the most is %d", s.ID.V, cells, mostCells)
		}
	}
}}

// Texts have no end of values. What is reckoned with are those that a fleet has.
const (
	openTexts = 1000
	versionXY = 200
	versionX  = 20
	longLived = 10_000 // days of age
)

// classes is how many different values a key can have; infinite where each system has its own.
func (p *Pass) classes(leaf *proposal.Leaf, as proposal.As) float64 {
	switch as.Name {
	case "xy":
		return versionXY
	case "x", "postgresql":
		return versionX
	case proposal.ClassEdges:
		return float64(len(as.Edges) + 1)
	}
	n := p.values(leaf)
	if as.Name == "log2" && !math.IsInf(n, 1) {
		return math.Floor(math.Log2(max(p.largest(leaf), 1))) + 2
	}
	return n
}

// values is how many values a leaf can have. A leaf of nil is the age in days.
func (p *Pass) values(leaf *proposal.Leaf) float64 {
	if leaf == nil {
		return longLived
	}
	d, closed := p.Domain(leaf)
	switch {
	case !closed:
		return 1 // another rule has reported it
	case d.Kind == wire.Bool:
		return 2
	case d.Kind == wire.Numeric:
		return math.Round(math.Exp2(d.Numbers.Cardinality()))
	case d.Format == domain.UUID:
		return math.Inf(1)
	case d.Pattern != nil:
		return min(math.Exp2(d.Pattern.Cardinality()), openTexts)
	case d.Format != 0:
		return openTexts
	}
	return float64(max(len(d.Texts), 1))
}

// largest is the largest number that a leaf can have.
func (p *Pass) largest(leaf *proposal.Leaf) float64 {
	if leaf == nil {
		return longLived
	}
	d, closed := p.Domain(leaf)
	if !closed || d.Kind != wire.Numeric {
		return 1
	}
	_, greatest, _ := d.Numbers.Bounds()
	return greatest.Float64()
}

// keyNamed returns a key of one of the proposal's summaries.
func (p *Pass) keyNamed(summary, name string) (plan.Key, bool) {
	for i := range p.Plan.Summaries {
		if s := &p.Plan.Summaries[i]; s.ID.V == summary {
			for _, k := range s.Keys {
				if k.Name == name {
					return k, true
				}
			}
		}
	}
	return plan.Key{}, false
}
