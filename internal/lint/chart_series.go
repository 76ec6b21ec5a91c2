// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// As many series can be told apart by their colours; by their order, where they are classes of one
// number, more.
const mostSeries, mostOrdered = 12, 32

var chartSeries = Rule{Name: "chart-series", Severity: diag.Error, Proposal: func(p *Pass) {
	if !p.open() {
		return // whoever decided has seen it
	}
	for i := range p.Proposal.Charts() {
		c := &p.Proposal.Charts()[i]
		if n := len(c.Summaries); n > mostSeries {
			p.Report(c.Summaries[mostSeries].Span, "make more charts of it", "the chart has %d lines, and people can tell %d apart", n, mostSeries)
		}
		if c.Series.Set() && len(c.Shows()) > 0 && c.Kind.V != "table" {
			p.checkSeries(c)
		}
	}
}}

func (p *Pass) checkSeries(c *proposal.Chart) {
	k, ok := p.keyNamed(c.Shows()[0].V, c.Series.Field.V)
	if !ok || p.endless(k.Ref.Leaf) {
		return
	}
	as := k.As
	if c.Series.As.Name != "" {
		as = c.Series.As
	}
	if as.Name == "postgresql" {
		return // as many as there are releases
	}
	n, most := p.classes(k.Ref.Leaf, as), float64(mostSeries)
	if k.Ref.Leaf == nil || k.Ref.Leaf.IsNumber() {
		most = mostOrdered
	}
	if c.Top.Set() {
		n = min(n, float64(c.Top.V))
	}
	if n > most {
		p.Report(c.Series.Field.Span, "add `top: "+topOf(most)+"`, or put the values into classes: `series: {field: "+k.Name+", as: …}`", "the chart can have %.0f series, and people can tell %.0f apart", n, most)
	}
}

func topOf(most float64) string {
	if most > mostSeries {
		return "12"
	}
	return "10"
}

// endless reports whether a leaf is a text of which nobody can list the values.
func (p *Pass) endless(leaf *proposal.Leaf) bool {
	if leaf == nil {
		return false
	}
	d, closed := p.Domain(leaf)
	return !closed || d.Kind == wire.Text && len(d.Texts) == 0
}
