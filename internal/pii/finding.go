// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"cmp"
	"fmt"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/source"
)

// Finding is one piece of personal data, and where it is. It never holds the data itself.
type Finding struct {
	Source   string        `json:"source"`
	Record   int64         `json:"record"` // from 1: a line, a message of a stream, a document
	Path     string        `json:"path"`   // such as workers[0].name; empty in plain text
	Class    string        `json:"class"`
	Severity diag.Severity `json:"severity"`
	Mask     string        `json:"mask"`

	Span source.Span `json:"-"` // where the value stands, if the caller said so
	Help string      `json:"-"`
	raw  string
}

// Unscanned is the class of what could not be looked at. Its mask says why.
const Unscanned = "unscanned"

// NotScanned is the finding that a record could not be looked at: why, and what to do.
func NotScanned(name string, n int64, why, help string) Finding {
	return Finding{Source: name, Record: n, Class: Unscanned, Severity: diag.Error, Mask: why, Help: help}
}

// Message says what was found, without a place.
func (f Finding) Message() string {
	if f.Class == Unscanned {
		return "not scanned: " + f.Mask
	}
	if f.Path == "" {
		return fmt.Sprintf("%s: %s", f.Class, f.Mask)
	}
	return fmt.Sprintf("`%s` holds %s: %s", f.Path, f.Class, f.Mask)
}

// Redact takes the value of the finding out of a text that somebody else wrote about it.
func (f Finding) Redact(text string) string { return redact(text, f.raw, f.Mask) }

// Diagnostic is the finding in the shape that all findings share. The line isn't quoted.
func (f Finding) Diagnostic() diag.Diagnostic {
	span := f.Span
	if span.IsZero() && f.Record > 0 {
		span.Start = source.Pos{Line: int32(min(f.Record, 1<<30)), Column: 1}
		span.End = source.Pos{Line: span.Start.Line, Column: 2}
	}
	return diag.Diagnostic{
		File: f.Source, Span: span, Severity: f.Severity, Rule: ruleOf(f.Class),
		Message: f.Message(), Help: cmp.Or(f.Help, "`pulpmetrics explain "+f.Class+"` says what is found and why"), Private: true,
	}
}

func ruleOf(class string) string { return class }

// found is a hit with its class.
type found struct {
	class string
	hit   Hit
	mask  string
	raw   string
}
