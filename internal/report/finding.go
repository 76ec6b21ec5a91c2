// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"strconv"

	"github.com/pulp/pulpmetrics/internal/wire"
)

// Reason says why something is not stored.
type Reason uint8

// The reasons. The first two reject the whole report, the last two drop the whole metric.
const (
	None          Reason = iota
	DuplicateKey         // two items of one list have the same key
	GateFailed           // a value is not what the site's gate asks for; see Gate
	NotApproved          // the field is known, and its metric suspended
	UnknownField         // nobody proposed the number, or its wire type is another one
	UnknownMember        // the enum has no member of that number; only this leaf, or the item it is the key of, is dropped
	OutsideDomain        // the value is outside the leaf's domain
	TooManyItems         // the list is longer than max_items
)

// String returns the reason as a name in snake_case, for counters; "" is None.
func (r Reason) String() string {
	switch r {
	case DuplicateKey:
		return "duplicate_key"
	case GateFailed:
		return "gate"
	case NotApproved:
		return "not_approved"
	case UnknownField:
		return "unknown_field"
	case UnknownMember:
		return "unknown_member"
	case OutsideDomain:
		return "outside_domain"
	case TooManyItems:
		return "too_many_items"
	}
	return ""
}

// maxUnknown is how many numbers of unknown fields are told apart in one report. The others are
// counted together, under number 0, so that nobody can fill the memory with counters.
const maxUnknown = 32

// Finding counts what was not stored for one reason at one place of a report.
type Finding struct {
	Reason Reason
	Field  *wire.Field // nil for an unknown field at the top
	Leaf   *wire.Leaf  // nil where the field as a whole is meant
	Number int64       // of an unknown field; 0 stands for all beyond the first 32 numbers
	Count  int         // of values, items or unknown fields; 1 for a field that is not approved or too long
}

// Path returns where it stands, from the top of the report: metric, metric.leaf, or a number in
// place of the name of what is unknown; "*" where several numbers are counted together.
func (f Finding) Path() string {
	number := "*"
	if f.Number != 0 {
		number = strconv.FormatInt(f.Number, 10)
	}
	switch {
	case f.Field == nil:
		return number
	case f.Reason == UnknownField:
		return f.Field.Name + "." + number
	case f.Leaf != nil:
		return f.Field.Path(f.Leaf)
	}
	return f.Field.Name
}

// note counts a finding.
func (r *Report) note(reason Reason, field *wire.Field, leaf *wire.Leaf) {
	r.count(Finding{reason, field, leaf, 0, 1})
}

// noteUnknown counts an unknown field; field is nil at the top.
func (r *Report) noteUnknown(field *wire.Field, number int64) {
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Field == field && f.Number == number {
			f.Count++
			return
		}
	}
	if len(r.Findings) >= maxUnknown {
		field, number = nil, 0
	}
	r.count(Finding{UnknownField, field, nil, number, 1})
}

func (r *Report) count(add Finding) {
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Reason == add.Reason && f.Field == add.Field && f.Leaf == add.Leaf && f.Number == add.Number {
			f.Count += add.Count
			return
		}
	}
	r.Findings = append(r.Findings, add)
}
