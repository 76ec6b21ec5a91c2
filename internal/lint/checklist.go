// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"slices"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
)

var checklist = Rule{Name: "checklist", Severity: diag.Error, Proposal: func(p *Pass) {
	if !p.Checked() || !p.Proposal.Status.Set() || p.Proposal.Status.V == proposal.Withdrawn { // a draft can be withdrawn as it is
		return
	}
	for _, item := range missingItems(p) {
		help := "add `" + item.key + "`"
		if p.Proposal.Status.V == proposal.Proposed {
			help += ", or make it a draft again"
		}
		p.Report(p.Proposal.Status.Span, help+". "+item.why, "status `%s` needs `%s`", p.Proposal.Status.V, item.key)
	}
}}

// item is one answer of the checklist: the key it stands under, and what it is for.
type item struct {
	key, why string
	given    bool
}

// missingItems lists the answers that the proposal owes, given its status.
func missingItems(p *Pass) []item {
	q := p.Proposal
	items := []item{
		{"authors", "Somebody has to stand for the proposal, and no author decides on it.", len(q.Authors) > 0 || p.IsLegacy()},
		{"pii", "Is this metric Personally-Identifiable-Data? How is it sanitized?", q.PII != nil},
	}
	if !q.Derived() {
		items = append(items,
			item{"example", "What is a specific example of the data to be gathered?", q.Example != nil},
			item{"storage", "How will it be stored in the database or gathered at runtime?", q.Storage != nil},
			item{"load", "Will gathering or storing it be an unacceptable burden on Pulp?", q.Load != nil},
			item{"field", "What exactly would be sent?", q.Field != nil})
	}
	if !q.Derived() && q.Status.V != proposal.NotApproved {
		items = append(items, item{"version", "What pulpcore version will this be collected with?", q.Version != nil})
	}
	if p.InForce() && q.Field != nil {
		items = append(items, item{"field.number", "The next free number of the namespace is " + nextFree(p) + ".", q.Field.Number.Set()})
	}
	if !p.Registry.Read(q.ID.V) {
		items = append(items,
			item{"summarization", "How are we going to summarize it?", q.Summarization != nil},
			item{"visualization", "How are we going to visualize it?", q.Visualization != nil || allUncharted(q)})
	}
	return slices.DeleteFunc(items, func(i item) bool { return i.given })
}

func allUncharted(p *proposal.Proposal) bool {
	return !slices.ContainsFunc(p.Summaries(), func(s proposal.Summary) bool { return !s.Uncharted.Set() })
}

// Owed is an answer of the checklist that a proposal doesn't give: the key it would stand under, and
// the question.
type Owed struct{ Key, Question string }

// OwedBy lists what a proposal would still have to answer if it was proposed.
func OwedBy(r *registry.Registry, q *proposal.Proposal) []Owed {
	proposed := *q
	proposed.Status.V = proposal.Proposed
	var owed []Owed
	for _, i := range missingItems(&Pass{Registry: r, Proposal: &proposed}) {
		owed = append(owed, Owed{i.key, i.why})
	}
	return owed
}
