// SPDX-License-Identifier: GPL-2.0-or-later

package draft

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// piece is a heading of a document with what stands below it, up to the next heading.
type piece struct {
	level   int    // 0 is what stands before the first heading
	raw     string // the heading as it is written
	heading string // its text
	body    string
}

// pieces splits a Markdown document at its headings. Every byte of it is in one of them, but for what
// marks a heading.
func pieces(data []byte) []piece {
	doc := goldmark.DefaultParser().Parse(text.NewReader(data))
	out := []piece{{}}
	from := 0
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		if !ok || h.Lines().Len() == 0 {
			continue
		}
		first, last := h.Lines().At(0), h.Lines().At(h.Lines().Len()-1)
		start := bytes.LastIndexByte(data[:first.Start], '\n') + 1
		end := lineEnd(data, max(last.Stop-1, last.Start))
		if !bytes.HasPrefix(bytes.TrimLeft(data[start:end], " "), []byte{'#'}) {
			end = lineEnd(data, end) // the line below it makes it a heading
		}
		if start < from {
			continue
		}
		out[len(out)-1].body = string(data[from:start])
		heading := strings.TrimSpace(string(data[first.Start:last.Stop]))
		out = append(out, piece{level: h.Level, raw: strings.TrimRight(string(data[start:end]), "\n"), heading: heading})
		from = end
	}
	out[len(out)-1].body = string(data[from:])
	return out
}

// lineEnd returns where the line after that of a byte begins.
func lineEnd(data []byte, at int) int {
	if at >= len(data) {
		return len(data)
	}
	if i := bytes.IndexByte(data[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(data)
}

// normal makes headings comparable: their words in lower case.
func normal(heading string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(heading), func(r rune) bool {
		return !('a' <= r && r <= 'z' || '0' <= r && r <= '9')
	}), " ")
}
