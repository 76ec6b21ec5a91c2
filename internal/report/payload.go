// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// maxReportBytes is the longest serialized report that is explained.
const maxReportBytes = maxTextBytes

// Verifier holds reports, in whatever form somebody has them, against what was approved. It knows
// the form by itself: text with reports in it, one serialized message, or a stream of them.
type Verifier struct {
	words
	decoder *Decoder
}

// Verdict is what one file holds. Diagnostics never quote it.
type Verdict struct {
	Reports     int64
	Allowed     []Allowed // sorted by number
	Diagnostics []diag.Diagnostic
}

// Allowed is a field that was sent, and that a proposal allows.
type Allowed struct {
	Field   *wire.Field
	Reports int64 // that hold it
}

// NewVerifier returns a verifier of a message, which was compiled from the registry.
func NewVerifier(r *registry.Registry, m *wire.Message) (*Verifier, error) {
	d, err := NewDecoder(m)
	if err != nil {
		return nil, err
	}
	return &Verifier{words{m, r}, d.WithLimit(maxReportBytes)}, nil
}

// Verify reads a file to its end, in memory that doesn't depend on its length. What is wrong with
// the bytes is a finding; the error is that of the reader. What was found until then is in the
// verdict all the same.
func (v *Verifier) Verify(file string, r io.Reader) (*Verdict, error) {
	in := bufio.NewReaderSize(r, readAhead)
	head, err := in.Peek(readAhead)
	whole := errors.Is(err, io.EOF)
	if err != nil && !whole {
		return &Verdict{}, err
	}
	run := &verification{Verifier: v, tally: newTally(), file: file, in: in}
	switch form := v.recognize(head, whole); form.how {
	case refused:
		run.refuse(form.why, form.help)
	case asText:
		err = run.text()
	case asMessage:
		err = run.message()
	case asStream:
		err = run.stream()
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	verdict := &Verdict{Reports: run.tally.reports, Allowed: run.tally.allowed()}
	verdict.Diagnostics = append(run.tally.diagnostics(file), run.refused...)
	return verdict, err
}

// verification is one run over one file.
type verification struct {
	*Verifier
	tally   *tally
	file    string
	in      *bufio.Reader
	refused []diag.Diagnostic // about the file as a whole
}

// refuse reports that the file, or the rest of it, can't be read.
func (r *verification) refuse(why, help string) {
	r.refused = append(r.refused, diag.Diagnostic{File: r.file, Severity: diag.Error, Rule: KindUnreadable, Message: why, Help: help})
}

const formsHelp = "what is read: a line of the client's log, or a whole log; JSON; one serialized message; messages that each follow their length"

// text checks every report of a text.
func (r *verification) text() error {
	c := newTreeChecker(r.words, r.tally.add, r.tally.send)
	scanner := newTextScanner(r.in, c.names)
	for {
		found, err := scanner.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		r.tally.begin(place{at: found.at})
		if found.err == nil {
			c.check(found.tree)
			continue
		}
		d := r.unreadable(found.err.message, "")
		d.at.Start, d.at.End = found.at, found.at
		d.at.End.Column++
		r.tally.add(d)
	}
	if r.tally.reports == 0 {
		r.noReport(c, scanner)
	}
	return nil
}

// noReport says what a text without a report was searched for.
func (r *verification) noReport(c *treeChecker, s *textScanner) {
	why := fmt.Sprintf("the text holds no report: no mapping with a name such as `%s`", c.example())
	help := "pass the line on which the client logs what it sends, all of it; " + formsHelp
	r.refuse(why, help)
	if s.first == nil {
		return
	}
	last := &r.refused[len(r.refused)-1]
	last.Message = fmt.Sprintf("the text begins like a report, and can't be read: %s", s.first.message)
	last.Span.Start, last.Span.End = s.first.at, s.first.at
	last.Span.End.Column++
}

// message checks the only message.
func (r *verification) message() error {
	data, err := io.ReadAll(io.LimitReader(r.in, maxReportBytes+1))
	if err != nil {
		return err
	}
	r.tally.begin(place{})
	c := newByteChecker(r)
	c.check(data)
	c.count()
	return nil
}

// stream checks every message of a stream.
func (r *verification) stream() error {
	s, c := NewStream(r.in, maxReportBytes), newByteChecker(r)
	defer c.count()
	for {
		start := s.Offset()
		data, err := s.Next()
		var broken *Error
		switch {
		case err == nil:
			r.tally.begin(place{offset: start})
			c.check(data)
		case errors.As(err, &broken):
			r.tally.begin(place{offset: start})
			r.refuse(fmt.Sprintf("report %s, at byte %s: %s", thousands(r.tally.reports), thousands(broken.Offset), broken.Problem),
				"what comes after it can't be read: copy the whole file again")
			return nil
		default:
			return err
		}
	}
}
