// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"time"

	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// Entry is a copy of one report as it may be stored: the values inside their domains, and the
// counts of what was dropped. It holds nothing else of what was received.
type Entry struct {
	System   [16]byte
	Received time.Time
	// Rejected is why the report doesn't count: DuplicateKey as the decoder found it, or GateFailed
	// where the caller has asked the site's gate. None is a report that counts.
	Rejected report.Reason

	message *wire.Message
	cells   []cell
	counts  []count
}

// cell is a value.
type cell struct {
	field, leaf int32 // indexes of the message
	item        int32
	bits        uint64 // as in report.Value
	text        string
}

// count is how often something was dropped.
type count struct {
	reason report.Reason
	path   string
	n      int64
}

// NewEntry copies a report that was received at a moment. What `absent: zero` fills is filled here,
// while it is known what was absent, and what was dropped.
func NewEntry(r *report.Report, received time.Time) Entry {
	e := Entry{System: r.System, Received: received, Rejected: r.Rejected, message: r.Message()}
	for _, f := range r.Findings {
		e.counts = append(e.counts, count{f.Reason, f.Path(), int64(f.Count)})
	}
	if e.Rejected != report.None {
		return e
	}
	c := copier{entry: &e, report: r}
	c.measure()
	for i := range e.message.Fields {
		c.field(i)
	}
	e.seal(c.texts)
	return e
}

// Day returns the day that the report counts for.
func (e *Entry) Day() Day { return DayOf(e.Received) }

// copier copies a report. Texts are put together first, into one string for all.
type copier struct {
	entry  *Entry
	report *report.Report
	texts  []byte
}

// measure makes room for the cells.
func (c *copier) measure() {
	n := 0
	for i := range c.entry.message.Fields {
		n += max(1, c.report.Items(i)) * len(c.entry.message.Fields[i].Leaves)
	}
	c.entry.cells = make([]cell, 0, n)
}

func (c *copier) field(i int) {
	f := &c.entry.message.Fields[i]
	switch c.report.Field(i) {
	case report.Absent:
		if f.Stored() && !f.Repeated && f.Metric.Field.Absent.V == absentZero {
			c.fillAll(i, f)
		}
	case report.Present:
		for item := range c.report.Items(i) {
			c.item(i, item, f)
		}
	}
}

// absentZero says that what is absent is read as 0.
const absentZero = "zero"

// fillAll fills the numbers of a metric that is missing altogether.
func (c *copier) fillAll(i int, f *wire.Field) {
	for j := range f.Leaves {
		if f.Leaves[j].Source.IsNumber() {
			c.add(i, 0, j, report.Value{})
		}
	}
}

func (c *copier) item(i, item int, f *wire.Field) {
	for j := range f.Leaves {
		v, state := c.report.Value(i, item, j)
		filled := f.Message != "" && f.Leaves[j].Source.Absent.V == absentZero && f.Leaves[j].Source.IsNumber()
		if state == report.Present || state == report.Absent && filled {
			c.add(i, item, j, v)
		}
	}
}

// add adds a cell. Its text is noted as a length, until all are together.
func (c *copier) add(field, item, leaf int, v report.Value) {
	bits := v.Bits
	if v.Text != nil {
		bits = uint64(len(v.Text))
		c.texts = append(c.texts, v.Text...)
	}
	c.entry.cells = append(c.entry.cells, cell{field: int32(field), item: int32(item), leaf: int32(leaf), bits: bits})
}

// seal gives the cells their texts.
func (e *Entry) seal(texts []byte) {
	all := string(texts)
	for i := range e.cells {
		c := &e.cells[i]
		if e.message.Fields[c.field].Leaves[c.leaf].Domain.Kind == wire.Text {
			c.text, all, c.bits = all[:c.bits], all[c.bits:], 0
		}
	}
}
