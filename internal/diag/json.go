// SPDX-License-Identifier: GPL-2.0-or-later

package diag

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
)

type jsonDiagnostic struct {
	File      string   `json:"file"`
	Line      int32    `json:"line"`
	Column    int32    `json:"column"`
	EndLine   int32    `json:"endLine"`
	EndColumn int32    `json:"endColumn"`
	Severity  Severity `json:"severity"`
	Rule      string   `json:"rule"`
	Message   string   `json:"message"`
	Help      string   `json:"help"`
	Diff      string   `json:"diff,omitempty"`
	Fix       *jsonFix `json:"fix,omitempty"`
}

type jsonFix struct {
	Title string     `json:"title"`
	Edits []jsonEdit `json:"edits"`
}

type jsonEdit struct {
	Line      int32  `json:"line"`
	Column    int32  `json:"column"`
	EndLine   int32  `json:"endLine"`
	EndColumn int32  `json:"endColumn"`
	Text      string `json:"text"`
}

func recordFix(f *Fix) *jsonFix {
	if f == nil {
		return nil
	}
	out := jsonFix{Title: f.Title, Edits: make([]jsonEdit, len(f.Edits))}
	for i, e := range f.Edits {
		out.Edits[i] = jsonEdit{e.Span.Start.Line, e.Span.Start.Column, e.Span.End.Line, e.Span.End.Column, e.Text}
	}
	return &out
}

// JSON writes one object: {"diagnostics": […], "summary": {…}}. Positions count from 1, columns
// in code points, the end exclusive; a finding about a whole file stands at 1:1.
func JSON(w io.Writer, ds []Diagnostic, summary Summary) error {
	return WriteJSON(w, struct {
		Diagnostics any     `json:"diagnostics"`
		Summary     Summary `json:"summary"`
	}{Records(ds), summary})
}

// Records returns findings in the form that they have in JSON: a list, which may be empty.
func Records(ds []Diagnostic) any {
	out := make([]jsonDiagnostic, len(ds))
	for i, d := range ds {
		start, end := d.Span.Start, d.Span.End
		if d.Span.IsZero() {
			start.Line, start.Column, end.Line, end.Column = 1, 1, 1, 1
		}
		out[i] = jsonDiagnostic{d.File, start.Line, start.Column, end.Line, end.Column, d.Severity, d.Rule, d.Message, d.Help, d.Diff, recordFix(d.Fix)}
	}
	return out
}

// WriteJSON writes a value as indented JSON. Characters that could change what a terminal shows
// are written as \u escapes, which mean the same.
func WriteJSON(w io.Writer, v any) error {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	var out strings.Builder
	for _, r := range buf.String() {
		switch {
		case r == '\n' || unicode.IsPrint(r):
			out.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}
