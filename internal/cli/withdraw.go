// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/proposal"
)

func (a *app) withdraw() *cobra.Command {
	var flags decisionFlags
	cmd := &cobra.Command{
		Use:     "withdraw ID --reason TEXT",
		GroupID: "govern",
		Short:   "Take a proposal back that nothing sends yet",
		Long: `Append the withdrawal to a draft, a proposal, a suspended metric or an approved one
that no release sends yet, and set its status. Its owners withdraw it, or its
authors, unless --by names others.`,
		Example:           `  pulpmetrics withdraw export_count --reason 'Counting them takes a table of its own'`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: a.completeIDs,
		RunE: func(_ *cobra.Command, args []string) error {
			d, err := flags.decision(a, proposal.Withdrawn)
			if err != nil {
				return err
			}
			return a.take(step{id: args[0], to: proposal.Withdrawn, decision: d, urgent: true})
		},
	}
	flags.add(cmd, "reason")
	return cmd
}
