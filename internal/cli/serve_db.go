// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// sqliteScheme begins the URL of a database in a file.
const sqliteScheme = "sqlite:"

func dbFlag(cmd *cobra.Command, db *string) {
	cmd.Flags().StringVar(db, "db", sqliteScheme+"pulpmetrics.db", "database at `URL`: sqlite:PATH or postgres://…")
}

// openStore opens a database for what is approved. A file that isn't there is an error unless it is
// to be made.
func (a *app) openStore(ctx context.Context, url string, r *registry.Registry, create bool) (*store.Store, error) {
	m, err := wire.Compile(r, a.today())
	if err != nil {
		return nil, err
	}
	if path, isSQLite := strings.CutPrefix(url, sqliteScheme); isSQLite && path != "" {
		url = sqliteScheme + a.abs(path)
		if _, err := os.Stat(a.abs(path)); !create && errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no database %s: name it with --db", path)
		}
	}
	return store.Open(ctx, url, r, m)
}

// receivingStore opens a database that takes the reports of a site. What it lacks is made.
func (a *app) receivingStore(ctx context.Context, url, site string, r *registry.Registry) (*store.Store, error) {
	s, err := a.openStore(ctx, url, r, true)
	if err != nil {
		return nil, err
	}
	if _, err = s.Migrate(ctx, false); err == nil {
		_, err = s.Site(ctx, site)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// anyStore opens a database that is there.
func (a *app) anyStore(ctx context.Context, url string) (*store.Store, error) {
	w, err := a.anyRegistry()
	if err != nil {
		return nil, err
	}
	r, err := w.load()
	if err != nil {
		return nil, err
	}
	return a.openStore(ctx, url, r, false)
}
