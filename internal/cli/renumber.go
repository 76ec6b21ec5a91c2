// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
)

func (a *app) renumber() *cobra.Command {
	return &cobra.Command{
		Use:     "renumber ID",
		GroupID: "use",
		Short:   "Give a proposal the next free number, where another one took the same",
		Long: `Give the field of a proposal the next free number of its namespace: for when two
changes were written at the same time, and took the same one. Nothing else in the file
changes. Numbers are for ever once they are decided on, so a metric in force keeps
its own, and one whose number nobody else has does too.`,
		Example: `  pulpmetrics renumber task_queue`,
		Args:    cobra.ExactArgs(1),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return a.clashing(len(args)), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error { return a.renumberOne(args[0]) },
	}
}

// clashing lists the metrics that can be renumbered, for the first argument.
func (a *app) clashing(given int) []string {
	w, err := a.project()
	if err != nil || given > 0 {
		return nil
	}
	r, _ := w.load()
	if r == nil {
		return nil
	}
	var ids []string
	for _, p := range r.Proposals {
		if p.Field != nil && len(r.ByNumber(p.Field.Number.V)) > 1 && !decided(p) {
			ids = append(ids, p.ID.V)
		}
	}
	return ids
}

func decided(p *proposal.Proposal) bool {
	return p.Status.V == proposal.Approved || p.Status.V == proposal.Suspended
}

func (a *app) renumberOne(id string) error {
	st, err := a.stage(step{id: id})
	if err != nil {
		return err
	}
	p := st.proposal
	if err := mayRenumber(st.registry, p); err != nil {
		return err
	}
	next, ok := st.registry.NextNumber(p.NamespaceName())
	if !ok {
		return refusef("namespace %s has no number left: give it a larger range in %s", p.NamespaceName(), proposal.ProjectFile)
	}
	data, err := fs.ReadFile(st.fsys, p.Path)
	if err != nil {
		return err
	}
	data, err = source.Apply(data, []source.Edit{{Span: p.Field.Number.Span, Text: strconv.FormatInt(next, 10)}})
	if err != nil {
		return err
	}
	if err := replaceFile(st.root, p.Path, data); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.Stdout, "%s has the number %d instead of %d\n", diag.Printable(a.shown(st.workspace, p.Path)), next, p.Field.Number.V)
	return err
}

// mayRenumber says why a proposal keeps its number.
func mayRenumber(r *registry.Registry, p *proposal.Proposal) error {
	if p.Field == nil || !p.Field.Number.Set() {
		return refusef("`%s` has no number yet: add `number` under `field`", p.ID.V)
	}
	var others []string
	for _, other := range r.ByNumber(p.Field.Number.V) {
		if other != p {
			others = append(others, other.ID.V)
		}
	}
	switch {
	case len(others) == 0:
		return refusef("nobody else has the number %d, so `%s` keeps it: numbers are for ever", p.Field.Number.V, p.ID.V)
	case decided(p):
		return refusef("`%s` was decided with the number %d, and keeps it: renumber %s", p.ID.V, p.Field.Number.V, strings.Join(others, " or "))
	}
	return nil
}
