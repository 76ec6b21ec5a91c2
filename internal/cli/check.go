// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/lint"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
)

// shownDiff is how many lines of each diff a check shows; `generate --check` shows all.
const shownDiff = 40

func (a *app) check() *cobra.Command {
	var format, rev string
	cmd := &cobra.Command{
		Use:     "check",
		GroupID: "use",
		Short:   "Gate a change: read, check and explain everything that is collected",
		Long: `Read every proposal of the project and check it: the gate that a change has to
pass. As text it begins with what is collected and why, one line for each metric;
findings follow, and then the verdict. Generated files, where the project keeps
any in gen/, have to be what the proposals make.

With --base REV the change from that revision is checked too: what installations
in the field send has to go on where it stopped; and what REV approved changes only
by a decision of those who are approvers there, which is asserted, or proved by their
signatures. ` + "`pulpmetrics diff`" + ` says what a change means. Where REV can't be read, or a
clone lacks the history that it takes, the answer is inconclusive: exit status 3.

Exit status 0 means that nothing has to be mended.`,
		Example: `  pulpmetrics check
  pulpmetrics check --base origin/main
  pulpmetrics check --format github
  pulpmetrics -C ../analytics check`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := errors.Join(knownFormat(format), knownBase(rev, cmd.Flags().Changed("base"))); err != nil {
				return err
			}
			v, err := a.verdict(format, nil)
			if v == nil {
				return err
			}
			var b *base
			if rev != "" {
				var failed error
				if b, failed = a.openBase(v.workspace, v.registry, rev); failed != nil {
					return errors.Join(err, failed)
				}
			}
			if format == "text" {
				if err := a.overview(v.registry); err != nil {
					return err
				}
			}
			v.diffLines = shownDiff
			var unsure error
			if b != nil {
				unsure = a.checkBase(v, b, format)
			}
			if err == nil {
				err = a.drift(v)
			}
			err = errors.Join(err, unsure)
			return a.conclude(v, err, format)
		},
	}
	cmd.Flags().StringVar(&rev, "base", "", "check the change from `REV` too")
	formatFlag(cmd, &format)
	return cmd
}

// knownBase refuses what is no revision.
func knownBase(rev string, given bool) error {
	switch {
	case rev == "" && given:
		return usagef("--base is empty: name a revision, such as origin/main")
	case isProtoFile(rev):
		return usagef("--base %s: a .proto file is for `pulpmetrics diff`; name a revision", rev)
	}
	return nil
}

// checkBase adds what a change from a base breaks; as text, it also says what the change means. The
// error says what nobody can tell.
func (a *app) checkBase(v *verdict, b *base, format string) error {
	c := a.compareWith(v, b)
	v.diagnostics = append(v.diagnostics, c.diagnostics...)
	after := v.registry
	if b.merged != nil {
		after = b.merged
	}
	if over := lint.Budget(b.registry, after, a.today()); over != nil {
		v.diagnostics = append(slices.DeleteFunc(v.diagnostics, func(d diag.Diagnostic) bool { return d.Rule == over[0].Rule }), over...)
	}
	unsure := a.guard(v, b, c)
	diag.Sort(v.diagnostics)
	if format != "text" || len(c.changes)+len(c.project) == 0 {
		return errors.Join(c.inconclusive(), unsure)
	}
	var out strings.Builder
	writeWrapped(&out, "", diag.Printable("Against "+c.against+":"), a.width(a.Stdout))
	for i := range c.changes {
		writeWrapped(&out, "  ", diag.Printable(c.changes[i].Line), a.width(a.Stdout))
	}
	for _, d := range c.project {
		writeWrapped(&out, "  ", diag.Printable("The project: "+d.Text+"."), a.width(a.Stdout))
	}
	_, err := fmt.Fprintln(a.Stdout, out.String())
	return errors.Join(c.inconclusive(), unsure, err)
}

// overview prints what is collected and why, and the ids of everything that isn't.
func (a *app) overview(r *registry.Registry) error {
	groups := map[string][]*proposal.Proposal{}
	for _, p := range r.Proposals {
		group := string(r.Lifecycle(p, a.today()))
		if group == "" {
			group = p.Status.V
		}
		groups[group] = append(groups[group], p)
	}
	var b strings.Builder
	if len(r.Proposals) == 0 || !r.Project.Name.Set() {
		return nil // the findings say why
	}
	collected := groups[string(registry.Collecting)]
	if len(collected) == 0 {
		fmt.Fprintf(&b, "%s collects nothing today.\n", diag.Printable(r.Project.Name.V))
	} else {
		fmt.Fprintf(&b, "%s collects %s today:\n\n", diag.Printable(r.Project.Name.V), plural(len(collected), "metric"))
	}
	a.writeQuestions(&b, collected)
	b.WriteByte('\n')
	for _, group := range groupOrder() {
		if ps := groups[group]; len(ps) > 0 {
			writeWrapped(&b, group+": ", strings.Join(idsOf(ps), ", "), a.width(a.Stdout))
		}
	}
	_, err := fmt.Fprintln(a.Stdout, b.String())
	return err
}

// writeQuestions prints metrics with the questions that they answer.
func (a *app) writeQuestions(b *strings.Builder, ps []*proposal.Proposal) {
	longest := 0
	for _, p := range ps {
		longest = max(longest, len(p.ID.V))
	}
	for _, p := range ps {
		question := diag.Printable(strings.Join(strings.Fields(p.Question.V), " "))
		writeWrapped(b, fmt.Sprintf("  %-*s  ", min(longest, 30), diag.Printable(p.ID.V)), question, a.width(a.Stdout))
	}
}

// writeWrapped prints a text behind a head, folded at width; lines after the first begin below
// the text.
func writeWrapped(b *strings.Builder, head, text string, width int) {
	text = diag.Wrap(text, max(width-len(head), 20))
	b.WriteString(head + strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", len(head))) + "\n")
}

// groupOrder lists the stages and proposal.Statuses() of what is not collected today.
func groupOrder() []string {
	order := []string{string(registry.Planned), string(registry.Deprecated), string(registry.Retired)}
	for _, status := range proposal.Statuses() {
		if status != proposal.Approved {
			order = append(order, status)
		}
	}
	return order
}

func idsOf(ps []*proposal.Proposal) []string {
	var ids []string
	for _, p := range ps {
		ids = append(ids, diag.Printable(p.ID.V))
	}
	return ids
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if strings.HasSuffix(noun, "x") {
		noun += "e"
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
