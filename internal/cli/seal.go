// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"cmp"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/govern"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
)

func (a *app) seal() *cobra.Command {
	return &cobra.Command{
		Use:     "seal ID",
		GroupID: "use",
		Short:   "Print what a decision on a proposal covers, and its digests",
		Long: `Print the canonical form of a proposal and its two digests: the full one, which is
the seal that decisions carry, and the machine one, which changes only when what is
collected does. Both can be computed again without this program; how is specified
with test vectors in ` + "`pulpmetrics explain canonical-form`" + `.

Decisions follow: whether the seal of the newest one that lets it be collected fits,
and whether each is asserted by names, or proved by signatures (by the keys that
HEAD lists). ` + "`pulpmetrics explain decision-proof`" + ` tells how.`,
		Example:           `  pulpmetrics seal components`,
		Args:              oneMetric,
		ValidArgsFunction: a.completeIDs,
		RunE: func(_ *cobra.Command, args []string) error {
			return a.withMetric(args[0], func(w workspace, r *registry.Registry, p *proposal.Proposal) error {
				form, seal, err := w.form(r, p)
				if err != nil {
					return err
				}
				standings, err := a.standings(w, r, p, seal)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(a.Stdout, "full     %s\n%s\n\nmachine  %s\n%s\n%s", seal.Full, form.Full, seal.Machine, form.Machine, standings)
				return err
			})
		},
	}
}

// form returns what a decision on a proposal covers, from its file.
func (w workspace) form(r *registry.Registry, p *proposal.Proposal) (proposal.Canonical, proposal.Seal, error) {
	data, err := fs.ReadFile(w.fsys, p.Path)
	if err != nil {
		return proposal.Canonical{}, proposal.Seal{}, err
	}
	form, seal, err := govern.Form(data, r.MachineDigest)
	if err != nil {
		return form, seal, fmt.Errorf("%s: %w", p.Path, err)
	}
	return form, seal, nil
}

// standings says of each decision what speaks for it.
func (a *app) standings(w workspace, r *registry.Registry, p *proposal.Proposal, seal proposal.Seal) (string, error) {
	if len(p.Approval) == 0 {
		return "", nil
	}
	l, proofs, err := a.proofsOf(w, r, p)
	if err != nil {
		return "", err
	}
	panel := govern.PanelSince(l.registry.Project, l.registry.Metric(p.ID.V), p)
	var b strings.Builder
	b.WriteString("\ndecisions, by the keys of " + diag.Printable(l.String()) + "\n")
	for i := range p.Approval {
		d := &p.Approval[i]
		text := d.Decision.V + " on " + cmp.Or(d.Date.V, "a day that isn't recorded")
		if len(d.By) > 0 {
			text += " by " + joinTexts(d.By)
		}
		if d == standing(p) {
			text += map[bool]string{true: "; its seal fits", false: "; its seal doesn't fit what stands here"}[d.Seal.V == seal.Full]
		}
		text += "; " + panel.Standing(d, proofs[d])
		for _, o := range proofs[d].Bad {
			text += "; " + o.Message
		}
		writeWrapped(&b, fmt.Sprintf("%7d  ", i+1), diag.Printable(text), a.width(a.Stdout))
	}
	return b.String(), nil
}

// standing is the newest decision that lets a metric be collected, or nil.
func standing(p *proposal.Proposal) *proposal.Decision {
	for i := len(p.Approval) - 1; i >= 0; i-- {
		if d := &p.Approval[i]; d.Seal.V != "" && d.Seal.V == govern.NewestSeal(p) {
			return d
		}
	}
	return nil
}

func joinTexts(texts []source.Text) string {
	var all []string
	for _, text := range texts {
		all = append(all, text.V)
	}
	return strings.Join(all, ", ")
}
