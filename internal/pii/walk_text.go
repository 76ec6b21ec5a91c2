// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// overlap is how much of a piece of a long text is looked at again with the next one.
const overlap = 4 << 10

// text reads the string that begins at the place, and returns it without its quotes and escapes.
// It is valid until the next one is read. Of a text that is too long for the memory, all but the
// last piece is looked at on the way.
func (w *walker) text() ([]byte, Traits, *syntaxError) {
	in := &w.in
	quote := in.buf[in.at]
	in.at++
	in.mark = in.at
	var t Traits
	for escaped := false; ; {
		buf := in.buf
		for i := in.at; i < len(buf); i++ {
			c := buf[i]
			if c == quote {
				text := buf[in.mark:i]
				in.at, in.mark = i+1, i+1
				if escaped {
					w.scratch = unquote(w.scratch[:0], text)
					return w.scratch, traits(w.scratch), nil
				}
				return text, t, nil
			}
			if c == '\\' {
				escaped = true
				if i++; i >= len(buf) { // the next byte is not there yet
					in.at = i - 1
					break
				}
				t |= Backslash
				continue
			}
			t |= traitOf[c]
			in.at = i + 1
		}
		if in.at < len(buf) && buf[in.at] != '\\' {
			in.at = len(buf)
		}
		if len(in.buf)-in.mark > mostToken {
			w.piece(in.buf[in.mark:in.at], t)
			in.mark = max(in.mark, in.at-overlap)
		}
		if before := len(in.buf) - in.at; !in.more() || len(in.buf)-in.at == before {
			return nil, 0, w.ends()
		}
	}
}

// unquote appends a text without its escapes, as JSON and Python write them. What is no escape
// stays as it is.
func unquote(out, text []byte) []byte {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c != '\\' || i+1 == len(text) {
			out = append(out, c)
			continue
		}
		i++
		switch c := text[i]; c {
		case 'n':
			out = append(out, '\n')
		case 't':
			out = append(out, '\t')
		case 'r':
			out = append(out, '\r')
		case 'b', 'f':
			out = append(out, ' ')
		case 'u', 'x', 'U':
			r, n := codePoint(text[i:])
			if n == 0 {
				out = append(out, '\\', c)
				continue
			}
			i += n
			if low, m := secondHalf(r, text[i+1:]); m > 0 {
				r, i = low, i+m
			}
			out = utf8.AppendRune(out, r)
		case '"', '\'', '\\', '/':
			out = append(out, c)
		default:
			out = append(out, '\\', c)
		}
	}
	return out
}

// codePoint reads the digits behind u, x or U, and says how many there are.
func codePoint(text []byte) (rune, int) {
	n := map[byte]int{'x': 2, 'u': 4, 'U': 8}[text[0]]
	if len(text) <= n {
		return 0, 0
	}
	code, err := strconv.ParseUint(string(text[1:n+1]), 16, 32)
	if err != nil {
		return 0, 0
	}
	return rune(code), n
}

// secondHalf reads the other half of a character that is written as two.
func secondHalf(r rune, text []byte) (rune, int) {
	if !utf16.IsSurrogate(r) || len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return r, 0
	}
	low, n := codePoint(text[1:])
	if n == 0 {
		return r, 0
	}
	return utf16.DecodeRune(r, low), n + 2
}
