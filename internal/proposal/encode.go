// SPDX-License-Identifier: GPL-2.0-or-later

package proposal

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pulp/pulpmetrics/internal/source"
)

// Encode writes the file of a proposal from its values, as people write it: answers of several lines
// as blocks, what is short on one line, and a blank line between long answers. Spans don't matter.
// The comments stand above the keys that they are under, those under "" at the end. The schema is the
// path to the schema of proposals from the file; it may be empty.
func Encode(root source.Value, comments map[string]string, schema string) []byte {
	var w encoder
	if inModeline.MatchString(schema) {
		w.WriteString(modeline + schema + "\n")
	}
	long := false
	for i, e := range root.Entries {
		body := w.entry(e, 0)
		was := long
		long = strings.Count(body, "\n") > 1 || comments[e.Key.V] != ""
		if i > 0 && (long || was) {
			w.WriteByte('\n')
		}
		w.comment(comments[e.Key.V])
		w.WriteString(body)
	}
	if comments[""] != "" {
		w.WriteByte('\n')
		w.comment(comments[""])
	}
	return []byte(w.String())
}

type encoder struct{ strings.Builder }

// comment writes a text behind hashes. What could end a comment, or change what a terminal shows, is
// written as \u{…}.
func (w *encoder) comment(text string) {
	if text == "" {
		return
	}
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		w.WriteString(strings.TrimRight("# "+visible(line), " ") + "\n")
	}
}

// visible writes what can't be seen as \u{…}.
func visible(line string) string {
	var b strings.Builder
	for i, r := range line {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(line[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02X`, line[i])
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r == '\t':
			b.WriteString("    ")
		default:
			fmt.Fprintf(&b, `\u{%X}`, r)
		}
	}
	return b.String()
}

// widestLine is how long a line of a mapping or list in brackets may be.
const widestLine = 105

// entry writes a key with its value, indented.
func (w *encoder) entry(e source.Entry, indent int) string {
	head := strings.Repeat(" ", indent) + bare(e.Key.V) + ":"
	switch v := e.Value; {
	case v.Kind == source.String && asBlock(v.Text):
		return head + blockOf(v.Text, indent+2)
	case v.Kind != source.Map && v.Kind != source.List:
		return head + " " + scalarOf(v, false) + "\n"
	case indent > 2 || indent > 0 && !ofMaps(v) || v.Kind == source.List && !ofMaps(v) || len(v.Items)+len(v.Entries) == 0:
		if line, ok := w.flow(v); ok && len(head)+1+utf8.RuneCountInString(line) <= widestLine {
			return head + " " + line + "\n"
		}
		fallthrough
	default:
		if len(v.Items)+len(v.Entries) == 0 {
			line, _ := w.flow(v)
			return head + " " + line + "\n"
		}
		return head + "\n" + w.body(v, indent+2)
	}
}

func ofMaps(v source.Value) bool { return len(v.Items) > 0 && v.Items[0].Kind == source.Map }

// body writes the entries of a mapping, or the items of a list.
func (w *encoder) body(v source.Value, indent int) string {
	var b strings.Builder
	for _, e := range v.Entries {
		b.WriteString(w.entry(e, indent))
	}
	dash := strings.Repeat(" ", indent) + "- "
	for _, item := range v.Items {
		line, ok := w.flow(item)
		switch {
		case ok && len(dash)+utf8.RuneCountInString(line) <= widestLine || len(item.Entries)+len(item.Items) == 0 && item.Kind != source.String:
			b.WriteString(dash + line + "\n")
		case item.Kind == source.String && asBlock(item.Text):
			b.WriteString(strings.TrimRight(dash, " ") + blockOf(item.Text, indent+2))
		case item.Kind == source.String:
			b.WriteString(dash + scalarOf(item, false) + "\n")
		default:
			b.WriteString(dash + strings.TrimLeft(w.body(item, indent+2), " "))
		}
	}
	return b.String()
}

// flow writes a value on one line, in brackets where it is a collection; false if it has text of
// several lines.
func (w *encoder) flow(v source.Value) (string, bool) {
	var parts []string
	switch v.Kind {
	case source.Map:
		for _, e := range v.Entries {
			value, ok := w.flow(e.Value)
			if !ok {
				return "", false
			}
			parts = append(parts, bare(e.Key.V)+": "+value)
		}
		return "{" + strings.Join(parts, ", ") + "}", true
	case source.List:
		for _, item := range v.Items {
			value, ok := w.flow(item)
			if !ok {
				return "", false
			}
			parts = append(parts, value)
		}
		return "[" + strings.Join(parts, ", ") + "]", true
	}
	return scalarOf(v, true), v.Kind != source.String || !strings.Contains(v.Text, "\n")
}

// day is a date, which proposals write without quotes.
var day = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

// inBrackets is a text of words that YAML reads as nothing but a text, in brackets too.
var inBrackets = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.@~-]*( [A-Za-z0-9(][A-Za-z0-9_().;'/-]*)*$`)

// scalarOf writes a scalar on one line.
func scalarOf(v source.Value, flow bool) string {
	switch {
	case v.Kind == source.Null:
		return "null"
	case v.Kind != source.String:
		return v.Text
	case day.MatchString(v.Text):
		return v.Text
	case flow && inBrackets.MatchString(v.Text) && !yamlWords[strings.ToLower(v.Text)]:
		return v.Text
	case flow:
		return inQuotes(v.Text)
	case oneWord.MatchString(v.Text):
		return bare(v.Text)
	}
	return plain(v.Text)
}

// asBlock reports whether a text can be written as a block, and should be.
func asBlock(text string) bool {
	body := strings.TrimSuffix(text, "\n")
	if !strings.Contains(text, "\n") || body == "" || strings.HasSuffix(body, "\n") {
		return false
	}
	for i, line := range strings.Split(body, "\n") {
		if !printable(strings.ReplaceAll(line, "\t", "")) || i == 0 && (line == "" || line[0] == ' ' || line[0] == '\t') {
			return false
		}
	}
	return true
}

// blockOf writes a text as a block behind its key.
func blockOf(text string, indent int) string {
	var b strings.Builder
	b.WriteString(" |")
	if !strings.HasSuffix(text, "\n") {
		b.WriteByte('-')
	}
	b.WriteByte('\n')
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		if line != "" {
			b.WriteString(strings.Repeat(" ", indent))
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}
