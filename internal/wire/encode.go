// SPDX-License-Identifier: GPL-2.0-or-later

package wire

import (
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// TypeName returns the type of a leaf as a .proto file spells it.
func TypeName(leaf *proposal.Leaf) string {
	if leaf.Enum.Set() {
		return leaf.Enum.V
	}
	return leaf.Type.V
}

// Encode returns the bytes that the example of a metric takes in a report. A metric without an
// example, a field or a number takes none. It is an error if the example doesn't fit the field.
func Encode(p *proposal.Proposal) ([]byte, error) {
	if p.Example == nil || p.Field == nil || !p.Field.Number.Set() {
		return nil, nil
	}
	value, ok := p.Example.Payload.Get(p.ID.V)
	if !ok {
		return nil, fmt.Errorf("%s: the payload lacks %s", p.Path, p.ID.V)
	}
	number := protowire.Number(p.Field.Number.V)
	if !p.Field.IsMessage() {
		return appendScalar(nil, number, &p.Field.Leaf, value)
	}
	items := value.Items
	if value.Kind == source.Map {
		items = []source.Value{value}
	}
	var out []byte
	for _, item := range items {
		body, err := encodeMessage(p.Field, item)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Path, err)
		}
		out = protowire.AppendTag(out, number, protowire.BytesType)
		out = protowire.AppendBytes(out, body)
	}
	return out, nil
}

func encodeMessage(f *proposal.Field, item source.Value) (body []byte, err error) {
	for i := range f.Fields {
		leaf := &f.Fields[i]
		value, ok := item.Get(leaf.Name.V)
		if !ok {
			continue
		}
		if body, err = appendScalar(body, protowire.Number(leaf.Number.V), leaf, value); err != nil {
			return nil, err
		}
	}
	return body, nil
}

func appendScalar(out []byte, number protowire.Number, leaf *proposal.Leaf, v source.Value) ([]byte, error) {
	typ, err := wireType(leaf)
	if err != nil {
		return nil, err
	}
	out = protowire.AppendTag(out, number, typ)
	switch typ {
	case protowire.BytesType:
		return protowire.AppendString(out, v.Text), nil
	case protowire.Fixed32Type:
		bits, err := fixedBits(leaf, v)
		return protowire.AppendFixed32(out, uint32(bits)), err
	case protowire.Fixed64Type:
		bits, err := fixedBits(leaf, v)
		return protowire.AppendFixed64(out, bits), err
	}
	bits, err := varintBits(leaf, v)
	return protowire.AppendVarint(out, bits), err
}

func wireType(leaf *proposal.Leaf) (protowire.Type, error) {
	switch leaf.Type.V {
	case "string":
		return protowire.BytesType, nil
	case "float", "fixed32", "sfixed32":
		return protowire.Fixed32Type, nil
	case "double", "fixed64", "sfixed64":
		return protowire.Fixed64Type, nil
	case "":
		if !leaf.Enum.Set() {
			return 0, fmt.Errorf("`%s` has no type", leaf.Name.V)
		}
	}
	return protowire.VarintType, nil
}

func fixedBits(leaf *proposal.Leaf, v source.Value) (uint64, error) {
	n, ok := Number(v)
	if !ok {
		return 0, fmt.Errorf("`%s` is no number", v.Text)
	}
	switch leaf.Type.V {
	case "float":
		return uint64(math.Float32bits(float32(n.Float64()))), nil
	case "double":
		return math.Float64bits(n.Float64()), nil
	}
	return integerBits(v)
}

func varintBits(leaf *proposal.Leaf, v source.Value) (uint64, error) {
	switch {
	case leaf.Enum.Set():
		for _, m := range leaf.Members {
			if m.Name.V == v.Text {
				return uint64(m.Number.V), nil
			}
		}
		return 0, fmt.Errorf("`%s` is no member of %s", v.Text, leaf.Enum.V)
	case leaf.Type.V == "bool":
		return protowire.EncodeBool(v.IsTrue()), nil
	}
	bits, err := integerBits(v)
	if leaf.Type.V == "sint32" || leaf.Type.V == "sint64" {
		bits = protowire.EncodeZigZag(int64(bits))
	}
	return bits, err
}

// integerBits returns an integer in two's complement of 64 bits.
func integerBits(v source.Value) (uint64, error) {
	n, ok := Number(v)
	if i, isInt := n.Int64(); ok && isInt {
		return uint64(i), nil
	}
	if u, isUint := n.Uint64(); ok && isUint {
		return u, nil
	}
	return 0, fmt.Errorf("`%s` is no integer", v.Text)
}
