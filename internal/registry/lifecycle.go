// SPDX-License-Identifier: GPL-2.0-or-later

package registry

import "github.com/pulp/pulpmetrics/internal/proposal"

// Lifecycle is where an approved metric stands. It is worked out, never written, so that it can't
// disagree with the releases.
type Lifecycle string

// The lifecycle of an approved metric; None is that of every other.
const (
	None       Lifecycle = ""
	Planned    Lifecycle = "planned"    // approved, and no release sends it yet
	Collecting Lifecycle = "collecting" // a release that is out sends it
	Deprecated Lifecycle = "deprecated" // a release that is out no longer sends it; old systems do
	Retired    Lifecycle = "retired"    // dropped by the site
)

// Lifecycles lists all but None, in order.
func Lifecycles() []Lifecycle { return []Lifecycle{Planned, Collecting, Deprecated, Retired} }

// Lifecycle returns where a metric stands on a day, YYYY-MM-DD. A derived metric is collected
// once every metric that it reads is.
func (r *Registry) Lifecycle(p *proposal.Proposal, day string) Lifecycle {
	switch {
	case p.Status.V != proposal.Approved:
		return None
	case p.Retired.Set() && p.Retired.V <= day:
		return Retired
	case p.Derived():
		return r.derivedLifecycle(p, day)
	}
	if p.Version == nil {
		return Planned
	}
	if p.Version.Removed.Set() && r.Released(p.NamespaceName(), p.Version.Removed.V, day) {
		return Deprecated
	}
	for _, since := range p.Version.Since {
		if r.Released(p.NamespaceName(), since.V, day) {
			return Collecting
		}
	}
	return Planned
}

func (r *Registry) derivedLifecycle(p *proposal.Proposal, day string) Lifecycle {
	result := Collecting
	for _, id := range p.From {
		from := r.Metric(id.V)
		if from == nil || from.Derived() {
			return Planned
		}
		switch state := r.Lifecycle(from, day); state {
		case None, Planned:
			return Planned
		case Deprecated, Retired:
			result = state
		}
	}
	return result
}
