// SPDX-License-Identifier: GPL-2.0-or-later

package report

import "fmt"

// Problem is why bytes are no report.
type Problem uint8

// The problems.
const (
	Truncated  Problem = iota + 1 // the bytes end inside a field, or a field is longer than what holds it
	Overlong                      // a varint has more than 64 bits
	BadNumber                     // a field number is 0 or above 536870911
	BadType                       // wire types 6 and 7 don't exist
	BadGroup                      // a group ends that did not start, or starts inside too many others
	Missing                       // a required field is missing
	BadSystem                     // the identifier is no UUID
	TooLarge                      // the report is longer than the limit
	ShortInput                    // a stream ends inside a message
)

// String says in words what is wrong.
func (p Problem) String() string {
	switch p {
	case Truncated:
		return "a field is longer than what is left of the report"
	case Overlong:
		return "a varint is longer than 64 bits"
	case BadNumber:
		return "a field has a number that does not exist"
	case BadType:
		return "a field has a wire type that does not exist"
	case BadGroup:
		return "a group ends that was not opened, or is nested too deeply"
	case Missing:
		return "a required field is missing"
	case BadSystem:
		return "the identifier is not a UUID"
	case TooLarge:
		return "the report is longer than the limit"
	case ShortInput:
		return "the stream ends inside a message"
	}
	return "unknown problem"
}

// Error says why bytes are no report, and where. It never holds a value.
type Error struct {
	Problem Problem
	Offset  int64  // in bytes: of the field, or where what lacks one ends; in a stream, of the message
	Path    string // metric or metric.leaf; "" at the top
}

// Error returns a sentence such as: byte 42, components.version: a required field is missing.
func (e *Error) Error() string {
	if e.Path == "" {
		return fmt.Sprintf("byte %d: %s", e.Offset, e.Problem)
	}
	return fmt.Sprintf("byte %d, %s: %s", e.Offset, e.Path, e.Problem)
}
