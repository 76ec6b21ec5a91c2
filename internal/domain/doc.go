// SPDX-License-Identifier: GPL-2.0-or-later

// Package domain holds closed domains of strings and numbers: whether a value
// lies inside, how wide it is at most, and samples of it.
//
// What flows in is the text of a domain: a bounded regular expression
// ([CompilePattern]), the name of a format ([ParseFormat]), or the bounds or
// values of numbers ([Integers], [Reals], [Values]). What comes out is an
// immutable value, safe for use by many goroutines, that answers membership
// without allocating and in time bounded by its longest member.
//
// Lengths are in code points. A string that is not valid UTF-8 lies in no
// domain. Randomness is passed in, so the same source gives the same samples.
package domain
