// SPDX-License-Identifier: GPL-2.0-or-later

package registry

import "github.com/pulp/pulpmetrics/internal/proposal"

// Revision is what differs between two versions of one proposal, whatever their status: what a report
// could hold, were it approved both times.
type Revision struct {
	Collects  Amount
	Collected []Difference
	Keys      []string // top-level keys of the file whose values differ
}

// CompareMetric says what differs between two versions of one proposal.
func CompareMetric(was, is *proposal.Proposal, domains Domains) Revision {
	c := comparer{domains: domains}
	r := Revision{Collected: c.fields(was, is), Keys: changedKeys(was, is)}
	r.Collects = sum(r.Collected)
	return r
}
