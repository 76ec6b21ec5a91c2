// SPDX-License-Identifier: GPL-2.0-or-later

package source

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// checkBytes looks at a file before YAML does. What is not readable must not be parsed: the
// library would count its lines in another way than editors do, or read megabytes for nothing.
func checkBytes(data []byte) (problems []Problem, readable bool) {
	if len(data) > MaxBytes {
		return []Problem{{Code: CodeLimits, Span: Span{Pos{1, 1}, Pos{1, 1}},
			Message: fmt.Sprintf("the file is larger than %d KiB", MaxBytes>>10),
			Help:    "shorten it, and link to what is long: a proposal is a few kilobytes of text"}}, false
	}
	if at := firstUnreadable(data); at >= 0 {
		return []Problem{unreadable(data, at)}, false
	}
	if bytes.HasPrefix(data, byteOrderMark) {
		problems = append(problems, Problem{Code: CodeEncoding, Span: Span{Pos{1, 1}, Pos{1, 2}},
			Message: "the file begins with a byte order mark", Help: "save it as UTF-8 without BOM",
			Fix: &Fix{Title: "take the byte order mark away", Edits: []Edit{{Span: Span{Pos{1, 1}, Pos{1, 2}}}}}})
	}
	if at := bytes.IndexByte(data, '\r'); at >= 0 {
		t := newText(data)
		end := t.pos(at, 1)
		problems = append(problems, Problem{Code: CodeEncoding, Span: Span{end, end},
			Message: "lines end in CR LF", Help: "save the file with LF line ends; `*.yaml text eol=lf` in .gitattributes keeps them",
			Fix: &Fix{Title: "end lines in LF", Edits: t.lineFeeds()}})
	}
	return problems, true
}

// lineFeeds are the edits that leave nothing but "\n" between lines.
func (t *text) lineFeeds() []Edit {
	var edits []Edit
	for n := int32(1); int(n) < len(t.starts); n++ {
		if end := t.starts[n]; end >= 2 && t.data[end-2] == '\r' {
			edits = append(edits, Edit{Span{Pos{n, t.width(n) + 1}, Pos{n + 1, 1}}, "\n"})
		}
	}
	return edits
}

// firstUnreadable returns the offset of the first byte that no proposal may have, or -1: invalid
// UTF-8, control characters, and line separators that YAML counts and editors don't.
func firstUnreadable(data []byte) int {
	for i := 0; i < len(data); {
		if b := data[i]; b < utf8.RuneSelf {
			if b < ' ' && b != '\n' && b != '\t' && !crlf(data, i) || b == 0x7f {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 || oddBreak(r) || 0x80 <= r && r < 0xa0 || r == 0xfeff && i > 0 {
			return i
		}
		i += size
	}
	return -1
}

func crlf(data []byte, i int) bool {
	return data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n'
}

func oddBreak(r rune) bool { return r == 0x85 || r == 0x2028 || r == 0x2029 }

func unreadable(data []byte, at int) Problem {
	p := Problem{Code: CodeEncoding, Help: "save the file as plain UTF-8 text"}
	r, size := utf8.DecodeRune(data[at:])
	switch {
	case data[at] == 0:
		p.Message = "this is a binary file: it holds a NUL byte"
	case r == utf8.RuneError && size == 1:
		p.Message = fmt.Sprintf("byte 0x%02x is not valid UTF-8", data[at])
	default:
		p.Message = fmt.Sprintf("the character U+%04X can't stand in a proposal", r)
		p.Help = "delete it, or write it as an escape inside double quotes"
	}
	t := newText(data)
	start := t.pos(at, 1)
	p.Span = Span{start, t.clamp(Pos{start.Line, start.Column + 1})}
	return p
}
