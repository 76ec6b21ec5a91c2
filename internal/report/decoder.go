// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"hash/maphash"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// MaxBytes is the length of the longest report that is read unless another limit is set.
const MaxBytes = 1 << 20

// Decoder reads reports, one at a time. It keeps its memory from report to report, and takes none
// once it has seen reports of the usual size. Goroutines need one each.
type Decoder struct {
	table   *table
	limit   int
	report  Report
	touched []int  // fields that the report holds, in order
	spare   []cell // the row of items above the maximum
	seen    hashes
	failure Error
	missing bool // failure says what is missing; anything else that is wrong comes first
}

// NewDecoder returns a decoder of the message, which must not be changed any more. It is an error
// if the message has no identifier (see [wire.Message.Identifier]) or contradicts itself.
func NewDecoder(m *wire.Message) (*Decoder, error) {
	t, err := compile(m)
	if err != nil {
		return nil, err
	}
	return t.decoder(MaxBytes), nil
}

// WithLimit returns another decoder of the same message, for reports of at most so many bytes.
func (d *Decoder) WithLimit(bytes int) *Decoder {
	return d.table.decoder(max(0, min(bytes, math.MaxInt32)))
}

func (t *table) decoder(limit int) *Decoder {
	d := &Decoder{table: t, limit: limit, spare: make([]cell, t.widest), seen: hashes{seed: maphash.MakeSeed()}}
	d.report.table = t
	d.report.metrics = make([]metric, len(t.fields))
	return d
}

// Decode reads one report. The report is valid until the next call. An error is always an [*Error]:
// the bytes are no report, and nothing of them can be counted.
func (d *Decoder) Decode(data []byte) (*Report, error) {
	d.reset(data)
	if len(data) > d.limit {
		d.fail(TooLarge, d.limit, nil, nil)
		return nil, d.error()
	}
	if !d.top() || !d.complete() || !d.identify() {
		return nil, d.error()
	}
	d.judgeAll()
	return &d.report, nil
}

// judgeAll judges the fields that the report holds.
func (d *Decoder) judgeAll() {
	for _, i := range d.touched {
		f, m := &d.table.fields[i], &d.report.metrics[i]
		if m.items > 1 {
			d.duplicates(f, m)
		}
		d.judge(f, m)
	}
}

func (d *Decoder) reset(data []byte) {
	for _, i := range d.touched {
		m := &d.report.metrics[i]
		m.state, m.items, m.rows, m.keys = Absent, 0, m.rows[:0], trim(m.keys)
	}
	d.touched = d.touched[:0]
	d.seen.trim()
	d.report.data, d.report.System, d.report.Rejected = data, [16]byte{}, None
	d.report.Findings = d.report.Findings[:0]
	d.missing = false
}

// maxKept is how many entries of scratch for keys outlive a report.
const maxKept = 1 << 12

// trim empties scratch, and gives back what only an unusual report needs.
func trim[T any](scratch []T) []T {
	if cap(scratch) > maxKept {
		return nil
	}
	return scratch[:0]
}

func (d *Decoder) error() error {
	failure := d.failure
	return &failure
}

// fail keeps what is wrong, and returns false. What is missing gives way to everything else.
func (d *Decoder) fail(p Problem, offset int, f *field, l *leaf) bool {
	if p == Missing && d.missing {
		return false
	}
	d.failure = Error{Problem: p, Offset: int64(offset)}
	if f != nil {
		d.failure.Path = f.source.Name
	}
	if f != nil && l != nil {
		d.failure.Path = f.source.Path(l.source)
	}
	d.missing = p == Missing
	return false
}

// top reads the fields of the report.
func (d *Decoder) top() bool {
	b := d.report.data
	for i := 0; i < len(b); {
		at := i
		tag, next := uint64(b[i]), i+1
		if tag >= 0x80 {
			if tag, next = longVarint(b, i); next < 0 {
				return d.fail(Problem(-next), at, nil, nil)
			}
		}
		known := d.table.tags.find(tag)
		if !known.found {
			if i = d.unknown(b, next, tag, nil); i < 0 {
				return d.fail(Problem(-i), at, nil, nil)
			}
			continue
		}
		if i = d.field(b, next, at, int(known.index)); i < 0 {
			return false
		}
	}
	return true
}

