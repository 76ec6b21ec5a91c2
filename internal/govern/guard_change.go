// SPDX-License-Identifier: GPL-2.0-or-later

package govern

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
)

// transitions reports a status that the new decisions don't lead to.
func (g *Guard) transitions(ch *registry.Change, d decisions) {
	was, is := proposal.Draft, ch.Is.Status.V
	if ch.Was != nil {
		was = ch.Was.Status.V
	}
	if !slices.Contains(proposal.Statuses(), was) || !slices.Contains(proposal.Statuses(), is) || !d.whole {
		return // another rule has reported it, or the base was wrong
	}
	at := undecidedMoves([]string{was})
	for _, decision := range d.added {
		if decision.Decision.V == proposal.Withdrawn && slices.Equal(at, []string{proposal.Approved}) && !g.planned(ch) {
			g.report(ch.Is, decision.Decision.Span, RuleTransition, "say under `version.removed` which release stops sending it, and under `retired` from when it is dropped; or suspend it", "`%s` is collected, so it can't be withdrawn", ch.ID)
			return
		}
		if at = decided(at, decision.Decision.V); len(at) == 0 {
			g.report(ch.Is, decisionPlace(decision), RuleTransition, WayOut(ch.ID, was), "`%s` was %s in %s, so it can't be %s", ch.ID, being(was), g.Base, verb(was, statusOf(decision.Decision.V)))
			return
		}
	}
	if !slices.Contains(at, is) {
		g.report(ch.Is, ch.Is.Status.Span, RuleTransition, WayOut(ch.ID, was), "`%s` was %s in %s, so it can't be %s without a decision", ch.ID, being(was), g.Base, verb(was, is))
	}
}

// planned reports whether no release sends a metric yet, as the base has it; of what is new, as it is.
func (g *Guard) planned(ch *registry.Change) bool {
	if ch.Was == nil {
		return g.After.Lifecycle(approved(ch.Is), g.Day) == registry.Planned
	}
	return g.Before.Lifecycle(approved(ch.Was), g.Day) == registry.Planned
}

// approved is a proposal as it would be if it were approved.
func approved(p *proposal.Proposal) *proposal.Proposal {
	then := *p
	then.Status.V = proposal.Approved
	return &then
}

// statusOf is the status that a decision gives.
func statusOf(decision string) string {
	if decision == proposal.Narrowed {
		return Amended
	}
	return decision
}

// undecidedMoves returns the statuses together with those that can follow them without a decision.
func undecidedMoves(at []string) []string {
	for i := 0; i < len(at); i++ {
		for _, t := range transitions {
			if t.from == at[i] && (t.to == proposal.Proposed || t.to == proposal.Draft) && !slices.Contains(at, t.to) {
				at = append(at, t.to)
			}
		}
	}
	return at
}

// decided returns the statuses that a decision can lead to, and those that can follow them.
func decided(from []string, decision string) []string {
	var at []string
	add := func(status string) {
		if !slices.Contains(at, status) {
			at = append(at, status)
		}
	}
	for _, status := range from {
		for _, t := range transitions {
			switch {
			case t.from != status:
			case t.to == Amended && (decision == proposal.Approved || decision == proposal.Narrowed):
				add(proposal.Approved)
			case t.to == decision:
				add(decision)
			}
		}
	}
	return undecidedMoves(at)
}

// undecided reports a metric that collects more and has no new approval, where no seal says so:
// what a seal covers is held by the rule seal.
func (g *Guard) undecided(ch *registry.Change, d decisions) {
	approves := func(d *proposal.Decision) bool { return d.Decision.V == proposal.Approved }
	if ch.Collects != registry.More || ch.Is.Status.V != proposal.Approved || slices.ContainsFunc(d.added, approves) {
		return
	}
	if ch.Was == nil || fullSeal(g.Before, ch.Was) != fullSeal(g.After, ch.Is) {
		return // whether that is what was decided is for the seal to say
	}
	why := ""
	for _, difference := range ch.Collected {
		if difference.Amount == registry.More && why == "" {
			why = ": " + difference.Text
		}
	}
	help := "undo the change, or have it decided: `pulpmetrics amend " + ch.ID + "`"
	g.report(ch.Is, ch.Is.Status.Span, RuleDecided, help, "`%s` collects more than in %s, and nobody decided so%s", ch.ID, g.Base, why)
}

