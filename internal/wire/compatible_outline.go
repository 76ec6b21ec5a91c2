// SPDX-License-Identifier: GPL-2.0-or-later

package wire

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
)

// outline is Compile for comparisons: numbers, names, types and labels need no domain, so only
// metrics whose form is not known are left out. With withdrawn, metrics that were withdrawn before
// any release sent them keep their numbers.
func outline(r *registry.Registry, day string, withdrawn bool) (*Message, protoreflect.FileDescriptor, Gaps, error) {
	m, unsound := CompileSound(r, day)
	var gaps Gaps
	for _, u := range unsound {
		if f, err := outlineField(u.Metric); err != nil {
			gaps.Fields = append(gaps.Fields, Unsound{u.Metric, err})
		} else {
			f.Lifecycle = r.Lifecycle(u.Metric, day)
			m.Fields = append(m.Fields, f)
			gaps.Domains = append(gaps.Domains, u)
		}
	}
	m.sort()
	if withdrawn {
		m.reserveWithdrawn(r, day)
	}
	file, err := m.file()
	if err == nil {
		return m, file, gaps, nil
	}
	m.Fields = slices.DeleteFunc(m.Fields, func(f Field) bool {
		err := f.possible()
		if err != nil {
			gaps.Fields = append(gaps.Fields, Unsound{f.Metric, err})
		}
		return err != nil
	})
	file, err = m.file()
	return m, file, gaps, err
}

func (m *Message) sort() {
	slices.SortFunc(m.Fields, func(a, b Field) int { return cmp.Compare(a.Number, b.Number) })
}

// outlineField is compileField without domains.
func outlineField(p *proposal.Proposal) (Field, error) {
	if p.Field == nil || !p.Field.Number.Set() {
		return Field{}, errors.New("it has no field with a number")
	}
	f, _ := CompileField(p)
	f.Leaves, f.Key = nil, nil
	for _, leaf := range p.Field.Leaves() {
		f.Leaves = append(f.Leaves, newLeaf(&f, leaf, Domain{Enum: leaf.Members}))
	}
	slices.SortFunc(f.Leaves, func(a, b Leaf) int { return cmp.Compare(a.Number, b.Number) })
	return f, f.possible()
}

// possible says why no .proto file can hold the field, be it alone.
func (f *Field) possible() error {
	if f.Message == "" && len(f.Leaves) != 1 {
		return errors.New("it is neither one value nor a message")
	}
	for i := range f.Leaves {
		if _, known := protoTypes[f.Leaves[i].Type]; !known {
			return fmt.Errorf("`%s` has no type", cmp.Or(f.Leaves[i].Name, f.Name))
		}
	}
	alone := Message{Name: "Alone", File: "alone.proto", Fields: []Field{*f}}
	_, err := alone.file()
	return err
}

// unread reports whether a file is there, and no metric could be read from it.
func (l *locator) unread(file string) bool {
	if file == proposal.ProjectFile {
		return false
	}
	legible := slices.ContainsFunc(l.registry.Proposals, func(p *proposal.Proposal) bool { return p.Path == file && p.ID.Set() })
	return !legible && slices.ContainsFunc(l.registry.Problems, func(p registry.Problem) bool { return p.File == file })
}
