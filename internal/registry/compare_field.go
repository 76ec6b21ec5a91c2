// SPDX-License-Identifier: GPL-2.0-or-later

package registry

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// fields compares what two versions of a metric may put into a report.
func (c *comparer) fields(was, is *proposal.Proposal) []Difference {
	switch {
	case was.Field == nil && is.Field == nil:
		return nil
	case was.Field == nil:
		return []Difference{{Amount: More, Text: "it has a field of its own now"}}
	case is.Field == nil:
		return []Difference{{Amount: Less, Text: "it has no field of its own any more"}}
	}
	f := fieldComparer{domains: c.domains}
	f.labels("it", was.Field.Label.V, is.Field.Label.V)
	f.items(was.Field, is.Field)
	f.leaves(was.Field, is.Field)
	return f.found
}

// fieldComparer collects what differs between two fields.
type fieldComparer struct {
	domains Domains
	found   []Difference
}

func (f *fieldComparer) add(amount Amount, format string, args ...any) {
	f.found = append(f.found, Difference{Amount: amount, Text: fmt.Sprintf(format, args...)})
}

// explain adds a detail to what was added last.
func (f *fieldComparer) explain(format string, args ...any) {
	f.found[len(f.found)-1].Detail = fmt.Sprintf(format, args...)
}

// labels compares how often something is sent.
func (f *fieldComparer) labels(name, was, is string) {
	was, is = cmp.Or(was, proposal.Optional), cmp.Or(is, proposal.Optional)
	often := []string{proposal.Optional, proposal.Required, proposal.Repeated}
	switch before, after := slices.Index(often, was), slices.Index(often, is); {
	case after > before:
		f.add(More, "%s was %s and is %s", name, was, is)
	case after < before:
		f.add(Less, "%s was %s and is %s", name, was, is)
	}
}

// items compares how many items a list may have.
func (f *fieldComparer) items(was, is *proposal.Field) {
	if !was.IsRepeated() || !is.IsRepeated() {
		return
	}
	switch before, after := was.MaxItems, is.MaxItems; {
	case before.V == after.V:
	case !after.Set() || before.Set() && after.V > before.V:
		f.add(More, "a report may hold %s items, not %s", most(after), most(before))
	default:
		f.add(Less, "a report may hold %s items, not %s", most(after), most(before))
	}
	old, now := texts(was.KeyNames), texts(is.KeyNames)
	switch {
	case sameSet(old, now):
	case len(old) == 0 || len(now) > 0 && within(now, old):
		f.add(Less, "fewer items may differ: they are told apart by %s", listed(now))
	default:
		f.add(More, "more items may be alike: they are told apart by %s, not %s", listed(now), listed(old))
	}
}

func most(n source.Whole) string {
	if !n.Set() {
		return "any number of"
	}
	return fmt.Sprintf("at most %d", n.V)
}

func texts(list []source.Text) []string {
	var out []string
	for _, t := range list {
		out = append(out, t.V)
	}
	return out
}

func within(of, in []string) bool {
	return !slices.ContainsFunc(of, func(s string) bool { return !slices.Contains(in, s) })
}

func sameSet(a, b []string) bool { return within(a, b) && within(b, a) }

func listed(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	out := ""
	for i, name := range names {
		if i > 0 {
			out += ", "
		}
		out += "`" + name + "`"
	}
	return out
}

// leaves compares scalars: those of one name; of the others, those of one number.
func (f *fieldComparer) leaves(was, is *proposal.Field) {
	if was.IsMessage() != is.IsMessage() {
		f.add(More, "it is another kind of field: what it holds can't be compared")
		return
	}
	matched := map[*proposal.Leaf]bool{}
	for _, old := range was.Leaves() {
		now := counterpart(old, was, is)
		if now == nil {
			f.add(Less, "`%s` is no longer sent", old.Name.V)
			continue
		}
		matched[now] = true
		f.leaf(old, now)
	}
	for _, now := range is.Leaves() {
		if !matched[now] {
			f.add(More, "`%s` is new", now.Name.V)
			f.explain("%s", f.domains.Words(now))
		}
	}
}

// counterpart returns what became of a leaf, or nil.
func counterpart(old *proposal.Leaf, was, is *proposal.Field) *proposal.Leaf {
	if !is.IsMessage() {
		return &is.Leaf
	}
	if now := is.LeafNamed(old.Name.V); now != nil {
		return now
	}
	for _, now := range is.Leaves() {
		if now.Number.V == old.Number.V && was.LeafNamed(now.Name.V) == nil {
			return now
		}
	}
	return nil
}

func (f *fieldComparer) leaf(was, is *proposal.Leaf) {
	name := "it"
	if is.Name.Set() {
		name = "`" + is.Name.V + "`"
		f.labels(name, was.Label.V, is.Label.V)
	}
	switch fits, fitted := f.domains.Within(is, was), f.domains.Within(was, is); {
	case fits && fitted, alike(was.Domain, is.Domain):
	case fits:
		f.add(Less, "%s may hold less", name)
		f.explain("%s; not %s any more", f.domains.Words(is), f.domains.Words(was))
	case fitted:
		f.add(More, "%s may hold more", name)
		f.explain("%s; not only %s", f.domains.Words(is), f.domains.Words(was))
	default:
		f.add(More, "%s may hold something else", name)
		f.explain("%s; not %s", f.domains.Words(is), f.domains.Words(was))
	}
	if was.Unit.V != is.Unit.V {
		f.add(More, "%s is counted in %s, not in %s", name, cmp.Or(is.Unit.V, "no unit"), cmp.Or(was.Unit.V, "no unit"))
	}
	if was.Window.V != is.Window.V {
		f.add(More, "%s is about another time: %s, not %s", name, cmp.Or(is.Window.V, "none is named"), cmp.Or(was.Window.V, "none was named"))
	}
}
