// SPDX-License-Identifier: GPL-2.0-or-later

package plan

import (
	"regexp"
	"slices"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// chart checks that a picture can be drawn of the rows it names.
func (b *builder) chart(c *proposal.Chart, summaries []Summary) {
	shown := b.shown(c, summaries)
	if shown == nil || len(shown.Keys) < len(shown.By) { // what is wrong with the keys is reported there
		return
	}
	used := map[string]bool{}
	for _, k := range []struct {
		name string
		key  proposal.Key
	}{{"series", c.Series}, {"facet", c.Facet}, {"x", c.X}} {
		b.chartKey(k.name, k.key, shown, used)
	}
	for _, key := range shown.Keys {
		if !used[key.Name] && c.Kind.V != "table" {
			b.report(CodeChart, c.Shows()[0].Span, "make it the `series`, the `facet` or `x`, or show a summary without it", "the chart doesn't say what to do with the key `%s` of `%s`", key.Name, shown.ID.V)
		}
	}
	b.chartKind(c, shown)
	b.chartTitle(c)
}

// shown returns the first of the summaries that the chart shows; nil if there is none. Several
// have to have the same keys.
func (b *builder) shown(c *proposal.Chart, summaries []Summary) *Summary {
	ids := c.Shows()
	if len(ids) == 0 {
		b.report(CodeChart, c.Title.Span, "add `summary: ID`", "the chart shows no summary")
		return nil
	}
	if c.Summary.Set() && len(c.Summaries) > 0 {
		b.report(CodeChart, c.Summaries[0].Span, "keep one of the two keys", "the chart has both `summary` and `summaries`")
	}
	var first *Summary
	for _, id := range ids {
		s := b.summaryNamed(id, summaries)
		if s == nil {
			return nil
		}
		if first != nil && (s.Measure.V != first.Measure.V || !slices.Equal(keyNames(s), keyNames(first))) {
			b.report(CodeChart, id.Span, "make a chart of its own for it", "`%s` doesn't have the shape of `%s`", id.V, first.ID.V)
			return nil
		}
		if first == nil {
			first = s
		}
	}
	return first
}

// summaryNamed finds a summary of this proposal, or of another one.
func (b *builder) summaryNamed(id source.Text, summaries []Summary) *Summary {
	if s := named(summaries, id.V); s != nil {
		return s
	}
	if other, ok := b.registry.Summary(id.V); ok {
		s := (&builder{registry: b.registry, metric: other.Proposal}).summary(other.Summary)
		return &s
	}
	b.suggest(CodeChart, id, ids(summaries, nil), "the summaries here are ", "there is no summary `%s`", id.V)
	return nil
}

func keyNames(s *Summary) []string {
	var names []string
	for _, k := range s.Keys {
		names = append(names, k.Name)
	}
	return names
}

func (b *builder) chartKey(name string, key proposal.Key, s *Summary, used map[string]bool) {
	if !key.Set() {
		return
	}
	i := slices.IndexFunc(s.Keys, func(k Key) bool { return k.Name == key.Field.V })
	if i < 0 {
		b.suggest(CodeChart, key.Field, keyNames(s), "the keys of the summary are ", "`%s` is not a key of `%s`", key.Field.V, s.ID.V)
		return
	}
	if used[key.Field.V] {
		b.report(CodeChart, key.Field.Span, "use another key", "the chart uses `%s` twice", key.Field.V)
	}
	used[key.Field.V] = true
	b.regroup(key.As, s.Keys[i])
}

// regroup reports classes that published rows of a key can't be put into again.
func (b *builder) regroup(as proposal.As, key Key) {
	if as.Name == "" {
		return
	}
	if key.As.Name != "" && !(key.As.Name == "xy" && as.Name == "x") {
		b.report(CodeChart, as.Span, "summarize the values as they are, or leave `as` out here", "the rows are already in classes (`%s`)", key.As.Name)
		return
	}
	leaf := key.Ref.Leaf
	if leaf == nil {
		leaf = ageLeaf
	}
	before := len(b.problems)
	b.fits(as, leaf)
	for i := before; i < len(b.problems); i++ {
		b.problems[i].Code = CodeChart
	}
}

// chartKind reports what a kind of chart lacks, or can't show.
func (b *builder) chartKind(c *proposal.Chart, s *Summary) {
	kind := c.Kind.V
	switch {
	case (kind == "pie" || kind == "histogram") && !c.Day.Set():
		b.report(CodeChart, c.Kind.Span, "add `day: latest`", "a %s shows one day", kind)
	case kind == "histogram" && !c.X.Set():
		b.report(CodeChart, c.Kind.Span, "add `x: KEY`", "a histogram needs `x`")
	case kind == "pie" && !c.Series.Set():
		b.report(CodeChart, c.Kind.Span, "add `series: KEY`", "a pie needs a `series`, one slice for each value")
	case (kind == "line" || kind == "stacked_area" || kind == "pie") && c.X.Set():
		b.report(CodeChart, c.X.Field.Span, "use `bar` or `histogram`, or delete `x`", "the horizontal axis of a %s is the day", kind)
	case (kind == "line" || kind == "stacked_area") && c.Day.Set():
		b.report(CodeChart, c.Day.Span, "use `bar` or `pie`, or delete `day`", "a %s shows days side by side", kind)
	case (kind == "stacked_area" || kind == "pie" || kind == "histogram") && s.Measure.V != Systems && s.Measure.V != Sum:
		b.report(CodeChart, c.Kind.Span, "use `line` or `table`", "a %s adds up, and a %s can't be added up", kind, s.Measure.V)
	case c.X.Set() && !c.Day.Set():
		b.report(CodeChart, c.X.Field.Span, "add `day: latest`", "a chart with `x` shows one day")
	case c.Stack.Set() && kind != "stacked_area" && kind != "bar":
		b.report(CodeChart, c.Stack.Span, "delete `stack`, or use `stacked_area`", "a %s is not stacked", kind)
	case c.Top.Set() && !c.Series.Set():
		b.report(CodeChart, c.Top.Span, "add `series: KEY`, or delete `top`", "`top` names series, and there are none")
	}
}

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

// chartTitle reports placeholders that nothing fills.
func (b *builder) chartTitle(c *proposal.Chart) {
	for _, m := range placeholder.FindAllStringSubmatch(c.Title.V, -1) {
		if m[1] != c.Facet.Field.V || !c.Facet.Set() {
			b.report(CodeChart, c.Title.Span, "name the key under `facet`", "nothing fills `{%s}` in the title", m[1])
		}
	}
}
