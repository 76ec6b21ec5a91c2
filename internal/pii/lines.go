// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
)

// batchBytes is how much one goroutine scans at a time; a line that is longer is scanned as it is
// read.
const batchBytes = 256 << 10

// batch is some whole lines, and what becomes of them.
type batch struct {
	data  []byte
	first int64 // number of its first line
	count int64 // of the lines that hold something; set before found is sent
	found chan []Finding
}

// lines scans lines, each a record; first is the number of the first one. As many goroutines as the
// job asks for scan, one more reads, and what they find is given on in the order of the lines.
func (r *run) lines(in *bufio.Reader, first int64) (records int64, err error) {
	workers := max(1, r.job.Workers)
	todo, order := make(chan *batch, workers), make(chan *batch, 2*workers)
	stop := make(chan struct{})
	for range workers {
		go func() {
			w := r.worker()
			for b := range todo {
				b.found <- w.batch(b, r)
			}
		}()
	}
	reader := &lineReader{run: r, in: in, next: first, todo: todo, order: order, stop: stop}
	go reader.read()
	for b := range order {
		found := <-b.found
		records += b.count
		if err == nil && len(found) > 0 {
			if err = r.emit(found); err != nil {
				close(stop)
			}
		}
	}
	return records, errors.Join(err, reader.err)
}

// batch scans the lines of a batch.
func (w *worker) batch(b *batch, r *run) []Finding {
	var all []Finding
	n := b.first
	for data := b.data; len(data) > 0; n++ {
		line := data
		if end := bytes.IndexByte(data, '\n'); end >= 0 {
			line, data = data[:end], data[end+1:]
		} else {
			data = nil
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			b.count++
			rec := r.record(n)
			w.record(line, rec)
			all = append(all, rec.done()...)
		}
	}
	return all
}

// record scans one line: as JSON if it is that, or else as text. JSON that breaks off is said to
// be, and scanned as text too.
func (w *worker) record(line []byte, rec *record) {
	if line[0] == '{' || line[0] == '[' && beginsValue(string(line[:min(len(line), 64)])) {
		walk := &walker{worker: w, in: input{buf: line, line: rec.number, column: 1}, rec: rec}
		err := walk.value()
		if err == nil && len(bytes.Trim(line[walk.in.at:], " \t\r,")) == 0 {
			return
		}
		if line[0] == '{' && (err != nil || walk.in.at == 0) && beginsValue(string(line)) {
			rec.unscanned("this is not JSON any more: "+err.Error(), "mend it there; the rest of the line was scanned as text")
		}
		if err == nil {
			line = line[walk.in.at:]
		}
	}
	w.line(string(line), rec)
}

// lineReader cuts an input into batches.
type lineReader struct {
	*run
	in          *bufio.Reader
	next        int64 // number of the next line
	todo, order chan *batch
	stop        chan struct{}
	err         error
}

func (l *lineReader) read() {
	defer close(l.order)
	defer close(l.todo)
	var rest []byte
	for {
		data := make([]byte, batchBytes+len(rest))
		n := copy(data, rest)
		m, err := io.ReadFull(l.in, data[n:])
		data, rest = data[:n+m], nil
		ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !ended {
			l.err = err
		}
		if err == nil {
			cut := bytes.LastIndexByte(data, '\n') + 1
			if cut == 0 {
				rest, err = l.long(data)
				if err != nil || rest == nil {
					return
				}
				continue
			}
			data, rest = data[:cut], slices.Clone(data[cut:])
		}
		if !l.hand(data) || err != nil {
			return
		}
	}
}

// hand gives lines to whoever scans them; false if nobody wants more.
func (l *lineReader) hand(data []byte) bool {
	if len(data) == 0 {
		return true
	}
	b := &batch{data: data, first: l.next, found: make(chan []Finding, 1)}
	l.next += int64(bytes.Count(data, []byte{'\n'}))
	if data[len(data)-1] != '\n' {
		l.next++
	}
	select {
	case l.order <- b:
	case <-l.stop:
		return false
	}
	l.todo <- b
	return true
}

// long scans a line that is too long for a batch while it is read, and returns what was read of the
// next one; nil at the end.
func (l *lineReader) long(start []byte) (rest []byte, err error) {
	b := &batch{count: 1, found: make(chan []Finding, 1)}
	select {
	case l.order <- b:
	case <-l.stop:
		return nil, nil
	}
	line := &untilNewline{r: io.MultiReader(bytes.NewReader(start), l.in)}
	rec := l.record(l.next)
	w := l.worker()
	w.long(line, rec)
	b.found <- rec.done()
	l.next++
	if line.err != nil && !errors.Is(line.err, io.EOF) {
		l.err = line.err
	}
	if errors.Is(line.err, io.EOF) || l.err != nil {
		return nil, nil
	}
	return append([]byte{}, line.rest...), nil
}

// long scans a line as it comes: as JSON as long as it is that, and then as text, in pieces that
// overlap.
func (w *worker) long(line *untilNewline, rec *record) {
	walk := &walker{worker: w, in: input{r: line, line: rec.number, column: 1}, rec: rec}
	if walk.in.space() && walk.in.buf[walk.in.at] == '{' || walk.in.at < len(walk.in.buf) && walk.in.buf[walk.in.at] == '[' {
		err := walk.value()
		if err != nil {
			rec.unscanned("this is not JSON any more: "+err.Error(), "mend it there; the rest of the line was scanned as text")
		}
	}
	piece := make([]byte, mostToken)
	n := copy(piece, walk.in.buf[min(walk.in.at, len(walk.in.buf)):])
	for {
		m, err := io.ReadFull(line, piece[n:])
		n += m
		if text := bytes.TrimSpace(piece[:n]); len(text) > 0 {
			w.line(string(text), rec)
		}
		if err != nil {
			return
		}
		n = copy(piece, piece[n-overlap:n])
	}
}

// untilNewline reads the rest of a line. Its error is io.EOF if the input ends with it.
type untilNewline struct {
	r    io.Reader
	rest []byte // what was read of the next line
	done bool
	err  error
}

func (u *untilNewline) Read(p []byte) (int, error) {
	if u.done {
		return 0, io.EOF
	}
	n, err := u.r.Read(p)
	if end := bytes.IndexByte(p[:n], '\n'); end >= 0 {
		u.rest, u.done = append(u.rest, p[end+1:n]...), true
		return end, io.EOF
	}
	if err != nil {
		u.err, u.done = err, true
	}
	return n, err
}
