// SPDX-License-Identifier: GPL-2.0-or-later

package registry

import "github.com/pulp/pulpmetrics/internal/proposal"

// Seal returns the seal of a proposal as the registry has it now; false if it reads a metric that
// isn't there.
func (r *Registry) Seal(p *proposal.Proposal) (proposal.Seal, bool) { return p.Seal(r.MachineDigest) }

// MachineDigest returns the machine digest of a metric that others can be derived from, and
// whether there is such a metric.
func (r *Registry) MachineDigest(id string) (string, bool) {
	p := r.Metric(id)
	if p == nil || p.Derived() {
		return "", false
	}
	seal, ok := p.Seal(nil)
	return seal.Machine, ok
}
