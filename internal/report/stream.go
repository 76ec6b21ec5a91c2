// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"bufio"
	"errors"
	"io"
)

// readAhead is how much of a stream is read at once, and the longest message that is not copied.
const readAhead = 1 << 16

// maxVarint is the length of the longest varint.
const maxVarint = 10

// Stream reads messages that each follow their own length, a varint, until the input ends. It
// holds one message at a time: its memory does not depend on the length of the stream.
type Stream struct {
	in     *bufio.Reader
	limit  int
	buffer []byte // of messages that are longer than readAhead
	passed int    // of what is buffered: the message that was returned last
	offset int64  // of the next length
	err    error
}

// NewStream returns a stream of messages of at most limit bytes each; [MaxBytes] if limit is 0.
func NewStream(in io.Reader, limit int) *Stream {
	if limit <= 0 {
		limit = MaxBytes
	}
	return &Stream{in: bufio.NewReaderSize(in, readAhead), limit: limit}
}

// Offset returns where the message starts that Next returns next, in bytes: its length comes
// first.
func (s *Stream) Offset() int64 { return s.offset }

// Next returns the next message, which is valid until the next call. The error is io.EOF after
// the last message, an [*Error] if the stream is no stream of messages, and what the reader said
// if it failed. After an error there is nothing more to read.
func (s *Stream) Next() ([]byte, error) {
	if s.err != nil {
		return nil, s.err
	}
	message, err := s.next()
	if err != nil {
		s.err = err
		return nil, err
	}
	return message, nil
}

func (s *Stream) next() ([]byte, error) {
	if err := s.discard(); err != nil {
		return nil, err
	}
	length, size, err := s.length()
	if err != nil {
		return nil, err
	}
	if length > uint64(s.limit) {
		return nil, s.problem(TooLarge)
	}
	whole := size + int(length)
	if whole > readAhead {
		return s.long(size, int(length))
	}
	b, err := s.in.Peek(whole)
	if err != nil {
		return nil, s.ended(err)
	}
	s.passed = whole
	s.offset += int64(whole)
	return b[size:], nil
}

// discard lets go of the message that was returned last.
func (s *Stream) discard() error {
	passed := s.passed
	s.passed = 0
	_, err := s.in.Discard(passed)
	return err
}

// length peeks at the next length, and returns how many bytes it takes.
func (s *Stream) length() (length uint64, size int, err error) {
	b, err := s.in.Peek(maxVarint)
	length, next := varint(b, 0)
	switch {
	case next >= 0:
		return length, next, nil
	case len(b) == 0 && errors.Is(err, io.EOF):
		return 0, 0, io.EOF
	case next == -int(Overlong):
		return 0, 0, s.problem(Overlong)
	}
	return 0, 0, s.ended(err)
}

// long reads a message that doesn't fit into what is read ahead. Memory is taken as the bytes
// arrive, not as the length promises.
func (s *Stream) long(size, length int) ([]byte, error) {
	if _, err := s.in.Discard(size); err != nil {
		return nil, s.ended(err)
	}
	s.buffer = s.buffer[:0]
	for len(s.buffer) < length {
		b, err := s.in.Peek(min(readAhead, length-len(s.buffer)))
		if err != nil {
			return nil, s.ended(err)
		}
		s.buffer = append(s.buffer, b...)
		if _, err := s.in.Discard(len(b)); err != nil {
			return nil, s.ended(err)
		}
	}
	s.offset += int64(size + length)
	return s.buffer, nil
}

// ended explains an error of the reader inside a message.
func (s *Stream) ended(err error) error {
	if errors.Is(err, io.EOF) {
		return s.problem(ShortInput)
	}
	return err
}

func (s *Stream) problem(p Problem) error { return &Error{Problem: p, Offset: s.offset} }
