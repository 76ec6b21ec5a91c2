// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"cmp"
	"slices"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

// collectedRelease is what one release changed.
type collectedRelease struct {
	Component, Version, Date string // Date is "" if only that of its series is known
	Began, Stopped           []string

	namespace string
}

// releases lists what each release began and stopped to send: those of the product first, then
// those of the other components by name, each from the newest to the oldest.
func (c *collector) releases() []collectedRelease {
	changes := map[[2]string]*collectedRelease{}
	for _, p := range c.registry.Proposals {
		if !inForce(p) || p.Version == nil {
			continue
		}
		line := prose(p.Title.V) + " (" + code(p.ID.V) + ")"
		for _, since := range p.Version.Since {
			c.change(changes, p, since.V, func(r *collectedRelease) { r.Began = append(r.Began, line) })
		}
		if removed := p.Version.Removed; removed.Set() {
			c.change(changes, p, removed.V, func(r *collectedRelease) { r.Stopped = append(r.Stopped, line) })
		}
		c.memberChanges(changes, p)
	}
	var all []collectedRelease
	for _, r := range changes {
		all = append(all, *r)
	}
	slices.SortFunc(all, newestFirst)
	return all
}

// memberChanges adds the values of enums that came later than their metric.
func (c *collector) memberChanges(changes map[[2]string]*collectedRelease, p *proposal.Proposal) {
	if p.Field == nil {
		return
	}
	for _, leaf := range p.Field.Leaves() {
		for _, m := range leaf.Members {
			line := code(m.Name.V) + " as a value of " + prose(p.Title.V) + " (" + code(p.ID.V) + ")"
			if m.Since.Set() {
				c.change(changes, p, m.Since.V, func(r *collectedRelease) { r.Began = append(r.Began, line) })
			}
		}
	}
}

// change notes a change in a release, if that is out.
func (c *collector) change(changes map[[2]string]*collectedRelease, p *proposal.Proposal, version string, note func(*collectedRelease)) {
	if !c.released(p, version) {
		return
	}
	key := [2]string{p.NamespaceName(), version}
	if changes[key] == nil {
		date, _ := c.registry.Project.ReleaseDates(key[0]).Get(version)
		changes[key] = &collectedRelease{namespace: key[0], Component: prose(c.registry.Project.Component(key[0])), Version: version, Date: date.V}
	}
	note(changes[key])
}

func newestFirst(a, b collectedRelease) int {
	others := func(r collectedRelease) int {
		if r.namespace == proposal.CoreNamespace {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(others(a), others(b)), cmp.Compare(a.namespace, b.namespace),
		domain.Compare(b.Version, a.Version), cmp.Compare(a.Version, b.Version))
}
