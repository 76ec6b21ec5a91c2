// SPDX-License-Identifier: GPL-2.0-or-later

// Package pii finds personal data in what software reports and writes. In flow bytes in whatever
// form somebody has them, or single values, with what the proposals declare of them; out come
// findings, which say where and of what class, and never show a value.
//
// Everything is decoded first: JSON, YAML, dictionaries in logs, and what is encoded inside texts.
// Then each leaf and each key is shown to one detector for each class, with what its path says. A
// detector is one file, and one page that is its documentation and its test.
package pii

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/pulp/pulpmetrics/internal/source"
)

// Scanner looks for personal data. It is not changed once it is made, and can be used by many
// goroutines.
type Scanner struct {
	detectors    []Detector
	declarations *Declarations
	unfiltered   bool
}

// New returns a scanner for reports of which the given leaves are declared; nil declares nothing.
func New(declarations *Declarations) *Scanner {
	return &Scanner{detectors: detectors(), declarations: declarations}
}

func (s *Scanner) worker() *worker {
	return &worker{inspector: inspector{detectors: s.detectors, unfiltered: s.unfiltered}, declarations: s.declarations, keys: map[string]*key{}}
}

// Job is one input.
type Job struct {
	Source  string // as findings name it
	Prose   bool   // words that people wrote about something: classes that only a path tells don't apply
	Workers int    // goroutines that scan lines; at least one
}

// headBytes is how much of an input tells its form.
const headBytes = 1 << 16

// Scan reads an input to its end, in memory that doesn't depend on its length, and gives the
// findings of one record after the other to emit. It returns how many records there were. What is
// wrong with the bytes is a finding; the error is that of the reader, or of emit.
func (s *Scanner) Scan(job Job, r io.Reader, emit func([]Finding) error) (records int64, err error) {
	in := bufio.NewReaderSize(r, source.MaxBytes+1)
	head, err := in.Peek(headBytes)
	whole := errors.Is(err, io.EOF)
	if err != nil && !whole {
		return 0, err
	}
	if bom := []byte("\uFEFF"); bytes.HasPrefix(head, bom) {
		_, _ = in.Discard(len(bom))
		head = head[len(bom):]
	}
	if len(head) == headBytes && isYAML(job.Source, bytes.TrimLeft(head, " \t\r\n")) {
		head, err = in.Peek(source.MaxBytes + 1)
		whole = errors.Is(err, io.EOF)
	}
	run := &run{Scanner: s, job: job, emit: emit}
	switch f, why, help := recognize(job.Source, head, whole); f {
	case refused:
		rec := &record{source: job.Source, number: 1}
		rec.unscanned(why, help)
		return 1, emit(rec.done())
	case asDocument:
		return run.documents(in)
	case asYAML:
		return run.yaml(bytes.Clone(head))
	}
	return run.lines(in, 1)
}

// run is one scan of one input.
type run struct {
	*Scanner
	job  Job
	emit func([]Finding) error
}

func (r *run) worker() *worker {
	w := r.Scanner.worker()
	w.prose = r.job.Prose
	return w
}

func (r *run) record(n int64) *record { return &record{source: r.job.Source, number: n} }

// documents scans JSON that goes on over lines: one value after the other. Behind what is no JSON
// it goes on line by line.
func (r *run) documents(in *bufio.Reader) (records int64, err error) {
	w := &walker{worker: r.worker(), in: input{r: in, line: 1, column: 1}}
	for w.in.space() {
		records++
		w.rec = r.record(records)
		broken := w.value()
		if err := w.in.failed(); err != nil {
			return records, errors.Join(err, r.emit(w.rec.done()))
		}
		if broken != nil {
			w.rec.unscanned("this is not JSON any more: "+broken.Error(), "mend it there; what follows was scanned line by line")
		}
		if err := r.emit(w.rec.done()); err != nil {
			return records, err
		}
		if broken != nil {
			rest := bufio.NewReaderSize(io.MultiReader(bytes.NewReader(w.in.buf[min(w.in.mark, w.in.at):]), in), headBytes)
			n, err := r.lines(rest, records+1)
			return records + n, err
		}
		if c := w.in.buf; w.in.at < len(c) && c[w.in.at] == ',' {
			w.in.at++
		}
	}
	return records, w.in.failed()
}
