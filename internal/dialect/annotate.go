// SPDX-License-Identifier: GPL-2.0-or-later

package dialect

import (
	"fmt"
	"strings"

	"github.com/pulp/pulpmetrics/internal/plan"
)

// commentWidth is how long the lines of comments are, in bytes.
const commentWidth = 100

// Annotated returns the text of a statement under comments that say what it is for. What runs is the
// text without them.
func Annotated(s *Statement) string {
	var b strings.Builder
	for _, q := range s.Queries {
		comment(&b, fmt.Sprintf("%s: %s", q.ID, describe(q)))
	}
	if s.About != "" {
		comment(&b, s.About)
	}
	return b.String() + s.Text
}

// describe says in words what a summary holds.
func describe(q *plan.Query) string {
	text := map[string]string{
		plan.Systems: "systems", plan.Mean: "the mean of " + path(q.Of), plan.Sum: "the sum of " + path(q.Of),
		plan.Quantiles: "quantiles of " + path(q.Of), plan.Ratio: "the sum of " + path(q.Over) + " over that of " + path(q.Under),
	}[q.Measure]
	for i, t := range q.Terms {
		text += map[bool]string{true: " by ", false: " and "}[i == 0] + t.Name
		if t.As.Name != "" {
			text += " as " + t.As.Name
		}
	}
	if !q.Persistent {
		text += ", of every system"
	}
	return text + ". Of the proposal " + q.Metric.ID.V + "."
}

func path(ref plan.Ref) string {
	switch {
	case ref.Metric == nil:
		return ""
	case ref.Leaf.Name.Set():
		return ref.Metric.ID.V + "." + ref.Leaf.Name.V
	}
	return ref.Metric.ID.V
}

// Comment returns a text as comments, folded.
func Comment(text string) string {
	var b strings.Builder
	comment(&b, text)
	return b.String()
}

// comment writes a text as comments, folded. No text can end one: it has no line breaks.
func comment(b *strings.Builder, text string) {
	line := "--"
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > commentWidth && line != "--" {
			b.WriteString(line + "\n")
			line = "--"
		}
		line += " " + word
	}
	b.WriteString(line + "\n")
}
