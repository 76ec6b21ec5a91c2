// SPDX-License-Identifier: GPL-2.0-or-later

package report_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// seed adds reports of all degrees of oddness to a fuzz target.
func seed(f *testing.F, m *wire.Message, add func(data []byte)) {
	f.Helper()
	b := builder{rand.New(rand.NewPCG(3, 4)), m, 0}
	for range 40 {
		add(b.report())
		b.odd += 0.01
	}
	add(b.damage(b.report()))
	add(nil)
}

// FuzzDecode holds the decoder to dynamicpb, and what it accepts to a round trip.
func FuzzDecode(f *testing.F) {
	messages := []*wire.Message{pulp(f), menagerie(f)}
	var decoders []*report.Decoder
	var oracles []oracle
	for i, m := range messages {
		decoders, oracles = append(decoders, decoder(f, m)), append(oracles, newOracle(f, m))
		seed(f, m, func(data []byte) { f.Add(i == 1, data) })
	}
	f.Fuzz(func(t *testing.T, second bool, data []byte) {
		i := 0
		if second {
			i = 1
		}
		compare(t, oracles[i], decoders[i], data)
		roundTrip(t, oracles[i], decoders[i], data)
	})
}

// roundTrip encodes what is accepted, and expects the same values and no finding.
func roundTrip(t *testing.T, o oracle, d *report.Decoder, data []byte) {
	t.Helper()
	r, err := d.Decode(data)
	if err != nil || r.Rejected != report.None {
		return
	}
	again := encode(t, o, r)
	first, second := ours(d, data), ours(d, again)
	for _, f := range o.message.Fields {
		if first.Values[f.Name] == "2" { // dropped: it can't come back
			first.Values[f.Name] = "0"
		}
	}
	for path, value := range first.Values {
		if value == "dropped" {
			delete(first.Values, path)
		}
	}
	for _, f := range o.message.Fields {
		if f.Repeated && first.Values[f.Name] == "1" && first.Values[f.Name+".0"] == "" {
			first.Values[f.Name] = "0" // every item was dropped
		}
	}
	first.Findings = map[string]int{}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("%x, and what it says encoded again, %x (-first +second):\n%s", data, again, diff)
	}
}

// encode writes a report with the protobuf library.
func encode(t *testing.T, o oracle, r *report.Report) []byte {
	t.Helper()
	out := dynamicpb.NewMessage(o.desc)
	for i := range o.message.Fields {
		f := &o.message.Fields[i]
		desc := o.desc.Fields().ByName(protoreflect.Name(f.Name))
		for item := range r.Items(i) {
			to := protoreflect.Message(out)
			if f.Repeated {
				to = out.Mutable(desc).List().AppendMutable().Message()
			} else if f.Message != "" {
				to = out.Mutable(desc).Message()
			}
			for leaf, v := range r.Leaves(i, item) {
				l := to.Descriptor().Fields().ByName(protoreflect.Name(f.Leaves[leaf].Name))
				to.Set(l, reflected(l.Kind(), v))
			}
		}
	}
	data, err := proto.MarshalOptions{AllowPartial: true, Deterministic: true}.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func reflected(k protoreflect.Kind, v report.Value) protoreflect.Value {
	switch k {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(string(v.Text))
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(v.Bool())
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(v.Int64()))
	case protoreflect.FloatKind:
		return protoreflect.ValueOfFloat32(float32(v.Float64()))
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(v.Float64())
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return protoreflect.ValueOfUint32(uint32(v.Uint64()))
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return protoreflect.ValueOfUint64(v.Uint64())
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return protoreflect.ValueOfInt64(v.Int64())
	}
	return protoreflect.ValueOfInt32(int32(v.Int64()))
}

// FuzzStream cuts bytes into messages, and holds the stream to a slow reader of the whole input.
func FuzzStream(f *testing.F) {
	f.Add(fixture(f)[:700], 300)
	f.Add([]byte("\x03abc\x05x"), 0)
	f.Add([]byte("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"), 10)
	f.Add(protowire.AppendBytes(nil, make([]byte, 200)), 1<<17) // long ones are a table's: minimizing them takes minutes
	f.Fuzz(func(t *testing.T, data []byte, limit int) {
		got, offsets, err := all(report.NewStream(bytes.NewReader(data), limit))
		if limit <= 0 {
			limit = report.MaxBytes
		}
		rest := data
		for i, message := range got {
			if at := int64(len(data) - len(rest)); at != offsets[i] {
				t.Errorf("message %d is said to be at byte %d, and is at %d", i, offsets[i], at)
			}
			want, n := protowire.ConsumeBytes(rest)
			if n < 0 || string(want) != message || len(message) > limit {
				t.Fatalf("message %d has %d bytes, and should have %d", i, len(message), n)
			}
			rest = rest[n:]
		}
		stopped(t, data, rest, limit, err)
	})
}

// stopped checks why a stream ended before rest.
func stopped(t *testing.T, data, rest []byte, limit int, err error) {
	t.Helper()
	if len(rest) == 0 {
		if !errors.Is(err, io.EOF) {
			t.Errorf("at the end: %v", err)
		}
		return
	}
	var failure *report.Error
	if !errors.As(err, &failure) || failure.Offset != int64(len(data)-len(rest)) {
		t.Fatalf("stopped at %d bytes before the end: %v", len(rest), err)
	}
	length, n := protowire.ConsumeVarint(rest)
	want := report.ShortInput
	switch {
	case n < 0 && len(rest) >= 10:
		want = report.Overlong
	case n >= 0 && length > uint64(min(limit, math.MaxInt)):
		want = report.TooLarge
	}
	if failure.Problem != want {
		t.Errorf("stopped for %v, want %v", failure.Problem, want)
	}
}

// FuzzGate never panics, and agrees with the oracle on every report.
func FuzzGate(f *testing.F) {
	m := pulp(f)
	gate, err := report.NewGate(m, "components.version", "release")
	if err != nil {
		f.Fatal(err)
	}
	o, d := newOracle(f, m), decoder(f, m)
	seed(f, m, func(data []byte) { f.Add(data) })
	f.Fuzz(func(t *testing.T, data []byte) {
		holds := gate.Holds(data)
		if _, err := d.Decode(data); err != nil {
			return
		}
		if want := o.gate(t, data, "components", "version"); holds != want {
			t.Errorf("%x: the gate says %t, want %t", data, holds, want)
		}
	})
}