// fullSeal is the full digest of a proposal, or "".
func fullSeal(r *registry.Registry, p *proposal.Proposal) string {
	seal, ok := r.Seal(p)
	if !ok {
		return ""
	}
	return seal.Full
}

// narrowings reports a narrowing that isn't one.
func (g *Guard) narrowings(ch *registry.Change, d decisions) {
	for i, decision := range d.added {
		if decision.Decision.V != proposal.Narrowed {
			continue
		}
		why := TooWide(ch, g.Before)
		if settles := func(d *proposal.Decision) bool { return d.Decision.V == proposal.Approved }; slices.ContainsFunc(d.added[i+1:], settles) {
			continue // a quorum decided about what came of it
		} else if slices.ContainsFunc(d.added[:i], settles) {
			why = "was approved anew in the same change, and nobody can tell what was narrowed"
		}
		if why != "" {
			g.report(ch.Is, decisionPlace(decision), RuleNarrowed, "let a quorum decide: `pulpmetrics amend "+ch.ID+"` without --narrow", "`%s` can't be narrowed: compared with %s it %s", ch.ID, g.Base, why)
		}
	}
}

// TooWide says why a change is more than a narrowing; "" if it is one. Other answers stay as they
// are, summaries can only go, and what is narrowed was itself decided.
func TooWide(ch *registry.Change, before *registry.Registry) string {
	if ch.Was == nil {
		return "is new"
	}
	if ch.Collects != registry.Less {
		return "collects " + Than(ch.Collects)
	}
	if seal, ok := before.Seal(ch.Was); !ok || NewestSeal(ch.Was) != seal.Full {
		return "was not what was decided last"
	}
	for _, key := range ch.Keys {
		switch key {
		case "authors", "from", "id", "lint", "load", "pii", "question", "storage":
			return "changes its `" + key + "` as well"
		}
	}
	if what := otherMeaning(ch.Was.Field, ch.Is.Field); what != "" {
		return "changes what " + what + " means as well"
	}
	gone := 0
	for _, was := range ch.Was.Summaries() {
		if !slices.ContainsFunc(ch.Is.Summaries(), func(s proposal.Summary) bool { return s.ID.V == was.ID.V }) {
			gone++
		}
	}
	if len(ch.Summaries) > gone {
		return "changes its `summarization` as well"
	}
	return ""
}

// otherMeaning names what of a field means something else than it did, of what is left of it; "" if
// nothing does.
func otherMeaning(was, is *proposal.Field) string {
	if was == nil || is == nil {
		return ""
	}
	if meaning(&was.Leaf) != meaning(&is.Leaf) || was.IsMessage() != is.IsMessage() {
		return "it"
	}
	for _, now := range is.Leaves() {
		old := was.LeafNamed(now.Name.V)
		if !is.IsMessage() {
			old = &was.Leaf
		}
		if old == nil || meaning(old) != meaning(now) {
			return "`" + now.Name.V + "`"
		}
		for _, m := range now.Members {
			same := func(o proposal.Member) bool {
				return o.Name.V == m.Name.V && o.Number.V == m.Number.V && line(o.Description.V) == line(m.Description.V)
			}
			if !slices.ContainsFunc(old.Members, same) {
				return "`" + m.Name.V + "` of `" + now.Name.V + "`"
			}
		}
	}
	return ""
}

// meaning is what a leaf is about, apart from the values that it may have.
func meaning(l *proposal.Leaf) [7]string {
	return [7]string{strconv.FormatInt(l.Number.V, 10), l.Type.V, l.Enum.V, line(l.Description.V), l.Unit.V, l.Window.V, cmp.Or(l.Absent.V, "skip")}
}

// Than is an amount in a comparison: more, less, or neither.
func Than(amount registry.Amount) string {
	if amount == registry.Same {
		return "neither more nor less"
	}
	return amount.String()
}

// NewestSeal is the seal of the newest decision that let a metric be collected, or "".
func NewestSeal(p *proposal.Proposal) string {
	for i := len(p.Approval) - 1; i >= 0; i-- {
		if d := &p.Approval[i]; d.Decision.V == proposal.Approved || d.Decision.V == proposal.Narrowed {
			return d.Seal.V
		}
	}
	return ""
}

// nextDay is the day after a day, or "" if that is none.
func nextDay(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return at.AddDate(0, 0, 1).Format(time.DateOnly)
}
