// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"errors"
	"io"
	"net/http"
	"sync"
)

const (
	smallBody  = 16 << 10 // no report of an honest client comes near it
	largeAtOne = 32       // longer bodies are read, so many at a time
)

// Why a body can't be read.
var (
	errTooLong = errors.New("too long")
	errCrowded = errors.New("too many long bodies at once")
)

// bodies lends memory to read reports into. Bodies of usual length have some each; for longer ones
// there is so much in all, so that what clients send can't fill the memory.
type bodies struct {
	limit int
	small sync.Pool   // of *[]byte
	large chan []byte // nil where the memory was not taken yet
}

func newBodies(limit int) *bodies {
	b := &bodies{limit: limit, large: make(chan []byte, largeAtOne)}
	b.small.New = func() any { buffer := make([]byte, min(smallBody, limit+1)); return &buffer }
	for range largeAtOne {
		b.large <- nil
	}
	return b
}

// read reads a body to its end, hands it to use, and takes the memory back. The error is
// errTooLong, errCrowded, what reading said, or nil.
func (b *bodies) read(r *http.Request, use func(data []byte)) error {
	if r.ContentLength > int64(b.limit) {
		return errTooLong
	}
	buffer := b.small.Get().(*[]byte)
	defer b.small.Put(buffer)
	n, err := fill(r.Body, *buffer, 0)
	if err == nil && n > b.limit {
		return errTooLong
	}
	if err == nil {
		return b.readLong(r.Body, (*buffer)[:n], use)
	}
	if !errors.Is(err, io.EOF) {
		return err
	}
	use((*buffer)[:n])
	return nil
}

// readLong reads the rest of a body that is longer than usual.
func (b *bodies) readLong(body io.Reader, start []byte, use func(data []byte)) error {
	var buffer []byte
	select {
	case buffer = <-b.large:
	default:
		return errCrowded
	}
	defer func() { b.large <- buffer }()
	if buffer == nil {
		buffer = make([]byte, b.limit+1)
	}
	n, err := fill(body, buffer, copy(buffer, start))
	switch {
	case err == nil:
		return errTooLong
	case !errors.Is(err, io.EOF):
		return err
	}
	use(buffer[:n])
	return nil
}

// fill reads from n on until the buffer is full, which is no error, or reading ends: io.EOF is the
// proper end.
func fill(r io.Reader, buffer []byte, n int) (int, error) {
	for n < len(buffer) {
		read, err := r.Read(buffer[n:])
		n += read
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
