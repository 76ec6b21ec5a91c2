// SPDX-License-Identifier: GPL-2.0-or-later

package plan

import (
	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// The measures of a summary.
const (
	Systems   = "systems"
	Mean      = "mean"
	Sum       = "sum"
	Quantiles = "quantiles"
	Ratio     = "ratio"
)

// measure resolves what is measured, and reports what is missing or doesn't belong to it.
func (b *builder) measure(s *Summary) {
	of, ratio, quantiles := false, false, false
	switch s.Measure.V {
	case Mean, Sum:
		of = true
	case Quantiles:
		of, quantiles = true, true
	case Ratio:
		ratio = true
	}
	s.Of = b.operand(s, "of", s.Summary.Of, of)
	s.Numerator = b.operand(s, "numerator", s.Summary.Numerator, ratio)
	s.Denominator = b.operand(s, "denominator", s.Summary.Denominator, ratio)
	if quantiles && len(s.Q) == 0 {
		b.report(CodeMeasure, s.Measure.Span, "add `q: [0.5, 0.9]`", "`quantiles` needs `q`")
	}
	if !quantiles && len(s.Q) > 0 {
		b.report(CodeMeasure, s.Q[0].Span, "delete `q`, or measure quantiles", "`%s` doesn't take `q`", s.Measure.V)
	}
}

// operand resolves a number that a measure takes.
func (b *builder) operand(s *Summary, name string, path source.Text, wanted bool) Ref {
	switch {
	case wanted && !path.Set():
		b.report(CodeMeasure, s.Measure.Span, "add `"+name+": PATH` with the path of a number", "`%s` needs `%s`", s.Measure.V, name)
		return Ref{}
	case !wanted && path.Set():
		b.report(CodeMeasure, path.Span, "delete `"+name+"`, or choose the measure that takes it", "`%s` doesn't take `%s`", s.Measure.V, name)
		return Ref{}
	}
	ref, ok := b.path(path)
	if ok && !ref.Leaf.IsNumber() {
		b.report(CodeMeasure, path.Span, "name a number, or count systems `by` it", "`%s` is %s, and `%s` needs a number", path.V, typeName(ref.Leaf), s.Measure.V)
	}
	return ref
}

// repeated reports what would count the items of a list twice, or cross two lists.
func (b *builder) repeated(s *Summary) {
	var list *proposal.Proposal
	refs := []Ref{s.Of, s.Numerator, s.Denominator}
	for _, k := range s.Keys {
		if k.Named == nil {
			refs = append(refs, k.Ref)
		}
	}
	for _, ref := range append(refs, s.Where...) {
		if ref.Metric == nil || !ref.Metric.Field.IsRepeated() {
			continue
		}
		if list != nil && list != ref.Metric {
			b.report(CodeKeys, s.ID.Span, "use one of them, or a named key that picks one item", "`%s` crosses two lists, `%s` and `%s`", s.ID.V, list.ID.V, ref.Metric.ID.V)
			return
		}
		list = ref.Metric
	}
	if list == nil || s.Measure.V == Systems {
		return
	}
	for _, name := range list.Field.KeyNames {
		if !pinned(s, list, name.V) {
			b.report(CodeKeys, s.ID.Span, "add `"+name.V+"` to `by`, or pick one value of it in `where`", "`%s` would mix several items of one system: neither `by` nor `where` picks one `%s`", s.ID.V, name.V)
		}
	}
}

// pinned reports whether a key leaf of a list has one value in each row: it is in `by` as it is,
// or a condition fixes it.
func pinned(s *Summary, list *proposal.Proposal, leaf string) bool {
	for _, k := range s.Keys {
		if k.Ref.Metric == list && k.Ref.Leaf.Name.V == leaf && k.Named == nil && k.As.Name == "" {
			return true
		}
	}
	for i, ref := range s.Where {
		c := s.Summary.Where[i]
		if ref.Metric == list && ref.Leaf.Name.V == leaf && (!c.Eq.Span.IsZero() || len(c.In) == 1) {
			return true
		}
	}
	return false
}

// condition resolves a condition, and reports values that the leaf can't have.
func (b *builder) condition(c *proposal.Condition) Ref {
	ref, ok := b.path(c.Field)
	if !ok {
		return Ref{}
	}
	for _, bound := range []source.Value{c.Ge, c.Lt} {
		if !bound.Span.IsZero() && !ref.Leaf.IsNumber() {
			b.report(CodeWhere, bound.Span, "use `eq` or `in`", "`%s` is %s and has no order", c.Field.V, typeName(ref.Leaf))
		}
	}
	var compiler wire.Compiler
	d, problems := compiler.Domain(ref.Leaf)
	values := c.In
	if !c.Eq.Span.IsZero() {
		values = append([]source.Value{c.Eq}, values...)
	}
	if len(problems) > 0 {
		return ref
	}
	for _, v := range values {
		if n, ok := wire.Number(v); !d.Contains(v) && !(ok && filled(ref) && n.Compare(domain.Number{}) == 0) {
			b.report(CodeWhere, v.Span, "write "+d.String(), "`%s` can never be `%s`", c.Field.V, v.Text)
		}
	}
	if d.Kind == wire.Numeric {
		b.bounds(c, ref, d)
	}
	return ref
}

// bounds reports bounds that no value of the domain keeps.
func (b *builder) bounds(c *proposal.Condition, ref Ref, d wire.Domain) {
	least, greatest, _ := d.Numbers.Bounds()
	if zero := (domain.Number{}); filled(ref) && zero.Compare(least) < 0 {
		least = zero
	}
	ge, from := wire.Number(c.Ge)
	lt, to := wire.Number(c.Lt)
	switch {
	case from && ge.Compare(greatest) > 0:
		b.report(CodeWhere, c.Ge.Span, "write "+d.String(), "`%s` can never be at least %s", c.Field.V, c.Ge.Text)
	case to && lt.Compare(least) <= 0:
		b.report(CodeWhere, c.Lt.Span, "write "+d.String()+", and not its least value", "`%s` can never be less than %s", c.Field.V, c.Lt.Text)
	case from && to && lt.Compare(ge) <= 0:
		b.report(CodeWhere, c.Lt.Span, "`lt` has to be greater than `ge`", "no number is at least %s and less than %s", c.Ge.Text, c.Lt.Text)
	}
}

// filled reports whether a leaf is read as 0 where it is absent; that 0 is exempt from its domain.
func filled(ref Ref) bool {
	return ref.Leaf.Absent.V == "zero" || ref.Metric.Field.Absent.V == "zero"
}

// ascending reports edges that don't ascend.
func (b *builder) ascending(as proposal.As) bool {
	var last domain.Number
	for i, edge := range as.Edges {
		n, _ := wire.Number(edge)
		if i > 0 && n.Compare(last) <= 0 {
			b.report(CodeKeys, edge.Span, "write the edges from the smallest to the largest, each once", "the edges do not ascend")
			return false
		}
		last = n
	}
	return true
}
