// SPDX-License-Identifier: GPL-2.0-or-later

package diag

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// GitHub writes findings as workflow commands of GitHub Actions, a line each, which it shows beside
// the lines that they are about under "Files changed". The verdict follows, for those who read the
// log. No text of a proposal can end a command, or begin another one.
func GitHub(w io.Writer, run *Run) error {
	var out bytes.Buffer
	for _, d := range run.Diagnostics {
		githubCommand(&out, d)
	}
	for _, failure := range run.Failures {
		fmt.Fprintf(&out, "::error title=%s::%s\n", Program, githubText(failure))
	}
	fmt.Fprintf(&out, "%s\n", Printable(run.Verdict))
	_, err := w.Write(out.Bytes())
	return err
}

func githubCommand(out *bytes.Buffer, d Diagnostic) {
	level := [...]string{Info: "notice", Warning: "warning", Error: "error"}[d.Severity]
	fmt.Fprintf(out, "::%s file=%s", level, githubName(d.File))
	if !d.Span.IsZero() {
		line, column := lastLine(d)
		fmt.Fprintf(out, ",line=%d,endLine=%d", d.Span.Start.Line, line)
		if line == d.Span.Start.Line { // columns of several lines are refused, and the lines with them
			fmt.Fprintf(out, ",col=%d", d.Span.Start.Column)
			if column > d.Span.Start.Column {
				fmt.Fprintf(out, ",endColumn=%d", column-1) // inclusive
			}
		}
	}
	fmt.Fprintf(out, ",title=%s::%s\n", githubName(d.Rule), githubText(advice(d)))
}

// advice is a message with the help below it.
func advice(d Diagnostic) string {
	if d.Help == "" {
		return d.Message
	}
	return d.Message + "\n" + d.Help
}

// What ends a command or a property is percent-encoded; see workflow commands in GitHub's documentation.
var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// githubName writes a value of a property, and githubText the text of a command. Line breaks stay what
// they are; what could change what a terminal shows doesn't.
func githubName(s string) string { return Printable(githubProperty.Replace(s)) }

func githubText(s string) string { return Printable(githubData.Replace(s)) }
