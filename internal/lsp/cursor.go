// SPDX-License-Identifier: GPL-2.0-or-later

package lsp

import (
	"regexp"
	"strings"
)

// cursor is where somebody types: inside which keys, and what of a word is there. It is read off the
// lines, since a document is no YAML while it is typed.
type cursor struct {
	path    []string        // keys from the top; "[]" is an item of a list
	value   bool            // behind the colon of the last key, or in a list
	written map[string]bool // keys that the mapping has already
}

// frame is a mapping or a list that is open.
type frame struct {
	indent int    // of its keys, or of its dashes; in brackets -1
	key    string // of it that was read last; "" in lists
	list   bool
	keys   map[string]bool
}

// tracker follows the structure of a document, line by line.
type tracker struct {
	frames []frame
	block  int // indentation of the key whose text block is being read; -1 is none
}

var (
	blockKey  = regexp.MustCompile(`^("[^"]*"|'[^']*'|[^\s"'\[\]{},#&*!|>%@` + "`" + `-][^\s:]*|-[^\s:]+) *:(\s|$)`)
	blockMark = regexp.MustCompile(`^[|>][-+0-9]*(\s+#.*)?$`)
)

// at finds the cursor of a position.
func (t *text) at(p position) cursor {
	line := t.line(p.Line)
	return t.atKey(p.Line, line[:t.offset(p)])
}

// atKey finds the cursor at the end of a text that stands in the place of a line.
func (t *text) atKey(line uint32, instead string) cursor {
	tr := &tracker{block: -1}
	for _, above := range t.lines[:min(uint64(line), uint64(len(t.lines)))] {
		tr.line(above)
	}
	return tr.last(instead)
}

// line reads a whole line.
func (tr *tracker) line(line string) {
	indent := len(line) - len(strings.TrimLeft(line, " "))
	rest := line[indent:]
	switch {
	case strings.TrimSpace(rest) == "" || strings.HasPrefix(rest, "#"):
		return
	case tr.block >= 0 && indent > tr.block:
		return
	case len(tr.frames) > 0 && tr.top().indent < 0:
		tr.flow(rest)
		return
	}
	tr.block = -1
	tr.entry(rest, indent)
}

func (tr *tracker) top() *frame { return &tr.frames[len(tr.frames)-1] }

// entry reads the dashes and the key of a line, and what stands behind it.
func (tr *tracker) entry(rest string, indent int) {
	for rest == "-" || strings.HasPrefix(rest, "- ") {
		tr.open(indent, true)
		next := strings.TrimLeft(rest[1:], " ")
		indent += len(rest) - len(next)
		rest = next
	}
	m := blockKey.FindStringSubmatch(rest)
	if m == nil {
		if strings.HasPrefix(rest, "{") || strings.HasPrefix(rest, "[") {
			tr.flow(rest)
		}
		return
	}
	tr.open(indent, false)
	tr.name(strings.Trim(m[1], `"'`))
	value := strings.TrimSpace(rest[len(m[0]):])
	switch {
	case blockMark.MatchString(value):
		tr.block = indent
	case strings.HasPrefix(value, "{"), strings.HasPrefix(value, "["):
		tr.flow(value)
	}
}

// open makes the mapping or list at an indentation the innermost one.
func (tr *tracker) open(indent int, list bool) {
	for len(tr.frames) > 0 {
		top := tr.top()
		if top.indent < indent || top.indent == indent && top.list == list {
			break
		}
		if top.indent == indent && list && !top.list { // a list may be as far in as the key it is under
			break
		}
		tr.frames = tr.frames[:len(tr.frames)-1]
	}
	if len(tr.frames) > 0 && tr.top().indent == indent && tr.top().list == list {
		return
	}
	tr.frames = append(tr.frames, frame{indent: indent, list: list, keys: map[string]bool{}})
}

func (tr *tracker) name(key string) {
	tr.top().key = key
	tr.top().keys[key] = true
}

// flow reads what is in brackets.
func (tr *tracker) flow(s string) {
	word := ""
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '{' || c == '[':
			tr.frames = append(tr.frames, frame{indent: -1, list: c == '[', keys: map[string]bool{}})
			word = ""
		case c == '}' || c == ']':
			if len(tr.frames) > 0 && tr.top().indent < 0 {
				tr.frames = tr.frames[:len(tr.frames)-1]
			}
			word = ""
			if len(tr.frames) == 0 || tr.top().indent >= 0 {
				return
			}
		case c == ',':
			if len(tr.frames) > 0 && !tr.top().list {
				tr.top().key = ""
			}
			word = ""
		case c == ':' && (i+1 == len(s) || strings.IndexByte(" ,{[", s[i+1]) >= 0):
			if len(tr.frames) > 0 && !tr.top().list {
				tr.name(strings.Trim(strings.TrimSpace(word), `"'`))
			}
			word = ""
		case c == '"' || c == '\'':
			end := quoteEnd(s, i)
			word += s[i:end]
			i = end - 1
		case c == '#' && i > 0 && s[i-1] == ' ':
			return
		default:
			word += string(c)
		}
	}
}

// quoteEnd returns where the string ends that begins at a quote.
func quoteEnd(s string, at int) int {
	for i := at + 1; i < len(s); i++ {
		if s[i] == '\\' && s[at] == '"' {
			i++
		} else if s[i] == s[at] {
			return i + 1
		}
	}
	return len(s)
}

// last reads the line of the cursor, up to it.
func (tr *tracker) last(line string) cursor {
	indent := len(line) - len(strings.TrimLeft(line, " "))
	inside := len(tr.frames) > 0 && tr.top().indent < 0
	if tr.block >= 0 && (indent > tr.block || strings.TrimSpace(line) == "" && len(line) > tr.block) && !inside {
		return cursor{path: []string{""}, value: true} // in a text
	}
	rest := line[indent:]
	if inside {
		tr.flow(rest)
	} else {
		tr.block = -1
		tr.entry(rest, indent)
		if m := strings.TrimLeft(rest, "- "); blockKey.FindString(m) == "" && (len(tr.frames) == 0 || tr.top().indent >= 0) {
			tr.open(indent+len(rest)-len(m), false)
			tr.top().key = ""
		}
	}
	return tr.cursor()
}

func (tr *tracker) cursor() cursor {
	var c cursor
	for i, f := range tr.frames {
		switch {
		case f.list:
			c.path = append(c.path, "[]")
		case f.key != "":
			c.path = append(c.path, f.key)
		case i == len(tr.frames)-1:
			c.written = f.keys
			return c
		}
	}
	c.value = true
	return c
}
