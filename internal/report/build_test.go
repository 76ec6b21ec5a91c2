// SPDX-License-Identifier: GPL-2.0-or-later

package report_test

import (
	"math"
	"math/rand/v2"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// builder makes reports at random. With odd above 0, that share of what it does is unusual.
type builder struct {
	*rand.Rand
	message *wire.Message
	odd     float64
}

func (b *builder) oddly() bool { return b.Float64() < b.odd }

// report returns a report, mostly of a few fields.
func (b *builder) report() (out []byte) {
	for i := range b.message.Fields {
		f := &b.message.Fields[i]
		switch times := b.IntN(3); {
		case b.oddly() && !f.Required:
		case f.Repeated:
			for _, item := range b.items(f) {
				out = append(out, item...)
			}
		default:
			for range 1 + times*b.once() {
				out = b.field(out, f)
			}
		}
		if b.oddly() {
			out = b.stray(out)
		}
	}
	return out
}

// once is 1 if something unusual happens now, or 0.
func (b *builder) once() int {
	if b.oddly() {
		return 1
	}
	return 0
}

// items returns items of different keys, unless it is odd.
func (b *builder) items(f *wire.Field) (out [][]byte) {
	most := min(f.MaxItems, 8)
	if b.oddly() {
		most = 3 * f.MaxItems
	}
	seen := map[string]bool{}
	var key []byte
	for range b.IntN(most + 1) {
		if !b.oddly() {
			key = b.key(f)
		}
		if seen[string(key)] && !b.oddly() {
			continue
		}
		seen[string(key)] = true
		body := b.body(f, slices.Clone(key))
		out = append(out, protowire.AppendBytes(protowire.AppendTag(nil, protowire.Number(f.Number), protowire.BytesType), body))
	}
	return out
}

func (b *builder) key(f *wire.Field) (out []byte) {
	for _, k := range f.Key {
		if f.Leaves[k].Required || !b.oddly() {
			out = b.leaf(out, &f.Leaves[k])
		}
	}
	return out
}

func (b *builder) field(out []byte, f *wire.Field) []byte {
	if f.Message == "" {
		return b.leaf(out, &f.Leaves[0])
	}
	out = protowire.AppendTag(out, protowire.Number(f.Number), protowire.BytesType)
	return protowire.AppendBytes(out, b.body(f, nil))
}

// body returns the leaves of a message behind its key.
func (b *builder) body(f *wire.Field, key []byte) []byte {
	out := key
	for i := range f.Leaves {
		if len(key) > 0 && isKey(f, i) || b.oddly() {
			continue
		}
		for range 1 + b.once() {
			out = b.leaf(out, &f.Leaves[i])
		}
		if b.oddly() {
			out = b.stray(out)
		}
	}
	return out
}

func isKey(f *wire.Field, leaf int) bool {
	for _, k := range f.Key {
		if k == leaf {
			return true
		}
	}
	return false
}

// stray appends a field that may be unknown, of any wire type, sometimes broken.
func (b *builder) stray(out []byte) []byte {
	numbers := []protowire.Number{1, 2, 3, 4, 5, 10, 20, 5000, 70000, 536870911, 536870912, 0}
	return b.strayIn(out, numbers[b.IntN(len(numbers)-2*b.IntN(2))], 3)
}

func (b *builder) strayIn(out []byte, number protowire.Number, depth int) []byte {
	typ := protowire.Type(b.IntN(6))
	if typ == protowire.EndGroupType && b.IntN(8) > 0 {
		typ = protowire.BytesType
	}
	out = protowire.AppendTag(out, number, typ)
	switch typ {
	case protowire.VarintType:
		return b.varint(out, b.Uint64()>>b.IntN(64))
	case protowire.Fixed32Type:
		return protowire.AppendFixed32(out, b.Uint32())
	case protowire.Fixed64Type:
		return protowire.AppendFixed64(out, b.Uint64())
	case protowire.BytesType:
		return protowire.AppendBytes(out, make([]byte, b.IntN(9)))
	case protowire.StartGroupType:
		for range b.IntN(depth) {
			out = b.strayIn(out, protowire.Number(1+b.IntN(1<<30)), depth-1)
		}
		return protowire.AppendTag(out, number, protowire.EndGroupType)
	}
	return out
}

// varint appends a varint, sometimes longer than it needs to be.
func (b *builder) varint(out []byte, v uint64) []byte {
	out = protowire.AppendVarint(out, v)
	if b.oddly() && protowire.SizeVarint(v) < 10 {
		out[len(out)-1] |= 0x80
		out = append(out, 0)
	}
	return out
}

// leaf appends a leaf with a value of its domain, or an odd one.
func (b *builder) leaf(out []byte, l *wire.Leaf) []byte {
	if b.oddly() {
		return b.oddLeaf(out, l)
	}
	number := protowire.Number(l.Number)
	switch v := l.Domain.Sample(b.Rand).(type) {
	case bool:
		return protowire.AppendVarint(protowire.AppendTag(out, number, protowire.VarintType), protowire.EncodeBool(v))
	case domain.Number:
		return b.number(out, l, v)
	case string:
		for _, m := range l.Domain.Enum {
			if m.Name.V == v {
				return protowire.AppendVarint(protowire.AppendTag(out, number, protowire.VarintType), uint64(m.Number.V))
			}
		}
		return protowire.AppendString(protowire.AppendTag(out, number, protowire.BytesType), v)
	}
	return out
}

func (b *builder) number(out []byte, l *wire.Leaf, n domain.Number) []byte {
	number := protowire.Number(l.Number)
	bits, _ := n.Uint64()
	if i, ok := n.Int64(); ok {
		bits = uint64(i)
	}
	switch l.Type {
	case "float":
		return protowire.AppendFixed32(protowire.AppendTag(out, number, protowire.Fixed32Type), math.Float32bits(float32(n.Float64())))
	case "double":
		return protowire.AppendFixed64(protowire.AppendTag(out, number, protowire.Fixed64Type), math.Float64bits(n.Float64()))
	case "fixed32", "sfixed32":
		return protowire.AppendFixed32(protowire.AppendTag(out, number, protowire.Fixed32Type), uint32(bits))
	case "fixed64", "sfixed64":
		return protowire.AppendFixed64(protowire.AppendTag(out, number, protowire.Fixed64Type), bits)
	case "sint32", "sint64":
		bits = protowire.EncodeZigZag(int64(bits))
	}
	return b.varint(protowire.AppendTag(out, number, protowire.VarintType), bits)
}

// odd values: at the edges of types, or no values at all.
var (
	oddTexts   = []string{"", "s3", "\xff", "a\x00", "é", "3.21", "3.21.0", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "\xed\xa0\x80"}
	oddVarints = []uint64{0, 1, 2, 9, 1 << 31, 1 << 32, 1<<32 + 1, 1<<63 + 5, math.MaxUint64, math.MaxUint64 - 4, math.MaxInt32}
	oddReals   = []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), 0.1, 0.3, -0.1, 2.5, 1e300, math.MaxFloat32}
)

