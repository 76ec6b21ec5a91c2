// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"regexp"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/source"
)

var (
	snakeCase = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	camelCase = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)
)

var names = Rule{Name: "names", Severity: diag.Error, Proposal: func(p *Pass) {
	snake := func(what string, name source.Text) {
		if name.Set() && !snakeCase.MatchString(name.V) {
			p.Report(name.Span, "write it in snake_case: lower-case words of letters and digits with single underscores between them", "%s `%s` is not in the style of proto fields", what, name.V)
		}
	}
	camel := func(what string, name source.Text) {
		if name.Set() && !camelCase.MatchString(name.V) {
			p.Report(name.Span, "write it in CamelCase, as in `OnlineWorkers`", "%s `%s` is not in the style of proto types", what, name.V)
		}
	}
	snake("the id", p.Proposal.ID)
	for i := range p.Proposal.Summaries() {
		snake("the summary", p.Proposal.Summaries()[i].ID)
	}
	if p.Proposal.Field == nil {
		return
	}
	camel("the message", p.Proposal.Field.Message)
	for _, leaf := range p.Proposal.Field.Leaves() {
		snake("the leaf", leaf.Name)
		camel("the enum", leaf.Enum)
		for _, m := range leaf.Members {
			snake("the member", m.Name)
		}
	}
}}
