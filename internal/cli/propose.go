// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/proposal"
)

func (a *app) propose() *cobra.Command {
	return &cobra.Command{
		Use:     "propose ID",
		GroupID: "govern",
		Short:   "Put a draft before the approvers",
		Long: `Make a draft a proposal that can be decided on. It has to answer the whole checklist:
if it would have errors, they are shown and nothing is written.`,
		Example:           `  pulpmetrics propose export_count`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: a.completeIDs,
		RunE: func(_ *cobra.Command, args []string) error {
			return a.take(step{id: args[0], to: proposal.Proposed})
		},
	}
}
