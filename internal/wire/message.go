// SPDX-License-Identifier: GPL-2.0-or-later

package wire

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
)

// Message is the message that installations send, as the proposals in force say: the one source
// of descriptors, decoders, schemas and documents.
type Message struct {
	Name     string // of the message, as in Analytics
	File     string // of the .proto file
	Fields   []Field
	Reserved []Reserved // of retired metrics; sorted by number
}

// Field is the top-level field of one metric. Fields are sorted by number.
type Field struct {
	Metric    *proposal.Proposal
	Lifecycle registry.Lifecycle // None while it is suspended
	Name      string
	Number    int64
	Repeated  bool
	Required  bool
	Message   string  // name of its message type; "" is a scalar
	MaxItems  int     // of a repeated message; 0 is no list
	Key       []int   // indexes of the leaves that tell the items of a list apart
	Leaves    []Leaf  // of the message, sorted by number; of a scalar, itself
	Reserved  []int64 // numbers that leaves had

	ReservedNames []string // that leaves had; sorted
}

// Leaf is one scalar.
type Leaf struct {
	Name     string
	Number   int64
	Type     string // of proto, or "enum"
	Enum     string // name of the enum type; "" is none
	Required bool
	Domain   Domain
	Source   *proposal.Leaf
}

// Reserved is what a retired metric leaves behind: its number and name are never used again.
type Reserved struct {
	Number int64
	Name   string
}

// Stored reports whether values of the metric are kept: it is approved, and not suspended.
func (f *Field) Stored() bool { return f.Metric.Status.V == proposal.Approved }

// Path returns the path of a leaf from the top of a report: metric.leaf, or the metric of a scalar.
func (f *Field) Path(leaf *Leaf) string {
	if f.Message == "" {
		return f.Name
	}
	return f.Name + "." + leaf.Name
}

// Compile puts the message together as of a day, YYYY-MM-DD: what is approved or suspended as
// fields, what is retired as reserved. It is an error if a proposal in force has no number or an
// open domain; lint reports both at their place.
func Compile(r *registry.Registry, day string) (*Message, error) {
	m, failed := CompileSound(r, day)
	if len(failed) > 0 {
		return nil, failed[0].Err
	}
	return m, nil
}

// Unsound is a metric in force that no field can be made of.
type Unsound struct {
	Metric *proposal.Proposal
	Err    error
}

// CompileSound is Compile, but for the metrics that it can't be done for: they are left out, and
// returned.
func CompileSound(r *registry.Registry, day string) (*Message, []Unsound) {
	m := &Message{Name: r.Project.Message.V, File: r.Project.Proto.V}
	var failed []Unsound
	var compiler Compiler
	for _, p := range r.Proposals {
		inForce := p.Status.V == proposal.Approved || p.Status.V == proposal.Suspended
		if !inForce || p.Derived() {
			continue
		}
		if err := m.compile(&compiler, p, r.Lifecycle(p, day)); err != nil {
			failed = append(failed, Unsound{p, err})
		}
	}
	slices.SortFunc(m.Fields, func(a, b Field) int { return cmp.Compare(a.Number, b.Number) })
	slices.SortFunc(m.Reserved, func(a, b Reserved) int { return cmp.Compare(a.Number, b.Number) })
	return m, failed
}

func (m *Message) compile(c *Compiler, p *proposal.Proposal, stage registry.Lifecycle) error {
	if p.Field == nil || !p.Field.Number.Set() {
		return fmt.Errorf("%s: a metric in force needs a field with a number; run `pulpmetrics lint`", p.Path)
	}
	if stage == registry.Retired {
		m.Reserved = append(m.Reserved, Reserved{p.Field.Number.V, p.ID.V})
		return nil
	}
	f, err := compileField(c, p)
	if err != nil {
		return err
	}
	f.Lifecycle = stage
	m.Fields = append(m.Fields, f)
	return nil
}

// CompileField compiles the field of one metric, whatever its status.
func CompileField(p *proposal.Proposal) (Field, error) {
	var compiler Compiler
	return compileField(&compiler, p)
}

func compileField(c *Compiler, p *proposal.Proposal) (Field, error) {
	src := p.Field
	f := Field{
		Metric: p, Name: p.ID.V, Number: src.Number.V, Message: src.Message.V,
		Repeated: src.IsRepeated(), Required: src.Label.V == proposal.Required, MaxItems: int(src.MaxItems.V),
	}
	for _, n := range src.Reserved {
		f.Reserved = append(f.Reserved, n.V)
	}
	slices.Sort(f.Reserved)
	for _, name := range src.ReservedNames {
		f.ReservedNames = append(f.ReservedNames, name.V)
	}
	slices.Sort(f.ReservedNames)
	for _, leaf := range src.Leaves() {
		d, problems := c.Domain(leaf)
		if len(problems) > 0 {
			return f, fmt.Errorf("%s:%d:%d: %s; run `pulpmetrics lint`", p.Path, problems[0].Span.Start.Line, problems[0].Span.Start.Column, problems[0].Message)
		}
		f.Leaves = append(f.Leaves, newLeaf(&f, leaf, d))
	}
	slices.SortFunc(f.Leaves, func(a, b Leaf) int { return cmp.Compare(a.Number, b.Number) })
	for _, name := range src.KeyNames {
		i := slices.IndexFunc(f.Leaves, func(l Leaf) bool { return l.Name == name.V })
		if i < 0 {
			return f, fmt.Errorf("%s: the key names `%s`, which is no leaf; run `pulpmetrics lint`", p.Path, name.V)
		}
		f.Key = append(f.Key, i)
	}
	return f, nil
}

func newLeaf(f *Field, src *proposal.Leaf, d Domain) Leaf {
	l := Leaf{Name: src.Name.V, Number: src.Number.V, Type: src.Type.V, Enum: src.Enum.V, Domain: d, Source: src}
	if l.Enum != "" {
		l.Type = "enum"
	}
	if f.Message == "" {
		l.Name, l.Required = f.Name, f.Required
	} else {
		l.Required = src.Label.V == proposal.Required
	}
	return l
}

// EnumValue returns the proto constant of an enum's member: STORAGE_BACKEND_S3 for s3 of
// StorageBackend.
func EnumValue(enum, member string) string {
	var b strings.Builder
	for i := range len(enum) {
		if i > 0 && upper(enum[i]) && (!upper(enum[i-1]) || i+1 < len(enum) && lower(enum[i+1])) {
			b.WriteByte('_')
		}
		b.WriteByte(enum[i])
	}
	return strings.ToUpper(b.String() + "_" + member)
}

func upper(b byte) bool { return 'A' <= b && b <= 'Z' }

func lower(b byte) bool { return 'a' <= b && b <= 'z' }
