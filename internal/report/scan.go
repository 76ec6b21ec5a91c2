// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"encoding/binary"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// The functions of this file read at an index of the bytes of a message, and return the index
// after it. In its place, a problem is returned as a negative number. Indexes into the whole
// report rather than shrinking slices keep offsets at hand, and the loops free of copies.

// maxGroups is how deeply groups may be nested, the limit of the protobuf library.
const maxGroups = protowire.DefaultRecursionLimit

// varint reads a varint.
func varint(b []byte, i int) (v uint64, next int) {
	if i < len(b) && b[i] < 0x80 {
		return uint64(b[i]), i + 1
	}
	return longVarint(b, i)
}

func longVarint(b []byte, i int) (v uint64, next int) {
	for shift := uint(0); shift < 64; shift += 7 {
		if i >= len(b) {
			return 0, -int(Truncated)
		}
		c := b[i]
		i++
		v |= uint64(c&0x7f) << shift
		if c < 0x80 {
			if shift == 63 && c > 1 {
				return 0, -int(Overlong)
			}
			return v, i
		}
	}
	return 0, -int(Overlong)
}

// extent reads a length, and returns where what has that length starts and ends. Nearly all
// lengths are one byte.
func extent(b []byte, i int) (start, end int) {
	if i < len(b) && b[i] < 0x80 {
		if end = i + 1 + int(b[i]); end <= len(b) {
			return i + 1, end
		}
	}
	return longExtent(b, i)
}

func longExtent(b []byte, i int) (start, end int) {
	length, start := varint(b, i)
	if start < 0 {
		return 0, start
	}
	if length > uint64(len(b)-start) {
		return 0, -int(Truncated)
	}
	return start, start + int(length)
}

func fixed32(b []byte, i int) (v uint32, next int) {
	if len(b)-i < 4 {
		return 0, -int(Truncated)
	}
	return binary.LittleEndian.Uint32(b[i:]), i + 4
}

func fixed64(b []byte, i int) (v uint64, next int) {
	if len(b)-i < 8 {
		return 0, -int(Truncated)
	}
	return binary.LittleEndian.Uint64(b[i:]), i + 8
}

// skip passes over the value of a field.
func skip(b []byte, i int, tag uint64) int { return skipNested(b, i, tag, maxGroups) }

func skipNested(b []byte, i int, tag uint64, groups int) int {
	switch protowire.Type(tag & 7) {
	case protowire.VarintType:
		_, i = varint(b, i)
	case protowire.Fixed32Type:
		_, i = fixed32(b, i)
	case protowire.Fixed64Type:
		_, i = fixed64(b, i)
	case protowire.BytesType:
		_, i = extent(b, i)
	case protowire.StartGroupType:
		i = skipGroup(b, i, tag>>3, groups)
	case protowire.EndGroupType:
		return -int(BadGroup)
	default:
		return -int(BadType)
	}
	return i
}

// skipGroup passes over a group, and its end. Like the library it takes numbers of 31 bits there.
func skipGroup(b []byte, i int, number uint64, groups int) int {
	if groups < 0 {
		return -int(BadGroup)
	}
	for i >= 0 {
		var tag uint64
		if tag, i = varint(b, i); i < 0 {
			break
		}
		switch inner := tag >> 3; {
		case inner == 0 || inner > math.MaxInt32:
			return -int(BadNumber)
		case protowire.Type(tag&7) != protowire.EndGroupType:
			i = skipNested(b, i, tag, groups-1)
		case inner != number:
			return -int(BadGroup)
		default:
			return i
		}
	}
	return i
}
