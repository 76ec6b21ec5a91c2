// SPDX-License-Identifier: GPL-2.0-or-later

package govern

import (
	"cmp"
	"io"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/templates"
)

// reviewSoon is how many days before its day a review comes onto the agenda.
const reviewSoon = 30

// Agenda is what the next meeting has to talk about, in the order of the working group's own notes.
// Texts are one line each; days are YYYY-MM-DD.
type Agenda struct {
	Day, From  string   // of the meeting, and from when on decisions are listed
	Approvers  []string // on the day of the meeting
	Previous   []string // lines of the last meeting's action items
	Proposed   []Waiting
	Drafts     []Waiting
	Decisions  []Decided
	Review     []Topic
	Ending     []Topic
	ParkingLot []Topic
	Links      []string
}

// Waiting is a proposal that waits. Since is the day on which it came to its status, or "".
type Waiting struct {
	Name, Since, Question string
	Lacks                 []string
}

// Decided is one decision. Standing says whether it is asserted or proved.
type Decided struct {
	Date, Name, Decision string
	By                   []string
	Standing             string
}

// Topic is a metric and what there is to say about it.
type Topic struct{ Name, Text string }

// Minutes is what an agenda is made of beside the registry.
type Minutes struct {
	Day, From string
	Previous  []string
	History   *History // nil where there is none
	Folder    string   // of the project, from the top of the work tree
	// Lacks says what a proposal lacks before it can get to its next status.
	Lacks func(*proposal.Proposal) []string
	// Standing says whether a decision is asserted or proved.
	Standing func(*proposal.Proposal, *proposal.Decision) string
}

// NewAgenda lists what there is to talk about.
func NewAgenda(r *registry.Registry, m Minutes) *Agenda {
	a := &Agenda{Day: m.Day, From: m.From, Previous: m.Previous}
	for _, approver := range r.Project.Approvers {
		if panel := NewPanel(r.Project, &proposal.Proposal{}); panel.isApprover(approver.Handle.V, m.Day) && !slices.Contains(a.Approvers, approver.Handle.V) {
			a.Approvers = append(a.Approvers, approver.Handle.V)
		}
	}
	for _, p := range r.Proposals {
		a.add(r, p, m)
	}
	oldest := func(a, b Waiting) int {
		return cmp.Or(cmp.Compare(cmp.Or(a.Since, m.Day), cmp.Or(b.Since, m.Day)), cmp.Compare(a.Name, b.Name))
	}
	slices.SortStableFunc(a.Proposed, oldest)
	slices.SortStableFunc(a.Drafts, oldest)
	slices.SortStableFunc(a.Decisions, func(a, b Decided) int { return cmp.Compare(a.Date, b.Date) })
	return a
}

// add lists what there is to say about one proposal.
func (a *Agenda) add(r *registry.Registry, p *proposal.Proposal, m Minutes) {
	name := name(p)
	switch p.Status.V {
	case proposal.Proposed:
		a.Proposed = append(a.Proposed, Waiting{name, m.since(p), line(p.Question.V), m.Lacks(p)})
		for _, link := range p.Links {
			a.Links = append(a.Links, link.V)
		}
	case proposal.Draft:
		a.Drafts = append(a.Drafts, Waiting{name, m.since(p), line(p.Question.V), m.Lacks(p)})
	}
	for i := range p.Approval {
		d := &p.Approval[i]
		if d.Date.V < m.From || d.Date.V > m.Day {
			continue
		}
		decided := Decided{Date: d.Date.V, Name: name, Decision: d.Decision.V, Standing: m.Standing(p, d)}
		for _, by := range d.By {
			decided.By = append(decided.By, by.V)
		}
		a.Decisions = append(a.Decisions, decided)
		if strings.HasPrefix(d.Reference.V, "https://") {
			a.Links = append(a.Links, d.Reference.V)
		}
	}
	a.later(r, p, m)
}

// later lists reviews, ends, and what was put aside.
func (a *Agenda) later(r *registry.Registry, p *proposal.Proposal, m Minutes) {
	name, stage := name(p), r.Lifecycle(p, m.Day)
	if at := p.ReviewBy.V; at != "" && stage != registry.Retired && p.Status.V != proposal.Withdrawn && at <= soon(m.Day) {
		text := "its review is due on " + at
		if at <= m.Day {
			text = "its review has been due since " + at
		}
		a.Review = append(a.Review, Topic{name, text})
	}
	switch at := p.Retired.V; {
	case stage == registry.Deprecated && at == "":
		a.Ending = append(a.Ending, Topic{name, "no longer sent by " + p.Version.Removed.V + "; when is it retired?"})
	case stage == registry.Deprecated:
		a.Ending = append(a.Ending, Topic{name, "no longer sent by " + p.Version.Removed.V + "; it is retired on " + at})
	case stage != registry.None && stage != registry.Retired && at != "":
		a.Ending = append(a.Ending, Topic{name, "it is retired on " + at})
	}
	if p.Status.V == proposal.Withdrawn || stage == registry.Retired {
		return
	}
	for _, idea := range p.ParkingLot {
		a.ParkingLot = append(a.ParkingLot, Topic{name, line(idea.V)})
	}
}

// since returns the day on which a proposal came to its status; or else, what was said of it first.
func (m Minutes) since(p *proposal.Proposal) string {
	if m.History != nil {
		if l := m.History.At(join(m.Folder, p.Path)); l != nil {
			return l.inStatusSince()
		}
	}
	first := ""
	for _, note := range p.Discussion {
		if note.Date.V != "" && (first == "" || note.Date.V < first) {
			first = note.Date.V
		}
	}
	return first
}

// inStatusSince returns the day of the commit that gave a metric the status that it has.
func (l *Line) inStatusSince() string {
	at := l.Events[0].Commit.Committed
	for i := range l.Events {
		e := &l.Events[i]
		if e.Is != nil && e.Is.Read && (e.Was == nil || e.Was.Status != e.Is.Status || e.Returned) {
			at = e.Commit.Committed
		}
	}
	return at.Format(time.DateOnly)
}

func join(folder, name string) string {
	if folder == "." || folder == "" {
		return name
	}
	return folder + "/" + name
}

// name is a metric as people read of it.
func name(p *proposal.Proposal) string {
	return strings.TrimSuffix(line(p.Title.V), ".") + " (`" + p.ID.V + "`)"
}

func line(text string) string { return strings.Join(strings.Fields(text), " ") }

func soon(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return at.AddDate(0, 0, reviewSoon).Format(time.DateOnly)
}

// Markdown writes the notes of the meeting, to be filled in.
func (a *Agenda) Markdown(w io.Writer) error {
	t, err := template.New("agenda.md.tmpl").Funcs(template.FuncMap{"join": func(all []string) string { return strings.Join(all, ", ") }}).ParseFS(templates.FS, "agenda/agenda.md.tmpl")
	if err != nil {
		return err
	}
	slices.Sort(a.Links)
	a.Links = slices.Compact(a.Links)
	return t.Execute(w, a)
}
