// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"encoding/json"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// exampleReport merges the examples of the fields that sent chooses into one report, in the form
// that proto JSON gives it: names in JSON's spelling, integers of 64 bits as text, enums by their
// constants.
func exampleReport(m *wire.Message, sent func(*wire.Field) bool) (object, error) {
	md, err := m.Reflect()
	if err != nil {
		return nil, err
	}
	report := object{}
	for i := range m.Fields {
		f := &m.Fields[i]
		if !sent(f) || f.Metric.Example == nil {
			continue
		}
		if v, ok := f.Metric.Example.Payload.Get(f.Name); ok {
			fd := md.Fields().ByNumber(protoreflect.FieldNumber(f.Number))
			report = append(report, member{fd.JSONName(), fieldJSON(f, fd, v)})
		}
	}
	return report, nil
}

func fieldJSON(f *wire.Field, fd protoreflect.FieldDescriptor, v source.Value) any {
	switch {
	case f.Message == "":
		return leafJSON(&f.Leaves[0], v)
	case !f.Repeated:
		return messageJSON(f, fd, v)
	}
	items := []any{}
	for _, item := range v.Items {
		items = append(items, messageJSON(f, fd, item))
	}
	return items
}

func messageJSON(f *wire.Field, fd protoreflect.FieldDescriptor, v source.Value) object {
	message := object{}
	for i := range f.Leaves {
		leaf := &f.Leaves[i]
		if value, ok := v.Get(leaf.Name); ok {
			name := fd.Message().Fields().ByNumber(protoreflect.FieldNumber(leaf.Number)).JSONName()
			message = append(message, member{name, leafJSON(leaf, value)})
		}
	}
	return message
}

func leafJSON(leaf *wire.Leaf, v source.Value) any {
	switch leaf.Type {
	case "bool":
		return v.IsTrue()
	case "string":
		return v.Text
	case "enum":
		return wire.EnumValue(leaf.Enum, v.Text)
	}
	n, _ := wire.Number(v)
	switch leaf.Type {
	case "int64", "uint64", "sint64", "fixed64", "sfixed64":
		return n.String()
	}
	return json.Number(n.String())
}

// stillSent reports whether the newest release sends a metric, be it suspended or not.
func (c *collector) stillSent(p *proposal.Proposal) bool {
	return c.out(p, p.Version) && !(p.Version.Removed.Set() && c.released(p, p.Version.Removed.V))
}

// out reports whether any release that sends a metric is out.
func (c *collector) out(p *proposal.Proposal, v *proposal.Version) bool {
	if v == nil {
		return false
	}
	for _, since := range v.Since {
		if c.released(p, since.V) {
			return true
		}
	}
	return false
}

func (c *collector) released(p *proposal.Proposal, version string) bool {
	return c.registry.Released(p.NamespaceName(), version, c.day)
}
