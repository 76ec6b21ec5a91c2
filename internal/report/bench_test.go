// SPDX-License-Identifier: GPL-2.0-or-later

package report_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"buf.build/go/hyperpb"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// typical is a report as a system of today sends it.
func typical() []byte {
	out := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), id)
	out = appendBody(out, 2, 1, 4, 2, 2)
	out = appendBody(out, 3, 1, 8, 2, 2)
	for _, c := range [][2]string{{"core", "3.23.0"}, {"container", "2.14.3"}, {"file", "1.12.0"}, {"rpm", "3.19.1"}, {"deb", "3.0.1"}} {
		body := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), c[0])
		body = protowire.AppendString(protowire.AppendTag(body, 2, protowire.BytesType), c[1])
		out = protowire.AppendBytes(protowire.AppendTag(out, 4, protowire.BytesType), body)
	}
	out = protowire.AppendVarint(protowire.AppendTag(out, 5, protowire.VarintType), 130004)
	return appendBody(out, 6, 1, 5, 2, 3, 3, 2, 4, 1, 5, 4)
}

// appendBody appends a message of varints: numbers and values by turns.
func appendBody(out []byte, number protowire.Number, leaves ...uint64) []byte {
	var body []byte
	for i := 0; i < len(leaves); i += 2 {
		body = protowire.AppendVarint(protowire.AppendTag(body, protowire.Number(leaves[i]), protowire.VarintType), leaves[i+1])
	}
	return protowire.AppendBytes(protowire.AppendTag(out, number, protowire.BytesType), body)
}

func TestDecodeDoesNotAllocate(t *testing.T) {
	for name, m := range map[string]*wire.Message{"pulp": pulp(t), "zoo": menagerie(t)} {
		d, g := decoder(t, m), rand.New(rand.NewPCG(1, 2))
		var reports [][]byte
		for range 200 {
			b := builder{g, m, 0.01}
			if data := b.report(); ours(d, data).Failure == "" {
				reports = append(reports, data)
			}
		}
		if n := testing.AllocsPerRun(20, func() {
			for _, data := range reports {
				if _, err := d.Decode(data); err != nil {
					t.Error(err)
				}
			}
		}); n != 0 || len(reports) < 20 {
			t.Errorf("%s: %v allocations in %d reports", name, n, len(reports))
		}
	}
}

// BenchmarkDecode decodes and checks a typical report. x-hyperpb is its time as a multiple of the
// time that hyperpb takes to parse the same bytes, without checking anything.
func BenchmarkDecode(b *testing.B) {
	data, d := typical(), decoder(b, pulp(b))
	decode := func() {
		if _, err := d.Decode(data); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		decode()
	}
	b.ReportMetric(ratio(decode, hyperpbParse(b, data)), "x-hyperpb")
}

// ratio compares two functions by the medians of rounds that take turns: what else the machine
// does then weighs on both.
func ratio(f, g func()) float64 {
	var times [2][]time.Duration
	for range 201 {
		for i, run := range []func(){f, g} {
			start := time.Now()
			for range 300 {
				run()
			}
			times[i] = append(times[i], time.Since(start))
		}
	}
	slices.Sort(times[0])
	slices.Sort(times[1])
	return float64(times[0][100]) / float64(times[1][100])
}

func BenchmarkHyperpb(b *testing.B) {
	data := typical()
	parse := hyperpbParse(b, data)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		parse()
	}
}

func hyperpbParse(b *testing.B, data []byte) (parse func()) {
	desc, err := pulp(b).Reflect()
	if err != nil {
		b.Fatal(err)
	}
	typ, shared := hyperpb.CompileMessageDescriptor(desc), new(hyperpb.Shared)
	return func() {
		if err := shared.NewMessage(typ).Unmarshal(data); err != nil {
			b.Fatal(err)
		}
		shared.Free()
	}
}

func BenchmarkDynamicpb(b *testing.B) {
	data := typical()
	desc, err := pulp(b).Reflect()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if err := proto.Unmarshal(data, dynamicpb.NewMessage(desc)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGate(b *testing.B) {
	data := typical()
	gate, err := report.NewGate(pulp(b), "components.version", "release")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if !gate.Holds(data) {
			b.Fatal("the gate does not hold")
		}
	}
}

// BenchmarkStream decodes and checks what a fleet sends in a day.
func BenchmarkStream(b *testing.B) {
	m := pulp(b)
	d, stream := decoder(b, m), fixture(b)
	long := bytes.Repeat(stream, 1+(1<<20)/len(stream))
	b.SetBytes(int64(len(long)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decodeAll(report.NewStream(bytes.NewReader(long), 0), d); err != nil {
			b.Fatal(err)
		}
	}
}

// decodeAll returns how many reports of a stream count.
func decodeAll(s *report.Stream, d *report.Decoder) (count int, err error) {
	for {
		data, err := s.Next()
		if errors.Is(err, io.EOF) {
			return count, nil
		}
		if err != nil {
			return count, err
		}
		if r, err := d.Decode(data); err != nil {
			return count, err
		} else if r.Rejected == report.None {
			count++
		}
	}
}
