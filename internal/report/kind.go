// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// kind is how the bits of a scalar are read.
type kind uint8

const (
	text      kind = iota + 1
	boolean        // a varint; anything but 0 is true
	int32s         // a varint, cut to 32 bits; also the number of an enum
	int64s         // a varint; signed or not
	uint32s        // a varint, cut to 32 bits
	sint32s        // a varint in zigzag, cut to 32 bits
	sint64s        // a varint in zigzag
	fixed32s       // 4 bytes, unsigned
	sfixed32s      // 4 bytes, signed
	fixed64s       // 8 bytes; signed or not
	floats         // 4 bytes
	doubles        // 8 bytes
)

// kindOf returns the kind of a type as [wire.Leaf] names it.
func kindOf(typ string) (kind, bool) {
	switch typ {
	case "string":
		return text, true
	case "bool":
		return boolean, true
	case "int32", "enum":
		return int32s, true
	case "int64", "uint64":
		return int64s, true
	case "uint32":
		return uint32s, true
	case "sint32":
		return sint32s, true
	case "sint64":
		return sint64s, true
	case "fixed32":
		return fixed32s, true
	case "sfixed32":
		return sfixed32s, true
	case "fixed64", "sfixed64":
		return fixed64s, true
	case "float":
		return floats, true
	case "double":
		return doubles, true
	}
	return 0, false
}

func (k kind) wireType() protowire.Type {
	switch k {
	case text:
		return protowire.BytesType
	case fixed32s, sfixed32s, floats:
		return protowire.Fixed32Type
	case fixed64s, doubles:
		return protowire.Fixed64Type
	}
	return protowire.VarintType
}

// read reads a scalar at an index. A text is its offset and its length, 32 bits each; everything
// else is as in [Value].
func (k kind) read(b []byte, i int) (bits uint64, next int) {
	switch k {
	case uint32s, int32s, int64s:
		if i < len(b) && b[i] < 0x80 {
			return uint64(b[i]), i + 1 // nearly all numbers that are ever sent
		}
	case text:
		start, end := extent(b, i)
		return uint64(start)<<32 | uint64(uint32(end-start)), end
	case fixed32s, sfixed32s, floats:
		v, next := fixed32(b, i)
		return k.from32(v), next
	case fixed64s:
		return fixed64(b, i)
	case doubles:
		v, next := fixed64(b, i)
		return realBits(math.Float64frombits(v)), next
	}
	v, next := varint(b, i)
	return k.fromVarint(v), next
}

func (k kind) from32(v uint32) uint64 {
	switch k {
	case sfixed32s:
		return uint64(int32(v))
	case floats:
		return realBits(float64(math.Float32frombits(v)))
	}
	return uint64(v)
}

func (k kind) fromVarint(v uint64) uint64 {
	switch k {
	case uint32s:
		return uint64(uint32(v))
	case int32s:
		return uint64(int32(v))
	case boolean:
		return protowire.EncodeBool(v != 0)
	case sint32s:
		return uint64(int32(protowire.DecodeZigZag(v & math.MaxUint32)))
	case sint64s:
		return uint64(protowire.DecodeZigZag(v))
	}
	return v
}
