// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var phone = Detector{
	Class: "phone", Severity: diag.Error,
	Needs: func(t Traits, n int, c Context) bool {
		return t.all(Digit) && n >= 7 && (c.any(SaysPhone) || t.any(Sign))
	},
	Find: func(s *Subject) []Hit {
		if s.Context.any(SaysVersion|SaysDigest|SaysOID) && !s.Context.any(SaysPhone) {
			return nil
		}
		var hits []Hit
		s.runs(isPhoneByte, func(start, end int) {
			hits = append(hits, phonesIn(s, start, end)...)
		})
		return hits
	},
}

func isPhoneByte(c byte) bool { return isDigit(c) || strings.IndexByte("+-.() /", c) >= 0 }

// phonesIn looks at a run of what phone numbers are written with.
func phonesIn(s *Subject, start, end int) []Hit {
	for start < end && strings.IndexByte("-. )/", s.Text[start]) >= 0 {
		start++
	}
	for end > start && !isDigit(s.Text[end-1]) {
		end--
	}
	text := s.Text[start:end]
	if plus := strings.LastIndexByte(text, '+'); plus > 0 { // more than one, or something before it
		return append(phonesIn(s, start, start+plus), phonesIn(s, start+plus, end)...)
	}
	n := len(digitsOf(text))
	if n < 7 || n > 18 || isWordByte(s.byteAt(start-1)) || isWordByte(s.byteAt(end)) && s.byteAt(end)|0x20 != 'x' {
		return nil
	}
	if isPhone(s, start, end, text, n) {
		return []Hit{{start, end}}
	}
	return nil
}

func isPhone(s *Subject, start, end int, text string, n int) bool {
	before := s.byteAt(start - 1)
	if before == ':' && isDigit(s.byteAt(start-2)) || s.byteAt(end) == ':' && isDigit(s.byteAt(end+1)) || s.byteAt(end) == '%' {
		return false // a time
	}
	told := s.says(start, SaysPhone) && !s.near(start).any(SaysMeasure|SaysVersion)
	if s.Context.any(SaysMeasure|SaysCard|SaysIBAN|SaysNationalID|SaysUUID|SaysSerial) && !s.Context.any(SaysPhone) {
		return false
	}
	switch {
	case text[0] == '+':
		return n <= 15 && (international(digitsOf(text), grouped(text)) || told)
	case told:
		return n <= 15 && !isDate(text) && (s.Number || phoneShaped(text))
	case strings.Contains(text, ".") && strings.Contains(text, " "):
		return false
	}
	return northAmerican(text)
}

// grouped reports whether a number is written in groups, as people write those they dial.
func grouped(text string) bool { return strings.ContainsAny(text, " -().") }

// phoneShaped reports whether a text can be a number that is dialled, if somebody says that it is:
// one sign between groups, and no more than six groups.
func phoneShaped(text string) bool {
	groups := strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	return len(groups) <= 7 && !strings.Contains(text, "...") && !strings.Contains(text, "--")
}

// northAmerican reports whether a text has the shape that only numbers of North America have:
// (415) 555-2671, 415-555-2671, 1-415-555-2671.
func northAmerican(text string) bool {
	text = strings.TrimPrefix(strings.TrimPrefix(text, "1-"), "1 ")
	bracketed := strings.HasPrefix(text, "(")
	text = strings.Replace(strings.TrimPrefix(text, "("), ") ", "-", 1)
	text = strings.Replace(text, ")", "-", 1)
	if bracketed {
		text = strings.Replace(text, " ", "-", 1)
	}
	if len(text) != len("415-555-2671") || text[3] != '-' || text[7] != '-' {
		return false
	}
	for i := range len(text) {
		if i != 3 && i != 7 && !isDigit(text[i]) {
			return false
		}
	}
	return text[0] >= '2' && text[4] >= '2'
}

// isDate reports whether a text is a day rather than a number: 2026-11-24.
func isDate(text string) bool {
	groups := strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	return len(groups) >= 3 && len(groups[0]) == 4 && len(groups[1]) == 2 && len(groups[2]) == 2 && (strings.HasPrefix(groups[0], "19") || strings.HasPrefix(groups[0], "20")) && groups[1] <= "12" && groups[2] <= "31"
}
