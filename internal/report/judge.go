// SPDX-License-Identifier: GPL-2.0-or-later

package report

// judge decides what of a metric may be stored, and counts what may not.
func (d *Decoder) judge(f *field, m *metric) {
	r := &d.report
	switch {
	case !f.stored:
		m.state = Dropped
		r.note(NotApproved, f.source, nil)
		return
	case m.items > f.maxItems:
		m.state = Dropped
		r.note(TooManyItems, f.source, nil)
		return
	}
	lost := false
	for start := 0; start < len(m.rows); start += len(f.leaves) {
		if d.judgeRow(f, m, m.rows[start:][:len(f.leaves)]) {
			lost = true
		}
	}
	if lost {
		m.dropKeyless(f)
	}
}

// judgeRow checks one row, and reports whether it lost its key.
func (d *Decoder) judgeRow(f *field, m *metric, row []cell) (lost bool) {
	leaves := f.leaves[:len(row)]
	for i := range row {
		l := &leaves[i]
		if row[i].state == Absent || l.check.isWithin(row[i].bits) {
			continue
		}
		inside := false
		switch l.check.how { // the usual ones here: a call less
		case matching:
			inside = l.check.pattern.Match(row[i].text(d.report.data))
		case formatted:
			inside = l.check.format.Match(row[i].text(d.report.data))
		default:
			inside = l.check.inside(d.report.data, row[i])
		}
		if !inside && d.outside(f, m, l, &row[i]) {
			lost = true
		}
	}
	return lost
}

// outside drops a value that is not in its domain, and reports whether the key is lost with it.
func (d *Decoder) outside(f *field, m *metric, l *leaf, c *cell) (lost bool) {
	if !l.check.unknown {
		m.state = Dropped
		d.report.note(OutsideDomain, f.source, l.source)
		return false
	}
	c.state = Dropped
	d.report.note(UnknownMember, f.source, l.source)
	if !f.message {
		m.state = Dropped
	}
	return l.key
}

// dropKeyless closes the gaps that items leave whose key has an unknown member: there is no row
// that could hold them.
func (m *metric) dropKeyless(f *field) {
	width, kept := len(f.leaves), 0
	for start := 0; start < len(m.rows); start += width {
		if row := m.rows[start:][:width]; f.hasKey(row) {
			copy(m.rows[kept:], row)
			kept += width
		}
	}
	m.rows = m.rows[:kept]
}

func (f *field) hasKey(row []cell) bool {
	for _, i := range f.key {
		if row[i].state == Dropped {
			return false
		}
	}
	return true
}
