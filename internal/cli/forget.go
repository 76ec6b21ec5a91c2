// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/domain"
)

func (a *app) forget() *cobra.Command {
	var db string
	cmd := &cobra.Command{
		Use:     "forget ID",
		GroupID: "run",
		Short:   "Delete everything that is stored about a system",
		Long: `Delete everything that is stored about a system: its reports, also of days that are
not summarized, and when it was seen. Summaries stay: they are numbers of systems.

The ID is the UUID that the system sends, in any spelling. The answer is the same
whether anything was stored or not. Copies outside the database, such as backups, are
for those who made them.`,
		Example: `  pulpmetrics forget 0190a1b2-c3d4-7e5f-8a6b-0123456789ab
  pulpmetrics forget --db postgres://metrics@db/metrics 0190a1b2c3d47e5f8a6b0123456789ab`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("name one ID: the UUID that the system sends")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return a.forgetSystem(cmd.Context(), db, args[0]) },
	}
	dbFlag(cmd, &db)
	return cmd
}

func (a *app) forgetSystem(ctx context.Context, db, id string) error {
	system, ok := domain.ParseUUID([]byte(id))
	if !ok {
		return usagef("%q is no id of a system: it is the UUID that the system sends", id)
	}
	s, err := a.anyStore(ctx, db)
	if err != nil {
		return err
	}
	if err := s.Forget(ctx, system); err != nil {
		return errors.Join(err, s.Close())
	}
	if err := s.Close(); err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.Stdout, "Nothing is stored about this system any more.")
	return err
}
