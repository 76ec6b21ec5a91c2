// SPDX-License-Identifier: GPL-2.0-or-later

package lsp

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/pulp/pulpmetrics/internal/source"
)

// text is a document as the editor has it, split into lines without their ends.
type text struct {
	data  string
	lines []string
}

func newText(data string) *text {
	lines := strings.Split(data, "\n")
	for i := range lines {
		lines[i] = strings.TrimSuffix(lines[i], "\r")
	}
	return &text{data, lines}
}

// line returns a line, from 0; nothing outside the document.
func (t *text) line(n uint32) string {
	if uint64(n) >= uint64(len(t.lines)) {
		return ""
	}
	return t.lines[n]
}

// position is where a place of the source is for the editor.
func (t *text) position(p source.Pos) position {
	if p.Line < 1 {
		return position{}
	}
	line := t.line(uint32(p.Line - 1))
	units, column := uint32(0), int32(1)
	for _, r := range line {
		if column >= p.Column {
			break
		}
		units += uint32(utf16.RuneLen(r))
		column++
	}
	return position{uint32(p.Line - 1), units}
}

// place is where a position of the editor is in the source; a position that isn't in the document is
// moved into it.
func (t *text) place(p position) source.Pos {
	p.Line = min(p.Line, uint32(len(t.lines)-1))
	column, units := int32(1), uint32(0)
	for _, r := range t.line(p.Line) {
		if units += uint32(utf16.RuneLen(r)); units > p.Character {
			break
		}
		column++
	}
	return source.Pos{Line: int32(p.Line) + 1, Column: column}
}

// offset is the byte of a line at which a position stands.
func (t *text) offset(p position) int {
	line, units := t.line(p.Line), uint32(0)
	for i, r := range line {
		if units += uint32(utf16.RuneLen(r)); units > p.Character {
			return i
		}
	}
	return len(line)
}

func (t *text) span(s source.Span) span {
	if s.IsZero() {
		return span{}
	}
	return span{t.position(s.Start), t.position(s.End)}
}

// change returns the document after an edit of the editor; without a range, the text is all of it.
func (t *text) change(r *span, with string) *text {
	if r == nil {
		return newText(with)
	}
	from, to := t.byteAt(r.Start), t.byteAt(r.End)
	if to < from {
		from, to = to, from
	}
	return newText(t.data[:from] + with + t.data[to:])
}

// byteAt is the byte of the document at which a position stands.
func (t *text) byteAt(p position) int {
	if uint64(p.Line) >= uint64(len(t.lines)) {
		return len(t.data)
	}
	at := 0
	for range p.Line {
		at += strings.IndexByte(t.data[at:], '\n') + 1
	}
	return at + t.offset(p)
}

// units is how many UTF-16 code units a text has.
func units(s string) uint32 {
	n := uint32(0)
	for _, r := range s {
		n += uint32(max(utf16.RuneLen(r), 1))
	}
	return n
}

// wordAt returns the word under a position, of what names are made of, and where it starts, in bytes of
// the line.
func (t *text) wordAt(p position) (word string, start int) {
	line, at := t.line(p.Line), t.offset(p)
	isWord := func(r rune) bool {
		return r == '_' || r == '.' || r == '-' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	start = at
	for start > 0 {
		r, size := utf8.DecodeLastRuneInString(line[:start])
		if !isWord(r) {
			break
		}
		start -= size
	}
	end := at
	for end < len(line) && isWord(rune(line[end])) {
		end++
	}
	return line[start:end], start
}
