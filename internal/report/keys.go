// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"math/bits"
)

// fewKeys is how many keys are compared each with each, which is faster than hashing them.
const fewKeys = 16

// hashes is an open-addressed set of keys: of their numbers, plus one. The seed is drawn for each
// decoder, so that nobody can send keys that collide.
type hashes struct {
	seed  maphash.Seed
	slots []int32
}

func (h *hashes) trim() { h.slots = trim(h.slots) }

// clear empties the set, and makes room for n keys.
func (h *hashes) clear(n int) {
	size := 1 << bits.Len(uint(2*n))
	if cap(h.slots) < size {
		h.slots = make([]int32, size)
	}
	h.slots = h.slots[:size]
	clear(h.slots)
}

// duplicates counts the items whose key an earlier one has. Keys are compared as they were sent:
// a leaf that is left out differs from every value. This holds for suspended metrics, too.
func (d *Decoder) duplicates(f *field, m *metric) {
	count := 0
	switch {
	case len(f.key) == 0:
	case m.items <= fewKeys:
		count = d.compareKeys(f, m)
	default:
		count = d.hashKeys(f, m)
	}
	if count > 0 {
		d.report.Rejected = DuplicateKey
		d.report.count(Finding{Reason: DuplicateKey, Field: f.source, Count: count})
	}
}

// compareKeys looks at 32 bits first: of texts they are the length.
func (d *Decoder) compareKeys(f *field, m *metric) (count int) {
	width := len(f.key)
	for i := 1; i < m.items; i++ {
		low := uint32(m.keys[i*width].bits)
		for j := range i {
			if low == uint32(m.keys[j*width].bits) && d.sameKey(f, m, i, j) {
				count++
				break
			}
		}
	}
	return count
}

func (d *Decoder) hashKeys(f *field, m *metric) (count int) {
	d.seen.clear(m.items)
	slots := d.seen.slots
	for i := range m.items {
		slot := d.hashKey(f, m, i) & uint64(len(slots)-1)
		for slots[slot] != 0 && !d.sameKey(f, m, i, int(slots[slot]-1)) {
			slot = (slot + 1) & uint64(len(slots)-1)
		}
		if slots[slot] != 0 {
			count++
			continue
		}
		slots[slot] = int32(i + 1)
	}
	return count
}

func (d *Decoder) sameKey(f *field, m *metric, i, j int) bool {
	width := len(f.key)
	for k, leaf := range f.key {
		a, b := m.keys[i*width+k], m.keys[j*width+k]
		if a.state != b.state {
			return false
		}
		if f.leaves[leaf].kind != text {
			if a.bits != b.bits {
				return false
			}
			continue
		}
		if uint32(a.bits) != uint32(b.bits) || !bytes.Equal(a.text(d.report.data), b.text(d.report.data)) {
			return false
		}
	}
	return true
}

func (d *Decoder) hashKey(f *field, m *metric, i int) (hash uint64) {
	width := len(f.key)
	for k, leaf := range f.key {
		at := m.keys[i*width+k]
		var number [8]byte
		value := number[:]
		if f.leaves[leaf].kind == text {
			value = at.text(d.report.data)
		} else {
			binary.LittleEndian.PutUint64(value, at.bits)
		}
		hash = bits.RotateLeft64(hash, 25) ^ maphash.Bytes(d.seen.seed, value) + uint64(at.state)
	}
	return hash
}
