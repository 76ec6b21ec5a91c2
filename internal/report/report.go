// SPDX-License-Identifier: GPL-2.0-or-later

// Package report turns bytes into checked reports. In flow the bytes of one serialized message,
// or a stream of them ([Stream]), and the table that a [wire.Message] is compiled into; out come
// the values that may be stored, and the counts of everything that may not, in one pass and
// without allocating.
//
// What is wrong with bytes that are no report is an [Error]. What a report holds that was not
// approved is a [Finding]: numbers and paths, never a value.
package report

import (
	"iter"

	"github.com/pulp/pulpmetrics/internal/wire"
)

// State says what became of a metric, or of one leaf.
type State uint8

// The states. A metric that was dropped was sent: it is not absent, and takes no part.
const (
	Absent State = iota
	Present
	Dropped
)

// Report is one report as it may be stored. It is valid until the next Decode of its Decoder, and
// as long as the bytes are not changed. Fields and leaves go by their index in [wire.Message].
type Report struct {
	System   [16]byte  // the installation
	Rejected Reason    // DuplicateKey if the report doesn't count at all, or None
	Findings []Finding // what was not stored, in the order of the bytes and then of the metrics in it

	data    []byte
	table   *table
	metrics []metric
}

// metric is what one field held.
type metric struct {
	state State
	items int    // received; those above the field's maximum have no row
	rows  []cell // a row of leaves for each item; one row for what is no list
	keys  []cell // the key of every item
}

// cell is one leaf of one item. Texts are an offset and a length, 32 bits each.
type cell struct {
	bits  uint64
	state State
}

// text returns the text of a cell.
func (c cell) text(data []byte) []byte { return data[c.bits>>32:][:uint32(c.bits)] }

// Message returns what the report was decoded with.
func (r *Report) Message() *wire.Message { return r.table.message }

// Field returns the state of a metric. A list without items is absent; a message without leaves
// is present.
func (r *Report) Field(field int) State { return r.metrics[field].state }

// Items returns how many items of a list can be stored; 1 for what is no list; 0 for what is not
// present.
func (r *Report) Items(field int) int {
	m := &r.metrics[field]
	if m.state != Present {
		return 0
	}
	return len(m.rows) / len(r.table.fields[field].leaves)
}

// Value returns a leaf of an item; the item of what is no list is 0. The value is zero unless it
// is present.
func (r *Report) Value(field, item, leaf int) (Value, State) {
	m := &r.metrics[field]
	if m.state != Present {
		return Value{}, m.state
	}
	leaves := r.table.fields[field].leaves
	c := m.rows[item*len(leaves)+leaf]
	if c.state != Present {
		return Value{}, c.state
	}
	return r.value(&leaves[leaf], c), Present
}

func (r *Report) value(l *leaf, c cell) Value {
	if l.kind == text {
		return Value{Text: c.text(r.data)}
	}
	return Value{Bits: c.bits}
}

// Leaves ranges over the leaves of an item that are present, by index.
func (r *Report) Leaves(field, item int) iter.Seq2[int, Value] {
	return func(yield func(int, Value) bool) {
		if r.metrics[field].state != Present {
			return
		}
		leaves := r.table.fields[field].leaves
		row := r.metrics[field].rows[item*len(leaves):][:len(leaves)]
		for i, c := range row {
			if c.state == Present && !yield(i, r.value(&leaves[i], c)) {
				return
			}
		}
	}
}
