// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

var derived = Rule{Name: "derived", Severity: diag.Error, Proposal: func(p *Pass) {
	q := p.Proposal
	if !q.Derived() {
		return
	}
	if q.Field != nil {
		p.Report(q.Field.Key, "delete `field`, or delete `from` if it sends something of its own", "a derived metric sends nothing, so it has no field")
	}
	if q.Example != nil {
		p.Report(q.Example.Key, "delete `example`; the examples are those of the metrics it reads", "a derived metric sends nothing, so it has no example")
	}
	for _, id := range q.From {
		from := p.Registry.Metric(id.V)
		switch {
		case from == nil:
			p.suggest(id, p.Registry.IDs(), "the metrics are ", "there is no metric `%s`", id.V)
		case from.Derived():
			p.Report(id.Span, "name the metrics that it reads instead", "`%s` is derived itself", id.V)
		case q.Status.V == proposal.Approved && from.Status.V != proposal.Approved && from.Status.V != proposal.Suspended: // a stop needs no other change
			p.Report(id.Span, "it can be approved when `"+id.V+"` is", "`%s` has the status %s, so nothing approved can be derived from it", id.V, from.Status.V)
		}
	}
}}
