// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/pulp/pulpmetrics/internal/source"
)

var simpleEscapes = map[byte]byte{'\\': '\\', '\'': '\'', '"': '"', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// hexEscapes are how many digits follow the letter.
var hexEscapes = map[byte]int{'x': 2, 'u': 4, 'U': 8}

func lineEnd(at int, c byte) *textError {
	if c == '\n' {
		return &textError{offset: at, message: "the line ends inside a text"}
	}
	return &textError{offset: at, message: "a control character stands inside a text"}
}

// unquote reads the string whose quote stands at from, and returns its text and where it ends. If
// origins is given, it takes the offset of each byte of the text.
func unquote(data []byte, from int, origins *[]int32) (text []byte, next int, err error) {
	quote := data[from]
	for i := from + 1; i < len(data); {
		switch c := data[i]; {
		case c == quote:
			if !utf8.Valid(text) {
				return nil, 0, &textError{offset: from, message: "a text is not valid UTF-8"}
			}
			return text, i + 1, nil
		case c < ' ':
			return nil, 0, lineEnd(i, c)
		case c != '\\':
			text = append(text, c)
			i++
			note(origins, i-1, 1)
		default:
			before, at := len(text), i
			if text, i, err = escape(text, data, i); err != nil {
				return nil, 0, err
			}
			note(origins, at, len(text)-before)
		}
	}
	return nil, 0, &textError{offset: len(data), message: "the text ends inside a text", short: true}
}

func note(origins *[]int32, offset, n int) {
	for ; origins != nil && n > 0; n-- {
		*origins = append(*origins, int32(offset))
	}
}

// escape reads what begins with the backslash at i.
func escape(text, data []byte, i int) ([]byte, int, error) {
	if i+1 >= len(data) {
		return nil, 0, &textError{offset: len(data), message: "the text ends inside a text", short: true}
	}
	if c, ok := simpleEscapes[data[i+1]]; ok {
		return append(text, c), i + 2, nil
	}
	r, next, err := hexEscape(data, i)
	if err != nil {
		return nil, 0, err
	}
	if utf16.IsSurrogate(r) && next+1 < len(data) && data[next] == '\\' && data[next+1] == 'u' {
		low, after, err := hexEscape(data, next)
		if err != nil {
			return nil, 0, err
		}
		r, next = utf16.DecodeRune(r, low), after
		if r == utf8.RuneError {
			r = -1
		}
	} else if utf16.IsSurrogate(r) && next+1 >= len(data) {
		return nil, 0, &textError{offset: len(data), message: "the text ends inside a text", short: true}
	}
	if !utf8.ValidRune(r) {
		return nil, 0, &textError{offset: i, message: "an escape in a text stands for no character"}
	}
	return utf8.AppendRune(text, r), next, nil
}

func hexEscape(data []byte, i int) (rune, int, error) {
	n, ok := hexEscapes[data[i+1]]
	if !ok {
		return 0, 0, &textError{offset: i, message: "neither JSON nor Python has this escape"}
	}
	if i+2+n > len(data) {
		return 0, 0, &textError{offset: len(data), message: "the text ends inside a text", short: true}
	}
	var r uint32
	for _, c := range data[i+2 : i+2+n] {
		digit := bytes.IndexByte([]byte("0123456789abcdef"), c|0x20)
		if digit < 0 || c < '0' {
			return 0, 0, &textError{offset: i, message: "an escape in a text lacks a digit"}
		}
		r = r<<4 | uint32(digit)
	}
	return rune(r), i + 2 + n, nil
}

// placer turns offsets into places. It is asked in ascending order, but for errors.
type placer struct {
	raw     []byte
	origins []int32 // of the offsets in raw; nil is themselves
	mark    int     // offset in raw
	at      source.Pos
}

// pos returns the place of an offset.
func (p *placer) pos(offset int) source.Pos {
	if p.origins != nil {
		if offset >= len(p.origins) {
			offset = len(p.origins) - 1
		}
		offset = int(p.origins[max(offset, 0)])
	}
	if offset < p.mark {
		return p.at // an error that looks back; its collection begins here at the latest
	}
	p.at = advance(p.at, p.raw[p.mark:min(offset, len(p.raw))])
	p.mark = offset
	return p.at
}

// within returns a placer of a text inside the raw one, which begins where p was asked last.
func (p *placer) within(origins []int32) placer {
	return placer{raw: p.raw, origins: origins, mark: p.mark, at: p.at}
}

// advance returns where a piece of text ends that begins at a place.
func advance(at source.Pos, text []byte) source.Pos {
	if n := bytes.Count(text, []byte{'\n'}); n > 0 {
		at.Line += int32(n)
		at.Column = 1
		text = text[bytes.LastIndexByte(text, '\n')+1:]
	}
	at.Column += int32(utf8.RuneCount(text))
	return at
}
