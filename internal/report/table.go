// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/pulp/pulpmetrics/internal/wire"
)

// table is a message as the decoder reads it. It is immutable, and shared by decoders.
type table struct {
	message    *wire.Message
	fields     []field // as in the message
	tags       tags
	required   []int
	identifier int
	widest     int // leaves of a field at most
}

// field is the field of one metric.
type field struct {
	source   *wire.Field
	message  bool
	list     bool
	stored   bool
	maxItems int
	leaves   []leaf // as in the field
	tags     tags   // of the leaves
	required []int
	key      []int
}

// leaf is one scalar.
type leaf struct {
	source *wire.Leaf
	kind   kind
	key    bool
	check  check
}

// longestList is the greatest max_items that a proposal can ask for.
const longestList = 10000

// compile makes the table of a message. It is an error if the message can't be one: two fields of
// one number, a list of scalars, no identifier.
func compile(m *wire.Message) (*table, error) {
	identifier, err := m.Identifier()
	if err != nil {
		return nil, err
	}
	t := &table{message: m, fields: make([]field, len(m.Fields)), identifier: identifier}
	for i := range m.Fields {
		f, err := newField(&m.Fields[i])
		if err != nil {
			return nil, err
		}
		if err := t.tags.add(f.source.Number, f.leaves[0].kind, f.wireType(), i); err != nil {
			return nil, fmt.Errorf("`%s`: %w", f.source.Name, err)
		}
		if f.source.Required {
			t.required = append(t.required, i)
		}
		t.widest = max(t.widest, len(f.leaves))
		t.fields[i] = f
	}
	t.fields[identifier].leaves[0].check = check{} // it is read as a UUID before any domain is asked
	return t, nil
}

func newField(src *wire.Field) (field, error) {
	f := field{
		source: src, message: src.Message != "", list: src.Repeated, stored: src.Stored(),
		maxItems: src.MaxItems, key: src.Key, leaves: make([]leaf, len(src.Leaves)),
	}
	if f.list && !f.message {
		return f, fmt.Errorf("`%s` is a list of scalars: make it a list of messages", src.Name)
	}
	if f.maxItems == 0 {
		f.maxItems = longestList
	}
	for i := range src.Leaves {
		l, err := newLeaf(&src.Leaves[i])
		if err == nil && f.message {
			err = f.tags.add(l.source.Number, l.kind, l.kind.wireType(), i)
		}
		if err != nil {
			return f, fmt.Errorf("`%s`: %w", src.Path(l.source), err)
		}
		if f.message && l.source.Required {
			f.required = append(f.required, i)
		}
		f.leaves[i] = l
	}
	for _, i := range f.key {
		f.leaves[i].key = true
	}
	return f, nil
}

func (f *field) wireType() protowire.Type {
	if f.message {
		return protowire.BytesType
	}
	return f.leaves[0].kind.wireType()
}

func newLeaf(src *wire.Leaf) (leaf, error) {
	k, ok := kindOf(src.Type)
	if !ok {
		return leaf{source: src}, fmt.Errorf("there is no type %s", src.Type)
	}
	return leaf{source: src, kind: k, check: newCheck(k, src.Domain)}, nil
}

// tags finds what has a tag: a number with its wire type. Tags of one or two bytes are looked up
// by index. The zero tags have none.
type tags struct {
	short []known
	long  map[uint64]known
}

// known is a field or a leaf that has a tag.
type known struct {
	index int32
	kind  kind // of a leaf, or of a scalar metric
	found bool
}

const maxShortTag = 1 << 14

// find returns what has a tag.
func (t *tags) find(tag uint64) known {
	if tag < uint64(len(t.short)) {
		return t.short[tag]
	}
	return t.long[tag]
}

func (t *tags) add(number int64, k kind, typ protowire.Type, index int) error {
	if number < 1 || number > int64(protowire.MaxValidNumber) {
		return fmt.Errorf("there is no field number %d", number)
	}
	for other := range uint64(8) {
		if t.find(uint64(number)<<3 | other).found {
			return fmt.Errorf("the number %d is taken", number)
		}
	}
	tag, entry := protowire.EncodeTag(protowire.Number(number), typ), known{int32(index), k, true}
	if tag >= maxShortTag {
		if t.long == nil {
			t.long = map[uint64]known{}
		}
		t.long[tag] = entry
		return nil
	}
	for uint64(len(t.short)) <= tag {
		t.short = append(t.short, known{})
	}
	t.short[tag] = entry
	return nil
}
