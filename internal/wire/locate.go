// SPDX-License-Identifier: GPL-2.0-or-later

package wire

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
)

// locator finds the piece of a proposal that a break is about.
type locator struct {
	before, registry *registry.Registry // before and was are nil where that side is a .proto file
	was, is          *Message
}

// place is where a break is mended.
type place struct {
	metric string
	file   string
	span   source.Span
	moved  int64 // the number that the field has now; 0 is the old one, or none
	inside bool  // about a leaf, not the metric as a whole
	gone   bool  // the file of the metric
}

func (l *locator) place(b Break) place {
	if b.Type == protoreflect.FullName(l.is.Name) && (b.Number != 0 || b.Name != "") {
		return l.top(b)
	}
	name := string(b.Type.Name())
	for _, m := range []*Message{l.is, l.was} {
		if m == nil || b.Type.Parent() != protoreflect.FullName(m.Name) {
			continue
		}
		for i := range m.Fields {
			f := &m.Fields[i]
			if f.Message == name {
				return l.leaf(f, b)
			}
			for j := range f.Leaves {
				if f.Leaves[j].Enum == name {
					return l.member(f, &f.Leaves[j], b)
				}
			}
		}
	}
	return place{file: proposal.ProjectFile, span: l.registry.Project.Message.Span}
}

// top is about the field of a whole metric.
func (l *locator) top(b Break) place {
	p := l.owner(b)
	switch {
	case p == nil:
		return l.lost(b)
	case p.Field == nil:
		return place{metric: p.ID.V, file: p.Path, span: p.ID.Span}
	}
	at := place{metric: p.ID.V, file: p.Path, span: p.ID.Span}
	switch f := p.Field; b.Aspect {
	case OfDeletion:
		if f.Number.Set() && f.Number.V != int64(b.Number) {
			at.span, at.moved = f.Number.Span, f.Number.V
		} else if p.Status.V != proposal.Approved && p.Status.V != proposal.Suspended {
			at.span = p.Status.Span
		}
	case OfReservation:
		at.span = firstOf(p.Retired.Span, p.Status.Span, at.span)
	case OfType:
		at.span = firstOf(f.Type.Span, f.Enum.Span, f.Message.Span, f.Here())
	case OfLabel:
		at.span = firstOf(f.Label.Span, f.Here())
	}
	return at
}

// owner returns the proposal that a number of the message belongs to now, or nil: the one of the
// same name first, since it may have got another number.
func (l *locator) owner(b Break) *proposal.Proposal {
	if p := l.registry.Metric(b.Name); p != nil {
		return p
	}
	if ps := l.registry.ByNumber(int64(b.Number)); b.Number > 0 && len(ps) > 0 {
		return ps[0]
	}
	return nil
}

// lost is a metric whose proposal is gone: its path is all that there is.
func (l *locator) lost(b Break) place {
	if l.before != nil {
		p := l.before.Metric(b.Name)
		if ps := l.before.ByNumber(int64(b.Number)); p == nil && b.Number > 0 && len(ps) > 0 {
			p = ps[0]
		}
		if p != nil {
			return place{metric: p.ID.V, file: p.Path, gone: true}
		}
	}
	return place{metric: b.Name, file: proposal.ProjectFile, span: l.registry.Project.Message.Span}
}

// leaf is about a field of a metric's message.
func (l *locator) leaf(f *Field, b Break) place {
	p := l.registry.Metric(f.Name)
	if p == nil || p.Field == nil {
		return place{metric: f.Name, file: f.Metric.Path, gone: p == nil, inside: true}
	}
	at := place{metric: p.ID.V, file: p.Path, span: p.Field.Key, inside: true}
	leaf := p.Field.LeafNamed(b.Name)
	if i := slices.IndexFunc(p.Field.Fields, func(leaf proposal.Leaf) bool { return leaf.Number.V == int64(b.Number) }); leaf == nil && i >= 0 {
		leaf = &p.Field.Fields[i]
	}
	switch {
	case leaf == nil && b.Aspect == OfReservation:
		at.span = firstOf(reservations(p.Field), at.span)
	case leaf == nil:
	case b.Aspect == OfDeletion && leaf.Number.V != int64(b.Number):
		at.span, at.moved = leaf.Number.Span, leaf.Number.V
	case b.Aspect == OfType:
		at.span = firstOf(leaf.Type.Span, leaf.Enum.Span, leaf.Here())
	case b.Aspect == OfLabel:
		at.span = firstOf(leaf.Label.Span, leaf.Here())
	case b.Aspect == OfReservation:
		at.span = leaf.Number.Span
	default:
		at.span = leaf.Here()
	}
	return at
}

// reservations is where a message reserves something.
func reservations(f *proposal.Field) source.Span {
	for _, n := range f.Reserved {
		return n.Span
	}
	for _, name := range f.ReservedNames {
		return name.Span
	}
	return source.Span{}
}

// member is about a value of an enum.
func (l *locator) member(f *Field, of *Leaf, b Break) place {
	p := l.registry.Metric(f.Name)
	if p == nil || p.Field == nil {
		return place{metric: f.Name, file: f.Metric.Path, gone: p == nil, inside: true}
	}
	at := place{metric: p.ID.V, file: p.Path, span: p.Field.Key, inside: true}
	for _, leaf := range p.Field.Leaves() {
		if leaf.Enum.V != of.Enum {
			continue
		}
		at.span = leaf.Enum.Span
		for _, m := range leaf.Members {
			switch {
			case m.Number.V == int64(b.Number):
				at.span = m.Name.Span
			case b.Aspect == OfDeletion && EnumValue(of.Enum, m.Name.V) == b.Name:
				at.span, at.moved = m.Number.Span, m.Number.V
			}
		}
	}
	return at
}

func firstOf(spans ...source.Span) source.Span {
	for _, s := range spans {
		if !s.IsZero() {
			return s
		}
	}
	return source.Span{}
}

// help says what to do instead.
func (at place) help(b Break) string {
	switch {
	case at.gone:
		return "bring the file back: a metric ends with `retired: YYYY-MM-DD`, and its file stays, so that nobody takes its number"
	case at.moved != 0:
		return "give it its old number again; other data is another field with a number that was never used"
	case strings.HasPrefix(b.Rule, "ENUM"):
		return "keep every value with its number: old systems send them for years"
	}
	switch b.Aspect {
	case OfDeletion:
		if at.inside {
			return "put its number under `reserved` and its name under `reserved_names`, so that nobody takes them"
		}
		return "keep the field; `retired: YYYY-MM-DD` ends a metric, and keeps its number from being taken"
	case OfReservation:
		return "reserve it again: reports of old systems still carry it"
	case OfName:
		return "keep the name; other data is another field with a name and a number that were never used"
	case OfType, OfLabel:
		return "keep it as it was; other data is another field with a number that was never used"
	}
	return "change it back: installations that were not upgraded go on as before for years"
}
