// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/pulp/pulpmetrics/internal/source"
)

// Limits on the text of one report. One of today's size has 600 characters, 20 values and 3 levels.
const (
	maxTextBytes  = 4 << 20
	maxTextValues = 1 << 18
	maxTextDepth  = source.MaxDepth
)

// textError says why a text is no value, and where. It never quotes the text.
type textError struct {
	offset  int
	at      source.Pos // of the offset, once that is known
	message string
	short   bool // the text ended too early: with more of it, it may be a value
	deep    bool // it is nested too deeply
}

func (e *textError) Error() string { return e.message }

// textParser reads one value as JSON or as Python's repr spells it: both are read as one language,
// since a report can't mean two things in them. What neither writes, such as NaN, a key twice or a
// name without quotes, is an error.
type textParser struct {
	data    []byte
	at      int
	oneLine bool // the value may not go on in another line
	values  int
	braced  []int // offsets of strings that may hold a report themselves, as in a log in JSON
	place   placer
}

func (p *textParser) fail(offset int, format string, args ...any) *textError {
	return &textError{offset: offset, message: fmt.Sprintf(format, args...)}
}

func (p *textParser) ends(what string) *textError {
	return &textError{offset: len(p.data), message: "the text ends inside " + what, short: true}
}

// space skips white space. At the end of the data it returns false.
func (p *textParser) space() bool {
	for ; p.at < len(p.data); p.at++ {
		switch c := p.data[p.at]; {
		case c == '\n' && p.oneLine:
			return true
		case c != ' ' && c != '\t' && c != '\n' && c != '\r':
			return true
		}
	}
	return false
}

// value reads the value that begins after white space.
func (p *textParser) value(depth int) (source.Value, error) {
	if !p.space() {
		return source.Value{}, p.ends("a list or mapping")
	}
	if p.values++; p.values > maxTextValues {
		return source.Value{}, p.fail(p.at, "there are more than %d values in one report", maxTextValues)
	}
	if depth > maxTextDepth {
		return source.Value{}, &textError{offset: p.at, deep: true, message: fmt.Sprintf("values are nested more than %d levels deep", maxTextDepth)}
	}
	start := p.place.pos(p.at)
	v, err := p.bare(depth)
	if err != nil {
		return v, err
	}
	v.Span = source.Span{Start: start, End: p.place.pos(p.at)}
	return v, nil
}

// bare reads a value without its span.
func (p *textParser) bare(depth int) (source.Value, error) {
	switch c := p.data[p.at]; {
	case c == '{':
		return p.mapping(depth)
	case c == '[':
		return p.list(']', depth)
	case c == '(':
		return p.list(')', depth)
	case c == '"' || c == '\'':
		from := p.at
		text, braced, err := p.text()
		if braced {
			p.braced = append(p.braced, from)
		}
		return source.Value{Kind: source.String, Text: text}, err
	case c == '-' || '0' <= c && c <= '9':
		return p.number()
	case isLetter(c):
		return p.word()
	case c == '\n':
		return source.Value{}, p.fail(p.at, "the line ends inside the report")
	}
	return source.Value{}, p.fail(p.at, "a value can't begin with this character")
}

func (p *textParser) mapping(depth int) (source.Value, error) {
	v := source.Value{Kind: source.Map}
	seen := keySet{}
	for p.at++; ; p.at++ {
		if !p.space() {
			return v, p.ends("a mapping")
		}
		if p.data[p.at] == '}' && len(v.Entries) == 0 {
			break
		}
		entry, err := p.entry(&seen, depth)
		if err != nil {
			return v, err
		}
		v.Entries = append(v.Entries, entry)
		more, err := p.more('}', "a mapping")
		if err != nil {
			return v, err
		}
		if !more {
			break
		}
	}
	p.at++
	return v, nil
}

func (p *textParser) entry(seen *keySet, depth int) (source.Entry, error) {
	start := p.place.pos(p.at)
	if c := p.data[p.at]; c != '"' && c != '\'' {
		return source.Entry{}, p.unexpected("a key in quotes")
	}
	key, _, err := p.text()
	if err != nil {
		return source.Entry{}, err
	}
	if !seen.add(key) {
		return source.Entry{}, &textError{offset: p.at, at: start, message: "a mapping has the same key twice"}
	}
	span := source.Span{Start: start, End: p.place.pos(p.at)}
	if !p.space() {
		return source.Entry{}, p.ends("a mapping")
	}
	if p.data[p.at] != ':' {
		return source.Entry{}, p.unexpected("`:` behind a key")
	}
	p.at++
	value, err := p.value(depth + 1)
	return source.Entry{Key: source.Text{V: key, Span: span}, Value: value}, err
}

