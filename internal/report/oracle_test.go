// SPDX-License-Identifier: GPL-2.0-or-later

package report_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// oracle reads reports with the protobuf library, and checks what comes out of it, slowly.
type oracle struct {
	message *wire.Message
	desc    protoreflect.MessageDescriptor
}

func newOracle(t testing.TB, m *wire.Message) oracle {
	t.Helper()
	desc, err := m.Reflect()
	if err != nil {
		t.Fatal(err)
	}
	return oracle{m, desc}
}

func (o oracle) verdict(data []byte) verdict {
	v, msg := newVerdict(), dynamicpb.NewMessage(o.desc)
	if err := (proto.UnmarshalOptions{AllowPartial: true}).Unmarshal(data, msg); err != nil {
		v.Failure = "parse"
		return v
	}
	if err := proto.CheckInitialized(msg); err != nil {
		v.Failure = "missing"
		return v
	}
	if v.System = systemOf(o.message, msg); v.System == "" {
		v.Failure = "system"
		return v
	}
	v.unknown("", msg.GetUnknown())
	for i := range o.message.Fields {
		v.field(&o.message.Fields[i], msg)
	}
	return v
}

// systemOf returns the identifier of a message; "" if it is none.
func systemOf(m *wire.Message, msg protoreflect.Message) string {
	for i := range m.Fields {
		if f := &m.Fields[i]; f.Required && f.Leaves[0].Domain.Format == domain.UUID {
			s := msg.Get(msg.Descriptor().Fields().ByName(protoreflect.Name(f.Name))).String()
			id, err := uuidOf(s)
			if err != nil {
				return ""
			}
			return id
		}
	}
	return ""
}

// uuidOf reads a UUID as the format's documentation says.
func uuidOf(s string) (string, error) {
	for _, strip := range [][2]string{{"urn:", ""}, {"uuid:", ""}, {"{", "}"}, {"urn:", ""}, {"uuid:", ""}} {
		if strings.HasPrefix(s, strip[0]) && strings.HasSuffix(s, strip[1]) {
			s = s[len(strip[0]) : len(s)-len(strip[1])]
		}
	}
	digits := s
	if len(s) == 36 && s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-' {
		digits = strings.ReplaceAll(s, "-", "")
	}
	b, err := hex.DecodeString(digits)
	if err != nil || len(b) != 16 {
		return "", errors.New("no UUID")
	}
	return domain.FormatUUID([16]byte(b)), nil
}

func (v *verdict) unknown(prefix string, raw []byte) {
	for len(raw) > 0 {
		number, _, n := protowire.ConsumeField(raw)
		v.Findings[fmt.Sprintf("unknown_field %s%d", prefix, number)]++
		raw = raw[n:]
	}
}

// field judges one metric.
func (v *verdict) field(f *wire.Field, msg protoreflect.Message) {
	desc := msg.Descriptor().Fields().ByName(protoreflect.Name(f.Name))
	var items []protoreflect.Message
	switch {
	case !msg.Has(desc):
		v.Values[f.Name] = fmt.Sprint(report.Absent)
		return
	case f.Repeated:
		for i := range msg.Get(desc).List().Len() {
			items = append(items, msg.Get(desc).List().Get(i).Message())
		}
	case f.Message != "":
		items = append(items, msg.Get(desc).Message())
	default:
		items = append(items, msg)
	}
	if f.Message != "" {
		for _, item := range items {
			v.unknown(f.Name+".", item.GetUnknown())
		}
	}
	v.duplicates(f, items)
	if !f.Stored() {
		v.drop(f, "not_approved "+f.Name)
		return
	}
	if f.Repeated && len(items) > f.MaxItems {
		v.drop(f, "too_many_items "+f.Name)
		return
	}
	v.items(f, items)
}

func (v *verdict) drop(f *wire.Field, finding string) {
	v.Findings[finding]++
	v.Values[f.Name] = fmt.Sprint(report.Dropped)
}