func (b *builder) oddLeaf(out []byte, l *wire.Leaf) []byte {
	number := protowire.Number(l.Number)
	switch b.IntN(8) {
	case 0:
		return b.strayIn(out, number, 3)
	case 1, 2:
		return b.varint(protowire.AppendTag(out, number, protowire.VarintType), oddVarints[b.IntN(len(oddVarints))])
	case 3:
		return protowire.AppendFixed32(protowire.AppendTag(out, number, protowire.Fixed32Type), math.Float32bits(float32(oddReals[b.IntN(len(oddReals))])))
	case 4:
		return protowire.AppendFixed64(protowire.AppendTag(out, number, protowire.Fixed64Type), math.Float64bits(oddReals[b.IntN(len(oddReals))]))
	}
	return protowire.AppendString(protowire.AppendTag(out, number, protowire.BytesType), oddTexts[b.IntN(len(oddTexts))])
}

// damage breaks bytes: some are cut off, changed, or put in.
func (b *builder) damage(data []byte) []byte {
	if len(data) == 0 {
		return data
	}
	i := b.IntN(len(data))
	switch b.IntN(3) {
	case 0:
		return data[:i]
	case 1:
		data[i] = byte(b.Uint32())
		return data
	}
	return append(data[:i:i], append([]byte{byte(b.Uint32())}, data[i:]...)...)
}
