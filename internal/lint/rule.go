// SPDX-License-Identifier: GPL-2.0-or-later

// Package lint holds the rules that proposals are checked by, one file and one page each. In
// flows a registry; out come diagnostics, sorted, without those that a proposal ignores.
package lint

import (
	"fmt"
	"slices"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/exposure"
	"github.com/pulp/pulpmetrics/internal/pii"
	"github.com/pulp/pulpmetrics/internal/plan"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// Rule is one thing that proposals have to keep. Its page, NAME.md beside the code, says why, and
// is its test.
type Rule struct {
	Name     string
	Severity diag.Severity
	Firm     bool        // can't be ignored: structure, the wire, personal data and decisions
	Proposal func(*Pass) // called for each proposal, also those read in part; may be nil
	Project  func(*Pass) // called once, for pulpmetrics.yaml; may be nil
}

// Pass is one file in front of one rule.
type Pass struct {
	Registry *registry.Registry
	Proposal *proposal.Proposal // nil while pulpmetrics.yaml is checked
	Today    string             // YYYY-MM-DD, in UTC
	Plan     plan.Plan          // of the proposal

	rule     *Rule
	file     string
	problems []source.Problem // of the structure, the domains and the plan of the file
	found    []diag.Diagnostic
	compiler *wire.Compiler
	rules    map[string]*Rule
	similar  func() *similars // proposals by their words, worked out when they are first asked for
	scanned  bool             // private is what the scanner found
	private  []pii.Finding    // in the proposal
	proves   *exposure.Prover
}

// prover works out what leaves could give away.
func (p *Pass) prover() *exposure.Prover { return p.proves }

// Report adds a finding about a piece of the file.
func (p *Pass) Report(span source.Span, help, format string, args ...any) {
	p.ReportFix(nil, span, help, format, args...)
}

// ReportFix adds a finding that can be mended by a fix, which may be nil.
func (p *Pass) ReportFix(fix *source.Fix, span source.Span, help, format string, args ...any) {
	p.found = append(p.found, diag.Diagnostic{
		File: p.file, Span: span, Severity: p.rule.Severity, Rule: p.rule.Name,
		Message: fmt.Sprintf(format, args...), Help: help, Fix: fix,
	})
}

// suggest reports a name that isn't there, and offers the nearest known one.
func (p *Pass) suggest(name source.Text, known []string, lead, format string, args ...any) {
	fix := proposal.SuggestFix(name, known)
	if fix != nil {
		fix.Unsure = true
	}
	p.ReportFix(fix, name.Span, proposal.Suggest(name.V, known, lead), format, args...)
}

// write is the fix that writes a text in the place of a value, if that is what was meant.
func write(span source.Span, text string) *source.Fix {
	return &source.Fix{Title: "write `" + text + "`", Edits: []source.Edit{{Span: span, Text: text}}, Unsure: true}
}

// Domain returns the compiled domain of a leaf, and whether it is closed.
func (p *Pass) Domain(leaf *proposal.Leaf) (wire.Domain, bool) {
	d, problems := p.compiler.Domain(leaf)
	return d, len(problems) == 0
}

// Checked reports whether the proposal has left the drafts: it was put before the working group,
// whatever became of it.
func (p *Pass) Checked() bool {
	status := p.Proposal.Status.V
	return status != proposal.Draft && slices.Contains(proposal.Statuses(), status)
}

// InForce reports whether the proposal is approved, or was until it was suspended.
func (p *Pass) InForce() bool {
	return p.Proposal.Status.V == proposal.Approved || p.Proposal.Status.V == proposal.Suspended
}

// IsLegacy reports whether the proposal was decided before the toolkit.
func (p *Pass) IsLegacy() bool { return p.Registry.Project.IsLegacy(p.Proposal.ID.V) }

// reportProblems reports what was found on the way from bytes to plans under the rule's name.
func reportProblems(p *Pass) {
	for _, problem := range p.problems {
		if problem.Code == p.rule.Name {
			p.ReportFix(problem.Fix, problem.Span, problem.Help, "%s", problem.Message)
		}
	}
}

// structural returns a rule whose findings are made while files are read.
func structural(name string) Rule {
	return Rule{Name: name, Severity: diag.Error, Firm: true, Proposal: reportProblems, Project: reportProblems}
}

// compiled returns a rule whose findings are made while domains and plans are compiled.
func compiled(name string) Rule {
	return Rule{Name: name, Severity: diag.Error, Proposal: reportProblems}
}

// firm makes a rule one that can't be ignored.
func firm(r Rule) Rule {
	r.Firm = true
	return r
}
