// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import "github.com/pulp/pulpmetrics/internal/diag"

// Numbers that protobuf keeps for itself.
const firstProtobufNumber, lastProtobufNumber = 19000, 19999

var numberRange = Rule{Name: "number-range", Severity: diag.Error, Firm: true, Proposal: func(p *Pass) {
	f := p.Proposal.Field
	if f == nil {
		return
	}
	ns, ok := p.Registry.Project.Namespaces.Get(p.Proposal.NamespaceName())
	from, to := ns.Range()
	if n := f.Number; n.Set() && ok && (n.V < from || n.V > to) {
		p.ReportFix(takeFree(p), n.Span, "the next free number of the namespace is "+nextFree(p), "%d is outside %s, the range of namespace `%s`", n.V, ns.Numbers.V, p.Proposal.NamespaceName())
	}
	for _, leaf := range append(f.Leaves(), &f.Leaf) {
		if n := leaf.Number; firstProtobufNumber <= n.V && n.V <= lastProtobufNumber {
			p.Report(n.Span, "take a smaller number", "protobuf keeps the numbers from %d to %d for itself", firstProtobufNumber, lastProtobufNumber)
		}
	}
}}
