// SPDX-License-Identifier: GPL-2.0-or-later

// Package registry is every proposal of a project together with what pulpmetrics.yaml says. In
// flows a file system; out come the proposals, indexed, and the problems of their structure. What
// they mean together is for the rules of package lint to say.
package registry

import (
	"cmp"
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// Registry is one project at one moment. It is not changed once it is loaded.
type Registry struct {
	Project *proposal.Project
	// Proposals has one entry for each file, sorted by id and path; also for files that could be
	// read in part only.
	Proposals []*proposal.Proposal
	// Problems are what is wrong with the structure of files, sorted by file and place.
	Problems []Problem

	barred bool // a folder of proposals is none: a link, a submodule or a file

	sums map[string][sha256.Size]byte // of what files hold, by path

	byID      map[string][]*proposal.Proposal
	byNumber  map[int64][]*proposal.Proposal
	byType    map[string][]*proposal.Proposal
	summaries map[string]SummaryRef
	charted   map[string]bool  // ids of summaries
	read      map[string]bool  // ids of metrics that others are derived from
	highest   map[string]int64 // field number of each namespace, inside its range
}

// Problem is a problem of one file.
type Problem struct {
	File string // slash-separated, from the folder of the project
	source.Problem
}

// SummaryRef is a summary with the metric that it belongs to.
type SummaryRef struct {
	Proposal *proposal.Proposal
	Summary  *proposal.Summary
}

// index sorts what was read, and makes it findable.
func (r *Registry) index() {
	slices.SortFunc(r.Proposals, func(a, b *proposal.Proposal) int {
		return cmp.Or(cmp.Compare(a.ID.V, b.ID.V), cmp.Compare(a.Path, b.Path))
	})
	slices.SortStableFunc(r.Problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Span.Start.Line, b.Span.Start.Line), cmp.Compare(a.Span.Start.Column, b.Span.Start.Column))
	})
	r.byID = make(map[string][]*proposal.Proposal, len(r.Proposals))
	r.byNumber = map[int64][]*proposal.Proposal{}
	r.byType = map[string][]*proposal.Proposal{}
	r.summaries = map[string]SummaryRef{}
	r.charted, r.read = map[string]bool{}, map[string]bool{}
	r.highest = map[string]int64{}
	for _, p := range r.Proposals {
		r.indexField(p)
		r.indexUse(p)
	}
}

func (r *Registry) indexField(p *proposal.Proposal) {
	if p.ID.Set() {
		r.byID[p.ID.V] = append(r.byID[p.ID.V], p)
	}
	if p.Field == nil {
		return
	}
	if n := p.Field.Number; n.Set() {
		r.byNumber[n.V] = append(r.byNumber[n.V], p)
		ns, _ := r.Project.Namespaces.Get(p.NamespaceName())
		if _, last := ns.Range(); n.V <= last {
			r.highest[p.NamespaceName()] = max(r.highest[p.NamespaceName()], n.V)
		}
	}
	for _, name := range p.Field.TypeNames() {
		r.byType[name.V] = append(r.byType[name.V], p)
	}
}

func (r *Registry) indexUse(p *proposal.Proposal) {
	for i := range p.Summaries() {
		s := &p.Summaries()[i]
		if _, taken := r.summaries[s.ID.V]; !taken {
			r.summaries[s.ID.V] = SummaryRef{p, s}
		}
	}
	for i := range p.Charts() {
		for _, id := range p.Charts()[i].Shows() {
			r.charted[id.V] = true
		}
	}
	for _, id := range p.From {
		r.read[id.V] = true
	}
}

// ByNumber returns the metrics that claim a field number of the message.
func (r *Registry) ByNumber(n int64) []*proposal.Proposal { return r.byNumber[n] }

// ByType returns the metrics that declare a message or an enum of that name.
func (r *Registry) ByType(name string) []*proposal.Proposal { return r.byType[name] }

// Charted reports whether a chart of any proposal shows the summary.
func (r *Registry) Charted(summary string) bool { return r.charted[summary] }

// Read reports whether another metric is derived from this one.
func (r *Registry) Read(id string) bool { return r.read[id] }

// ByID returns the proposals of that id: more than one only where two files claim it.
func (r *Registry) ByID(id string) []*proposal.Proposal { return r.byID[id] }

// Metric returns the proposal of that id, or nil.
func (r *Registry) Metric(id string) *proposal.Proposal {
	if ps := r.byID[id]; len(ps) > 0 {
		return ps[0]
	}
	return nil
}

// IDs returns the ids of all proposals, sorted.
func (r *Registry) IDs() []string {
	ids := make([]string, 0, len(r.byID))
	for id := range r.byID {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Summary returns the first summary of that id, and whether there is one.
func (r *Registry) Summary(id string) (SummaryRef, bool) {
	s, ok := r.summaries[id]
	return s, ok
}

// Released reports whether a release of the namespace's component is out on a day, YYYY-MM-DD.
// A patch release is out when its X.Y is.
func (r *Registry) Released(namespace, version, day string) bool {
	date, ok := r.ReleaseDate(namespace, version)
	return ok && date <= day
}

// ReleaseDate returns the day of a release, YYYY-MM-DD, and whether it is known.
func (r *Registry) ReleaseDate(namespace, version string) (string, bool) {
	dates := r.Project.ReleaseDates(namespace)
	if d, ok := dates.Get(version); ok {
		return d.V, true
	}
	if strings.Count(version, ".") == 2 {
		if d, ok := dates.Get(domain.Parts(version, 2)); ok {
			return d.V, true
		}
	}
	return "", false
}

// LastRelease returns the highest release that pulpmetrics.yaml knows of a namespace's component,
// or "".
func (r *Registry) LastRelease(namespace string) string {
	last := ""
	for _, release := range r.Project.ReleaseDates(namespace) {
		if last == "" || domain.Compare(release.Key.V, last) > 0 {
			last = release.Key.V
		}
	}
	return last
}

// NextNumber returns the lowest number of a namespace above all that it ever used, and whether
// the range has one left.
func (r *Registry) NextNumber(namespace string) (int64, bool) {
	ns, ok := r.Project.Namespaces.Get(namespace)
	first, last := ns.Range()
	next := max(first, r.highest[namespace]+1)
	return next, ok && next <= last
}
