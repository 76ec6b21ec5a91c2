// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/proposal"
)

func (a *app) suspend() *cobra.Command {
	var flags decisionFlags
	cmd := &cobra.Command{
		Use:     "suspend ID --by HANDLE --reason TEXT",
		GroupID: "govern",
		Short:   "Stop a metric at once: one approver is enough",
		Long: `Append the suspension to an approved proposal, and set its status: the service then
drops what comes of it. This is the stop for a metric that tells more than it should,
so one approver is enough, and mistakes that the file had before don't hold it up.`,
		Example:           `  pulpmetrics suspend export_count --by alice --reason 'The names of exports hold names of people'`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: a.completeIDs,
		RunE: func(_ *cobra.Command, args []string) error {
			d, err := flags.decision(a, proposal.Suspended)
			if err != nil {
				return err
			}
			return a.take(step{id: args[0], to: proposal.Suspended, decision: d, urgent: true})
		},
	}
	flags.add(cmd, "reason")
	return cmd
}
