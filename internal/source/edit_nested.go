// SPDX-License-Identifier: GPL-2.0-or-later

package source

import (
	"fmt"
)

// AppendIn returns the edit that appends an item to the list under a key of one item of a list under
// outer: a signature to a decision. The new item is given as lines of block style without its dash,
// and as it is written inside of brackets. It is an error where the file is written in a way that
// the item can't be appended to without touching the rest.
func AppendIn(data []byte, root Value, outer string, index int, key string, item []string, flow string) (Edit, error) {
	list, _ := root.Get(outer)
	if index < 0 || index >= len(list.Items) || list.Items[index].Kind != Map {
		return Edit{}, fmt.Errorf("`%s` has no item %d", outer, index+1)
	}
	edit := newText(data).appendIn(list.Items[index], key, item, flow)
	edited, err := Apply(data, []Edit{edit})
	if err != nil {
		return edit, err
	}
	now, problems := Parse(edited)
	if len(problems) > 0 || !appendedIn(root, now, outer, index, key) {
		return edit, fmt.Errorf("the way this file is written, nothing can be appended to the `%s` of item %d of `%s`; do it by hand", key, index+1, outer)
	}
	return edit, nil
}

// appendedIn reports whether the list inside has one item more, and all else is as it was.
func appendedIn(before, after Value, outer string, index int, key string) bool {
	old, _ := before.Get(outer)
	now, _ := after.Get(outer)
	if len(now.Items) != len(old.Items) || len(after.Entries) != len(before.Entries) {
		return false
	}
	for _, e := range before.Entries {
		if v, ok := after.Get(e.Key.V); !ok || e.Key.V != outer && !Same(e.Value, v) {
			return false
		}
	}
	for i, item := range old.Items {
		if i != index && !Same(item, now.Items[i]) {
			return false
		}
	}
	return grown(old.Items[index], now.Items[index], key)
}

// grown reports whether a map differs only in the list under key, which has one item more at its
// end.
func grown(before, after Value, key string) bool {
	old, had := before.Get(key)
	list, _ := after.Get(key)
	added := 1
	if had {
		added = 0
	}
	if len(after.Entries) != len(before.Entries)+added || len(list.Items) != len(old.Items)+1 {
		return false
	}
	for _, e := range before.Entries {
		if v, ok := after.Get(e.Key.V); !ok || e.Key.V != key && !Same(e.Value, v) {
			return false
		}
	}
	list.Items = list.Items[:len(old.Items)]
	return len(old.Items) == 0 || Same(old, list)
}

func (t *text) appendIn(m Value, key string, item []string, flow string) Edit {
	list, ok := m.Get(key)
	switch {
	case ok && t.opens(list, '['):
		return t.beforeEnd(list, flow, len(list.Items) > 0)
	case t.opens(m, '{') && !ok:
		return t.beforeEnd(m, key+": ["+flow+"]", len(m.Entries) > 0)
	case ok && len(list.Items) > 0:
		end := list.Items[len(list.Items)-1].Span.End
		return Edit{t.afterLine(t.lastLine(end)), t.breakBefore(t.lastLine(end)) + block(item, spaces(list.Span.Start.Column-1))}
	}
	indent := spaces(m.Span.Start.Column - 1)
	last := t.lastLine(m.Span.End)
	return Edit{t.afterLine(last), t.breakBefore(last) + indent + key + ":\n" + block(item, indent+"  ")}
}

// lastLine is the last line that something ends on: what ends at the beginning of a line ended with
// the one before.
func (t *text) lastLine(end Pos) int32 {
	if end.Column == 1 && end.Line > 1 {
		return end.Line - 1
	}
	return end.Line
}

// opens reports whether a value is written in brackets of a kind.
func (t *text) opens(v Value, bracket byte) bool {
	at := t.offset(v.Span.Start)
	return at < len(t.data) && t.data[at] == bracket
}

// beforeEnd inserts before the closing bracket of a value.
func (t *text) beforeEnd(v Value, s string, more bool) Edit {
	at := v.Span.End
	at.Column--
	if more {
		s = ", " + s
	}
	return Edit{Span{at, at}, s}
}
