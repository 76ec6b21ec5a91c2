// SPDX-License-Identifier: GPL-2.0-or-later

package source

// Scalar is a value with the place where it was written. The zero Scalar means that the file
// doesn't have it.
type Scalar[T any] struct {
	V    T
	Span Span
}

// Set reports whether the file has the value.
func (s Scalar[T]) Set() bool { return !s.Span.IsZero() }

// The scalars that proposals are made of.
type (
	Text  = Scalar[string]
	Whole = Scalar[int64]
	Flag  = Scalar[bool]
)

// Node is embedded in the struct of a mapping. Key is the span of the key that the mapping
// stands under, or of its first key where it is an item of a list; Span is the whole mapping.
type Node struct{ Key, Span Span }

// Here returns where a finding about the mapping as a whole points: its key.
func (n Node) Here() Span { return n.Key }
