// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// receivedColumn is the column of a table that says when a report was received.
const receivedColumn = "received_at"

// maxLine is the length of the longest line of a table of times, in bytes.
const maxLine = 1 << 16

// Times reads when the reports of a stream were received, from the table beside it: lines of columns
// that tabs divide, under a line with their names. It holds one line at a time.
type Times struct {
	lines  *bufio.Scanner
	column int
	line   int
}

// NewTimes reads the names of the columns. It is an error if none is received_at.
func NewTimes(in io.Reader) (*Times, error) {
	t := &Times{lines: bufio.NewScanner(in)}
	t.lines.Buffer(nil, maxLine)
	names, err := t.next()
	if err == io.EOF {
		return nil, fmt.Errorf("the table is empty: its first line names the columns, and one is %s", receivedColumn)
	}
	if err != nil {
		return nil, err
	}
	if t.column = slices.Index(names, receivedColumn); t.column < 0 {
		return nil, fmt.Errorf("line 1: no column is called %s", receivedColumn)
	}
	return t, nil
}

// Next returns the next time. The error is io.EOF after the last one.
func (t *Times) Next() (time.Time, error) {
	fields, err := t.next()
	if err != nil {
		return time.Time{}, err
	}
	if t.column >= len(fields) {
		return time.Time{}, fmt.Errorf("line %d: it has only %d columns", t.line, len(fields))
	}
	at, err := time.Parse(time.RFC3339, fields[t.column])
	if err != nil {
		return time.Time{}, fmt.Errorf("line %d: %s is no time: write it as in 2026-11-23T12:00:00Z", t.line, receivedColumn)
	}
	return at, nil
}

func (t *Times) next() ([]string, error) {
	if !t.lines.Scan() {
		if err := t.lines.Err(); err != nil {
			return nil, fmt.Errorf("line %d: %w", t.line+1, err)
		}
		return nil, io.EOF
	}
	t.line++
	return strings.Split(strings.TrimSuffix(t.lines.Text(), "\r"), "\t"), nil
}
