// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Subject is one text in front of the detectors: a value of a leaf, a key, or a line of text, as it
// is when every encoding has been taken off.
type Subject struct {
	Text    string
	Traits  Traits
	Context Context // what the path says about it
	Number  bool    // the leaf is a number, and the text its decimal digits
	Whole   bool    // the text is a whole value, rather than a line or prose
	Bounded bool    // the leaf is declared with a pattern that the text matches
}

// Hit is a piece of a subject's text that a detector takes for personal data, as offsets in bytes.
type Hit struct{ Start, End int }

func (h Hit) of(text string) string { return text[h.Start:h.End] }

// whole returns the hit that is all of the text.
func (s *Subject) whole() []Hit { return []Hit{{0, len(s.Text)}} }

// says reports whether the path says something, or the words before an offset do.
func (s *Subject) says(at int, c Context) bool {
	return s.Context.any(c) || s.near(at).any(c)
}

// nearBytes and nearWords are how much of the text before a value tells what it is.
const (
	nearBytes = 48
	nearWords = 4
)

// near returns what the words right before an offset say.
func (s *Subject) near(at int) Context {
	from := max(0, at-nearBytes)
	before := s.Text[from:at]
	if cut := strings.LastIndexAny(before, "\n;|"); cut >= 0 {
		before = before[cut+1:]
	}
	words := strings.FieldsFunc(before, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if from > 0 && len(words) > 0 && !s.edge(from) {
		words = words[1:] // a word that was cut off
	}
	return contextOfWords(lowered(words[max(0, len(words)-nearWords):]))
}

func lowered(words []string) []string {
	low := make([]string, len(words))
	for i, w := range words {
		low[i] = strings.ToLower(w)
	}
	return low
}

// edge reports whether no word goes over an offset.
func (s *Subject) edge(at int) bool {
	return at <= 0 || at >= len(s.Text) || !isWordByte(s.Text[at-1]) || !isWordByte(s.Text[at])
}

// byteAt returns a byte of the text, or 0 beyond its ends.
func (s *Subject) byteAt(i int) byte {
	if i < 0 || i >= len(s.Text) {
		return 0
	}
	return s.Text[i]
}

// isolated reports whether neither a word nor a dot or hyphen between words goes on at the ends.
func (s *Subject) isolated(start, end int) bool {
	before, after := s.byteAt(start-1), s.byteAt(end)
	if isWordByte(before) || isWordByte(after) {
		return false
	}
	joins := func(c byte) bool { return c == '.' || c == '-' }
	return !(joins(before) && isWordByte(s.byteAt(start-2))) && !(joins(after) && isWordByte(s.byteAt(end+1)))
}

func isWordByte(c byte) bool {
	return isDigit(c) || isLetter(c) || c == '_' || c >= utf8.RuneSelf
}

func isDigit(c byte) bool { return c-'0' <= 9 }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isHex(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

func isAlnum(c byte) bool { return isDigit(c) || isLetter(c) }

// each calls visit for every place of a separator in the text, until it is false.
func (s *Subject) each(sep string, visit func(at int)) {
	for from := 0; from < len(s.Text); {
		i := strings.Index(s.Text[from:], sep)
		if i < 0 {
			return
		}
		visit(from + i)
		from += i + len(sep)
	}
}

// runs calls visit for each longest run of bytes that keep has.
func (s *Subject) runs(keep func(byte) bool, visit func(start, end int)) {
	for i := 0; i < len(s.Text); {
		if !keep(s.Text[i]) {
			i++
			continue
		}
		start := i
		for i < len(s.Text) && keep(s.Text[i]) {
			i++
		}
		visit(start, i)
	}
}

// digitsOf returns the digits of a text, without what groups them.
func digitsOf(text string) string {
	var b strings.Builder
	for i := range len(text) {
		if isDigit(text[i]) {
			b.WriteByte(text[i])
		}
	}
	return b.String()
}
