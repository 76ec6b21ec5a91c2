// SPDX-License-Identifier: GPL-2.0-or-later

// Package plan resolves summaries: which leaves their paths lead to, what tells their rows apart,
// and which summary refines which. In flow a registry and one of its proposals; out come plans
// that an engine can run and a chart can draw, and the problems of those that can't be.
package plan

import (
	"fmt"
	"strings"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
)

// Codes of the problems of summaries and charts.
const (
	CodePath    = "summary-path"
	CodeMeasure = "summary-measure"
	CodeKeys    = "summary-keys"
	CodeWhere   = "summary-where"
	CodeWithin  = "summary-within"
	CodeChart   = "chart-fits"
)

// AgeDays is the built-in key: days since the system was first seen.
const AgeDays = "age_days"

// Ref is where a path leads: one leaf of one metric.
type Ref struct {
	Metric *proposal.Proposal
	Leaf   *proposal.Leaf
}

// Key is one of the things that tell the rows of a summary apart.
type Key struct {
	Name  string // of the column: the leaf's, the named key's, or age_days
	Ref   Ref    // zero for age_days
	As    proposal.As
	Named *proposal.NamedKey // the key of pulpmetrics.yaml, if it is one
	Span  source.Span
}

// Summary is a summary whose paths are resolved. Keys, Of, Numerator and Denominator are complete
// only where there were no problems.
type Summary struct {
	*proposal.Summary
	Metric                     *proposal.Proposal
	Keys                       []Key
	Of, Numerator, Denominator Ref
	Where                      []Ref    // of each condition
	Parent                     *Summary // the coarser one that it is within; nil is none
}

// Plan is what a proposal asks the pipeline to do.
type Plan struct {
	Summaries []Summary
	Problems  []source.Problem
}

// Of resolves the summaries and charts of a proposal.
func Of(r *registry.Registry, p *proposal.Proposal) Plan {
	b := builder{registry: r, metric: p}
	plan := Plan{}
	for i := range p.Summaries() {
		plan.Summaries = append(plan.Summaries, b.summary(&p.Summaries()[i]))
	}
	b.within(plan.Summaries)
	for i := range p.Charts() {
		b.chart(&p.Charts()[i], plan.Summaries)
	}
	plan.Problems = b.problems
	return plan
}

// builder resolves one proposal.
type builder struct {
	registry *registry.Registry
	metric   *proposal.Proposal
	problems []source.Problem
}

func (b *builder) report(code string, span source.Span, help, format string, args ...any) {
	b.problems = append(b.problems, source.Problem{Code: code, Span: span, Message: fmt.Sprintf(format, args...), Help: help})
}

// suggest is report with the names that could have been meant in the place of one; a fix writes the
// nearest of them. Which numbers are published depends on it, so nobody but the author can be sure.
func (b *builder) suggest(code string, name source.Text, known []string, lead, format string, args ...any) {
	b.report(code, name.Span, proposal.Suggest(name.V, known, lead), format, args...)
	if fix := proposal.SuggestFix(name, known); fix != nil {
		fix.Unsure = true
		b.problems[len(b.problems)-1].Fix = fix
	}
}

func (b *builder) summary(s *proposal.Summary) Summary {
	out := Summary{Summary: s, Metric: b.metric}
	names := map[string]bool{}
	for _, written := range s.By {
		key, ok := b.key(written)
		if !ok {
			continue
		}
		if names[key.Name] {
			b.report(CodeKeys, written.Field.Span, "keep one of them", "two keys of `%s` are called `%s`", s.ID.V, key.Name)
		}
		names[key.Name] = true
		out.Keys = append(out.Keys, key)
	}
	for i := range s.Where {
		out.Where = append(out.Where, b.condition(&s.Where[i]))
	}
	b.measure(&out)
	b.repeated(&out)
	return out
}

// key resolves one entry of `by`.
func (b *builder) key(k proposal.Key) (Key, bool) {
	if !k.As.Span.IsZero() && k.As.Name == "postgresql" {
		b.report(CodeKeys, k.As.Span, "summarize the number as it is, and say `as: postgresql` in the chart", "`postgresql` is for charts")
		return Key{}, false
	}
	if k.Field.V == AgeDays {
		key := Key{Name: AgeDays, As: k.As, Span: k.Field.Span}
		return key, b.fits(k.As, ageLeaf)
	}
	if named, ok := b.registry.Project.Keys.Get(k.Field.V); ok {
		if !k.As.Span.IsZero() {
			b.report(CodeKeys, k.As.Span, "delete `as`; the key's own is in pulpmetrics.yaml", "the key `%s` says itself how its values are put into classes", k.Field.V)
			return Key{}, false
		}
		ref, ok := b.find(named.Path.V)
		if !ok {
			return Key{}, false // reported once, at the key itself
		}
		return Key{Name: k.Field.V, Ref: ref, As: named.As, Named: &named, Span: k.Field.Span}, true
	}
	ref, ok := b.path(k.Field, b.keyNames()...)
	if !ok {
		return Key{}, false
	}
	return Key{Name: LeafName(ref), Ref: ref, As: k.As, Span: k.Field.Span}, b.fits(k.As, ref.Leaf)
}

// LeafName is the column of a leaf: its name, or that of a scalar metric.
func LeafName(ref Ref) string {
	if ref.Leaf.Name.Set() {
		return ref.Leaf.Name.V
	}
	return ref.Metric.ID.V
}

// ageLeaf stands for the built-in age when it is asked what a class fits.
var ageLeaf = &proposal.Leaf{Domain: proposal.Domain{Type: source.Text{V: "uint32"}}}

// fits reports classes that the values of a leaf can't be put into.
func (b *builder) fits(as proposal.As, leaf *proposal.Leaf) bool {
	switch as.Name {
	case "":
		return true
	case "xy", "x":
		if leaf.Type.V != "string" {
			b.report(CodeKeys, as.Span, "use `log2` or edges for numbers", "`%s` takes versions apart; this is %s", as.Name, typeName(leaf))
			return false
		}
	case "log2", proposal.ClassEdges, "postgresql":
		if !leaf.IsNumber() {
			b.report(CodeKeys, as.Span, "use `xy` or `x` for versions, or leave `as` out", "`%s` puts numbers into classes; this is %s", as.Name, typeName(leaf))
			return false
		}
		return b.ascending(as)
	default:
		b.report(CodeKeys, as.Span, "use `xy`, `x`, `log2` or `{edges: [0, 1, 10]}`", "`%s` is no way to make classes", as.Name)
		return false
	}
	return true
}

func typeName(leaf *proposal.Leaf) string {
	if leaf.Enum.Set() {
		return "an enum"
	}
	if strings.HasPrefix(leaf.Type.V, "int") {
		return "an " + leaf.Type.V
	}
	return "a " + leaf.Type.V
}
