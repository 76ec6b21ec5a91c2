// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/govern"
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
	if seal, ok := st.registry.Seal(st.proposal); ok && govern.NewestSeal(st.proposal) == seal.Full && (st.base.head == nil || a.changeSince(st).Collects != registry.More) {
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
	if why := govern.TooWide(&ch, st.base.registry); narrow && why != "" {
		return refusef("`%s` can't be narrowed: compared with %s it %s; let a quorum decide, without --narrow", st.id, st.base.head, why)
	}
	st.say("collects", govern.Than(ch.Collects)+" than at "+st.base.head.String())
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
