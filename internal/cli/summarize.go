// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/dialect"
	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/summarize"
)

// summarizeOptions are the flags of summarize.
type summarizeOptions struct {
	db, site, day string
	redo, explain bool
}

func (a *app) summarize() *cobra.Command {
	var o summarizeOptions
	cmd := &cobra.Command{
		Use:     "summarize",
		GroupID: "run",
		Short:   "Work out the summaries of the days that are over",
		Long: `Work out the summaries of every day up to yesterday (UTC) that has none yet, oldest
day first, each in one transaction. A day without reports is noted as such. Run it
once a day; two at once do no harm.

A summary never changes after it was written. --redo writes those of one day again,
from the reports that are still held.

--explain prints the queries and how the database goes about them, and writes nothing.`,
		Example: `  pulpmetrics summarize
  pulpmetrics summarize --day 2026-11-22 --redo
  pulpmetrics summarize --explain`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runSummarize(cmd.Context(), o) },
	}
	dbFlag(cmd, &o.db)
	siteFlag(cmd, &o.site, "the database is that of this `SITE` (default: it knows)")
	cmd.Flags().StringVar(&o.day, "day", "", "only this `DAY`, YYYY-MM-DD")
	cmd.Flags().BoolVar(&o.redo, "redo", false, "write the summaries of the day again")
	cmd.Flags().BoolVar(&o.explain, "explain", false, "print the queries and their plans, and write nothing")
	cmd.Flags().SortFlags = false
	return cmd
}

func (a *app) runSummarize(ctx context.Context, o summarizeOptions) error {
	today := store.DayOf(a.Now())
	day := today - 1
	if o.day != "" {
		var err error
		if day, err = store.ParseDay(o.day); err != nil {
			return usagef("--day: %w", err)
		}
		if day >= today {
			return usagef("%s is not over yet (UTC): its summaries would miss reports", day)
		}
	}
	if o.redo && o.day == "" {
		return usagef("--redo needs --day DAY: name the day whose summaries are written again")
	}
	return a.withStore(ctx, o.db, func(s *store.Store) error {
		site, err := siteOf(ctx, s, o.site)
		if err != nil {
			return err
		}
		z, err := summarize.New(s, site, a.today())
		if err != nil {
			return err
		}
		if o.explain {
			return a.explainQueries(ctx, s, z, day)
		}
		return a.summarizeDays(ctx, s, z, today, day, o)
	})
}

func (a *app) summarizeDays(ctx context.Context, s *store.Store, z *summarize.Summarizer, today, day store.Day, o summarizeOptions) error {
	if n, err := z.Republish(ctx); err != nil {
		return err
	} else if n > 0 {
		fmt.Fprintf(a.Stderr, "pulpmetrics: the smallest cell has changed: what is published of %s was brought up to date\n", plural(n, "day"))
	}
	days := []store.Day{day}
	if o.day == "" {
		var err error
		if days, err = z.Missed(ctx, today); err != nil {
			return err
		}
	} else if err := a.redoable(ctx, s, day, o.redo); err != nil {
		return err
	}
	for _, day := range days {
		result, err := z.Day(ctx, day, o.redo)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(a.Stdout, resultText(result)); err != nil {
			return err
		}
	}
	if len(days) == 0 {
		_, err := fmt.Fprintln(a.Stdout, "every day up to yesterday is summarized")
		return err
	}
	return nil
}

// redoable refuses to write summaries of a day again whose reports are gone, or may be going: less
// would be left of them.
func (a *app) redoable(ctx context.Context, s *store.Store, day store.Day, redo bool) error {
	if !redo {
		return nil
	}
	done, err := s.Summarized(ctx)
	if err != nil {
		return err
	}
	held, err := s.Held(ctx)
	if err != nil {
		return err
	}
	had := slices.ContainsFunc(done, func(d store.Summarized) bool { return d.Day == day && d.Systems > 0 })
	keeps := s.Registry().Project.RetentionDays
	expires := keeps.Set() && day < store.DayOf(a.Now())-store.Day(keeps.V)
	if had && (expires || !slices.Contains(held, day)) {
		return refusef("the reports of %s have expired, so its summaries can't be written again", day)
	}
	return nil
}

func resultText(r summarize.Result) string {
	switch {
	case !r.Wrote:
		return fmt.Sprintf("%s  summarized before", r.Day)
	case r.Systems == 0:
		return fmt.Sprintf("%s  no reports", r.Day)
	}
	return fmt.Sprintf("%s  %s, %d persistent; %s, %d published", r.Day, plural(int(r.Systems), "system"), r.Persistent, plural(r.Rows, "row"), r.Published)
}

// explainQueries prints each query, and how the database goes about it.
func (a *app) explainQueries(ctx context.Context, s *store.Store, z *summarize.Summarizer, day store.Day) error {
	var b strings.Builder
	for i := range z.Statements {
		statement := &z.Statements[i]
		lines, err := s.Explain(ctx, statement, day, z.MinAge())
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s;\n\n", dialect.Annotated(statement))
		for _, line := range lines {
			fmt.Fprintf(&b, "  -> %s\n", strings.TrimSpace(line))
		}
		b.WriteString("\n")
	}
	_, err := fmt.Fprint(a.Stdout, b.String())
	return err
}
