// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"math"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/domain"
)

var looseDomain = Rule{Name: "loose-domain", Severity: diag.Warning, Proposal: func(p *Pass) {
	if !p.open() || p.Proposal.Field == nil {
		return
	}
	for _, leaf := range p.Proposal.Field.Leaves() {
		d, closed := p.Domain(leaf)
		if !closed || !numeric(leaf) || !leaf.Max.Span.Start.Before(leaf.Max.Span.End) {
			continue
		}
		least, greatest, ok := d.Numbers.Bounds()
		switch {
		case !ok:
		case least.Compare(greatest) == 0:
			p.Report(leaf.Max.Span, "leave the leaf out: what everybody sends says nothing", "it can only be %s", greatest)
		case p.atLimit(greatest):
			p.Report(leaf.Max.Span, "write the largest value that makes sense, with room to grow: a domain that holds everything keeps nothing out", "%s is where the type ends, not what is expected", greatest)
		}
	}
}}

// atLimit reports whether a bound is that of a type of protobuf, or as good as none.
func (p *Pass) atLimit(n domain.Number) bool {
	f := n.Float64()
	return f >= math.MaxInt64 || f == math.MaxUint32 || f == math.MaxInt32
}
