// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/summarize"
)

// exportOptions are the flags of export.
type exportOptions struct {
	db, format, summary, from, to string
	published                     bool
}

func (a *app) export() *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:     "export",
		GroupID: "run",
		Short:   "Print summaries as CSV or lines of JSON",
		Long: `Print the rows of summaries in the order of days, summaries and keys. A line of JSON
is {"day", "summary", "key": {name: value}, "value", "systems"}, where systems is how
many stand behind the value. As CSV, the key is an object of JSON; where --summary
names one summary, it has a column for each part of it.

Without --published the rows are exact, and hold cells of a single system: keep them
to yourself. Summaries of suspended metrics are withheld in any case.`,
		Example: `  pulpmetrics export --published > published.jsonl
  pulpmetrics export --published --format csv --summary components_xy --from 2026-11-01`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runExport(cmd.Context(), o) },
	}
	dbFlag(cmd, &o.db)
	cmd.Flags().StringVar(&o.format, "format", "jsonl", "`FORMAT`: jsonl or csv")
	cmd.Flags().BoolVar(&o.published, "published", false, "only what may be published")
	cmd.Flags().StringVar(&o.summary, "summary", "", "only this `SUMMARY`")
	cmd.Flags().StringVar(&o.from, "from", "", "from this `DAY` on, YYYY-MM-DD")
	cmd.Flags().StringVar(&o.to, "to", "", "up to this `DAY`, YYYY-MM-DD")
	cmd.Flags().SortFlags = false
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"jsonl", "csv"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// forever is far from every day that a calendar has.
const forever = store.Day(1 << 40)

func (a *app) runExport(ctx context.Context, o exportOptions) error {
	from, to := -forever, forever
	for _, d := range []struct {
		name, text string
		day        *store.Day
	}{{"--from", o.from, &from}, {"--to", o.to, &to}} {
		if d.text == "" {
			continue
		}
		day, err := store.ParseDay(d.text)
		if err != nil {
			return usagef("%s: %w", d.name, err)
		}
		*d.day = day
	}
	if o.format != "jsonl" && o.format != "csv" {
		return usagef("--format is %q: use jsonl or csv", o.format)
	}
	return a.withStore(ctx, o.db, func(s *store.Store) error {
		v, err := summarize.NewView(s.Registry())
		if err != nil {
			return err
		}
		if _, ok := v.Query(o.summary); o.summary != "" && !ok {
			return usagef("there is no summary %q of an approved metric: %s", o.summary, proposal.Suggest(o.summary, v.IDs(), "they are "))
		}
		out := bufio.NewWriter(a.Stdout)
		write, finish := writer(out, v, o)
		if o.published {
			err = v.Published(ctx, s, o.summary, from, to, write)
		} else {
			err = v.Exact(ctx, s, o.summary, from, to, write)
		}
		return errors.Join(err, finish(), out.Flush())
	})
}

// writer returns what writes a row, and what ends the output.
func writer(out *bufio.Writer, v *summarize.View, o exportOptions) (write func(summarize.Line) error, finish func() error) {
	if o.format == "jsonl" {
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		return func(l summarize.Line) error { return encoder.Encode(l) }, func() error { return nil }
	}
	return v.CSV(out, o.summary)
}
