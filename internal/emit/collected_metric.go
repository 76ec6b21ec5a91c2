// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// collectedMetric is the section of one metric.
type collectedMetric struct {
	ID, Title, Cell    string // Cell is the title inside a table
	Sent               string // by which releases
	Planned, Suspended bool
	State              string // what else there is to know of its lifecycle
	Question           string // as a block of its own
	Shape              string // of a list
	Leaves             []collectedLeaf
	Gathered, Privacy  string
	Published, Derived string // Derived names the metrics that are worked out of it
	From               string // of a derived metric: what it is worked out of
	Decision, Path     string
	Number             int64
}

// collectedLeaf is one value, and what its members mean if it is an enum.
type collectedLeaf struct {
	Name, Text string
	Members    []string
}

// metric describes a metric; f is nil if it has no field, or no longer.
func (c *collector) metric(p *proposal.Proposal, f *wire.Field) collectedMetric {
	m := collectedMetric{
		ID: p.ID.V, Title: prose(p.Title.V), Cell: cell(p.Title.V), Sent: c.sent(p), State: c.state(p), Question: quote(p.Question.V),
		Published: publishedWords(p), Derived: list(coded(c.derivedFrom(p.ID.V))), Path: code(p.Path),
	}
	m.Planned = c.registry.Lifecycle(p, c.day) == registry.Planned
	m.Suspended = p.Status.V == proposal.Suspended
	if p.Storage != nil {
		m.Gathered = prose(sentence(p.Storage.Description.V))
	}
	if p.PII != nil {
		m.Privacy = strings.TrimSpace(prose(sentence(p.PII.Description.V)) + " " + prose(sentence(p.PII.Sanitization.V)))
	}
	if n := len(p.Approval); n > 0 {
		m.Decision = decisionWords(&p.Approval[n-1])
	}
	var from []string
	for _, id := range p.From {
		from = append(from, code(id.V))
	}
	m.From = list(from)
	if p.Field != nil {
		m.Number = p.Field.Number.V
	}
	if f != nil {
		m.fields(f)
	}
	return m
}

func (m *collectedMetric) fields(f *wire.Field) {
	if f.Repeated {
		m.Shape = fmt.Sprintf("A list of at most %s, each with:", counted(int64(f.MaxItems), "item"))
		if names := keyNames(f); names != "" {
			m.Shape = fmt.Sprintf("A list of at most %s, no two with the same %s, each with:", counted(int64(f.MaxItems), "item"), names)
		}
	}
	for i := range f.Leaves {
		leaf := &f.Leaves[i]
		words := []string{prose(sentence(leaf.Source.Description.V)), domainWords(leaf), unitWords(leaf.Source)}
		if leaf.Domain.Kind == wire.Enum {
			words[1], words[2] = words[2], words[1] // its members follow
		}
		l := collectedLeaf{Name: leaf.Name, Text: fold(strings.Join(words, " "))}
		for _, member := range leaf.Domain.Enum {
			l.Members = append(l.Members, memberWords(leaf, member))
		}
		m.Leaves = append(m.Leaves, l)
	}
}

func memberWords(leaf *wire.Leaf, member proposal.Member) string {
	text := code(wire.EnumValue(leaf.Enum, member.Name.V))
	if member.Description.Set() {
		text += ": " + prose(sentence(member.Description.V))
	}
	if member.Since.Set() {
		text += " From " + member.Since.V + " on."
	}
	return text
}

// sent says which releases send a metric.
func (c *collector) sent(p *proposal.Proposal) string {
	if p.Version == nil || len(p.Version.Since) == 0 {
		return ""
	}
	var versions []string
	for _, since := range p.Version.Since {
		versions = append(versions, since.V)
	}
	slices.SortFunc(versions, func(a, b string) int { return domain.Compare(b, a) })
	component := cell(c.registry.Project.Component(p.NamespaceName()))
	text := fmt.Sprintf("%s %s and later", component, versions[0])
	if removed := p.Version.Removed; removed.Set() {
		text = fmt.Sprintf("%s %s and later, up to the last release before %s", component, versions[0], removed.V)
	}
	for _, backport := range versions[1:] {
		text += fmt.Sprintf("; in the %s series from %s on", domain.Parts(backport, 2), backport)
	}
	return text
}

// state says what the releases alone don't.
func (c *collector) state(p *proposal.Proposal) string {
	var parts []string
	switch stage := c.registry.Lifecycle(p, c.day); {
	case stage == registry.Retired:
		return "Since " + p.Retired.V + " the service drops it, and nothing of it is stored."
	case p.Status.V == proposal.Suspended && c.stillSent(p):
		parts = append(parts, "The newest release still sends it; the service drops it.")
	case p.Derived() && stage == registry.Planned:
		parts = append(parts, "Planned: not everything that it is worked out of is sent yet.")
	case p.Derived() && stage == registry.Deprecated:
		parts = append(parts, "Only older releases still send what it is worked out of.")
	}
	if p.Retired.Set() {
		parts = append(parts, "From "+p.Retired.V+" on the service drops it.")
	}
	return strings.Join(parts, " ")
}

func on(date string) string {
	if date == "" {
		return ""
	}
	return " on " + date
}

// decisionWords says what was decided last, when and why, and where that is on record.
func decisionWords(d *proposal.Decision) string {
	what := map[string]string{"approved": "Approved", "narrowed": "Narrowed", "suspended": "Suspended"}[d.Decision.V]
	text := "**" + what + on(d.Date.V) + ".**"
	for _, why := range []string{d.Reference.V, d.Reason.V} {
		if why = prose(sentence(why)); why != "" {
			text += " " + capital(why)
		}
	}
	return text
}

// derivedFrom returns the ids of the metrics in force that are worked out of one.
func (c *collector) derivedFrom(id string) []string {
	var ids []string
	for _, p := range c.registry.Proposals {
		for _, from := range p.From {
			if inForce(p) && from.V == id {
				ids = append(ids, p.ID.V)
			}
		}
	}
	return ids
}
