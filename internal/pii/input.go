// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"bytes"
	"errors"
	"io"
)

// input is the bytes that a walk goes over: all of them, or a window that a reader fills.
type input struct {
	buf  []byte
	at   int
	mark int       // of the token that is being read, which has to stay in the window
	r    io.Reader // nil: the window is all there is
	err  error     // of the reader

	line   int64 // of the start of the window, from 1
	column int64 // of the start of the window, in bytes from 1
}

// firstWindow and mostToken are how much is read at once, and how long a text may be before it is
// looked at in pieces.
const (
	firstWindow = 64 << 10
	mostToken   = 1 << 20
)

// more makes at least one more byte readable behind the window. It is false at the end.
func (in *input) more() bool {
	if in.r == nil || in.err != nil {
		return false
	}
	keep := min(in.mark, in.at)
	in.advance(in.buf[:keep])
	in.buf, in.at, in.mark = append(in.buf[:0], in.buf[keep:]...), in.at-keep, in.mark-keep
	if cap(in.buf)-len(in.buf) < firstWindow/2 {
		in.buf = append(make([]byte, 0, max(2*cap(in.buf), firstWindow)), in.buf...)
	}
	for empty := 0; empty < 100; empty++ {
		n, err := in.r.Read(in.buf[len(in.buf):cap(in.buf)])
		in.buf = in.buf[:len(in.buf)+n]
		if err != nil {
			in.err = err
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	in.err = io.ErrNoProgress
	return false
}

// failed returns the error of the reader, if that is why there is nothing more.
func (in *input) failed() error {
	if errors.Is(in.err, io.EOF) {
		return nil
	}
	return in.err
}

// advance moves the start of the window behind what is dropped.
func (in *input) advance(dropped []byte) {
	if n := bytes.Count(dropped, []byte{'\n'}); n > 0 {
		in.line += int64(n)
		in.column = 1
		dropped = dropped[bytes.LastIndexByte(dropped, '\n')+1:]
	}
	in.column += int64(len(dropped))
}

// place returns the line and the column of an offset in the window, from 1.
func (in *input) place(at int) (line, column int64) {
	clone := *in
	clone.advance(in.buf[:min(at, len(in.buf))])
	return clone.line, clone.column
}

// space skips white space. It is false at the end.
func (in *input) space() bool {
	for {
		for in.at < len(in.buf) {
			if c := in.buf[in.at]; c != ' ' && c != '\t' && c != '\n' && c != '\r' {
				return true
			}
			in.at++
		}
		in.mark = in.at
		if !in.more() {
			return false
		}
	}
}
