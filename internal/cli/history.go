// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/git"
	"github.com/pulp/pulpmetrics/internal/govern"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
)

// historyFlags say what is asked of history.
type historyFlags struct {
	at, release, namespace, format string
}

// historyFormats are the ways to write it.
var historyFormats = []string{"text", "json"}

func (a *app) history() *cobra.Command {
	var flags historyFlags
	cmd := &cobra.Command{
		Use:     "history [ID]",
		GroupID: "govern",
		Short:   "Name the commits in which a metric entered, and changed",
		Long: `Name the exact commit in which a metric entered the repository, who made it and when;
then each commit that changed what it collects, or what was decided about it; and
apart from those the ones that only changed words. Renames are followed, also of the
metric itself, and merges are named where they changed something themselves. Without
an ID, one line for each metric.

With --at DAY or --release X.Y: what did installations send then, and what of it was
approved? For a day that the repository has a record of, its proposals are asked as
they were; for earlier ones, those of today, which name releases and decisions.`,
		Example: `  pulpmetrics history components
  pulpmetrics history
  pulpmetrics history --at 2023-01-01
  pulpmetrics history --release 3.22`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: a.completeIDs,
		RunE: func(_ *cobra.Command, args []string) error {
			if err := flags.check(args); err != nil {
				return err
			}
			switch {
			case flags.at != "":
				return a.collectedAt(flags)
			case flags.release != "":
				return a.collectedBy(flags)
			case len(args) == 1:
				return a.historyOf(args[0], flags.format)
			}
			return a.historyOfAll(flags.format)
		},
	}
	cmd.Flags().StringVar(&flags.at, "at", "", "say what was collected on a `DAY`, YYYY-MM-DD")
	cmd.Flags().StringVar(&flags.release, "release", "", "say what release `X.Y` sends")
	cmd.Flags().StringVar(&flags.namespace, "namespace", proposal.CoreNamespace, "the `NAMESPACE` whose release is meant")
	cmd.Flags().StringVar(&flags.format, "format", "text", "`FORMAT`: "+strings.Join(historyFormats, " or "))
	cmd.Flags().SortFlags = false
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(historyFormats, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// check refuses flags that don't go together.
func (f historyFlags) check(args []string) error {
	_, err := time.Parse(time.DateOnly, f.at)
	switch {
	case !slices.Contains(historyFormats, f.format):
		return usagef("--format is %q: use %s", f.format, strings.Join(historyFormats, " or "))
	case f.at != "" && f.release != "", len(args) > 0 && (f.at != "" || f.release != ""):
		return usagef("ask for one thing at a time: a metric, --at, or --release")
	case f.at != "" && err != nil:
		return usagef("--at is %q: write a day such as 2026-11-23", f.at)
	}
	return nil
}

// past is a project with its history.
type past struct {
	workspace
	registry *registry.Registry
	repo     *git.Repository
	tip      git.Commit
}

// past opens a project and its repository. There has to be a commit.
func (a *app) past() (*past, error) {
	w, err := a.project()
	if err != nil {
		return nil, err
	}
	r, err := w.load()
	if err != nil {
		return nil, err
	}
	repo, err := git.Open(context.Background(), w.root, a.LookupEnv)
	if errors.Is(err, git.ErrNoWorkTree) {
		return nil, fmt.Errorf("there is no history: %w", err)
	}
	if err != nil {
		return nil, err
	}
	tip, err := repo.Resolve(context.Background(), "HEAD")
	var unknown *git.UnknownError
	if errors.As(err, &unknown) {
		err = errors.New("there is no history: nothing is committed yet")
	}
	return &past{w, r, repo, tip}, err
}

// historyOf tells the history of one metric.
func (a *app) historyOf(id, format string) error {
	p, err := a.past()
	if err != nil {
		return err
	}
	h, err := readHistory(p.repo, p.tip, p.registry)
	if err != nil {
		return err
	}
	line := h.Find(id)
	if line == nil {
		if p.registry.Metric(id) != nil {
			return refusef("`%s` isn't committed yet, so it has no history", id)
		}
		var ids []string
		for _, l := range h.Lines() {
			ids = append(ids, l.ID)
		}
		return usagef("there is no metric %q: %s", id, proposal.Suggest(id, ids, "the metrics are "))
	}
	told, err := p.tell(line)
	if err != nil {
		return err
	}
	if format == "json" {
		return told.writeJSON(a.Stdout)
	}
	return a.tell(told.text(id, a.width(a.Stdout), a.colored(a.Stdout)))
}

// historyOfAll tells in one line each when metrics entered and what they collect last changed.
func (a *app) historyOfAll(format string) error {
	p, err := a.past()
	if err != nil {
		return err
	}
	h, err := readHistory(p.repo, p.tip, p.registry)
	if err != nil {
		return err
	}
	if format == "json" {
		return writeLines(a.Stdout, h.Lines())
	}
	return a.tell(linesText(h.Lines(), a.width(a.Stdout)))
}

// weighty reports whether a commit changed what is collected, or what was decided about it.
func weighty(e *govern.Event) bool {
	return e.Kind() < govern.Words || e.Kind() == govern.Illegible
}
