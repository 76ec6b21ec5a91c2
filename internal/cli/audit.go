// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/store"
)

// auditOptions are the flags of audit.
type auditOptions struct{ db, day, format string }

func (a *app) audit() *cobra.Command {
	var o auditOptions
	cmd := &cobra.Command{
		Use:     "audit",
		GroupID: "run",
		Short:   "Count what reports held and was not stored, and why",
		Long: `Show what was received and not stored: fields that nobody proposed, by number;
values that were dropped, by metric and reason; reports that don't count. It answers
"what if something that we collect from changes what it delivers?": a counter goes up
here, and nothing of it is stored.

Counts are of one site's database. They hold no value of any report.`,
		Example: `  pulpmetrics audit
  pulpmetrics audit --day 2026-11-23 --format json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runAudit(cmd.Context(), o) },
	}
	dbFlag(cmd, &o.db)
	cmd.Flags().StringVar(&o.day, "day", "", "only this `DAY`, YYYY-MM-DD (default: all days)")
	cmd.Flags().StringVar(&o.format, "format", "table", "`FORMAT`: table or json")
	cmd.Flags().SortFlags = false
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"table", "json"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (a *app) runAudit(ctx context.Context, o auditOptions) error {
	from, to := store.Day(-1<<40), store.Day(1<<40)
	if o.day != "" {
		day, err := store.ParseDay(o.day)
		if err != nil {
			return usagef("--day: %w", err)
		}
		from, to = day, day
	}
	if o.format != "table" && o.format != "json" {
		return usagef("--format is %q: use table or json", o.format)
	}
	s, err := a.anyStore(ctx, o.db)
	if err != nil {
		return err
	}
	counts, err := s.Audit(ctx, from, to)
	if err = errors.Join(err, s.Close()); err != nil {
		return err
	}
	if o.format == "json" {
		return diag.WriteJSON(a.Stdout, audited(counts))
	}
	_, err = fmt.Fprint(a.Stdout, auditTable(counts))
	return err
}

// auditedCount is one count as JSON has it. Path is "" where the whole report is meant.
type auditedCount struct {
	Day    string `json:"day"`
	Reason string `json:"reason"`
	Path   string `json:"path"`
	Count  int64  `json:"count"`
}

func audited(counts []store.Audit) []auditedCount {
	list := make([]auditedCount, 0, len(counts))
	for _, c := range counts {
		list = append(list, auditedCount{c.Day.String(), c.Reason, c.Path, c.Count})
	}
	return list
}

// auditTable prints a day after the other: what became of the reports, and then what was dropped of
// those that were stored.
func auditTable(counts []store.Audit) string {
	if len(counts) == 0 {
		return "Nothing was received.\n"
	}
	widest := 0
	for _, c := range counts {
		widest = max(widest, len(fmt.Sprint(c.Count)))
	}
	var b strings.Builder
	for start := 0; start < len(counts); {
		end := start
		for end < len(counts) && counts[end].Day == counts[start].Day {
			end++
		}
		fmt.Fprintf(&b, "%s\n", counts[start].Day)
		for _, whole := range []bool{true, false} {
			for _, c := range counts[start:end] {
				if (c.Path == "") == whole {
					fmt.Fprintf(&b, "  %*d  %s\n", widest, c.Count, diag.Printable(inWords(c)))
				}
			}
		}
		start = end
	}
	return b.String()
}

// inWords says what was counted.
func inWords(c store.Audit) string {
	switch c.Reason {
	case store.ReasonStored:
		return "reports stored"
	case store.ReasonDuplicate:
		return "reports left out: the system had reported that day"
	case report.DuplicateKey.String():
		return "reports left out: two items of one key" + of(c.Path)
	case report.GateFailed.String():
		return "reports left out: not for this site" + of(c.Path)
	case report.NotApproved.String():
		return c.Path + ": suspended"
	case report.UnknownField.String():
		return unknownField(c.Path)
	case report.UnknownMember.String():
		return c.Path + ": a member that the enum doesn't have"
	case report.OutsideDomain.String():
		return c.Path + ": a value outside the domain"
	case report.TooManyItems.String():
		return c.Path + ": too many items"
	}
	return strings.TrimPrefix(c.Path+": "+c.Reason, ": ")
}

func of(path string) string {
	if path == "" {
		return ""
	}
	return ", " + path
}

// unknownField names a field that nobody proposed.
func unknownField(path string) string {
	metric, number, inside := strings.Cut(path, ".")
	if !inside {
		metric, number = "", path
	}
	name := "field " + number
	if number == "*" {
		name = "other fields"
	}
	if inside {
		name += " of " + metric
	}
	return name + ": nobody proposed it"
}
