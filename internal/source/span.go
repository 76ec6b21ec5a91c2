// SPDX-License-Identifier: GPL-2.0-or-later

package source

// Pos is a place in a file: line and column from 1, the column in code points.
// The zero Pos means "no place".
type Pos struct{ Line, Column int32 }

// Before reports whether p lies strictly before q.
func (p Pos) Before(q Pos) bool {
	return p.Line < q.Line || p.Line == q.Line && p.Column < q.Column
}

// Span is a piece of a file, its end exclusive. The zero Span means "not there":
// a key that the file doesn't have.
type Span struct{ Start, End Pos }

// IsZero reports whether the span stands for something that the file doesn't have.
func (s Span) IsZero() bool { return s == Span{} }

// Contains reports whether t lies inside s.
func (s Span) Contains(t Span) bool {
	return !s.IsZero() && !t.IsZero() && !t.Start.Before(s.Start) && !s.End.Before(t.End)
}

// To returns the span from the start of s to the end of t.
func (s Span) To(t Span) Span { return Span{Start: s.Start, End: t.End} }
