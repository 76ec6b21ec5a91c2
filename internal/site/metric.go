// SPDX-License-Identifier: GPL-2.0-or-later

package site

import (
	"fmt"
	"strings"
	"text/template"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/internal/wire"
	"github.com/pulp/pulpmetrics/templates"
)

// metricPage is what the template of a metric is filled with: every part is Markdown.
type metricPage struct {
	ID, Title, Status, Lifecycle, Namespace, Owners, Component string
	Question, From, Storage, Load, PII, Version                string
	Links, Summaries, Charts, Alternatives, Discussion         []string
	Decisions, ParkingLot, Findings                            []string
	Example                                                    *examplePart
	Field                                                      *fieldPart
}

type examplePart struct{ JSON, Size, Notes string }

type fieldPart struct {
	Head   string
	Leaves []leafPart
}

type leafPart struct{ Name, Number, Type, Domain, Description string }

// Metric returns the page of one metric as Markdown, its answers in the order of the working
// group's checklist, as of a day (YYYY-MM-DD). The findings are those of its file.
func Metric(r *registry.Registry, p *proposal.Proposal, findings []diag.Diagnostic, day string) (string, error) {
	t, err := template.ParseFS(templates.FS, "terminal/metric.md.tmpl")
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = t.Execute(&out, newMetricPage(r, p, findings, day))
	return out.String(), err
}

func newMetricPage(r *registry.Registry, p *proposal.Proposal, findings []diag.Diagnostic, day string) metricPage {
	page := metricPage{
		ID: p.ID.V, Title: inline(p.Title.V), Status: p.Status.V, Lifecycle: string(r.Lifecycle(p, day)),
		Namespace: p.NamespaceName(), Owners: joinTexts(owners(p)), Component: r.Project.Component(p.NamespaceName()),
		Question: block(p.Question), From: code(p.From),
		Example: newExample(p), Field: newField(p),
		Links: texts(p.Links), ParkingLot: texts(p.ParkingLot),
	}
	page.answers(p)
	page.lists(p, findings)
	return page
}

// answers fills what the checklist asks for in words.
func (m *metricPage) answers(p *proposal.Proposal) {
	if s := p.Storage; s != nil {
		gathered := map[string]string{"runtime": "Gathered at runtime.", "database": "Kept in the database."}[s.Gathered.V]
		m.Storage = gathered + " " + block(s.Description)
	}
	if l := p.Load; l != nil {
		verdict := "Not acceptable."
		if l.Acceptable.V {
			verdict = "Acceptable."
		}
		m.Load = verdict + " " + block(l.Description)
	}
	if pii := p.PII; pii != nil {
		alone := map[string]string{"none": "It can't tell one installation from another.", "alone": "It tells one installation from all others.",
			"in_combination": "Together with other values it could tell one installation from others."}[pii.SinglesOut.V]
		m.PII = fmt.Sprintf("**%s**. %s %s\n\n%s", pii.Class.V, alone, block(pii.Description), block(pii.Sanitization))
	}
	if v := p.Version; v != nil {
		m.Version = "From " + joinTexts(v.Since) + " on."
		if v.Removed.Set() {
			m.Version += " No longer from " + v.Removed.V + " on."
		}
	}
}

// lists fills what there can be any number of.
func (m *metricPage) lists(p *proposal.Proposal, findings []diag.Diagnostic) {
	for i := range p.Summaries() {
		m.Summaries = append(m.Summaries, describeSummary(&p.Summaries()[i]))
	}
	for i := range p.Charts() {
		m.Charts = append(m.Charts, describeChart(&p.Charts()[i]))
	}
	for _, a := range p.Alternatives {
		m.Alternatives = append(m.Alternatives, fmt.Sprintf("**%s**: %s", inline(a.Title.V), inline(a.Description.V)))
	}
	for _, n := range p.Discussion {
		m.Discussion = append(m.Discussion, n.Date.V+": "+inline(n.Note.V))
	}
	for i := range p.Approval {
		m.Decisions = append(m.Decisions, describeDecision(&p.Approval[i]))
	}
	for _, d := range findings {
		m.Findings = append(m.Findings, fmt.Sprintf("line %d: %s: %s (`%s`)", d.Span.Start.Line, d.Severity, inline(d.Message), d.Rule))
	}
}

func newExample(p *proposal.Proposal) *examplePart {
	if p.Example == nil {
		return nil
	}
	part := &examplePart{JSON: indentJSON(p.Example.Payload), Notes: block(p.Example.Notes)}
	if data, err := wire.Encode(p); err == nil && len(data) > 0 {
		part.Size = fmt.Sprintf("This takes %d bytes of a report.", len(data))
	}
	return part
}

func newField(p *proposal.Proposal) *fieldPart {
	f := p.Field
	if f == nil {
		return nil
	}
	var compiler wire.Compiler
	part := &fieldPart{Head: fieldHead(p)}
	for _, leaf := range f.Leaves() {
		d, _ := compiler.Domain(leaf)
		name := leaf.Name.V
		if name == "" {
			name = p.ID.V
		}
		part.Leaves = append(part.Leaves, leafPart{
			Name: name, Number: numberText(leaf.Number), Type: wire.TypeName(leaf),
			Domain: cell(d.String()), Description: inline(leaf.Description.V) + measured(leaf),
		})
	}
	return part
}

func fieldHead(p *proposal.Proposal) string {
	f := p.Field
	number := "without a number yet"
	if f.Number.Set() {
		number = fmt.Sprintf("number %d", f.Number.V)
	}
	switch {
	case f.IsRepeated():
		return fmt.Sprintf("Field `%s`, %s: at most %d of message `%s`, told apart by %s.", p.ID.V, number, f.MaxItems.V, f.Message.V, code(f.KeyNames))
	case f.IsMessage():
		return fmt.Sprintf("Field `%s`, %s: a message `%s`.", p.ID.V, number, f.Message.V)
	}
	return fmt.Sprintf("Field `%s`, %s: a single value.", p.ID.V, number)
}

func numberText(n source.Whole) string {
	if !n.Set() {
		return "–"
	}
	return fmt.Sprint(n.V)
}

// measured says in which unit, and over what time.
func measured(leaf *proposal.Leaf) string {
	var parts []string
	if leaf.Unit.Set() {
		parts = append(parts, "in "+leaf.Unit.V)
	}
	if leaf.Window.Set() && leaf.Window.V != "now" {
		parts = append(parts, "over "+leaf.Window.V)
	}
	if leaf.Absent.V == "zero" {
		parts = append(parts, "counted as 0 where it is missing")
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
