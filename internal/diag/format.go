// SPDX-License-Identifier: GPL-2.0-or-later

package diag

import (
	"fmt"
	"io"
)

// The formats that machines read, beside text.
const (
	FormatJSON   = "json"
	FormatGitHub = "github"
	FormatSARIF  = "sarif"
	FormatJUnit  = "junit"
)

// Formats lists the formats that machines read, in the order in which help names them.
func Formats() []string { return []string{FormatJSON, FormatGitHub, FormatSARIF, FormatJUnit} }

// Run is what one format or another says of a run, beside its summary.
type Run struct {
	Command     string // of the program, such as lint
	Version     string // of the program; may be empty
	Diagnostics []Diagnostic
	Summary     Summary
	Verdict     string   // the line that ends the run for people
	Files       []string // that were looked at, named as in the diagnostics; also those without findings
	Failures    []string // what the machine failed at, a sentence each
	// Page returns the Markdown page of a rule, or "" where it has none.
	Page func(rule string) string
}

// Program is the name under which other programs know this one, and Home is where it lives.
const (
	Program = "pulpmetrics"
	Home    = "https://github.com/pulp/pulpmetrics"
)

// Write writes a run in one of the Formats.
func Write(w io.Writer, format string, run *Run) error {
	switch format {
	case FormatJSON:
		return JSON(w, run.Diagnostics, run.Summary)
	case FormatGitHub:
		return GitHub(w, run)
	case FormatSARIF:
		return SARIF(w, run)
	case FormatJUnit:
		return JUnit(w, run)
	}
	return fmt.Errorf("there is no format %q", format)
}

// lastLine returns the last line that a finding touches, and the column behind its end there. An
// end at the start of a line belongs to the line before, whose length nobody knows here: 0.
func lastLine(d Diagnostic) (line, column int32) {
	start, end := d.Span.Start, d.Span.End
	if end.Column == 1 && end.Line > start.Line {
		return end.Line - 1, 0
	}
	return end.Line, end.Column
}
