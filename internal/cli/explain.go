// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/lint"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

func (a *app) explain() *cobra.Command {
	return &cobra.Command{
		Use:     "explain [RULE]",
		GroupID: "use",
		Short:   "Explain a rule: why it exists, what breaks it, what keeps it",
		Long: `Show the page of a rule: why it exists, an example that breaks it with the exact
output, and one that keeps it. Without a RULE, list them all.`,
		Example: `  pulpmetrics explain
  pulpmetrics explain closed-domain`,
		Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return ruleNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.listRules()
			}
			page, ok := lint.Page(args[0])
			if !ok {
				return usagef("there is no rule %q: %s", args[0], proposal.Suggest(args[0], ruleNames(), "the rules are "))
			}
			return a.page(page)
		},
	}
}

func ruleNames() []string {
	var names []string
	for _, rule := range lint.Rules() {
		names = append(names, rule.Name)
	}
	return names
}

// listRules prints one line for each rule, folded where the terminal is narrow.
func (a *app) listRules() error {
	var b strings.Builder
	longest := 0
	for _, name := range ruleNames() {
		longest = max(longest, len(name))
	}
	for _, rule := range lint.Rules() {
		head := fmt.Sprintf("%-*s  %-7s  ", longest, rule.Name, rule.Severity)
		writeWrapped(&b, head, lint.Gist(rule.Name), a.width(a.Stdout))
	}
	_, err := io.WriteString(a.Stdout, b.String())
	return err
}
