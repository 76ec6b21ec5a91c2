// SPDX-License-Identifier: GPL-2.0-or-later

package govern

import (
	"cmp"
	"slices"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
)

// StatusOn returns the status that the decisions up to a day, YYYY-MM-DD, gave a proposal. What was
// decided on a day that isn't recorded was decided before; without a decision a proposal is what it
// says, unless only a later decision made it so.
func StatusOn(p *proposal.Proposal, day string) string {
	status := ""
	for i := range p.Approval {
		d := &p.Approval[i]
		if d.Date.V > day {
			break
		}
		status = cmp.Or(map[string]string{proposal.Narrowed: proposal.Approved}[d.Decision.V], d.Decision.V)
	}
	if status == "" && len(p.Approval) > 0 {
		return proposal.Draft
	}
	return cmp.Or(status, p.Status.V)
}

// CollectedOn returns the metrics that installations sent on a day, as releases and decisions have it,
// and of which the reports were kept; sorted by id.
func CollectedOn(r *registry.Registry, day string) []*proposal.Proposal {
	var all []*proposal.Proposal
	for _, p := range r.Proposals {
		if collectedOn(r, p, day) {
			all = append(all, p)
		}
	}
	return all
}

func collectedOn(r *registry.Registry, p *proposal.Proposal, day string) bool {
	if StatusOn(p, day) != proposal.Approved {
		return false
	}
	if p.Derived() {
		return !slices.ContainsFunc(p.From, func(id source.Text) bool {
			from := r.Metric(id.V)
			return from == nil || from.Derived() || !collectedOn(r, from, day)
		})
	}
	then := *p
	then.Status.V = proposal.Approved // as it was, whatever became of it
	stage := r.Lifecycle(&then, day)
	return stage == registry.Collecting || stage == registry.Deprecated
}

// Sent is one metric of a release.
type Sent struct {
	Metric *proposal.Proposal
	Since  string // the release that began to send it, in the series of the one that was asked for
}

// SentBy returns the metrics that a release of a namespace's component sends, sorted by id: those that
// were ever approved, and that it began and did not cease to send. A release X.Y means the last of
// its series.
func SentBy(r *registry.Registry, namespace, release string) []Sent {
	var all []Sent
	for _, p := range r.Proposals {
		if p.NamespaceName() != namespace || p.Derived() || p.Version == nil || NewestSeal(p) == "" {
			continue
		}
		if removed := p.Version.Removed.V; removed != "" && !before(release, removed) {
			continue
		}
		if since := began(p.Version.Since, release); since != "" {
			all = append(all, Sent{p, since})
		}
	}
	return all
}

// began returns the release that began to send a metric as far as another is concerned: the highest
// one began it for all later series, and each lower one was a backport to its own.
func began(since []source.Text, release string) string {
	main := ""
	for _, s := range since {
		if main == "" || domain.Compare(s.V, main) > 0 {
			main = s.V
		}
	}
	for _, s := range since {
		if domain.Parts(s.V, 2) == domain.Parts(release, 2) && !before(release, s.V) {
			return s.V
		}
	}
	if main != "" && !before(release, main) {
		return main
	}
	return ""
}

// before reports whether a release came before another. X.Y is as late as its series goes.
func before(release, other string) bool {
	if domain.Parts(release, 3) == domain.Parts(release, 2) && domain.Parts(release, 2) == domain.Parts(other, 2) {
		return false
	}
	return domain.Compare(release, other) < 0
}
