// SPDX-License-Identifier: GPL-2.0-or-later

package govern

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// Panel is who may decide about one proposal.
type Panel struct {
	Approvers []proposal.Approver
	Quorum    int64
	Authors   []source.Text // of the proposal: they don't decide about it
	Owners    []source.Text // they may narrow it
}

// NewPanel returns the panel of a proposal, as a project lists approvers.
func NewPanel(project *proposal.Project, p *proposal.Proposal) Panel {
	owners := p.Owners
	if len(owners) == 0 {
		owners = p.Authors
	}
	return Panel{Approvers: project.Approvers, Quorum: max(1, project.Quorum.V), Authors: p.Authors, Owners: owners}
}

// Objection says why a decision doesn't count. Span is of what is wrong in the file, if it came
// from one.
type Objection struct {
	Span          source.Span
	Message, Help string
}

// Objections says why a decision was not for those who made it to make; nil if it was. A decision
// without date or names, one from before the toolkit and a withdrawal are nobody's to object to.
func (p Panel) Objections(d *proposal.Decision) []Objection {
	if d.Legacy.V || d.Date.V == "" || len(d.By) == 0 {
		return nil
	}
	switch d.Decision.V {
	case proposal.Approved, proposal.NotApproved:
		return p.quorum(d)
	case proposal.Narrowed:
		may := func(who string) bool { return p.isApprover(who, d.Date.V) || names(p.Owners, who) }
		return p.anyone(d, may, "an owner or an approver")
	case proposal.Suspended:
		may := func(who string) bool { return p.isApprover(who, d.Date.V) }
		return p.anyone(d, may, "an approver")
	}
	return nil
}

// quorum asks for enough approvers, and for nobody else.
func (p Panel) quorum(d *proposal.Decision) []Objection {
	var out []Objection
	counted := map[string]bool{}
	for _, by := range d.By {
		switch {
		case names(p.Authors, by.V):
			out = append(out, Objection{by.Span, fmt.Sprintf("`%s` is an author, and nobody decides about their own proposal", by.V), "let other approvers decide: " + p.list(d.Date.V, p.Authors)})
		case !p.isApprover(by.V, d.Date.V):
			out = append(out, Objection{by.Span, fmt.Sprintf("`%s` was no approver on %s", by.V, d.Date.V), "name approvers only: " + p.list(d.Date.V, p.Authors)})
		default:
			counted[p.spelled(by.V)] = true
		}
	}
	if n := int64(len(counted)); n < p.Quorum && len(out) == 0 {
		out = append(out, Objection{d.By[0].Span, fmt.Sprintf("it takes %d approvers to decide, and %d did", p.Quorum, n), "let others decide too: " + p.list(d.Date.V, p.Authors)})
	}
	return out
}

// anyone asks for one who may decide alone.
func (p Panel) anyone(d *proposal.Decision, may func(who string) bool, whom string) []Objection {
	if slices.ContainsFunc(d.By, func(by source.Text) bool { return may(by.V) }) {
		return nil
	}
	return []Objection{{d.By[0].Span, fmt.Sprintf("nobody of `by` was %s on %s", whom, d.Date.V), "it takes one of the approvers: " + p.list(d.Date.V, nil)}}
}

func (p Panel) isApprover(who, day string) bool {
	return slices.ContainsFunc(p.Approvers, func(a proposal.Approver) bool {
		return sameHandle(a.Handle.V, who) && a.From.V <= day && (!a.Until.Set() || day < a.Until.V)
	})
}

// Candidates names those who may decide on a day, in one line.
func (p Panel) Candidates(day string) string {
	var all []string
	for _, a := range p.Approvers {
		if p.isApprover(a.Handle.V, day) && !names(p.Authors, a.Handle.V) && !slices.Contains(all, a.Handle.V) {
			all = append(all, a.Handle.V)
		}
	}
	if len(all) == 0 {
		return "there are none who aren't authors"
	}
	return strings.Join(all, ", ")
}

// list names the approvers of a day, without some.
func (p Panel) list(day string, without []source.Text) string {
	var all []string
	for _, a := range p.Approvers {
		if p.isApprover(a.Handle.V, day) && !names(without, a.Handle.V) && !slices.Contains(all, "`"+a.Handle.V+"`") {
			all = append(all, "`"+a.Handle.V+"`")
		}
	}
	if len(all) == 0 {
		return "pulpmetrics.yaml lists nobody else for " + day
	}
	return "on " + day + " they were " + strings.Join(all, ", ")
}

// names reports whether a handle is among others.
func names(handles []source.Text, who string) bool {
	return slices.ContainsFunc(handles, func(h source.Text) bool { return sameHandle(h.V, who) })
}

// sameHandle reports whether two handles are one. Forges don't tell upper from lower case, of the
// letters that they allow; any others that look or fold alike are somebody else's.
func sameHandle(a, b string) bool {
	return a == b || isASCII(a) && isASCII(b) && strings.EqualFold(a, b)
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

// spelled is a handle as the list of approvers has it.
func (p Panel) spelled(handle string) string {
	for _, a := range p.Approvers {
		if sameHandle(a.Handle.V, handle) {
			return a.Handle.V
		}
	}
	return handle
}