// field reads a known field, and returns a negative number after a failure.
func (d *Decoder) field(b []byte, i, at, index int) int {
	f, m := &d.table.fields[index], &d.report.metrics[index]
	if m.state == Absent {
		m.state = Present
		d.touched = append(d.touched, index)
		if !f.list {
			m.grow(len(f.leaves))
		}
	}
	if !f.message {
		bits, next := f.leaves[0].kind.read(b, i)
		if next < 0 {
			d.fail(Problem(-next), at, f, nil)
		}
		m.rows[0] = cell{bits, Present}
		return next
	}
	start, end := extent(b, i)
	if end < 0 {
		d.fail(Problem(-end), at, f, nil)
		return end
	}
	if f.list {
		return d.item(f, m, start, end)
	}
	return d.leaves(f, m.rows, start, end)
}

// item reads an item of a list.
func (d *Decoder) item(f *field, m *metric, start, end int) int {
	row := d.spare[:len(f.leaves)]
	if m.items < f.maxItems {
		row = m.grow(len(f.leaves))
	} else {
		empty(row)
	}
	m.items++
	if next := d.leaves(f, row, start, end); next < 0 {
		return next
	}
	for _, i := range f.key {
		m.keys = append(m.keys, row[i])
	}
	d.whole(f, row, end)
	return end
}

// grow adds an empty row.
func (m *metric) grow(width int) []cell {
	start := len(m.rows)
	if start+width > cap(m.rows) {
		m.rows = slices.Grow(m.rows, width)
	}
	m.rows = m.rows[:start+width]
	row := m.rows[start:]
	empty(row)
	return row
}

// empty makes every leaf of a row absent.
func empty(row []cell) {
	for i := range row {
		row[i] = cell{}
	}
}

// leaves reads the leaves of a message into a row. What is there stays unless it is sent again.
func (d *Decoder) leaves(f *field, row []cell, i, end int) int {
	b := d.report.data[:end]
	for i < len(b) {
		at := i
		tag, next := uint64(b[i]), i+1
		if tag >= 0x80 {
			if tag, next = longVarint(b, i); next < 0 {
				d.fail(Problem(-next), at, f, nil)
				return next
			}
		}
		known := f.tags.find(tag)
		if !known.found {
			if i = d.unknown(b, next, tag, f.source); i < 0 {
				d.fail(Problem(-i), at, f, nil)
				return i
			}
			continue
		}
		bits, next := known.kind.read(b, next)
		if next < 0 {
			d.fail(Problem(-next), at, f, &f.leaves[known.index])
			return next
		}
		row[known.index] = cell{bits, Present}
		i = next
	}
	return i
}

// unknown counts and passes over a field that nobody proposed; f is the field it is in, or nil.
func (d *Decoder) unknown(b []byte, i int, tag uint64, f *wire.Field) int {
	number := tag >> 3
	if number < uint64(protowire.MinValidNumber) || number > uint64(protowire.MaxValidNumber) {
		return -int(BadNumber)
	}
	d.report.noteUnknown(f, int64(number))
	return skip(b, i, tag)
}

// whole reports whether a row has what is required.
func (d *Decoder) whole(f *field, row []cell, end int) bool {
	for _, i := range f.required {
		if row[i].state == Absent {
			return d.fail(Missing, end, f, &f.leaves[i])
		}
	}
	return true
}

// complete reports whether nothing that is required is missing.
func (d *Decoder) complete() bool {
	end := len(d.report.data)
	for _, i := range d.touched {
		if f := &d.table.fields[i]; len(f.required) > 0 && !f.list {
			d.whole(f, d.report.metrics[i].rows, end)
		}
	}
	for _, i := range d.table.required {
		if d.report.metrics[i].state == Absent {
			d.fail(Missing, end, &d.table.fields[i], nil)
		}
	}
	return !d.missing
}

// identify reads the identifier.
func (d *Decoder) identify() (ok bool) {
	f, at := &d.table.fields[d.table.identifier], d.report.metrics[d.table.identifier].rows[0]
	if d.report.System, ok = domain.ParseUUID(at.text(d.report.data)); ok {
		return true
	}
	return d.fail(BadSystem, int(at.bits>>32), f, nil)
}
