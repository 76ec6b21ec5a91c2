// SPDX-License-Identifier: GPL-2.0-or-later

package plan

import (
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
)

// Resolve follows a path: `leaf` of the metric's own field, the id of a metric that is a scalar,
// or `metric.leaf`. The metric may be nil, for paths of pulpmetrics.yaml.
func Resolve(r *registry.Registry, own *proposal.Proposal, path string) (Ref, bool) {
	first, rest, dotted := strings.Cut(path, ".")
	if !dotted && own != nil && own.Field != nil && own.Field.IsMessage() {
		if leaf := own.Field.LeafNamed(path); leaf != nil {
			return Ref{own, leaf}, true
		}
	}
	metric := r.Metric(first)
	if own != nil && own.ID.V == first {
		metric = own
	}
	switch {
	case metric == nil || metric.Field == nil:
		return Ref{}, false
	case !dotted && !metric.Field.IsMessage():
		return Ref{metric, &metric.Field.Leaf}, true
	case dotted && metric.Field.IsMessage():
		if leaf := metric.Field.LeafNamed(rest); leaf != nil {
			return Ref{metric, leaf}, true
		}
	}
	return Ref{}, false
}

func (b *builder) find(path string) (Ref, bool) { return Resolve(b.registry, b.metric, path) }

func (b *builder) leads(path string) bool {
	_, ok := b.find(path)
	return ok
}

// path resolves a path of the proposal, and reports it if it leads nowhere. Beside paths there may
// be other names that could have been meant.
func (b *builder) path(path source.Text, others ...string) (Ref, bool) {
	if !path.Set() {
		return Ref{}, false
	}
	ref, ok := b.find(path.V)
	switch {
	case !ok && slices.Contains(b.keyNames(), path.V):
		b.report(CodePath, path.Span, "name a field: a key only tells rows apart", "the key `%s` can only be used in `by`", path.V)
		return ref, false
	case !ok:
		b.suggest(CodePath, path, append(b.paths(path.V), others...), "write one of ", "`%s` leads nowhere", path.V)
		return ref, false
	}
	if b.metric.Derived() && ref.Metric != b.metric && !slices.ContainsFunc(b.metric.From, func(id source.Text) bool { return id.V == ref.Metric.ID.V }) {
		b.report(CodePath, path.Span, "add `"+ref.Metric.ID.V+"` to `from`", "`%s` reads a metric that `from` doesn't name", path.V)
		return ref, false
	}
	return ref, true
}

// paths lists what a path of the proposal can be: its own leaves, those of what it is derived
// from, and those of the metric that the path names.
func (b *builder) paths(path string) []string {
	paths := leafPaths(b.metric, "")
	other, leaf, dotted := strings.Cut(path, ".")
	for _, id := range append(slices.Clone(b.metric.From), source.Text{V: other}) {
		if from := b.registry.Metric(id.V); from != nil && from != b.metric {
			paths = append(paths, leafPaths(from, from.ID.V+".")...)
		}
	}
	for _, id := range b.registry.IDs() { // the slip may be in the metric
		if near := id + "." + leaf; dotted && b.leads(near) {
			paths = append(paths, near)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// keyNames lists the keys that are no paths: those of pulpmetrics.yaml, and age_days.
func (b *builder) keyNames() []string {
	names := []string{AgeDays}
	for _, key := range b.registry.Project.Keys {
		names = append(names, key.Key.V)
	}
	return names
}

func leafPaths(p *proposal.Proposal, prefix string) []string {
	if p.Field == nil {
		return nil
	}
	if !p.Field.IsMessage() {
		return []string{p.ID.V}
	}
	var paths []string
	for i := range p.Field.Fields {
		paths = append(paths, prefix+p.Field.Fields[i].Name.V)
	}
	return paths
}
