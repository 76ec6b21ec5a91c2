// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/pulp/pulpmetrics/internal/source"
)

// foundText is one report of a text, or what should have been one.
type foundText struct {
	tree source.Value
	at   source.Pos
	err  *textError // why it can't be read
}

// textScanner finds the reports in a text: a log with anything between them, JSON in lines, in a
// list or printed over many lines, or a log in JSON whose messages hold them. What makes a mapping
// a report are the names in it. It keeps no more of the text than one report takes.
type textScanner struct {
	r         io.Reader
	limit     int // bytes of the text of one report
	names     *names
	window    []byte // from the place on; what was read and not yet looked at
	storage   []byte
	at        source.Pos
	ended     bool
	clean     bool // nothing but brackets, commas and spaces stands before the place on its line
	untouched bool // nothing but such stands before the place at all
	queue     []foundText
	first     *textError // of a mapping that the text begins with
	mappings  int        // that could be read
}

const firstWindow = 64 << 10

func newTextScanner(r io.Reader, known *names) *textScanner {
	return &textScanner{r: r, limit: maxTextBytes, names: known, at: source.Pos{Line: 1, Column: 1}, clean: true, untouched: true}
}

// next returns the next report; io.EOF after the last.
func (s *textScanner) next() (foundText, error) {
	for len(s.queue) == 0 {
		brace := bytes.IndexByte(s.window, '{')
		if brace < 0 {
			s.drop(wholeRunes(s.window, s.ended))
			if err := s.fill(); err != nil {
				return foundText{}, err
			}
			continue
		}
		s.drop(brace)
		if !s.untouched && hopeless(s.window) {
			s.drop(1)
		} else if err := s.mapping(); err != nil {
			return foundText{}, err
		}
	}
	found := s.queue[0]
	s.queue = s.queue[1:]
	return found, nil
}

// hopeless reports whether what follows a brace is no key. Logs are full of such.
func hopeless(window []byte) bool {
	rest := bytes.TrimLeft(window[1:], " \t\r\n")
	return len(rest) > 0 && rest[0] != '"' && rest[0] != '\'' && rest[0] != '}'
}

// wholeRunes returns how many bytes of a text end with a whole character.
func wholeRunes(text []byte, ended bool) int {
	for n := len(text) - 1; !ended && n >= 0 && n >= len(text)-utf8.UTFMax; n-- {
		if utf8.RuneStart(text[n]) {
			if utf8.FullRune(text[n:]) {
				break
			}
			return n
		}
	}
	return len(text)
}

// drop moves the place forward.
func (s *textScanner) drop(n int) {
	piece := s.window[:n]
	s.window = s.window[n:]
	s.at = advance(s.at, piece)
	if i := bytes.LastIndexByte(piece, '\n'); i >= 0 {
		s.untouched = s.untouched && opens(piece[:i])
		s.clean, piece = true, piece[i+1:]
	}
	s.clean = s.clean && opens(piece)
	s.untouched = s.untouched && s.clean
}

// opens reports whether a text is only what stands before a mapping in JSON.
func opens(text []byte) bool {
	return len(bytes.Trim(text, " \t\r\n[,\ufeff")) == 0
}

// fill reads more; io.EOF where there is no more.
func (s *textScanner) fill() error {
	if s.ended {
		return io.EOF
	}
	if len(s.window) >= cap(s.storage)/2 && cap(s.storage) < s.limit {
		s.storage = make([]byte, min(max(firstWindow, 2*cap(s.storage)), s.limit))
	}
	n := copy(s.storage[:cap(s.storage)], s.window)
	m, err := io.ReadAtLeast(s.r, s.storage[n:cap(s.storage)], 1)
	s.window = s.storage[:n+m]
	if errors.Is(err, io.EOF) {
		s.ended = true
		return nil
	}
	return err
}

// mapping looks at the brace at the place, and goes on behind it.
func (s *textScanner) mapping() error {
	for {
		p := &textParser{data: s.window, oneLine: !s.clean, place: placer{raw: s.window, at: s.at}}
		tree, err := p.value(0)
		var bad *textError
		switch {
		case err == nil:
			s.mappings++
			s.take(p, tree)
			clean := s.clean
			s.drop(p.at)
			s.clean = clean // the next one of a list may go on over lines too
			return nil
		case !errors.As(err, &bad):
			return err
		case !bad.short || s.ended:
			s.refuse(p, bad)
			return nil
		case len(s.window) >= s.limit:
			bad.message = fmt.Sprintf("the text of one report is longer than %d KiB", s.limit>>10)
			s.refuse(p, bad)
			return nil
		}
		if err := s.fill(); err != nil {
			return err
		}
	}
}

