// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"strings"
	"unicode/utf8"
)

// A token is a construct of an expression that a closed domain may refuse.
type token struct {
	text   string // as written, such as "{2,}" or "\\b"
	offset int    // in bytes
}

// repeats reports whether the token repeats without an upper bound.
func (t token) repeats() bool {
	return t.text == "*" || t.text == "+" || t.text[0] == '{'
}

// tokens lists the unbounded repetitions and the assertions of an expression
// that syntax.Parse has accepted. The syntax tree has no positions: this is
// where they come from, and nothing but positions is.
func tokens(expr string) []token {
	var list []token
	for i := 0; i < len(expr); {
		n, notable := nextToken(expr[i:])
		if notable {
			list = append(list, token{expr[i : i+n], i})
		}
		i += n
	}
	return list
}

// nextToken returns the length in bytes of what s, which is not empty, starts
// with, and whether that is worth listing.
func nextToken(s string) (n int, notable bool) {
	switch s[0] {
	case '\\':
		return escapeToken(s)
	case '[':
		return classLen(s), false
	case '*', '+', '^', '$':
		return 1, true
	case '{':
		return openRepeat(s)
	}
	return 1, false
}

// escapeToken measures an escape; \Q reaches to its \E or the end.
func escapeToken(s string) (n int, notable bool) {
	if len(s) < 2 {
		return len(s), false
	}
	switch s[1] {
	case 'Q':
		if end := strings.Index(s, `\E`); end >= 0 {
			return end + 2, false
		}
		return len(s), false
	case 'A', 'z', 'b', 'B':
		return 2, true
	}
	_, size := utf8.DecodeRuneInString(s[1:])
	return 1 + size, false
}

// classLen measures a bracketed class, in which a leading ] is a member and
// [:name:] may occur.
func classLen(s string) int {
	i := 1
	if strings.HasPrefix(s[i:], "^") {
		i++
	}
	if strings.HasPrefix(s[i:], "]") {
		i++
	}
	for i < len(s) && s[i] != ']' {
		i += classItemLen(s[i:])
	}
	return min(i+1, len(s))
}

func classItemLen(s string) int {
	if s[0] == '\\' {
		return min(2, len(s))
	}
	if strings.HasPrefix(s, "[:") {
		if end := strings.Index(s[2:], ":]"); end >= 0 {
			return end + 4
		}
	}
	return 1
}

// openRepeat recognises {n,}; every other brace is bounded or a literal.
func openRepeat(s string) (n int, notable bool) {
	i := 1
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	if i > 1 && strings.HasPrefix(s[i:], ",}") {
		return i + 2, true
	}
	return 1, false
}

// codePoints turns an offset in bytes into one in code points.
func codePoints(expr string, offset int) int {
	return utf8.RuneCountInString(expr[:offset])
}
