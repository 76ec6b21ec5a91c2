// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/proposal"
)

func (a *app) decide() *cobra.Command {
	var flags decisionFlags
	var approve, reject bool
	cmd := &cobra.Command{
		Use:     "decide ID --approve|--reject --by HANDLES --reference TEXT",
		GroupID: "govern",
		Short:   "Record that a proposal was approved, or turned down",
		Long: `Append the decision to the proposal, with the seal of what was decided, and set its
status. All else in the file stays byte for byte.

It takes a quorum of people who were approvers on that day, none of them an author.
Who they are is read from the last commit, so that a change can't appoint its own
approvers; outside of a repository, from pulpmetrics.yaml as it is. If the proposal
would have errors afterwards, they are shown and nothing is written.`,
		Example: `  pulpmetrics decide export_count --approve --by alice,bob --reference 'meeting of 2026-11-19'
  pulpmetrics decide export_count --reject --by alice,bob --reference https://example.org/minutes --date 2026-11-19`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: a.completeIDs,
		RunE: func(_ *cobra.Command, args []string) error {
			if approve == reject {
				return usagef("say either --approve or --reject")
			}
			what := proposal.Approved
			if reject {
				what = proposal.NotApproved
			}
			d, err := flags.decision(a, what)
			if err != nil {
				return err
			}
			return a.take(step{id: args[0], to: what, decision: d})
		},
	}
	cmd.Flags().BoolVar(&approve, "approve", false, "it may be collected")
	cmd.Flags().BoolVar(&reject, "reject", false, "it may not")
	flags.add(cmd, "reference")
	return cmd
}
