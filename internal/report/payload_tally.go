// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// Limits on what is kept of the findings: a report can hold any number of them.
const (
	mostDetails = 50  // of one report
	mostGroups  = 500 // of many reports
)

// tally adds up what is found in any number of reports, in bounded memory. As long as there is one
// report, it keeps each finding by itself.
type tally struct {
	reports int64
	start   place // of the report that is looked at
	sent    map[*wire.Field]int64
	details []deviation
	more    int // deviations beyond the details
	groups  map[groupKey]*group
}

// place is where a report begins: a byte of a stream, or a line of a text.
type place struct {
	offset int64
	at     source.Pos // zero in a stream
}

// groupKey tells apart what is counted apart.
type groupKey struct{ kind, path, phrase string }

type group struct {
	first   deviation
	number  int64 // of the first report that has it, from 1
	start   place
	last    int64 // report that was counted last
	reports int64
}

func newTally() *tally {
	return &tally{sent: map[*wire.Field]int64{}, groups: map[groupKey]*group{}}
}

// begin says that the findings from now on are of another report.
func (t *tally) begin(start place) {
	t.reports++
	t.start = start
}

func (t *tally) send(f *wire.Field) { t.sent[f]++ }

func (t *tally) add(d deviation) {
	if t.reports <= 1 {
		if len(t.details) < mostDetails {
			t.details = append(t.details, d)
		} else {
			t.more++
		}
	}
	key := groupKey{d.kind, d.path, d.phrase}
	g := t.groups[key]
	if g == nil && len(t.groups) >= mostGroups {
		key = groupKey{kind: d.kind}
		d.path, d.number, d.phrase = "…", "", "and more of this kind"
		g = t.groups[key]
	}
	if g == nil {
		g = &group{first: d, number: t.reports, start: t.start}
		t.groups[key] = g
	}
	if g.last != t.reports {
		g.last = t.reports
		g.reports++
	}
}

// allowed returns the fields that were sent, sorted by number.
func (t *tally) allowed() []Allowed {
	var list []Allowed
	for f, n := range t.sent {
		list = append(list, Allowed{f, n})
	}
	slices.SortFunc(list, func(a, b Allowed) int { return cmp.Compare(a.Field.Number, b.Field.Number) })
	return list
}

// diagnostics returns what was found: each finding of a single report, or each kind of finding with
// the number of reports that have it.
func (t *tally) diagnostics(file string) []diag.Diagnostic {
	var ds []diag.Diagnostic
	if t.reports <= 1 {
		for i := range t.details {
			d := &t.details[i]
			ds = append(ds, diag.Diagnostic{File: file, Span: d.at, Severity: diag.Error, Rule: d.kind, Message: d.String(), Help: d.help})
		}
		if t.more > 0 {
			last := &t.details[len(t.details)-1]
			ds = append(ds, diag.Diagnostic{File: file, Span: last.at, Severity: diag.Error, Rule: last.kind, Help: "correct these first",
				Message: fmt.Sprintf("there are %s more in this report", count(t.more, "finding"))})
		}
		diag.Sort(ds)
		return ds
	}
	for _, g := range t.sorted() {
		ds = append(ds, diag.Diagnostic{File: file, Span: g.first.at, Severity: diag.Error, Rule: g.first.kind, Help: g.first.help,
			Message: fmt.Sprintf("%s: in %s of %s; the first is report %s%s", g.first.general(), thousands(g.reports), count(t.reports, "report"), thousands(g.number), g.start)})
	}
	return ds
}

// sorted returns the groups by their first report, and then by path and kind.
func (t *tally) sorted() []*group {
	groups := make([]*group, 0, len(t.groups))
	for _, g := range t.groups {
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b *group) int {
		return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(a.first.path, b.first.path), cmp.Compare(a.first.kind, b.first.kind),
			cmp.Compare(a.first.phrase, b.first.phrase))
	})
	return groups
}

// String says where a report of a stream begins; in a text the place of the finding says it.
func (p place) String() string {
	if p.at != (source.Pos{}) {
		return ""
	}
	return fmt.Sprintf(" (byte %d)", p.offset)
}