// list reads a list, or a tuple, which alone may end in a comma.
func (p *textParser) list(shut byte, depth int) (source.Value, error) {
	v := source.Value{Kind: source.List}
	for p.at++; ; p.at++ {
		if !p.space() {
			return v, p.ends("a list")
		}
		if p.data[p.at] == shut && (len(v.Items) == 0 || shut == ')') {
			break
		}
		item, err := p.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.Items = append(v.Items, item)
		more, err := p.more(shut, "a list")
		if err != nil {
			return v, err
		}
		if !more {
			break
		}
	}
	p.at++
	return v, nil
}

// more reports whether a comma follows, or else what ends the collection.
func (p *textParser) more(shut byte, what string) (bool, error) {
	if !p.space() {
		return false, p.ends(what)
	}
	switch p.data[p.at] {
	case ',':
		return true, nil
	case shut:
		return false, nil
	}
	return false, p.unexpected("`,` or `" + string(shut) + "`")
}

func (p *textParser) unexpected(wanted string) error {
	if p.data[p.at] == '\n' {
		return p.fail(p.at, "the line ends inside the report")
	}
	return p.fail(p.at, "something else stands where %s belongs", wanted)
}

var literals = map[string]source.Value{
	"null": {Kind: source.Null}, "None": {Kind: source.Null},
	"true": {Kind: source.Bool, Text: "true"}, "True": {Kind: source.Bool, Text: "true"},
	"false": {Kind: source.Bool, Text: "false"}, "False": {Kind: source.Bool, Text: "false"},
}

func (p *textParser) word() (source.Value, error) {
	from := p.at
	for p.at < len(p.data) && isLetter(p.data[p.at]) {
		p.at++
	}
	if p.at == len(p.data) {
		return source.Value{}, p.ends("a word")
	}
	text := string(p.data[from:min(p.at, from+len("-Infinity"))])
	if v, ok := literals[text]; ok {
		return v, nil
	}
	switch text {
	case "NaN", "nan", "Infinity", "inf":
		return source.Value{}, p.fail(from, "a number of a report is finite, and this one isn't")
	}
	return source.Value{}, p.fail(from, "a word without quotes can't stand here: a report holds texts, numbers, True and False, lists and mappings")
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }

// number reads a decimal number as JSON has it, which is also how Python prints one.
func (p *textParser) number() (source.Value, error) {
	from, v := p.at, source.Value{Kind: source.Int}
	if p.skip('-') && p.at < len(p.data) && isLetter(p.data[p.at]) {
		return p.word()
	}
	zero := p.at < len(p.data) && p.data[p.at] == '0'
	whole := p.digits()
	ok := whole == 1 || whole > 1 && !zero
	if p.skip('.') {
		v.Kind = source.Float
		ok = p.digits() > 0 && ok
	}
	if ok && (p.skip('e') || p.skip('E')) {
		v.Kind = source.Float
		_ = p.skip('-') || p.skip('+')
		ok = p.digits() > 0
	}
	switch {
	case p.at == len(p.data):
		return v, p.ends("a number")
	case !ok || isLetter(p.data[p.at]) || p.data[p.at] == '.':
		return v, p.fail(from, "this number is spelled neither as JSON nor as Python spells one")
	case p.at-from > maxNumber:
		return v, p.fail(from, "a number has %d characters; no number of a report has more than %d", p.at-from, maxNumber)
	}
	v.Text = string(p.data[from:p.at])
	return v, nil
}

const maxNumber = 400 // characters; the longest that a double prints as has 325

func (p *textParser) skip(c byte) bool {
	if p.at < len(p.data) && p.data[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *textParser) digits() int {
	from := p.at
	for p.at < len(p.data) && '0' <= p.data[p.at] && p.data[p.at] <= '9' {
		p.at++
	}
	return p.at - from
}

// text reads a string in quotes of either kind, and says whether a brace stands in it.
func (p *textParser) text() (text string, braced bool, err error) {
	quote, from := p.data[p.at], p.at
	for i := p.at + 1; i < len(p.data); i++ {
		switch c := p.data[i]; {
		case c == quote:
			p.at = i + 1
			if !utf8.Valid(p.data[from+1 : i]) {
				return "", false, p.fail(from, "a text is not valid UTF-8")
			}
			return string(p.data[from+1 : i]), braced, nil
		case c == '{':
			braced = true
		case c == '\\':
			out, next, err := unquote(p.data, from, nil)
			if err != nil {
				return "", false, err
			}
			p.at = next
			return string(out), bytes.IndexByte(out, '{') >= 0, nil
		case c < ' ':
			return "", false, lineEnd(i, c)
		}
	}
	return "", false, p.ends("a text")
}

// keySet remembers the keys of one mapping; nearly all have a handful.
type keySet struct {
	few  []string
	many map[string]bool
}

// add reports whether the key is new.
func (s *keySet) add(key string) bool {
	if s.many == nil && len(s.few) < 16 {
		for _, k := range s.few {
			if k == key {
				return false
			}
		}
		s.few = append(s.few, key)
		return true
	}
	if s.many == nil {
		s.many = map[string]bool{}
		for _, k := range s.few {
			s.many[k] = true
		}
	}
	known := s.many[key]
	s.many[key] = true
	return !known
}