// take keeps the reports in a mapping that could be read.
func (s *textScanner) take(p *textParser, tree source.Value) {
	before := len(s.queue)
	s.collect(tree)
	if len(s.queue) == before {
		line := placer{raw: s.window, at: s.at}
		for _, offset := range p.braced {
			s.inside(offset, &line)
		}
	}
	if len(s.queue) == before && s.names.anyIn(tree) {
		s.queue = append(s.queue, foundText{tree: tree, at: tree.Span.Start})
	}
}

// collect keeps the mappings in a tree that have what every report has.
func (s *textScanner) collect(v source.Value) {
	if s.names.surelyIn(v) {
		s.queue = append(s.queue, foundText{tree: v, at: v.Span.Start})
		return
	}
	for _, item := range v.Items {
		s.collect(item)
	}
	for _, e := range v.Entries {
		s.collect(e.Value)
	}
}

// inside looks for reports in the string whose quote stands at offset. So that nothing is counted
// again for each brace, line goes along, from string to string.
func (s *textScanner) inside(offset int, line *placer) {
	var origins []int32
	text, _, err := unquote(s.window, offset, &origins)
	if err != nil {
		return
	}
	for from := 0; from < len(text); {
		brace := bytes.IndexByte(text[from:], '{')
		if brace < 0 {
			return
		}
		from += brace
		line.pos(int(origins[from]))
		p := &textParser{data: text[from:], place: line.within(origins[from:])}
		tree, err := p.value(0)
		var bad *textError
		switch {
		case err == nil && s.names.anyIn(tree):
			s.queue = append(s.queue, foundText{tree: tree, at: tree.Span.Start})
			from += p.at
		case errors.As(err, &bad) && s.names.begins(text[from:]):
			s.queue = append(s.queue, p.refused(bad))
			from += max(bad.offset, 1)
		case bad != nil && bad.deep: // as in refuse
			from += bad.offset
		default:
			from++
		}
	}
}

// refuse goes on behind a brace that begins nothing that can be read. Only where the first name is
// one of a report, somebody meant it as one.
func (s *textScanner) refuse(p *textParser, bad *textError) {
	found := p.refused(bad)
	if s.untouched {
		s.first = found.err
	}
	switch {
	case s.names.begins(s.window):
		s.queue = append(s.queue, found)
		s.drop(max(bad.offset, 1))
	case bad.deep: // looking at each level again would take too long
		s.drop(bad.offset)
	default:
		s.drop(1)
	}
}

// refused is a report that can't be read, with the place of the error.
func (p *textParser) refused(bad *textError) foundText {
	if bad.at == (source.Pos{}) {
		bad.at = p.place.pos(bad.offset)
	}
	return foundText{at: bad.at, err: bad}
}

// names are what the fields of a report are called, in both spellings.
type names struct {
	known    map[string]bool
	required map[string]bool // in every report; all known ones, if nothing is required
}

// anyIn reports whether a mapping has a name of a report.
func (n *names) anyIn(v source.Value) bool {
	for _, e := range v.Entries {
		if n.known[e.Key.V] {
			return true
		}
	}
	return false
}

// surelyIn reports whether a mapping has a name that every report has.
func (n *names) surelyIn(v source.Value) bool {
	for _, e := range v.Entries {
		if n.required[e.Key.V] {
			return true
		}
	}
	return false
}

// begins reports whether a text goes on like a report: a brace, and the name of a field.
func (n *names) begins(text []byte) bool {
	p := &textParser{data: text, at: 1}
	if !p.space() || p.data[p.at] != '"' && p.data[p.at] != '\'' {
		return false
	}
	key, _, err := p.text()
	return err == nil && n.known[key]
}

// jsonName returns the name that JSON and the client's log give to a field: online_workers is
// onlineWorkers.
func jsonName(name string) string {
	var b strings.Builder
	for i, word := range strings.Split(name, "_") {
		if i > 0 && word != "" {
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		b.WriteString(word)
	}
	return b.String()
}
