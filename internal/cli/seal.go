// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/govern"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
)

func (a *app) seal() *cobra.Command {
	return &cobra.Command{
		Use:     "seal ID",
		GroupID: "use",
		Short:   "Print what a decision on a proposal covers, and its digests",
		Long: `Print the canonical form of a proposal and its two digests: the full one, which is
the seal that decisions carry, and the machine one, which changes only when what is
collected does. Both can be computed again without this program; how is specified
with test vectors in ` + "`pulpmetrics explain canonical-form`" + `.`,
		Example:           `  pulpmetrics seal components`,
		Args:              oneMetric,
		ValidArgsFunction: a.completeIDs,
		RunE: func(_ *cobra.Command, args []string) error {
			return a.withMetric(args[0], func(w workspace, r *registry.Registry, p *proposal.Proposal) error {
				form, seal, err := w.form(r, p)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(a.Stdout, "full     %s\n%s\n\nmachine  %s\n%s\n", seal.Full, form.Full, seal.Machine, form.Machine)
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
