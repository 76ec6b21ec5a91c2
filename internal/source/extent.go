// SPDX-License-Identifier: GPL-2.0-or-later

package source

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// The library says where a node starts. Where it ends is read off the bytes here.

// scalarSpan returns where the text of a scalar stands. A block scalar's begins below its header.
func (c *converter) scalarSpan(n *yaml.Node, start Pos, indent int32) Span {
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return c.block(start, indent)
	}
	return Span{start, c.scalarEnd(n, start)}
}

// scalarEnd returns the end of a scalar that stands on the line of its key.
func (c *converter) scalarEnd(n *yaml.Node, start Pos) Pos {
	from := c.offset(start)
	if n.Style&yaml.TaggedStyle != 0 || n.Anchor != "" {
		return c.restOfLine(start).End // reported; how far it reaches is of no matter
	}
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		return c.quotedEnd(from, start.Line)
	}
	if bytes.HasPrefix(c.data[from:], []byte(n.Value)) && !strings.Contains(n.Value, "\n") {
		return Pos{start.Line, start.Column + int32(utf8.RuneCountInString(n.Value))}
	}
	return c.plainEnd(n.Value, from, start.Line)
}

// quotedEnd finds the closing quote of a string that begins at from.
func (c *converter) quotedEnd(from int, line int32) Pos {
	if from >= len(c.data) {
		return c.pos(len(c.data), line)
	}
	quote := c.data[from]
	for i := from + 1; i < len(c.data); i++ {
		switch b := c.data[i]; {
		case b == '\\' && quote == '"':
			i++
		case b == quote && quote == '\'' && i+1 < len(c.data) && c.data[i+1] == '\'':
			i++
		case b == quote:
			return c.pos(i+1, line)
		}
	}
	return c.pos(len(c.data), line)
}

// plainEnd follows a plain scalar over several lines, word by word.
func (c *converter) plainEnd(value string, from int, line int32) Pos {
	at := from
	for word := range strings.FieldsSeq(value) {
		for at < len(c.data) && strings.IndexByte(" \t\r\n", c.data[at]) >= 0 {
			at++
		}
		if !bytes.HasPrefix(c.data[at:], []byte(word)) {
			break
		}
		at += len(word)
	}
	return c.pos(at, line)
}

// block spans the text of a block scalar: the lines that follow its header, are indented more
// than its parent, and hold something. One without any is its header.
func (c *converter) block(start Pos, indent int32) Span {
	span := c.restOfLine(start)
	found := false
	for n := start.Line + 1; int(n) <= len(c.starts); n++ {
		line := c.line(n)
		text := bytes.TrimLeft(line, " ")
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		if int32(len(line)-len(text)) <= indent {
			break
		}
		content := c.lineContent(n)
		if !found {
			span.Start, found = content.Start, true
		}
		span.End = content.End
	}
	return span
}
