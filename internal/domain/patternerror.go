// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import "fmt"

// ErrorKind says which rule a refused pattern breaks.
type ErrorKind uint8

// The kinds of [PatternError].
const (
	Syntax     ErrorKind = iota + 1 // not RE2, or an assertion that a closed domain has no use for
	Unbounded                       // members of any length: *, + or {n,}
	Empty                           // no member at all, or only the empty string
	TooLong                         // a member longer than [MaxPatternLen]
	TooComplex                      // the automaton would exceed its limits
)

// String returns the kind in lower-case words.
func (k ErrorKind) String() string {
	switch k {
	case Syntax:
		return "syntax"
	case Unbounded:
		return "unbounded"
	case Empty:
		return "empty"
	case TooLong:
		return "too long"
	case TooComplex:
		return "too complex"
	}
	return "unknown"
}

// PatternError says why an expression is not the pattern of a closed domain.
type PatternError struct {
	Kind    ErrorKind
	Offset  int    // where in the expression, in code points from 0; -1 is unknown
	Message string // what is wrong
	Help    string // what to write instead
}

// Error returns the message and the help on one line.
func (e *PatternError) Error() string {
	where := ""
	if e.Offset >= 0 {
		where = fmt.Sprintf(" (at character %d)", e.Offset+1)
	}
	if e.Help == "" {
		return e.Message + where
	}
	return e.Message + where + "; " + e.Help
}

func tooComplex(what string) *PatternError {
	return &PatternError{
		Kind: TooComplex, Offset: -1,
		Message: "the pattern is too complex: " + what,
		Help:    "use fewer or smaller repetitions, such as [a-z]{1,50}, or list the values",
	}
}
