// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/lint"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// diffFormats are the ways to write a comparison; the last ones have only what breaks.
func diffFormats() []string {
	return []string{formatText, "markdown", diag.FormatJSON, diag.FormatGitHub, diag.FormatSARIF, diag.FormatJUnit}
}

func (a *app) diff() *cobra.Command {
	var rev, format string
	cmd := &cobra.Command{
		Use:     "diff",
		GroupID: "use",
		Short:   "Say what a change means: for the wire, for what is collected, for charts",
		Long: `Compare the project with another revision of it. For each metric that changes:
what changes on the wire; whether more, the same or less is collected, and why;
what changes for summaries and charts; and one line for a changelog that somebody
who runs the software understands. A change both ways collects more.

--base REV names the revision, in any way that git understands. Without it, it is
the last one that is also in the remote's default branch, or in main or master.
Where REV has gone on since the change left it, what changed there is left out.
With --base FILE.proto only the wire is compared, with the message of that file.

Findings are what installations in the field would send wrongly after the change;
` + "`pulpmetrics explain wire-compatibility`" + ` is their page. Mistakes in the project that
make the comparison unsure are findings too. Where the clone lacks the history that
it takes, or the base can't be read, the answer is inconclusive, with exit status 3.`,
		Example: `  pulpmetrics diff
  pulpmetrics diff --base v1.2 --format markdown
  pulpmetrics diff --base ../pulpcore/analytics.proto`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := knownFormat(format, diffFormats()...); err != nil {
				return err
			}
			if isProtoFile(rev) {
				return a.diffProto(rev, format)
			}
			return a.diffRevision(rev, format)
		},
	}
	cmd.Flags().StringVar(&rev, "base", "", "compare with `REV`, or with the message of FILE.proto")
	formatFlag(cmd, &format, diffFormats()...)
	cmd.Flags().SortFlags = false
	return cmd
}

// comparison is what a change means.
type comparison struct {
	*verdict
	against  string
	commit   string // "" is a .proto file
	changes  []change
	project  []registry.Difference
	mistakes []diag.Diagnostic // of the project itself, that make the comparison unsure
	doubts   []error           // why it is inconclusive
}

// change is what becomes of one metric, on the wire too.
type change struct {
	registry.Change
	wire   []string // that installations go on with
	breaks []wire.Finding
}

// diffRevision compares the project with a revision of it.
func (a *app) diffRevision(rev, format string) error {
	w, err := a.project()
	if err != nil {
		return err
	}
	r, failed := w.load()
	if r == nil {
		return failed
	}
	b, err := a.openBase(w, r, rev)
	if err != nil {
		return errors.Join(failed, err)
	}
	v := &verdict{workspace: w, registry: r, diagnostics: lint.Run(r, a.Now()), proposals: len(r.Proposals)}
	c := a.compareWith(v, b)
	a.noteProblems(r)
	return a.finishDiff(c, format, failed)
}

// compareWith works out what changes from a base. The diagnostics of the comparison are what
// breaks.
func (a *app) compareWith(v *verdict, b *base) *comparison {
	now := v.registry
	if b.merged != nil {
		now = b.merged
	}
	wired, err := wire.Compatible(b.registry, now, a.today())
	if err != nil {
		wired = &wire.Compatibility{}
	}
	findings := wired.Findings
	found := registry.Compare(b.registry, now, a.today(), &wire.Compiler{})
	c := &comparison{verdict: &verdict{workspace: v.workspace, registry: v.registry, proposals: v.proposals}, against: b.String(), commit: string(b.commit), project: found.Project}
	for _, ch := range found.Metrics {
		one := change{Change: ch}
		if ch.Collects != registry.Unknown {
			one.wire = wire.Changes(a.sent(b.registry, ch.Was), a.sent(now, ch.Is))
		}
		for _, f := range findings {
			if f.Metric == ch.ID || ch.Was != nil && f.Metric == ch.Was.ID.V {
				one.breaks = append(one.breaks, f)
			}
		}
		c.changes = append(c.changes, one)
	}
	for _, f := range findings {
		c.diagnostics = append(c.diagnostics, f.Diagnostic)
	}
	a.doubtBase(c, b, wired.Before, err)
	c.doubtProject(v, wired)
	c.doubtUnknown()
	return c
}

// doubtUnknown makes a comparison inconclusive where a metric can't be compared and nothing else says
// so: whatever hides it, the change may be anything.
func (c *comparison) doubtUnknown() {
	if len(c.doubts)+len(c.mistakes) > 0 {
		return
	}
	for i := range c.changes {
		if ch := &c.changes[i]; ch.Collects == registry.Unknown {
			c.doubts = append(c.doubts, fmt.Errorf("inconclusive: `%s` can't be compared: %s", ch.ID, ch.Collected[0].Text))
		}
	}
}

// sent returns a metric unless it is retired: nothing is left of it on the wire then.
func (a *app) sent(r *registry.Registry, p *proposal.Proposal) *proposal.Proposal {
	if p != nil && r.Lifecycle(p, a.today()) == registry.Retired {
		return nil
	}
	return p
}

// diffProto compares the wire with a .proto file.
func (a *app) diffProto(name, format string) error {
	w, err := a.anyRegistry()
	if err != nil {
		return err
	}
	r, failed := w.load()
	if r == nil {
		return failed
	}
	data, err := a.readProto(name)
	if err != nil {
		return err
	}
	v := &verdict{workspace: w, registry: r, diagnostics: lint.Run(r, a.Now()), proposals: len(r.Proposals)}
	c := &comparison{verdict: &verdict{workspace: w, registry: r, proposals: v.proposals}, against: name}
	file, err := wire.ReadProto(name, data)
	var wrong *wire.ProtoError
	if errors.As(err, &wrong) {
		return a.wrongProto(wrong, data, format)
	}
	if err != nil {
		return errors.Join(failed, err)
	}
	found := wire.CompatibleWith(file, r, a.today())
	for _, f := range found.Findings {
		c.diagnostics = append(c.diagnostics, f.Diagnostic)
	}
	c.doubtProject(v, found)
	return a.finishDiff(c, format, failed)
}

// finishDiff prints a comparison, and turns it into the error that gives the exit status.
func (a *app) finishDiff(c *comparison, format string, failed error) error {
	c.diagnostics = append(c.diagnostics, c.mistakes...)
	diag.Sort(c.diagnostics)
	failed = errors.Join(failed, c.inconclusive())
	var err error
	switch format {
	case "json":
		err = a.diffJSON(c)
	case "markdown":
		err = a.diffMarkdown(c)
	case formatText:
		err = a.diffText(c)
	default:
		err = a.writeRun(format, c.verdict, diag.Run{Summary: diag.Count(c.proposals, c.diagnostics), Verdict: c.conclusion(), Failures: failures(failed)})
	}
	if err == nil && failed == nil && len(c.diagnostics) > 0 {
		return errFindings
	}
	return errors.Join(failed, err)
}
