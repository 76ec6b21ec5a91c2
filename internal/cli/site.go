// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/wire"
)

func siteFlag(cmd *cobra.Command, site *string, about string) {
	cmd.Flags().StringVar(site, "site", "", about)
}

func siteNames(r *registry.Registry) []string {
	var names []string
	for _, s := range r.Project.Sites {
		names = append(names, s.Key.V)
	}
	return names
}

// knownSite returns the site that a flag names, or the only one that there is.
func knownSite(r *registry.Registry, name string) (string, error) {
	names := siteNames(r)
	if name == "" && len(names) == 1 {
		return names[0], nil
	}
	if name == "" {
		return "", usagef("name the site with --site: %s", proposal.Suggest("", names, "the sites are "))
	}
	if _, ok := r.Project.Sites.Get(name); !ok {
		return "", usagef("there is no site %q: %s", name, proposal.Suggest(name, names, "the sites are "))
	}
	return name, nil
}

// siteOf returns the site whose reports a database holds; where it doesn't know, the one that the
// flag names.
func siteOf(ctx context.Context, s *store.Store, name string) (string, error) {
	if name != "" {
		if _, err := knownSite(s.Registry(), name); err != nil {
			return "", err
		}
	}
	is, err := s.Site(ctx, "")
	switch {
	case err != nil:
		return "", err
	case name != "" && is != "" && name != is:
		return "", usagef("the database holds the reports of the site `%s`, not of `%s`", is, name)
	case is != "":
		return is, nil
	}
	return knownSite(s.Registry(), name)
}

// gateOf returns what a site asks of every report, or nil if it asks nothing.
func gateOf(r *registry.Registry, m *wire.Message, site string) (*report.Gate, error) {
	config, ok := r.Project.Sites.Get(site)
	if !ok || config.Gate == nil {
		return nil, nil
	}
	return report.NewGate(m, config.Gate.Path.V, config.Gate.Format.V)
}

// withStore opens a database that is there, brings its tables up to date, and hands it to a function.
func (a *app) withStore(ctx context.Context, url string, run func(*store.Store) error) (err error) {
	s, err := a.anyStore(ctx, url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if _, err := s.Migrate(ctx, false); err != nil {
		return err
	}
	return run(s)
}
