// SPDX-License-Identifier: GPL-2.0-or-later

package diag

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
)

// The elements of a JUnit report that CI servers agree on.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string       `xml:"classname,attr"`
		Name    string       `xml:"name,attr"`
		File    string       `xml:"file,attr,omitempty"`
		Line    int32        `xml:"line,attr,omitempty"`
		Failure *junitResult `xml:"failure,omitempty"`
		Error   *junitResult `xml:"error,omitempty"`
		Output  string       `xml:"system-out,omitempty"`
	}
	junitResult struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes a run as a JUnit report. Each file that was looked at is a suite; each rule that
// found something in it is a test, which fails by errors and passes with warnings as its output.
// A file without findings is a test that passes. The names don't change with the lines, so that a
// server recognizes a test when the file grows.
func JUnit(w io.Writer, run *Run) error {
	all := junitSuites{Name: Program + " " + run.Command}
	for _, file := range junitFiles(run) {
		all.add(junitFile(run, file))
	}
	for _, failure := range run.Failures {
		text := Printable(failure)
		all.add(junitSuite{Name: Program, Cases: []junitCase{{Class: Program, Name: "everything can be read", Error: &junitResult{text, "failure", text}}}})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (all *junitSuites) add(s junitSuite) {
	for _, c := range s.Cases {
		s.Tests++
		if c.Failure != nil {
			s.Failures++
		}
		if c.Error != nil {
			s.Errors++
		}
	}
	all.Tests, all.Failures, all.Errors = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors
	all.Suites = append(all.Suites, s)
}

// junitFiles lists the files that were looked at and those with findings, sorted.
func junitFiles(run *Run) []string {
	files := slices.Clone(run.Files)
	for _, d := range run.Diagnostics {
		files = append(files, d.File)
	}
	slices.Sort(files)
	return slices.Compact(files)
}

func junitFile(run *Run, file string) junitSuite {
	name := Printable(file)
	var rules []string
	byRule := map[string][]Diagnostic{}
	for _, d := range run.Diagnostics {
		if d.File == file {
			rules = append(rules, d.Rule)
			byRule[d.Rule] = append(byRule[d.Rule], d)
		}
	}
	slices.Sort(rules)
	s := junitSuite{Name: name}
	for _, rule := range slices.Compact(rules) {
		s.Cases = append(s.Cases, junitRule(name, rule, byRule[rule]))
	}
	if len(s.Cases) == 0 {
		s.Cases = []junitCase{{Class: name, Name: "no findings", File: name}}
	}
	return s
}

// junitRule is the test of one rule in one file.
func junitRule(file, rule string, found []Diagnostic) junitCase {
	c := junitCase{Class: file, Name: Printable(rule), File: file, Line: found[0].Span.Start.Line}
	var text strings.Builder
	worst := found[0]
	for _, d := range found {
		if d.Severity > worst.Severity {
			worst = d
		}
		junitFinding(&text, file, d)
	}
	if worst.Severity < Error {
		c.Output = text.String()
		return c
	}
	c.Line = worst.Span.Start.Line
	c.Failure = &junitResult{Printable(worst.Message), Printable(rule), text.String()}
	return c
}

func junitFinding(text *strings.Builder, file string, d Diagnostic) {
	text.WriteString(file)
	if !d.Span.IsZero() {
		fmt.Fprintf(text, ":%d:%d", d.Span.Start.Line, d.Span.Start.Column)
	}
	fmt.Fprintf(text, ": %s: %s\n", d.Severity, Printable(d.Message))
	if d.Help != "" {
		fmt.Fprintf(text, "  help: %s\n", Printable(d.Help))
	}
	if d.Diff != "" {
		for line := range strings.Lines(d.Diff) {
			text.WriteString(Printable(strings.TrimSuffix(line, "\n")) + "\n")
		}
	}
}
