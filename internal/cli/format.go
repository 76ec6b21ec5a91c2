// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
)

// formatText is the format for people; all others are for machines.
const formatText = "text"

// formats are the ways to write diagnostics.
func formats() []string { return append([]string{formatText}, diag.Formats()...) }

// formatFlag adds --format to a command, with these formats or, if there are none, those of
// diagnostics.
func formatFlag(cmd *cobra.Command, format *string, known ...string) {
	if known == nil {
		known = formats()
	}
	cmd.Flags().StringVar(format, "format", known[0], "`FORMAT`: "+strings.Join(known, ", "))
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(known, cobra.ShellCompDirectiveNoFileComp))
}

func knownFormat(format string, known ...string) error {
	if known == nil {
		known = formats()
	}
	if !slices.Contains(known, format) {
		return usagef("--format is %q: use %s", format, strings.Join(known, ", "))
	}
	return nil
}

// writeRun writes a verdict in a format for machines. The run holds what is known of it beside the
// findings.
func (a *app) writeRun(format string, v *verdict, run diag.Run) error {
	run.Diagnostics = a.shownDiagnostics(v)
	for _, file := range v.looked {
		run.Files = append(run.Files, a.shown(v.workspace, file))
	}
	return a.writeFound(format, run)
}

// writeFound writes a run in a format for machines.
func (a *app) writeFound(format string, run diag.Run) error {
	run.Command, run.Page = a.command, pageOf
	if a.Build != nil {
		run.Version = a.Build.Main.Version
	}
	return diag.Write(a.Stdout, format, &run)
}

// pageOf returns the page that `explain` shows of a rule.
func pageOf(rule string) string {
	things := explainedThings()
	if i := slices.IndexFunc(things, func(e explained) bool { return e.name == rule }); i >= 0 {
		return things[i].page
	}
	return ""
}

// failures are the sentences of an error that joins what the machine failed at.
func failures(err error) []string {
	if err == nil {
		return nil
	}
	var out []string
	for _, e := range joined(err) {
		out = append(out, e.Error())
	}
	return out
}
