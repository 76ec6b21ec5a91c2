// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/store"
)

func (a *app) expire() *cobra.Command {
	var db string
	cmd := &cobra.Command{
		Use:     "expire",
		GroupID: "run",
		Short:   "Delete raw reports that are older than the project keeps them",
		Long: `Delete the raw reports of days that lie further back than retention_days of the
project. Days that are not summarized yet are kept, whatever their age, and named.
What is known of a system goes with its last report; summaries stay.`,
		Example: `  pulpmetrics summarize && pulpmetrics expire`,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runExpire(cmd.Context(), db) },
	}
	dbFlag(cmd, &db)
	return cmd
}

func (a *app) runExpire(ctx context.Context, db string) error {
	return a.withStore(ctx, db, func(s *store.Store) error {
		days := s.Registry().Project.RetentionDays
		if !days.Set() {
			return usagef("the project says nothing of retention_days: add it to pulpmetrics.yaml")
		}
		gone, err := s.Expire(ctx, store.DayOf(a.Now())-store.Day(days.V))
		for _, day := range gone.Days {
			fmt.Fprintf(a.Stdout, "%s  reports deleted\n", day)
		}
		for _, day := range gone.Kept {
			fmt.Fprintf(a.Stderr, "pulpmetrics: the reports of %s are kept, since it is not summarized: run `pulpmetrics summarize`\n", day)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.Stdout, "%s deleted, and %s forgotten\n", plural(len(gone.Days), "day"), plural(int(gone.Systems), "system"))
		return err
	})
}
