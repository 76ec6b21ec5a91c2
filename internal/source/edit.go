// SPDX-License-Identifier: GPL-2.0-or-later

package source

import (
	"cmp"
	"fmt"
	"slices"
)

// Edit replaces a piece of a file by a text. A span that ends where it starts only inserts.
type Edit struct {
	Span Span
	Text string
}

// Fix is a way to mend a finding.
type Fix struct {
	Title string // what it does, as an order: write `draft`
	Edits []Edit
	// Unsure marks a fix that is likely what the author meant, and can be something else: it is offered,
	// and never made without being asked for.
	Unsure bool
	// InText marks a fix of nothing but the text of a value, so that no comment can be in it.
	InText bool
}

// Apply makes edits, and leaves every other byte as it is. It is an error if two of them overlap
// or one lies outside the file; then nothing is changed.
func Apply(data []byte, edits []Edit) ([]byte, error) {
	t := newText(data)
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int { return comparePos(a.Span.Start, b.Span.Start) })
	var out []byte
	done := 0
	for _, e := range edits {
		if t.clamp(e.Span.Start) != e.Span.Start || t.clamp(e.Span.End) != e.Span.End {
			return nil, fmt.Errorf("an edit at %d:%d lies outside the file", e.Span.Start.Line, e.Span.Start.Column)
		}
		start, end := t.offset(e.Span.Start), t.offset(e.Span.End)
		if start < done || end < start {
			return nil, fmt.Errorf("two edits overlap at %d:%d", e.Span.Start.Line, e.Span.Start.Column)
		}
		out = append(append(out, data[done:start]...), e.Text...)
		done = end
	}
	return append(out, data[done:]...), nil
}

func comparePos(a, b Pos) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// Append returns the edit that appends an item to the list under a key of the document. The item
// is given as lines of block style without its dash; its indentation follows the list. Where the
// document lacks the key, it is added at the end. It is an error where the file is written in a
// way that the item can't be appended to without touching the rest.
func Append(data []byte, root Value, key string, item []string) (Edit, error) {
	edit, err := appendTo(data, root, key, item)
	if err != nil {
		return edit, err
	}
	edited, err := Apply(data, []Edit{edit})
	if err != nil {
		return edit, err
	}
	now, problems := Parse(edited)
	if len(problems) > 0 || !appended(root, now, key) {
		return edit, fmt.Errorf("the way this file is written, nothing can be appended to `%s`; do it by hand", key)
	}
	return edit, nil
}

// appended reports whether the list under key has one item more, and all else is as it was.
func appended(before, after Value, key string) bool {
	old, _ := before.Get(key)
	list, _ := after.Get(key)
	if len(list.Items) != len(old.Items)+1 {
		return false
	}
	list.Items = list.Items[:len(old.Items)]
	for _, e := range before.Entries {
		if v, ok := after.Get(e.Key.V); !ok || e.Key.V != key && !Same(e.Value, v) {
			return false
		}
	}
	return len(old.Items) == 0 || Same(old, list)
}

func appendTo(data []byte, root Value, key string, item []string) (Edit, error) {
	t := newText(data)
	entry, ok := root.entry(key)
	switch {
	case !ok:
		return t.insertAtEnd("\n" + key + ":\n" + block(item, "  ")), nil
	case entry.Value.Kind == Null, entry.Value.Kind == List && len(entry.Value.Items) == 0:
		at := Span{entry.Key.Span.End, entry.Value.Span.End}
		return Edit{at, ":\n" + block(item, "  ")[:len(block(item, "  "))-1]}, nil
	case entry.Value.Kind != List:
		return Edit{}, fmt.Errorf("`%s` is no list", key)
	}
	items := entry.Value.Items
	if t.data[t.offset(entry.Value.Span.Start)] == '[' {
		return Edit{}, fmt.Errorf("`%s` is a list in brackets; write its items on lines of their own", key)
	}
	indent := spaces(entry.Value.Span.Start.Column - 1)
	end := items[len(items)-1].Span.End
	return Edit{Span: t.afterLine(end.Line), Text: t.breakBefore(end.Line) + block(item, indent)}, nil
}

// block writes the lines of an item behind a dash.
func block(lines []string, indent string) string {
	out := ""
	for i, line := range lines {
		if i == 0 {
			out += indent + "- " + line + "\n"
		} else {
			out += indent + "  " + line + "\n"
		}
	}
	return out
}

func spaces(n int32) string { return string(slices.Repeat([]byte{' '}, int(max(n, 0)))) }

// afterLine is the empty span behind a line and its break.
func (t *text) afterLine(line int32) Span {
	at := Pos{line, t.width(line) + 1}
	if int(line) < len(t.starts) {
		at = Pos{line + 1, 1}
	}
	return Span{at, at}
}

// breakBefore is the line break that text behind a line needs: the last line of a file may lack it.
func (t *text) breakBefore(line int32) string {
	if int(line) < len(t.starts) {
		return ""
	}
	return "\n"
}

func (t *text) insertAtEnd(s string) Edit {
	last := int32(len(t.starts))
	if t.width(last) == 0 && last > 1 {
		return Edit{Span{Pos{last, 1}, Pos{last, 1}}, s}
	}
	return Edit{t.afterLine(last), "\n" + s}
}
