// SPDX-License-Identifier: GPL-2.0-or-later

package plan

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
)

// Query is a summary as an engine runs it over the reports of one day: a measure of a population,
// narrowed by filters and told apart by terms. It says what is asked, and nothing of how.
type Query struct {
	ID         string
	Metric     *proposal.Proposal
	Measure    string
	Persistent bool               // the population: systems from the site's age on, or every one
	List       *proposal.Proposal // whose items are told apart or filtered; nil if it is about reports as such
	Terms      []Term
	Filters    []Filter
	Of         Ref       // of Mean, Sum and Quantiles
	Over       Ref       // of Ratio: the numerator
	Under      Ref       // of Ratio: the denominator
	Q          []float64 // of Quantiles
	// Several says that one system can be in a cell with several items, so that systems have to be
	// counted, and not items.
	Several bool
	Within  string // id of the summary that it refines; "" is none

	from []*proposal.Proposal // what the metric is derived from
}

// Term is what tells rows apart: the values of a leaf, put into classes; or the age.
type Term struct {
	Name string
	Ref  Ref // zero for the age
	As   proposal.As
	Pick *Pick // where the leaf is one of a list item that a named key picks
}

// IsAge reports whether the term is the age of the system in days.
func (t Term) IsAge() bool { return t.Ref.Metric == nil }

// Pick picks items of a list, as a named key of pulpmetrics.yaml says.
type Pick struct {
	List    *proposal.Proposal
	Filters []Filter
	Several bool // more than one item of a report can be picked
}

// Filter is a condition on a leaf. All that are set hold.
type Filter struct {
	Ref    Ref
	In     []source.Value // one of these; empty is any
	Ge, Lt source.Value   // unset is no bound
	// Positive asks for more than 0. No proposal can say so; the denominators of ratios have to.
	Positive bool
}

// Queries returns the queries of all metrics that are in force on a day, YYYY-MM-DD, sorted by id:
// approved, and not retired; on the day "" none is retired yet. Those that read a metric which isn't are left out, since what is
// suspended takes no part. A summary that can't be resolved is an error; lint reports it at its place.
func Queries(r *registry.Registry, day string) ([]Query, error) {
	inForce := func(p *proposal.Proposal) bool {
		return p.Status.V == proposal.Approved && r.Lifecycle(p, day) != registry.Retired
	}
	var all []Query
	for _, p := range r.Proposals {
		if !inForce(p) {
			continue
		}
		plan := Of(r, p)
		if len(plan.Problems) > 0 {
			at := plan.Problems[0]
			return nil, fmt.Errorf("%s:%d:%d: %s; run `pulpmetrics lint`", p.Path, at.Span.Start.Line, at.Span.Start.Column, at.Message)
		}
		for i := range plan.Summaries {
			if q := newQuery(r, &plan.Summaries[i]); !slices.ContainsFunc(q.Reads(), func(p *proposal.Proposal) bool { return !inForce(p) }) {
				all = append(all, q)
			}
		}
	}
	slices.SortFunc(all, func(a, b Query) int { return cmp.Compare(a.ID, b.ID) })
	return all, nil
}

func newQuery(r *registry.Registry, s *Summary) Query {
	q := Query{
		ID: s.ID.V, Metric: s.Metric, Measure: s.Measure.V, Persistent: s.Population.V != PopulationAll,
		Of: s.Of, Over: s.Numerator, Under: s.Denominator, Within: s.Within.V,
	}
	for _, id := range s.Metric.From {
		if p := r.Metric(id.V); p != nil {
			q.from = append(q.from, p)
		}
	}
	for _, number := range s.Q {
		q.Q = append(q.Q, number.V)
	}
	for _, key := range s.Keys {
		term, filters := newTerm(r, key)
		q.Terms, q.Filters = append(q.Terms, term), append(q.Filters, filters...)
	}
	for i, ref := range s.Where {
		q.Filters = append(q.Filters, newFilter(ref, &s.Summary.Where[i]))
	}
	for _, ref := range q.refs() {
		if ref.Metric.Field.IsRepeated() {
			q.List = ref.Metric
		}
	}
	q.Several = q.List != nil && !pinsAll(s, q.List)
	return q
}

// PopulationAll is the population of every system that reported.
const PopulationAll = "all"

// refs returns the leaves that the query reads, but for those that named keys pick.
func (q *Query) refs() []Ref {
	var refs []Ref
	for _, t := range q.Terms {
		if !t.IsAge() && t.Pick == nil {
			refs = append(refs, t.Ref)
		}
	}
	for _, f := range q.Filters {
		refs = append(refs, f.Ref)
	}
	for _, ref := range []Ref{q.Of, q.Over, q.Under} {
		if ref.Metric != nil {
			refs = append(refs, ref)
		}
	}
	return refs
}

// Reads returns the metrics that the query reads, each once: its own, and all that this one is derived
// from, among them.
func (q *Query) Reads() []*proposal.Proposal {
	metrics := append([]*proposal.Proposal{q.Metric}, q.from...)
	for _, ref := range q.refs() {
		metrics = append(metrics, ref.Metric)
	}
	for _, t := range q.Terms {
		if t.Pick != nil {
			metrics = append(metrics, t.Pick.List)
		}
	}
	slices.SortFunc(metrics, func(a, b *proposal.Proposal) int { return cmp.Compare(a.ID.V, b.ID.V) })
	return slices.Compact(metrics)
}

// pinsAll reports whether each cell holds at most one item of a report.
func pinsAll(s *Summary, list *proposal.Proposal) bool {
	return len(list.Field.KeyNames) > 0 && !slices.ContainsFunc(list.Field.KeyNames, func(name source.Text) bool {
		return !pinned(s, list, name.V)
	})
}

// newTerm returns the term of a key. What a named key asks of a metric that is no list filters the
// whole query.
func newTerm(r *registry.Registry, key Key) (Term, []Filter) {
	t := Term{Name: key.Name, Ref: key.Ref, As: key.As}
	if key.Named == nil || key.Ref.Metric == nil {
		return t, nil
	}
	metric := key.Ref.Metric
	var filters []Filter
	picked := map[string]bool{}
	for _, pair := range key.Named.Where {
		if ref, ok := Resolve(r, metric, pair.Key.V); ok {
			filters = append(filters, Filter{Ref: ref, In: []source.Value{pair.Value}})
			picked[ref.Leaf.Name.V] = true
		}
	}
	if !metric.Field.IsRepeated() {
		return t, filters
	}
	t.Pick = &Pick{List: metric, Filters: filters}
	for _, name := range metric.Field.KeyNames {
		t.Pick.Several = t.Pick.Several || !picked[name.V]
	}
	return t, nil
}

func newFilter(ref Ref, c *proposal.Condition) Filter {
	f := Filter{Ref: ref, In: c.In, Ge: c.Ge, Lt: c.Lt}
	if !c.Eq.Span.IsZero() {
		f.In = []source.Value{c.Eq}
	}
	return f
}

// KeyNames returns the names of the values in the keys of a query's rows. Quantiles have one more
// key, which tells them apart.
func (q *Query) KeyNames() []string {
	var names []string
	for _, t := range q.Terms {
		names = append(names, t.Name)
	}
	if q.Measure == Quantiles {
		names = append(names, QuantileKey)
	}
	return names
}

// QuantileKey is the last key of rows that hold quantiles.
const QuantileKey = "quantile"
