// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/emit"
	"github.com/pulp/pulpmetrics/internal/exposure"
	"github.com/pulp/pulpmetrics/internal/govern"
	"github.com/pulp/pulpmetrics/internal/lint"
	"github.com/pulp/pulpmetrics/internal/pii"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/wire"
)

func (a *app) explain() *cobra.Command {
	return &cobra.Command{
		Use:     "explain [NAME]",
		GroupID: "use",
		Short:   "Explain a rule: why it exists, what breaks it, what keeps it",
		Long: `Show the page of a rule: why it exists, an example that breaks it with the exact
output, and one that keeps it; or the page of what generate writes, of what a seal
covers, or of a class of personal data. Without a NAME, list them all.`,
		Example: `  pulpmetrics explain
  pulpmetrics explain closed-domain`,
		Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return explainedNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.listExplained()
			}
			for _, e := range explainedThings() {
				if e.name == args[0] {
					return a.page(e.page)
				}
			}
			help := proposal.Suggest(args[0], explainedNames(), "")
			if !strings.HasPrefix(help, "did you mean") {
				help = "`pulpmetrics explain` lists them all"
			}
			return usagef("there is no page %q: %s", args[0], help)
		},
	}
}

// explained is one thing that has a page.
type explained struct{ name, kind, page string }

// explainedThings returns every page: those of rules with their severity, then of targets.
func explainedThings() []explained {
	var all []explained
	for _, rule := range lint.Rules() {
		page, _ := lint.Page(rule.Name)
		all = append(all, explained{rule.Name, rule.Severity.String(), page})
	}
	for _, name := range wire.Checks() {
		page, _ := wire.Page(name)
		all = append(all, explained{name, diag.Error.String(), page})
	}
	for _, name := range govern.Checks() {
		page, _ := govern.Page(name)
		all = append(all, explained{name, diag.Error.String(), page})
	}
	for _, name := range emit.Checks() {
		page, _ := emit.Page(name)
		all = append(all, explained{name, diag.Error.String(), page})
	}
	for _, name := range report.Kinds() {
		page, _ := report.Page(name)
		all = append(all, explained{name, diag.Error.String(), page})
	}
	for _, name := range pii.Classes() {
		page, _ := pii.Page(name)
		all = append(all, explained{name, "class", page})
	}
	all = append(all, explained{wire.CodeImport, diag.Error.String(), wire.ImportPage()}, explained{"canonical-form", "form", govern.FormPage}, explained{"exposure", "form", exposure.Page})
	for _, name := range emit.Names() {
		page, _ := emit.Page(name)
		all = append(all, explained{name, "target", page})
	}
	return all
}

func explainedNames() []string {
	var names []string
	for _, e := range explainedThings() {
		names = append(names, e.name)
	}
	return names
}

// gist returns the one sentence that says what a page is about: its first paragraph.
func (e explained) gist() string {
	_, body, _ := strings.Cut(e.page, "\n\n")
	gist, _, _ := strings.Cut(body, "\n\n")
	return strings.ReplaceAll(gist, "\n", " ")
}

// listExplained prints one line for each page, folded where the terminal is narrow.
func (a *app) listExplained() error {
	var b strings.Builder
	longest := 0
	for _, name := range explainedNames() {
		longest = max(longest, len(name))
	}
	for _, e := range explainedThings() {
		head := fmt.Sprintf("%-*s  %-7s  ", longest, e.name, e.kind)
		writeWrapped(&b, head, e.gist(), a.width(a.Stdout))
	}
	_, err := io.WriteString(a.Stdout, b.String())
	return err
}
