// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"github.com/pulp/pulpmetrics/internal/dialect"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// tablesVersion is the version of the tables that every registry has. A program refuses a database
// of a later one.
const tablesVersion = 1

// ErrNewer says that a newer registry, or a newer program, has touched the database.
var ErrNewer = errors.New("the database is newer")

// Migrate adds the tables and columns that the registry needs and the database lacks, and returns
// the statements; with dryRun it only returns them. Nothing is ever dropped or changed, and two at
// once wait for each other. It refuses, with [ErrNewer], a database that knows decisions which the
// registry doesn't.
//
// What the registry suspends, and the database doesn't know of yet, is erased.
func (s *Store) Migrate(ctx context.Context, dryRun bool) ([]string, error) {
	return s.migrate(ctx, s.layout.Load(), dryRun)
}

// Apply takes over a registry that was loaded again, with its message: it migrates, erases the raw
// values of what is suspended, and from then on stores by the new one. With an error the store goes on
// with the one before.
func (s *Store) Apply(ctx context.Context, r *registry.Registry, m *wire.Message) error {
	l := newLayout(r, m)
	if _, err := s.migrate(ctx, l, false); err != nil {
		return err
	}
	s.layout.Store(l)
	return nil
}

func (s *Store) migrate(ctx context.Context, l *layout, dryRun bool) (statements []string, err error) {
	if dryRun {
		return s.plan(ctx, s.read, l)
	}
	erased := false
	err = s.transact(ctx, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, registryLock); err != nil {
			return err
		}
		if statements, err = s.plan(ctx, tx, l); err != nil {
			return err
		}
		for _, statement := range statements {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("%w, at: %s", err, statement)
			}
		}
		erased, err = s.record(ctx, tx, l)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.partitions.Clear()
	if erased && s.dialect == dialect.SQLite {
		err = s.checkpoint(ctx)
	}
	return statements, err
}

// plan returns the statements that are missing, unless the database is newer.
func (s *Store) plan(ctx context.Context, q querier, l *layout) ([]string, error) {
	c, err := s.catalogue(ctx, q)
	if err != nil {
		return nil, err
	}
	if len(c[dialect.SettingTable]) > 0 {
		if err := s.refuseNewer(ctx, q, l); err != nil {
			return nil, err
		}
	}
	return c.missing(s.dialect, l), nil
}

// refuseNewer refuses a database that knows what the registry or the program doesn't.
func (s *Store) refuseNewer(ctx context.Context, q querier, l *layout) error {
	version, err := s.setting(ctx, q, "tables")
	if err != nil {
		return err
	}
	if n, _ := strconv.Atoi(version); n > tablesVersion {
		return fmt.Errorf("%w than this program, which knows version %d of its tables, and not %s: use the program that made it", ErrNewer, tablesVersion, version)
	}
	known, err := s.metrics(ctx, q)
	if err != nil {
		return err
	}
	for _, m := range known {
		p := l.registry.Metric(m.id)
		switch {
		case p == nil:
			return fmt.Errorf("%w than these proposals: it knows the metric `%s`, which they don't have: use the proposals that it was last used with, or later ones", ErrNewer, m.id)
		case len(p.Approval) < m.decisions:
			return fmt.Errorf("%w than these proposals: it knows %d decisions on `%s`, and they have %d: use the proposals that it was last used with, or later ones", ErrNewer, m.decisions, m.id, len(p.Approval))
		}
	}
	return nil
}

// setting returns a setting of the database, "" if it isn't there.
func (s *Store) setting(ctx context.Context, q querier, name string) (value string, err error) {
	err = s.each(ctx, q, "SELECT value FROM setting WHERE name = $1", []any{name}, func(rows *sql.Rows) error {
		return rows.Scan(&value)
	})
	return value, err
}

const setSetting = `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`

// Site notes which site's reports the database holds, and returns its name. It is an error to name
// another one than was noted before; "" asks which it is, and is "" where that isn't known.
func (s *Store) Site(ctx context.Context, name string) (string, error) {
	was, err := s.setting(ctx, s.read, "site")
	switch {
	case err != nil || name == "" || was == name:
		return was, err
	case was != "":
		return was, fmt.Errorf("the database holds the reports of the site `%s`, not of `%s`: use a database for each", was, name)
	}
	err = s.transact(ctx, func(tx *sql.Tx) error { return s.exec(ctx, tx, setSetting, "site", name) })
	return name, err
}
