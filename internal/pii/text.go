// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strings"
)

// mostNested is how many texts may hold JSON that holds a text that holds JSON.
const mostNested = 4

// line looks at a line of a log, or of any text: at the JSON and the dictionaries in it with their
// paths, and at the rest as text.
func (w *worker) line(text string, rec *record) {
	embedded := func(text string) string { return w.fragments(text, "", 1, rec) }
	if at := systemIDIn(text); at != "" {
		rec.own(at)
	}
	for _, f := range w.inspect(leaf{text: text, traits: traits(text), prose: w.prose}, embedded) {
		rec.add(rec.finding(f, ""))
	}
}

// systemIDIn returns the identifier that a line names as that of the system.
func systemIDIn(text string) string {
	lower := strings.ToLower(text)
	for _, name := range []string{"system_id", "systemid", "system id"} {
		i := strings.Index(lower, name)
		if i < 0 {
			continue
		}
		rest := strings.TrimLeft(text[i+len(name):], `"':= `)
		if end := strings.IndexFunc(rest, func(r rune) bool { return !(r < 128 && (isHex(byte(r)) || r == '-')) }); end > 0 {
			rest = rest[:end]
		}
		return rest
	}
	return ""
}

// mostFragments is how many brackets of one text may begin what then is no value.
const mostFragments = 32

// fragments walks over every value of JSON or Python in a text, and returns the text with spaces in
// their place.
func (w *worker) fragments(text, path string, nested int, rec *record) string {
	rest := []byte(nil)
	failed := 0
	for from := 0; from < len(text) && failed < mostFragments; {
		i := strings.IndexAny(text[from:], "{[")
		if i < 0 {
			break
		}
		at := from + i
		end, ok := w.fragment(text, at, path, nested, rec)
		if !ok {
			from = at + 1
			if end > at {
				failed++
			}
			continue
		}
		if rest == nil {
			rest = []byte(text)
		}
		for j := at; j < end; j++ {
			rest[j] = ' '
		}
		from = end
	}
	if rest == nil {
		return text
	}
	return string(rest)
}

// fragment walks over the value that begins at a bracket, if one does.
func (w *worker) fragment(text string, at int, path string, nested int, rec *record) (end int, ok bool) {
	if !beginsValue(text[at:]) {
		return 0, false
	}
	inner := &walker{worker: &worker{inspector: w.inspector, declarations: w.declarations, prose: w.prose, keys: w.keys}, prefix: path, rec: &record{source: rec.source, number: rec.number}, nested: nested}
	inner.in = input{buf: []byte(text[at:]), line: 1, column: 1}
	if err := inner.value(); err != nil {
		return at + 1, false
	}
	for _, f := range inner.rec.findings {
		rec.add(f)
	}
	rec.systems = append(rec.systems, inner.rec.systems...)
	return at + inner.in.at, true
}

// beginsValue reports whether a bracket begins a mapping with a key, or a list of texts, mappings
// or numbers.
func beginsValue(text string) bool {
	rest := strings.TrimLeft(text[1:], " \t\n")
	if rest == "" {
		return false
	}
	if text[0] == '{' {
		return rest[0] == '"' || rest[0] == '\''
	}
	return strings.IndexByte(`"'{[`, rest[0]) >= 0
}

// pairs looks at what is written as key=value or key: value in a text, with what the key says.
func (in *inspector) pairs(l leaf) []found {
	var all []found
	for at := 0; at < len(l.text); at++ {
		c := l.text[at]
		if c != '=' && c != ':' || at == 0 || at+1 >= len(l.text) {
			continue
		}
		name := nameBefore(l.text, at)
		if name == "" {
			continue
		}
		k := newKey(name)
		start, end := valueAfter(l.text, at+1, c == ':')
		if start >= end || k.own == 0 {
			continue
		}
		value := l.text[start:end]
		next := leaf{text: value, traits: traits(value), context: k.own | l.context&inherited, whole: true, number: strings.Trim(value, "0123456789.-") == ""}
		if next.number {
			next.text = plainDigits(value)
		}
		for _, f := range in.detect(next) {
			f.hit.Start, f.hit.End = f.hit.Start+start, f.hit.End+start
			all = append(all, f)
		}
	}
	return all
}

// nameBefore returns the name that ends before an offset, without its quotes.
func nameBefore(text string, at int) string {
	end := at
	for end > 0 && strings.IndexByte(" \"'", text[end-1]) >= 0 && at-end < 2 {
		end--
	}
	start := end
	for start > 0 && end-start < 40 && (isAlnum(text[start-1]) || strings.IndexByte("_-.", text[start-1]) >= 0) {
		start--
	}
	return text[start:end]
}

// valueAfter returns where the value behind a sign begins and ends: at a quote, or at white space
// or what separates pairs.
func valueAfter(text string, at int, colon bool) (start, end int) {
	if colon {
		if text[at] != ' ' && text[at] != '"' && text[at] != '\'' {
			return 0, 0
		}
	}
	for at < len(text) && text[at] == ' ' && colon {
		at++
	}
	if at < len(text) && (text[at] == '"' || text[at] == '\'') {
		if n := strings.IndexByte(text[at+1:], text[at]); n >= 0 {
			return at + 1, at + 1 + n
		}
	}
	end = at
	for end < len(text) && strings.IndexByte(" \t\n,;&\"'|", text[end]) < 0 {
		end++
	}
	for end > at && strings.IndexByte(").]}", text[end-1]) >= 0 {
		end--
	}
	return at, end
}
