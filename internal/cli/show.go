// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/lint"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/site"
)

func (a *app) show() *cobra.Command {
	return &cobra.Command{
		Use:     "show ID",
		GroupID: "use",
		Short:   "Show a whole proposal, its answers in the order of the checklist",
		Long: `Show one metric: its answers in the order of the working group's checklist, what
exactly is sent and how many bytes that takes, its summaries, charts, decisions and
findings.`,
		Example: `  pulpmetrics show components
  pulpmetrics show rbac_stats | less`,
		Args:              oneMetric,
		ValidArgsFunction: a.completeIDs,
		RunE: func(_ *cobra.Command, args []string) error {
			return a.withMetric(args[0], func(_ workspace, r *registry.Registry, p *proposal.Proposal) error {
				findings := slices.DeleteFunc(lint.Run(r, a.Now()), func(d diag.Diagnostic) bool { return d.File != p.Path })
				page, err := site.Metric(r, p, findings, a.today())
				if err != nil {
					return err
				}
				return a.page(page)
			})
		},
	}
}

// oneMetric says what a command about one metric takes.
func oneMetric(cmd *cobra.Command, args []string) error {
	if len(args) == 1 {
		return nil
	}
	return fmt.Errorf("name one metric, as in `%s components`; `pulpmetrics list` shows them all", cmd.CommandPath())
}

// withMetric does something with one metric of the nearest project, or of the embedded registry.
func (a *app) withMetric(id string, do func(workspace, *registry.Registry, *proposal.Proposal) error) error {
	w, err := a.anyRegistry()
	if err != nil {
		return err
	}
	r, loadErr := w.load()
	if r == nil {
		return loadErr
	}
	p := r.Metric(id)
	if p == nil {
		return usagef("there is no metric %q: %s", id, proposal.Suggest(id, r.IDs(), "the metrics are "))
	}
	if err := do(w, r, p); err != nil {
		return err
	}
	return loadErr
}

// completeIDs offers the ids of metrics to the shell.
func (a *app) completeIDs(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if w, err := a.anyRegistry(); err == nil && len(args) == 0 {
		if r, _ := w.load(); r != nil {
			return r.IDs(), cobra.ShellCompDirectiveNoFileComp
		}
	}
	return nil, cobra.ShellCompDirectiveNoFileComp
}
