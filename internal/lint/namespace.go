// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

var namespace = Rule{Name: "namespace", Severity: diag.Error, Proposal: func(p *Pass) {
	name := p.Proposal.Namespace
	if _, ok := p.Registry.Project.Namespaces.Get(name.V); !name.Set() || ok {
		return
	}
	var known []string
	for _, n := range p.Registry.Project.Namespaces {
		known = append(known, n.Key.V)
	}
	p.Report(name.Span, proposal.Suggest(name.V, known, "add it under `namespaces` in "+proposal.ProjectFile+", or write one that is there: "), "there is no namespace `%s`", name.V)
}}
