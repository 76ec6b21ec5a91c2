// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/plan"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

var project = Rule{Name: "project", Severity: diag.Error, Firm: true, Project: func(p *Pass) {
	checkNamespaces(p)
	checkReleases(p)
	checkSites(p)
	checkNamedKeys(p)
	checkApprovers(p)
	for _, id := range p.Registry.Project.Legacy {
		if id.Set() && p.Registry.Metric(id.V) == nil {
			p.Report(id.Span, proposal.Suggest(id.V, p.Registry.IDs(), "the metrics are "), "there is no metric `%s`", id.V)
		}
	}
}}

// numbers is the range of one namespace.
type numbers struct {
	name        string
	first, last int64
	span        source.Span
}

// checkNamespaces reports ranges that run backwards, or into each other.
func checkNamespaces(p *Pass) {
	var ranges []numbers
	for _, n := range p.Registry.Project.Namespaces {
		first, last := n.Value.Range()
		if !n.Value.Numbers.Set() {
			continue
		}
		if last < first {
			p.Report(n.Value.Numbers.Span, "write the first number, a hyphen and the last", "the range %s runs backwards", n.Value.Numbers.V)
			continue
		}
		ranges = append(ranges, numbers{n.Key.V, first, last, n.Value.Numbers.Span})
	}
	slices.SortFunc(ranges, func(a, b numbers) int { return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.name, b.name)) })
	var widest numbers // of those before: the one that reaches furthest
	for _, r := range ranges {
		if r.first <= widest.last {
			p.Report(r.span, "give every namespace numbers of its own", "the numbers of `%s` run into those of `%s`, %d to %d", r.name, widest.name, widest.first, widest.last)
		}
		if r.last > widest.last {
			widest = r
		}
	}
}

// checkReleases reports releases of nobody, and releases out of order.
func checkReleases(p *Pass) {
	for _, component := range p.Registry.Project.Releases {
		if _, ok := p.Registry.Project.Namespaces.Get(component.Key.V); !ok {
			p.Report(component.Key.Span, "add it under `namespaces`, or correct its name", "there is no namespace `%s`", component.Key.V)
		}
		last := ""
		for _, release := range component.Value {
			if last != "" && domain.Compare(release.Key.V, last) <= 0 {
				p.Report(release.Key.Span, "order the releases from the oldest", "%s is listed after %s", release.Key.V, last)
			}
			last = release.Key.V
		}
	}
}

// checkSites reports gates on leaves that aren't there, or can't have the form.
func checkSites(p *Pass) {
	for _, site := range p.Registry.Project.Sites {
		gate := site.Value.Gate
		if gate == nil || !gate.Path.Set() {
			continue
		}
		ref, ok := plan.Resolve(p.Registry, nil, gate.Path.V)
		switch {
		case !ok:
			p.Report(gate.Path.Span, pathHelp(p, gate.Path.V), "`%s` leads nowhere", gate.Path.V)
		case ref.Leaf.Type.V != "string":
			p.Report(gate.Path.Span, "name a leaf that holds text", "`%s` is no text, so it can't have the form of a %s", gate.Path.V, gate.Format.V)
		}
	}
}

// pathHelp says which part of a path leads nowhere, and what it could have been.
func pathHelp(p *Pass, path string) string {
	id, leaf, _ := strings.Cut(path, ".")
	metric := p.Registry.Metric(id)
	switch {
	case metric == nil:
		return cmp.Or(proposal.Suggest(id, p.Registry.IDs(), "the metrics are "), "write `metric.leaf`; there is no metric yet")
	case metric.Field == nil || !metric.Field.IsMessage():
		return "write `metric.leaf`, or only the metric if it is a scalar"
	}
	return proposal.Suggest(leaf, leafNames(metric.Field), "the leaves of `"+id+"` are ")
}

func checkNamedKeys(p *Pass) {
	for _, key := range p.Registry.Project.Keys {
		ref, ok := plan.Resolve(p.Registry, nil, key.Value.Path.V)
		if !ok {
			p.Report(key.Value.Path.Span, pathHelp(p, key.Value.Path.V), "`%s` leads nowhere", key.Value.Path.V)
			continue
		}
		for _, where := range key.Value.Where {
			leaf := ref.Metric.Field.LeafNamed(where.Key.V)
			if leaf == nil {
				p.Report(where.Key.Span, proposal.Suggest(where.Key.V, leafNames(ref.Metric.Field), "its leaves are "), "`%s` has no leaf `%s`", ref.Metric.ID.V, where.Key.V)
			} else if d, closed := p.Domain(leaf); closed && !d.Contains(where.Value) {
				p.Report(where.Value.Span, "the leaf holds "+d.String(), "`%s` can never be `%s`", where.Key.V, where.Value.Text)
			}
		}
		if ref.Metric.Field.IsRepeated() {
			checkPicksOne(p, key, ref.Metric.Field)
		}
	}
}

// checkPicksOne reports a key into a list that doesn't say which item it means.
func checkPicksOne(p *Pass, key source.Pair[proposal.NamedKey], f *proposal.Field) {
	for _, name := range f.KeyNames {
		if _, ok := key.Value.Where.Get(name.V); !ok {
			p.Report(key.Key.Span, "add `where: {"+name.V+": VALUE}`", "`%s` doesn't say which item of the list it means", key.Key.V)
		}
	}
}

func checkApprovers(p *Pass) {
	list := p.Registry.Project.Approvers
	current := map[string]bool{}
	for _, a := range list {
		if a.Until.Set() && a.Until.V <= a.From.V {
			p.Report(a.Until.Span, "`until` is the first day on which they no longer decide", "the time of `%s` ends on %s and begins on %s", a.Handle.V, a.Until.V, a.From.V)
		}
		if a.From.V <= p.Today && (!a.Until.Set() || p.Today < a.Until.V) {
			current[a.Handle.V] = true
		}
	}
	if quorum := p.Registry.Project.Quorum; quorum.V > int64(len(current)) && len(list) > 0 {
		p.Report(quorum.Span, "add approvers, or lower the quorum", "the quorum is %d, and the number of approvers today is %d", quorum.V, len(current))
	}
}
