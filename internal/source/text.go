// SPDX-License-Identifier: GPL-2.0-or-later

package source

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// text finds its way between positions and bytes. Lines end at "\n"; a "\r" before it belongs to
// the line break.
type text struct {
	data   []byte
	starts []int32 // offset of each line's first byte
	ascii  bool    // columns are bytes
}

func newText(data []byte) *text {
	t := &text{data: data, ascii: isASCII(data)}
	t.starts = make([]int32, 1, bytes.Count(data, []byte{'\n'})+1)
	for i, b := range data {
		if b == '\n' {
			t.starts = append(t.starts, int32(i+1))
		}
	}
	return t
}

func isASCII(data []byte) bool {
	for _, b := range data {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// line returns the bytes of a line (from 1) without its break.
func (t *text) line(n int32) []byte {
	if n < 1 || int(n) > len(t.starts) {
		return nil
	}
	end := len(t.data)
	if int(n) < len(t.starts) {
		end = int(t.starts[n]) - 1
	}
	return bytes.TrimSuffix(t.data[t.starts[n-1]:end], []byte{'\r'})
}

// offset returns the byte at which pos stands.
func (t *text) offset(pos Pos) int {
	start, line := int(t.starts[pos.Line-1]), t.line(pos.Line)
	if t.ascii {
		return start + min(int(pos.Column)-1, len(line))
	}
	off := 0
	for i := int32(1); i < pos.Column && off < len(line); i++ {
		_, size := utf8.DecodeRune(line[off:])
		off += size
	}
	return start + off
}

// pos returns the place of a byte at or after the line of near.
func (t *text) pos(offset int, near int32) Pos {
	line := near
	for int(line) < len(t.starts) && int(t.starts[line]) <= offset {
		line++
	}
	start := int(t.starts[line-1])
	before := t.data[start:min(offset, start+len(t.line(line)))]
	if t.ascii {
		return Pos{line, int32(len(before)) + 1}
	}
	return Pos{line, int32(utf8.RuneCount(before)) + 1}
}

// clamp moves a position into the file.
func (t *text) clamp(p Pos) Pos {
	p.Line = min(max(p.Line, 1), int32(len(t.starts)))
	p.Column = min(max(p.Column, 1), t.width(p.Line)+1)
	return p
}

// width is the number of code points on a line.
func (t *text) width(line int32) int32 {
	if t.ascii {
		return int32(len(t.line(line)))
	}
	return int32(utf8.RuneCount(t.line(line)))
}

// restOfLine spans from a position to the end of its line.
func (t *text) restOfLine(p Pos) Span {
	return Span{p, Pos{p.Line, t.width(p.Line) + 1}}
}

// word spans from a position to the next space, or to what ends a value in brackets.
func (t *text) word(p Pos) Span {
	span, from := t.restOfLine(p), t.offset(p)
	rest := t.data[from:t.offset(span.End)]
	if i := bytes.IndexAny(rest, " \t,]}"); i > 0 {
		span.End = t.pos(from+i, p.Line)
	}
	return span
}

// lineContent spans a line without the spaces around it.
func (t *text) lineContent(line int32) Span {
	s := t.line(line)
	start, end := int(t.starts[line-1]), len(bytes.TrimRight(s, " \t"))
	from := min(end, len(s)-len(bytes.TrimLeft(s, " \t")))
	return Span{t.pos(start+from, line), t.pos(start+end, line)}
}

func firstLine(data []byte) Span { return newText(data).lineContent(1) }

// tabIndent spans the first tab in the indentation of the line, or of the one that follows.
func (t *text) tabIndent(line int32) (Span, bool) {
	for n := line; n <= line+1; n++ {
		s := t.line(n)
		indent := s[:len(s)-len(bytes.TrimLeft(s, " \t"))]
		if i := bytes.IndexByte(indent, '\t'); i >= 0 {
			return Span{Pos{n, int32(i) + 1}, Pos{n, int32(i) + 2}}, true
		}
	}
	return Span{}, false
}

// The search for the bad line parses prefixes of the file again; it stops after this many bytes.
const searchBudget = 1 << 20

// firstBadLine returns the line after the longest prefix of whole lines that parses.
func (t *text) firstBadLine() int32 {
	bad, budget := int32(1), searchBudget
	for n := int32(1); int(n) < len(t.starts) && budget > 0; n++ {
		prefix := t.data[:t.starts[n]]
		budget -= len(prefix)
		if parses(prefix) {
			bad = n + 1
		}
	}
	for int(bad) < len(t.starts) && len(bytes.TrimSpace(t.line(bad))) == 0 {
		bad++
	}
	return bad
}

// parses reports whether every document in data can be read.
func parses(data []byte) bool {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var n yaml.Node
		if err := decodeNext(dec, &n); errors.Is(err, io.EOF) {
			return true
		} else if err != nil {
			return false
		}
	}
}