func (v *verdict) duplicates(f *wire.Field, items []protoreflect.Message) {
	if len(f.Key) == 0 {
		return
	}
	seen := map[string]bool{}
	for _, item := range items {
		key := ""
		for _, k := range f.Key {
			desc := item.Descriptor().Fields().ByName(protoreflect.Name(f.Leaves[k].Name))
			text := fmt.Sprintf("%t", item.Has(desc))
			if item.Has(desc) {
				text = wireText(&f.Leaves[k], item.Get(desc))
			}
			key += fmt.Sprintf("%d:%s", len(text), text)
		}
		if seen[key] {
			v.Rejected = "duplicate_key"
			v.Findings["duplicate_key "+f.Name]++
		}
		seen[key] = true
	}
}

// wireText tells values apart.
func wireText(l *wire.Leaf, value protoreflect.Value) string {
	switch x := value.Interface().(type) {
	case float32:
		return domain.Float(float64(x)).String()
	case float64:
		return domain.Float(x).String()
	}
	return value.String()
}

// items judges the values of a metric that is stored.
func (v *verdict) items(f *wire.Field, items []protoreflect.Message) {
	values, rows, dropped := map[string]string{}, 0, false
	for _, item := range items {
		keyless := false
		row := map[string]string{}
		for k := range f.Leaves {
			l := &f.Leaves[k]
			desc := item.Descriptor().Fields().ByName(protoreflect.Name(l.Name))
			if !item.Has(desc) {
				continue
			}
			switch text, ok := inDomain(l, item.Get(desc)); {
			case ok:
				row[l.Name] = text
			case l.Enum != "":
				row[l.Name] = "dropped"
				keyless = keyless || isKey(f, k)
				dropped = dropped || f.Message == ""
				v.Findings["unknown_member "+f.Path(l)]++
			default:
				dropped = true
				v.Findings["outside_domain "+f.Path(l)]++
			}
		}
		if keyless {
			continue
		}
		values[fmt.Sprintf("%s.%d", f.Name, rows)] = "row"
		for name, text := range row {
			values[fmt.Sprintf("%s.%d.%s", f.Name, rows, name)] = text
		}
		rows++
	}
	if dropped {
		v.Values[f.Name] = fmt.Sprint(report.Dropped)
		return
	}
	v.Values[f.Name] = fmt.Sprint(report.Present)
	for path, text := range values {
		v.Values[path] = text
	}
}

// inDomain returns how a value is spelled, and whether it lies in the leaf's domain.
func inDomain(l *wire.Leaf, value protoreflect.Value) (string, bool) {
	switch x := value.Interface().(type) {
	case bool:
		return fmt.Sprint(x), true
	case string:
		if l.Required && l.Domain.Format == domain.UUID {
			return fmt.Sprintf("%q", x), true
		}
		return fmt.Sprintf("%q", x), utf8.ValidString(x) && l.Domain.ContainsText(x)
	case int32:
		return fmt.Sprint(x), l.Domain.Numbers.Contains(domain.Int(int64(x)))
	case int64:
		return fmt.Sprint(x), l.Domain.Numbers.Contains(domain.Int(x))
	case uint32:
		return fmt.Sprint(x), l.Domain.Numbers.Contains(domain.Uint(uint64(x)))
	case uint64:
		return fmt.Sprint(x), l.Domain.Numbers.Contains(domain.Uint(x))
	case float64:
		return domain.Float(x).String(), l.Domain.Numbers.Contains(domain.Float(x))
	case float32:
		return domain.Float(float64(x)).String(), floatInside(l, x)
	case protoreflect.EnumNumber:
		for _, m := range l.Domain.Enum {
			if m.Number.V == int64(x) {
				return m.Name.V, true
			}
		}
	}
	return "", false
}

// floatInside reports whether a float is one that a member of the domain becomes on the wire.
func floatInside(l *wire.Leaf, f float32) bool {
	for _, v := range l.Domain.Numbers.Values() {
		if float32(v.Float64()) == f {
			return true
		}
	}
	least, greatest, _ := l.Domain.Numbers.Bounds()
	return l.Domain.Numbers.Values() == nil && !math.IsNaN(float64(f)) &&
		float32(least.Float64()) <= f && f <= float32(greatest.Float64())
}
