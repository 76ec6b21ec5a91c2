// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pulp/pulpmetrics/internal/wire"
)

// byteChecker says in words what the decoder finds. A stream can hold the same finding a million
// times, so it says each once.
type byteChecker struct {
	*verification
	said map[Finding]deviation // without its count
	sent []int64               // reports that hold each field
}

func newByteChecker(r *verification) *byteChecker {
	return &byteChecker{verification: r, said: map[Finding]deviation{}, sent: make([]int64, len(r.words.message.Fields))}
}

// check holds one serialized report against the message.
func (c *byteChecker) check(data []byte) {
	report, err := c.decoder.Decode(data)
	var bad *Error
	if errors.As(err, &bad) {
		if bad.Problem != Missing && bad.Problem != BadSystem {
			c.tally.add(c.unread(bad))
			return
		}
		lacks := c.lacks()
		c.decoder.judgeAll() // which lets go of items
		report = &c.decoder.report
		c.refused(bad, lacks, report.Findings)
	}
	c.explain(report)
}

// refused says why the service refuses a report that could be read to its end, so that the rest of
// it can be explained too, unless the findings about the rest say so themselves.
func (c *byteChecker) refused(bad *Error, lacks []lack, rest []Finding) {
	if f, leaf := c.named(bad.Path); bad.Problem == Missing && f != nil && !slices.Contains(lacks, lack{f, leaf}) {
		lacks = append(lacks, lack{f, leaf}) // in an item that is one too many
	}
	for _, l := range lacks {
		c.tally.add(c.missing(l.field, l.leaf, -1))
	}
	d := c.decoder
	f := d.table.fields[d.table.identifier].source
	said := slices.ContainsFunc(rest, func(r Finding) bool { return r.Field == f && r.Reason == OutsideDomain })
	if !said && d.report.metrics[d.table.identifier].state != Absent && !d.identify() {
		c.tally.add(c.outside(f, &f.Leaves[0], -1, ""))
	}
}

// lack is a field that is missing, or a leaf.
type lack struct {
	field *wire.Field
	leaf  *wire.Leaf // nil is the field
}

// lacks returns what is missing of the report that the decoder has read last: each once.
func (c *byteChecker) lacks() (all []lack) {
	d := c.decoder
	for i := range d.table.fields {
		f, m := &d.table.fields[i], &d.report.metrics[i]
		if f.source.Required && m.state == Absent {
			all = append(all, lack{f.source, nil})
		}
		for start := 0; f.message && start < len(m.rows); start += len(f.leaves) {
			for _, at := range f.required {
				l := lack{f.source, f.leaves[at].source}
				if m.rows[start+at].state == Absent && !slices.Contains(all, l) {
					all = append(all, l)
				}
			}
		}
	}
	return all
}

// explain adds what a report holds to the tally.
func (c *byteChecker) explain(report *Report) {
	fields := c.words.message.Fields
	for i := range fields {
		if report.Field(i) != Absent && fields[i].Stored() {
			c.sent[i]++
		}
	}
	for _, f := range report.Findings {
		times := f.Count
		f.Count = 0
		d, ok := c.said[f]
		if !ok {
			d = c.say(f)
			if len(c.said) < mostGroups {
				c.said[f] = d
			}
		}
		if times > 1 && d.kind != KindUnapproved && d.kind != KindTooMany {
			d.detail = fmt.Sprintf(", %s times", thousands(int64(times)))
		}
		c.tally.add(d)
	}
}

// count hands the fields that were sent to the tally.
func (c *byteChecker) count() {
	for i, n := range c.sent {
		if n > 0 {
			c.tally.sent[&c.words.message.Fields[i]] += n
		}
	}
}

func (c *byteChecker) say(f Finding) deviation {
	switch f.Reason {
	case NotApproved:
		return c.unapproved(f.Field.Metric, c.state(f.Field.Metric))
	case UnknownField:
		return c.sayUnknown(f)
	case DuplicateKey:
		return c.duplicateKey(f.Field, -1)
	case TooManyItems:
		return c.tooMany(f.Field, 0)
	}
	leaf := f.Leaf
	if leaf == nil {
		leaf = &f.Field.Leaves[0]
	}
	return c.outside(f.Field, leaf, -1, "")
}

// sayUnknown says what number it is. One that a proposal has, and that is read as unknown, has the
// wire type of another one.
func (c *byteChecker) sayUnknown(f Finding) deviation {
	name := nameByNumber(f.Number)
	switch {
	case f.Number == 0:
		return c.unknown(f.Field, -1, "one of many numbers")
	case f.Field != nil:
		for i := range f.Field.Leaves {
			if f.Field.Leaves[i].Number == f.Number {
				return c.mistyped(f.Field, &f.Field.Leaves[i])
			}
		}
		return c.unknown(f.Field, -1, name)
	}
	for i := range c.words.message.Fields {
		if field := &c.words.message.Fields[i]; field.Number == f.Number {
			return c.mistyped(field, nil)
		}
	}
	return c.forbidden(c.registry.ByNumber(f.Number), name)
}

// mistyped is a known number with the wire type of another type: no reader takes it for the field.
func (c *byteChecker) mistyped(f *wire.Field, leaf *wire.Leaf) deviation {
	d := c.about(KindUnknown, f, leaf, -1)
	d.phrase = "is sent as another type than was approved, so that nobody can read it"
	d.help = "the service drops it; compile the client with the " + c.words.message.File + " of today"
	return d
}

// unread is a report of which nothing is known but why.
func (c *byteChecker) unread(bad *Error) deviation {
	detail := fmt.Sprintf(", at byte %s", thousands(bad.Offset))
	if bad.Path != "" {
		detail += ", in `" + bad.Path + "`"
	}
	return c.unreadable(bad.Problem.String(), detail)
}

// named returns the field and leaf of a path; nil where it names none.
func (c *byteChecker) named(path string) (*wire.Field, *wire.Leaf) {
	for i := range c.words.message.Fields {
		f := &c.words.message.Fields[i]
		if f.Name == path {
			return f, nil
		}
		for j := range f.Leaves {
			if f.Path(&f.Leaves[j]) == path {
				return f, &f.Leaves[j]
			}
		}
	}
	return nil, nil
}
