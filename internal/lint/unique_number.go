// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"strconv"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/source"
)

var uniqueNumber = Rule{Name: "unique-number", Severity: diag.Error, Firm: true, Proposal: func(p *Pass) {
	f := p.Proposal.Field
	if f == nil {
		return
	}
	for _, other := range p.Registry.ByNumber(f.Number.V) {
		if other != p.Proposal {
			p.ReportFix(takeFree(p), f.Number.Span, "the next free number of the namespace is "+nextFree(p), "%s has the number %d too", other.Path, f.Number.V)
		}
	}
	seen := map[int64]string{}
	for i := range f.Fields {
		leaf := &f.Fields[i]
		if name, taken := seen[leaf.Number.V]; taken && leaf.Number.Set() {
			p.Report(leaf.Number.Span, "give it the next free number of the message", "`%s` has the number %d too", name, leaf.Number.V)
		}
		seen[leaf.Number.V] = leaf.Name.V
	}
}}

// takeFree is the fix that takes the next free number of the namespace; nil where none is left.
func takeFree(p *Pass) *source.Fix {
	if _, ok := p.Registry.NextNumber(p.Proposal.NamespaceName()); !ok {
		return nil
	}
	return write(p.Proposal.Field.Number.Span, nextFree(p))
}

// nextFree returns the next free number of the proposal's namespace, in digits.
func nextFree(p *Pass) string {
	n, ok := p.Registry.NextNumber(p.Proposal.NamespaceName())
	if !ok {
		return "none: the range is used up"
	}
	return strconv.FormatInt(n, 10)
}
