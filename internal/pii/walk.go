// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"fmt"
	"strings"
)

// walker reads JSON, or what Python prints for a dictionary, and shows every leaf and every key to
// the inspector. It builds no tree: its memory depends on the depth of the text and not on its
// length. A key that stands twice is looked at twice.
type walker struct {
	*worker
	in     input
	frames []frame
	prefix string // the path of the text that the walk is inside of
	rec    *record
	nested int // walks that this one is inside of
	root   Context
}

// frame is a list or a mapping that the walk is inside of.
type frame struct {
	list         bool
	index        int
	key          *key
	context      Context // what was said about the list or mapping itself
	declarations *Declarations
	halves       Context   // of a position that were found
	pending      []Finding // halves of a position
	numbers      []string  // of a list that may be a position
}

// mostDepth is how many lists and mappings may be inside each other.
const mostDepth = 1000

// syntaxError says why a text is no value, and where. It never quotes the text.
type syntaxError struct {
	line, column int64
	message      string
	short        bool // the text ended too early
	start        bool // nothing of it could be read
}

func (e *syntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.line, e.column, e.message)
}

func (w *walker) fail(message string) *syntaxError {
	line, column := w.in.place(w.in.at)
	return &syntaxError{line: line, column: column, message: message}
}

func (w *walker) ends() *syntaxError {
	e := w.fail("the text ends inside a value")
	e.short = true
	return e
}

// value reads one value, and leaves the input behind it.
func (w *walker) value() *syntaxError {
	depth := len(w.frames)
	if !w.in.space() {
		return w.ends()
	}
	if err := w.open(w.root, w.declarations); err != nil {
		err.start = true
		return err
	}
	for len(w.frames) > depth {
		if err := w.step(depth); err != nil {
			w.frames = w.frames[:depth]
			return err
		}
	}
	return nil
}

// step reads the next item or entry of the innermost list or mapping, or its end.
func (w *walker) step(depth int) *syntaxError {
	f := &w.frames[len(w.frames)-1]
	shut := byte('}')
	if f.list {
		shut = ']'
	}
	if !w.in.space() {
		return w.ends()
	}
	c := w.in.buf[w.in.at]
	switch {
	case c == shut || f.list && c == ')':
		w.in.at++
		w.close()
		return w.between(depth)
	case f.list:
		n := len(w.frames)
		if err := w.open(f.context, f.declarations); err != nil || len(w.frames) > n {
			return err
		}
		return w.between(depth)
	}
	return w.entry(depth)
}

// between reads the comma behind an item, if it isn't the last one.
func (w *walker) between(depth int) *syntaxError {
	if len(w.frames) == depth {
		return nil
	}
	f := &w.frames[len(w.frames)-1]
	f.index++
	if !w.in.space() {
		return w.ends()
	}
	switch c := w.in.buf[w.in.at]; {
	case c == ',':
		w.in.at++
		return nil
	case !f.list && c == '}', f.list && (c == ']' || c == ')'):
		return nil
	}
	return w.fail("a comma is missing between two values, or something else stands there")
}

// entry reads a key and its value.
func (w *walker) entry(depth int) *syntaxError {
	c := w.in.buf[w.in.at]
	if c != '"' && c != '\'' {
		return w.fail("a key has to stand in quotes")
	}
	name, _, err := w.text()
	if err != nil {
		return err
	}
	f := &w.frames[len(w.frames)-1]
	f.key = w.keyOf(name)
	w.checkKey(f)
	if !w.in.space() {
		return w.ends()
	}
	if w.in.buf[w.in.at] != ':' {
		return w.fail("a colon is missing behind a key")
	}
	w.in.at++
	if !w.in.space() {
		return w.ends()
	}
	n := len(w.frames)
	if err := w.open(f.says(), w.declaredUnder(f)); err != nil || len(w.frames) > n {
		return err
	}
	return w.between(depth)
}

// says returns what is known of the value under the present key.
func (f *frame) says() Context {
	context := f.key.own | f.context&(inherited|SaysLabelMap)
	if f.key.generic {
		context |= f.context
	}
	if f.context.any(SaysName) && in(partsOfNames, strings.ToLower(f.key.name)) {
		context |= SaysPersonName
	}
	return context
}

// partsOfNames are the keys under a name that make it one of a person.
var partsOfNames = words0("first last middle given family")

// declaredUnder returns what the proposals say of the present key. A report may be a part of
// something larger, so that the names of metrics count wherever no other message is declared.
func (w *walker) declaredUnder(f *frame) *Declarations {
	if f.declarations != nil && f.declarations.Keys != nil {
		return f.declarations.under(f.key.name)
	}
	return w.declarations.under(f.key.name)
}

// open reads a leaf, or the beginning of a list or mapping.
func (w *walker) open(context Context, d *Declarations) *syntaxError {
	switch c := w.in.buf[w.in.at]; {
	case c == '"' || c == '\'':
		text, t, err := w.text()
		if err != nil {
			return err
		}
		w.string(text, t, context, d)
	case c == '{' || c == '[' || c == '(':
		if len(w.frames) >= mostDepth {
			return w.fail(fmt.Sprintf("lists and mappings are nested more than %d deep", mostDepth))
		}
		w.in.at++
		w.frames = append(w.frames, frame{list: c != '{', context: context, declarations: d})
	case c == '-' || isDigit(c):
		return w.number(context, d)
	case isLetter(c):
		return w.word()
	default:
		return w.fail("a value can't begin with this character")
	}
	return nil
}

// word reads true, false or null, as JSON or Python spells them, or a number that is none.
func (w *walker) word() *syntaxError {
	w.in.mark = w.in.at
	for w.in.at < len(w.in.buf) && isLetter(w.in.buf[w.in.at]) || w.in.at == len(w.in.buf) && w.in.more() {
		if !isLetter(w.in.buf[w.in.at]) {
			break
		}
		w.in.at++
	}
	switch string(w.in.buf[w.in.mark:min(w.in.at, w.in.mark+9)]) {
	case "true", "false", "null", "True", "False", "None", "NaN", "nan", "Infinity", "inf":
		return nil
	}
	w.in.at = w.in.mark
	return w.fail("a word stands where a value belongs")
}

// number reads a number, and looks at it where its place says that it could be somebody's.
func (w *walker) number(context Context, d *Declarations) *syntaxError {
	w.in.mark = w.in.at
	for {
		for w.in.at < len(w.in.buf) && isNumberByte(w.in.buf[w.in.at]) {
			w.in.at++
		}
		if w.in.at < len(w.in.buf) || w.in.at-w.in.mark > mostToken || !w.in.more() {
			break
		}
	}
	w.numeral(w.in.buf[w.in.mark:w.in.at], context, d)
	return nil
}

func isNumberByte(c byte) bool {
	return isDigit(c) || c == '.' || c == '-' || c == '+' || c|0x20 == 'e'
}
