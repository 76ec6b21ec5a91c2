// SPDX-License-Identifier: GPL-2.0-or-later

package proposal

import "github.com/pulp/pulpmetrics/internal/source"

// Summarization holds the daily summaries of a metric.
type Summarization struct {
	source.Node
	Summaries []Summary `source:"summaries"`
}

// Summary is what is worked out of the reports of one day.
type Summary struct {
	source.Node
	ID          source.Text              `source:"id"`
	Measure     source.Text              `source:"measure"`
	By          []Key                    `source:"by"`
	Of          source.Text              `source:"of"`
	Q           []source.Scalar[float64] `source:"q"`
	Numerator   source.Text              `source:"numerator"`
	Denominator source.Text              `source:"denominator"`
	Where       []Condition              `source:"where"`
	Population  source.Text              `source:"population"`
	Within      source.Text              `source:"within"`
	Uncharted   source.Text              `source:"uncharted"`
}

// Key is what rows are told apart by: a path or the name of a key, and how its values are put
// into classes.
type Key struct {
	source.Node
	Field source.Text
	As    As
}

// As is a way to put values into classes: a name, or Edges. The zero As leaves them as they are.
type As struct {
	Span  source.Span
	Name  string // xy, x, log2, postgresql, or "edges"
	Edges []source.Value
}

// ClassEdges is the Name of an As with edges of its own.
const ClassEdges = "edges"

// Condition narrows a summary to some of the values of a leaf.
type Condition struct {
	source.Node
	Field source.Text    `source:"field"`
	Eq    source.Value   `source:"eq"`
	In    []source.Value `source:"in"`
	Ge    source.Value   `source:"ge"`
	Lt    source.Value   `source:"lt"`
}

// Visualization holds the charts of a metric.
type Visualization struct {
	source.Node
	Charts []Chart `source:"charts"`
}

// Chart is one picture of published rows.
type Chart struct {
	source.Node
	Title     source.Text   `source:"title"`
	Kind      source.Text   `source:"kind"`
	Summary   source.Text   `source:"summary"`
	Summaries []source.Text `source:"summaries"`
	Series    Key           `source:"series"`
	Facet     Key           `source:"facet"`
	X         Key           `source:"x"`
	Day       source.Text   `source:"day"`
	Top       source.Whole  `source:"top"`
	Stack     source.Text   `source:"stack"`
}

// Shows returns the ids of the summaries that the chart shows.
func (c *Chart) Shows() []source.Text {
	if c.Summary.Set() {
		return append([]source.Text{c.Summary}, c.Summaries...)
	}
	return c.Summaries
}

// UnmarshalSource reads a key from its name, or from {field: …, as: …}.
func (k *Key) UnmarshalSource(key source.Span, v source.Value) {
	k.Node = source.Node{Key: key, Span: v.Span}
	if v.Kind == source.String {
		k.Field = source.Text{V: v.Text, Span: v.Span}
		return
	}
	var long struct {
		Field source.Text `source:"field"`
		As    As          `source:"as"`
	}
	source.Decode(v, &long)
	k.Field, k.As = long.Field, long.As
}

// Set reports whether the file has the key.
func (k Key) Set() bool { return k.Field.Set() }

// UnmarshalSource reads a class from its name, or from {edges: […]}.
func (a *As) UnmarshalSource(_ source.Span, v source.Value) {
	a.Span = v.Span
	if v.Kind == source.String {
		a.Name = v.Text
	} else if edges, ok := v.Get("edges"); ok {
		a.Name, a.Edges = ClassEdges, edges.Items
	}
}
