// SPDX-License-Identifier: GPL-2.0-or-later

package proposal

import "github.com/pulp/pulpmetrics/internal/source"

// Field is the proto field of a metric. With Message it is a message of Fields, repeated if the
// label says so; without, it is itself the metric's only leaf.
type Field struct {
	Leaf
	Message       source.Text    `source:"message"`
	MaxItems      source.Whole   `source:"max_items"`
	KeyNames      []source.Text  `source:"key"`
	Fields        []Leaf         `source:"fields"`
	Reserved      []source.Whole `source:"reserved"`
	ReservedNames []source.Text  `source:"reserved_names"`
}

// Leaf is one scalar on the wire with its domain.
type Leaf struct {
	source.Node
	Name        source.Text                          `source:"name"` // unset for a scalar metric, named by its id
	Number      source.Whole                         `source:"number"`
	Label       source.Text                          `source:"label"`
	Absent      source.Text                          `source:"absent"`
	Unit        source.Text                          `source:"unit"`
	Window      source.Text                          `source:"window"`
	Description source.Text                          `source:"description"`
	Weights     source.Pairs[source.Scalar[float64]] `source:"weights"`
	Domain
}

// Domain is the set of values that a leaf may have, as it is written. Min, Max and the Values
// keep their text, since no single Go number holds all of them.
type Domain struct {
	Type    source.Text    `source:"type"`
	Enum    source.Text    `source:"enum"`
	Members []Member       `source:"members"`
	Min     source.Value   `source:"min"`
	Max     source.Value   `source:"max"`
	Values  []source.Value `source:"values"`
	Format  source.Text    `source:"format"`
	Pattern source.Text    `source:"pattern"`
}

// Member is one value of an enum.
type Member struct {
	source.Node
	Name        source.Text  `source:"name"`
	Number      source.Whole `source:"number"`
	Description source.Text  `source:"description"`
	Since       source.Text  `source:"since"`
}

// Labels of a field.
const (
	Optional = "optional"
	Required = "required"
	Repeated = "repeated"
)

// IsRepeated reports whether a report holds a list of the metric.
func (f *Field) IsRepeated() bool { return f.Label.V == Repeated }

// IsMessage reports whether the metric is a message of leaves.
func (f *Field) IsMessage() bool { return f.Message.Set() || len(f.Fields) > 0 }

// Leaves returns every scalar of the metric: those of its message, or the field itself.
func (f *Field) Leaves() []*Leaf {
	if !f.IsMessage() {
		return []*Leaf{&f.Leaf}
	}
	leaves := make([]*Leaf, len(f.Fields))
	for i := range f.Fields {
		leaves[i] = &f.Fields[i]
	}
	return leaves
}

// LeafNamed returns the leaf of a message by name, or nil.
func (f *Field) LeafNamed(name string) *Leaf {
	for i := range f.Fields {
		if f.Fields[i].Name.V == name {
			return &f.Fields[i]
		}
	}
	return nil
}

// IsNumber reports whether the leaf's type is numeric.
func (l *Leaf) IsNumber() bool {
	switch l.Type.V {
	case "", "bool", "string":
		return false
	}
	return true
}

// Here is where a finding about the leaf as a whole points: its name, or the key it stands under.
func (l *Leaf) Here() source.Span {
	if l.Name.Set() {
		return l.Name.Span
	}
	return l.Key
}

// TypeNames returns the names of the message and of the enums that the field declares.
func (f *Field) TypeNames() []source.Text {
	var names []source.Text
	if f.Message.Set() {
		names = append(names, f.Message)
	}
	for _, leaf := range f.Leaves() {
		if leaf.Enum.Set() {
			names = append(names, leaf.Enum)
		}
	}
	return names
}
