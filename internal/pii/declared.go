// SPDX-License-Identifier: GPL-2.0-or-later

package pii

// Meaning is what the proposal of a leaf says that its values are.
type Meaning uint8

// The meanings.
const (
	Open       Meaning = iota // nothing is known
	Closed                    // a truth value, a number in bounds, one of a list, a version
	Bounded                   // a text that matches a pattern
	Identifier                // the system's own
)

// Declared is a leaf as its proposal declares it.
type Declared struct {
	Meaning Meaning
	// Holds reports whether a text, or the decimal digits of a number, is one of the leaf's values.
	// What isn't is looked at as if nothing had been declared.
	Holds func(text string) bool
}

// Declarations are the leaves of a message by the names of their keys.
type Declarations struct {
	Leaf *Declared // nil is a message
	Keys map[string]*Declarations
}

func (d *Declarations) under(name string) *Declarations {
	if d == nil {
		return nil
	}
	return d.Keys[name]
}
