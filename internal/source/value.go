// SPDX-License-Identifier: GPL-2.0-or-later

package source

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Kind is what a value is in the file.
type Kind uint8

// The kinds. A date is a String: proposals write dates without quotes, and mean their text.
const (
	Null Kind = iota
	Bool
	Int   // decimal, of any size
	Float // decimal, finite
	String
	List
	Map
)

// Value is one node of a document: what it says and where. Maps keep the order of the file;
// their keys are always strings.
type Value struct {
	Kind    Kind
	Span    Span
	Text    string  // a scalar's text: as written for Int and Float, without quotes for String
	Items   []Value // of a List
	Entries []Entry // of a Map
}

// Entry is one key of a map with its value.
type Entry struct {
	Key   Text
	Value Value
}

// Get returns the value under key, and whether v is a map that has it.
func (v Value) Get(key string) (Value, bool) {
	if e, ok := v.entry(key); ok {
		return e.Value, true
	}
	return Value{}, false
}

func (v Value) entry(key string) (Entry, bool) {
	for _, e := range v.Entries {
		if e.Key.V == key {
			return e, true
		}
	}
	return Entry{}, false
}

// Keys returns the keys of a map in the order of the file.
func (v Value) Keys() []string {
	keys := make([]string, len(v.Entries))
	for i, e := range v.Entries {
		keys[i] = e.Key.V
	}
	return keys
}

// Pointer follows a JSON pointer (RFC 6901). It returns the entry it ends at: the key's span is
// zero for the root and for items of lists. Where the path leaves the tree it returns the deepest
// value that is there, and false.
func (v Value) Pointer(pointer string) (Entry, bool) {
	at := Entry{Value: v}
	if pointer == "" {
		return at, true
	}
	for _, token := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		next, ok := at.Value.step(unescapeToken(token))
		if !ok {
			return at, false
		}
		at = next
	}
	return at, true
}

func (v Value) step(token string) (Entry, bool) {
	if v.Kind == Map {
		return v.entry(token)
	}
	i, err := strconv.Atoi(token)
	if v.Kind != List || err != nil || i < 0 || i >= len(v.Items) {
		return Entry{}, false
	}
	return Entry{Value: v.Items[i]}, true
}

var tokenEscapes = strings.NewReplacer("~1", "/", "~0", "~")

func unescapeToken(s string) string {
	if !strings.Contains(s, "~") {
		return s
	}
	return tokenEscapes.Replace(s)
}

// Any returns the value as encoding/json would decode it, with numbers as int64 where they fit
// and as json.Number where they don't.
func (v Value) Any() any {
	switch v.Kind {
	case Null:
		return nil
	case Bool:
		return v.IsTrue()
	case Int:
		if n, err := strconv.ParseInt(v.Text, 10, 64); err == nil {
			return n
		}
		return json.Number(v.Text)
	case Float:
		return json.Number(v.Text)
	case List:
		return v.anyList()
	case Map:
		return v.anyMap()
	}
	return v.Text
}

func (v Value) anyList() []any {
	items := make([]any, len(v.Items))
	for i, item := range v.Items {
		items[i] = item.Any()
	}
	return items
}

func (v Value) anyMap() map[string]any {
	m := make(map[string]any, len(v.Entries))
	for _, e := range v.Entries {
		m[e.Key.V] = e.Value.Any()
	}
	return m
}

// IsTrue reports whether v is the boolean true.
func (v Value) IsTrue() bool { return v.Kind == Bool && strings.EqualFold(v.Text, "true") }

// Same reports whether two values say the same, wherever they stand.
func Same(v, w Value) bool {
	if v.Kind != w.Kind || v.Text != w.Text || len(v.Items) != len(w.Items) || len(v.Entries) != len(w.Entries) {
		return false
	}
	for i := range v.Items {
		if !Same(v.Items[i], w.Items[i]) {
			return false
		}
	}
	for i, e := range v.Entries {
		if e.Key.V != w.Entries[i].Key.V || !Same(e.Value, w.Entries[i].Value) {
			return false
		}
	}
	return true
}

// String names the kind as a contributor would.
func (k Kind) String() string {
	return [...]string{"nothing", "true or false", "a number", "a number", "text", "a list", "a mapping"}[k]
}
