// SPDX-License-Identifier: GPL-2.0-or-later

package report_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
	"pgregory.net/rapid"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/report"
)

// gate reports whether every value of a leaf, or of a scalar, is a release.
func (o oracle) gate(t rapid.TB, data []byte, field, leaf string) bool {
	msg := dynamicpb.NewMessage(o.desc)
	if err := proto.Unmarshal(data, msg); err != nil {
		t.Fatal(err)
	}
	desc := o.desc.Fields().ByName(protoreflect.Name(field))
	items := []protoreflect.Message{msg}
	switch {
	case desc.IsList():
		items = nil
		for i := range msg.Get(desc).List().Len() {
			items = append(items, msg.Get(desc).List().Get(i).Message())
		}
	case desc.Message() != nil:
		items[0] = msg.Get(desc).Message()
	default:
		leaf = field
	}
	for _, item := range items {
		l := item.Descriptor().Fields().ByName(protoreflect.Name(leaf))
		if item.Has(l) && !domain.Release.MatchString(item.Get(l).String()) {
			return false
		}
	}
	return true
}

func TestGateAgreesWithDynamicpb(t *testing.T) {
	m := menagerie(t)
	o, d := newOracle(t, m), decoder(t, m)
	for _, path := range []string{"scalars.a_version", "items.name", "stopped.name", "far_off"} {
		gate, err := report.NewGate(m, path, "release")
		if err != nil {
			t.Fatal(err)
		}
		field, leaf, _ := strings.Cut(path, ".")
		answers := map[bool]int{}
		rapid.Check(t, func(t *rapid.T) {
			for seed := range uint64(20) {
				b := builder{rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), seed)), m, 0.05}
				data := b.report()
				if _, err := d.Decode(data); err != nil {
					continue
				}
				want := o.gate(t, data, field, leaf)
				if answers[want]++; gate.Holds(data) != want {
					t.Fatalf("%s of %x: want %t", path, data, want)
				}
			}
		})
		if answers[true] == 0 || answers[false] == 0 {
			t.Errorf("%s: %v", path, answers)
		}
	}
}

func TestNewGate(t *testing.T) {
	for _, test := range []struct{ path, format, err string }{
		{"components.version", "release", ""},
		{"system_id", "uuid", ""},
		{"components.version", "semver", "the gate asks for the format `semver`: use one of release, uuid, version"},
		{"components", "release", "the gate asks for `components`: no metric in force has a text of that path"},
		{"rbac_stats.users", "release", "the gate asks for `rbac_stats.users`: no metric in force has a text of that path"},
	} {
		_, err := report.NewGate(pulp(t), test.path, test.format)
		if got := errText(err); got != test.err {
			t.Errorf("%s, %s: %q, want %q", test.path, test.format, got, test.err)
		}
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestGateOnBytesThatAreNoReport(t *testing.T) {
	gate, err := report.NewGate(pulp(t), "components.version", "release")
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range []string{"\x80", "\x22", "\x22\x7f", "\x22\x02\x12\x7f", "\x22\x01\x80", "\x22\x02\x0a\x7f", "\x07"} {
		if gate.Holds([]byte(data)) {
			t.Errorf("it holds for %x", data)
		}
	}
}
