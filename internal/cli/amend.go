// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/wire"
)

func (a *app) amend() *cobra.Command {
	var flags decisionFlags
	var narrow bool
	cmd := &cobra.Command{
		Use:     "amend ID --by HANDLES --reference TEXT",
		GroupID: "govern",
		Short:   "Record a decision about a change of an approved metric",
		Long: `Append a new decision, with a new seal, to an approved proposal that was changed since
the last one, and say whether it collects more, the same or less than at the last
commit, HEAD. It takes a quorum, as the first approval did.

With --narrow one owner or approver decides. That is only for a change that collects
strictly less than at HEAD, and changes no other answer; summaries may only go.`,
		Example: `  pulpmetrics amend export_count --by alice,bob --reference 'meeting of 2026-11-19'
  pulpmetrics amend export_count --narrow --by carol --reference https://example.org/pull/7`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: a.completeIDs,
		RunE: func(_ *cobra.Command, args []string) error {
			what := proposal.Approved
			if narrow {
				what = proposal.Narrowed
			}
			d, err := flags.decision(a, what)
			if err != nil {
				return err
			}
			return a.take(step{id: args[0], to: proposal.Approved, decision: d, amends: true})
		},
	}
	cmd.Flags().BoolVar(&narrow, "narrow", false, "it collects less, so one owner or approver is enough")
	flags.add(cmd, "reference")
	return cmd
}

// amended says what a change means, and refuses one that needs no decision, or a larger one.
func (a *app) amended(st *stage) error {
	if seal, ok := st.registry.Seal(st.proposal); ok && newestSeal(st.proposal) == seal.Full {
		return refusef("`%s` is what was decided last, so there is nothing to amend; title, links, charts, releases and discussion change without a decision", st.id)
	}
	narrow := st.decision.Decision.V == proposal.Narrowed
	if st.base.head == nil {
		if narrow {
			return refusef("whether `%s` collects less can't be told: %s; let a quorum decide, without --narrow", st.id, st.base.why)
		}
		st.say("collects", "nobody can tell: "+st.base.why)
		return nil
	}
	ch := a.changeSince(st)
	if why := tooWide(ch, st.base); narrow && why != "" {
		return refusef("`%s` %s, so it can't be narrowed; let a quorum decide, without --narrow", st.id, why)
	}
	st.say("collects", than(ch.Collects)+" than at "+st.base.head.String())
	for _, d := range ch.Collected {
		st.say(d.Amount.String(), inFull(d))
	}
	return nil
}

// changeSince is what becomes of the metric since HEAD.
func (a *app) changeSince(st *stage) registry.Change {
	for _, ch := range registry.Compare(st.base.registry, st.registry, a.today(), &wire.Compiler{}).Metrics {
		if ch.Is == st.proposal {
			return ch
		}
	}
	return registry.Change{ID: st.id, Was: st.base.registry.Metric(st.id), Is: st.proposal}
}

// tooWide says why a change is more than a narrowing; "" if it is one. Other answers stay as they
// are, summaries can only go, and what is narrowed was itself decided.
func tooWide(ch registry.Change, base listing) string {
	if ch.Collects != registry.Less {
		return "collects " + than(ch.Collects) + " than at " + base.head.String()
	}
	if seal, ok := base.registry.Seal(ch.Was); !ok || newestSeal(ch.Was) != seal.Full {
		return "at " + base.head.String() + " is not what was decided last"
	}
	for _, key := range ch.Keys {
		switch key {
		case "authors", "from", "id", "lint", "load", "pii", "question", "storage":
			return "changes its `" + key + "` as well"
		}
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

// than is an amount in a comparison.
func than(amount registry.Amount) string {
	if amount == registry.Same {
		return "neither more nor less"
	}
	return amount.String()
}

// newestSeal is the seal of the newest decision that let a metric be collected.
func newestSeal(p *proposal.Proposal) string {
	for i := len(p.Approval) - 1; i >= 0; i-- {
		if d := &p.Approval[i]; d.Decision.V == proposal.Approved || d.Decision.V == proposal.Narrowed {
			return d.Seal.V
		}
	}
	return ""
}
