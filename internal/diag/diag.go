// SPDX-License-Identifier: GPL-2.0-or-later

// Package diag is the one shape of a verdict: what an author got wrong, where, and what to do
// next. In flow findings; out come texts for people and for machines, one file for each format.
// What the machine got wrong is a Go error and never comes through here.
package diag

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/pulp/pulpmetrics/internal/source"
)

// Severity says how much a finding matters. Only an Error gives exit status 1.
type Severity uint8

// From the least to the most severe.
const (
	Info Severity = iota
	Warning
	Error
)

var severityNames = [...]string{"info", "warning", "error"}

func (s Severity) String() string { return severityNames[s] }

// MarshalText writes a severity as its lower-case name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Severity) UnmarshalText(text []byte) error {
	i := slices.Index(severityNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("severity %q: use error, warning or info", text)
	}
	*s = Severity(i)
	return nil
}

// Diagnostic is one finding.
type Diagnostic struct {
	File     string      // slash-separated, from the folder of the project or of the reader
	Span     source.Span // zero: the file as a whole
	Severity Severity
	Rule     string
	Message  string
	Help     string      // what to do next; may be empty
	Diff     string      // from what is there to what should be, unified; of findings about whole files
	Private  bool        // the lines hold what nobody should see: no finding quotes them
	Fix      *source.Fix // nil where only people can tell what is meant
}

// Same reports whether two findings say the same of the same place.
func Same(a, b Diagnostic) bool {
	a.Fix, b.Fix = nil, nil
	return a == b
}

// Sort orders findings by file, place, severity (the worst first), rule and message.
func Sort(ds []Diagnostic) {
	slices.SortFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Span.Start.Line, b.Span.Start.Line),
			cmp.Compare(a.Span.Start.Column, b.Span.Start.Column),
			-cmp.Compare(a.Severity, b.Severity),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Message, b.Message),
		)
	})
}

// Summary counts what a run looked at and found.
type Summary struct {
	Proposals int   `json:"proposals"`         // read, also those with findings
	Reports   int64 `json:"reports,omitempty"` // read, where the findings are about reports
	Files     int   `json:"files,omitempty"`   // compared, where the findings are about generated files
	Errors    int   `json:"errors"`
	Warnings  int   `json:"warnings"`
	Infos     int   `json:"infos"`
}

// Count adds up findings by severity, over a number of proposals.
func Count(proposals int, ds []Diagnostic) Summary {
	s := Summary{Proposals: proposals}
	for _, d := range ds {
		switch d.Severity {
		case Error:
			s.Errors++
		case Warning:
			s.Warnings++
		default:
			s.Infos++
		}
	}
	return s
}

// String is the line that ends a run over proposals, or over generated files.
func (s Summary) String() string {
	if s.Files > 0 {
		return plural(s.Files, "generated file") + " checked: " + s.counts()
	}
	return plural(s.Proposals, "proposal") + " checked: " + s.counts()
}

// OfReports is the line that ends a run over reports.
func (s Summary) OfReports() string {
	return plural(int(s.Reports), "report") + " checked: " + s.counts()
}

func (s Summary) counts() string {
	if s.Errors+s.Warnings+s.Infos == 0 {
		return "no findings"
	}
	text := plural(s.Errors, "error") + ", " + plural(s.Warnings, "warning")
	if s.Infos > 0 {
		text += fmt.Sprintf(", %d for your information", s.Infos)
	}
	return text
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
