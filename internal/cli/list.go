// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
)

// filter says which metrics are listed; an empty part takes all.
type filter struct{ status, lifecycle, namespace string }

func (a *app) list() *cobra.Command {
	var f filter
	var format string
	cmd := &cobra.Command{
		Use:     "list",
		GroupID: "use",
		Short:   "List metrics: what is collected, planned, proposed and turned down",
		Long: `List the metrics of the project, or those that the program was built with where
there is none.

The status is what was decided; the lifecycle of an approved metric follows from
the releases: planned, collecting, deprecated or retired.`,
		Example: `  pulpmetrics list
  pulpmetrics list --lifecycle collecting
  pulpmetrics list --status proposed --format json`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := f.check(); err != nil {
				return err
			}
			w, err := a.anyRegistry()
			if err != nil {
				return err
			}
			r, err := w.load()
			if r == nil {
				return err
			}
			if f.namespace != "" {
				if err := knownNamespace(r, f.namespace); err != nil {
					return err
				}
			}
			if printErr := a.printList(w, r, f.apply(r, a.today()), format); printErr != nil {
				return printErr
			}
			a.noteProblems(r)
			return err
		},
	}
	cmd.Flags().StringVar(&f.status, "status", "", "only metrics of this `STATUS`: "+strings.Join(proposal.Statuses(), ", "))
	cmd.Flags().StringVar(&f.lifecycle, "lifecycle", "", "only metrics at this `STAGE`: "+joinLifecycles())
	cmd.Flags().StringVar(&f.namespace, "namespace", "", "only metrics of this `NAMESPACE`")
	cmd.Flags().StringVar(&format, "format", "table", "`FORMAT`: table or json")
	cmd.Flags().SortFlags = false
	_ = cmd.RegisterFlagCompletionFunc("status", cobra.FixedCompletions(proposal.Statuses(), cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("lifecycle", cobra.FixedCompletions(strings.Split(joinLifecycles(), ", "), cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"table", "json"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func joinLifecycles() string {
	var names []string
	for _, l := range registry.Lifecycles() {
		names = append(names, string(l))
	}
	return strings.Join(names, ", ")
}

func (f filter) check() error {
	if f.status != "" && !slices.Contains(proposal.Statuses(), f.status) {
		return usagef("there is no status %q: %s", f.status, proposal.Suggest(f.status, proposal.Statuses(), "use one of "))
	}
	stages := strings.Split(joinLifecycles(), ", ")
	if f.lifecycle != "" && !slices.Contains(stages, f.lifecycle) {
		return usagef("there is no lifecycle %q: %s", f.lifecycle, proposal.Suggest(f.lifecycle, stages, "use one of "))
	}
	return nil
}

func knownNamespace(r *registry.Registry, name string) error {
	var known []string
	for _, n := range r.Project.Namespaces {
		known = append(known, n.Key.V)
	}
	if slices.Contains(known, name) {
		return nil
	}
	return usagef("there is no namespace %q: %s", name, proposal.Suggest(name, known, "the namespaces are "))
}

func (f filter) apply(r *registry.Registry, day string) []*proposal.Proposal {
	return slices.DeleteFunc(slices.Clone(r.Proposals), func(p *proposal.Proposal) bool {
		return f.status != "" && p.Status.V != f.status ||
			f.lifecycle != "" && string(r.Lifecycle(p, day)) != f.lifecycle ||
			f.namespace != "" && p.NamespaceName() != f.namespace
	})
}

// listed is one metric as JSON has it. Number is 0 and Since empty where there is none.
type listed struct {
	ID        string             `json:"id"`
	Title     string             `json:"title"`
	Status    string             `json:"status"`
	Lifecycle registry.Lifecycle `json:"lifecycle"`
	Namespace string             `json:"namespace"`
	Number    int64              `json:"number"`
	Since     []string           `json:"since"`
	File      string             `json:"file"`
}

func (a *app) printList(w workspace, r *registry.Registry, ps []*proposal.Proposal, format string) error {
	switch format {
	case "table":
		_, err := fmt.Fprint(a.Stdout, a.table(r, ps))
		return err
	case "json":
		list := make([]listed, 0, len(ps))
		for _, p := range ps {
			list = append(list, a.listed(w, r, p))
		}
		return diag.WriteJSON(a.Stdout, list)
	}
	return usagef("--format is %q: use table or json", format)
}

func (a *app) listed(w workspace, r *registry.Registry, p *proposal.Proposal) listed {
	l := listed{
		ID: p.ID.V, Title: p.Title.V, Status: p.Status.V, Lifecycle: r.Lifecycle(p, a.today()),
		Namespace: p.NamespaceName(), Since: []string{}, File: a.shown(w, p.Path),
	}
	if p.Field != nil {
		l.Number = p.Field.Number.V
	}
	if p.Version != nil {
		for _, since := range p.Version.Since {
			l.Since = append(l.Since, since.V)
		}
	}
	return l
}

// table lists metrics, one on a line, no wider than the terminal.
func (a *app) table(r *registry.Registry, ps []*proposal.Proposal) string {
	var b strings.Builder
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "METRIC\tSTATUS\tLIFECYCLE\tTITLE")
	for _, p := range ps {
		stage := string(r.Lifecycle(p, a.today()))
		if stage == "" {
			stage = "-"
		}
		text := diag.Printable(strings.Join(strings.Fields(p.Title.V), " "))
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", cut(diag.Printable(p.ID.V), 40), diag.Printable(p.Status.V), stage, text)
	}
	_ = tw.Flush() // a strings.Builder takes everything
	return fitted(b.String(), a.width(a.Stdout))
}

// noteProblems says that what is shown may be incomplete.
func (a *app) noteProblems(r *registry.Registry) {
	if n := len(r.Problems); n > 0 {
		fmt.Fprintf(a.Stderr, "pulpmetrics: some files have mistakes, so this may be incomplete; `pulpmetrics lint` shows them\n")
	}
}
