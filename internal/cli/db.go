// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/store"
)

func (a *app) database() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "db",
		GroupID: "run",
		Short:   "Look after the tables of a database",
		Long: `Bring the tables of a database in line with the proposals. Commands that write to a
database do the first of these by themselves.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.migrate(), a.prune())
	return cmd
}

func (a *app) migrate() *cobra.Command {
	var db string
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Add the tables and columns that the proposals ask for",
		Long: `Add the tables and columns that are missing for what is approved. Nothing is ever
dropped or changed, and running it again does nothing. What was suspended since the
last time is erased.

A database that later proposals have touched is refused: it knows decisions which
these proposals don't have.`,
		Example: `  pulpmetrics db migrate --dry-run
  pulpmetrics db migrate --db postgres://pulp@db/metrics`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runMigrate(cmd.Context(), db, dryRun) },
	}
	dbFlag(cmd, &db)
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "print the statements, and run none")
	cmd.Flags().SortFlags = false
	return cmd
}

func (a *app) prune() *cobra.Command {
	var db string
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Drop the tables and columns of metrics that are retired",
		Long: `Drop the tables and columns of reports that no approved or suspended metric has any
more. What they hold is lost; summaries stay. Look at --dry-run first.`,
		Example: `  pulpmetrics db prune --dry-run
  pulpmetrics db prune`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runPrune(cmd.Context(), db, dryRun) },
	}
	dbFlag(cmd, &db)
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "print the statements, and run none")
	cmd.Flags().SortFlags = false
	return cmd
}

func (a *app) runMigrate(ctx context.Context, db string, dryRun bool) error {
	w, err := a.anyRegistry()
	if err != nil {
		return err
	}
	r, err := w.load()
	if err != nil {
		return err
	}
	s, err := a.openStore(ctx, db, r, true)
	if err != nil {
		return err
	}
	statements, err := s.Migrate(ctx, dryRun)
	return errors.Join(a.statements(statements, err), s.Close())
}

func (a *app) runPrune(ctx context.Context, db string, dryRun bool) error {
	s, err := a.anyStore(ctx, db)
	if err != nil {
		return err
	}
	statements, err := s.Prune(ctx, dryRun)
	return errors.Join(a.statements(statements, err), s.Close())
}

// statements prints what was run, or would be. A database that is newer is a finding.
func (a *app) statements(list []string, err error) error {
	if errors.Is(err, store.ErrNewer) {
		return refusal{err}
	}
	if err != nil {
		return err
	}
	if len(list) == 0 {
		_, err = fmt.Fprintln(a.Stdout, "-- the tables are as they should be")
		return err
	}
	_, err = fmt.Fprint(a.Stdout, strings.Join(list, ";\n"), ";\n")
	return err
}
