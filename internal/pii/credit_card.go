// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var creditCard = Detector{
	Class: "credit_card", Severity: diag.Error,
	Needs: func(t Traits, n int, c Context) bool {
		return t.all(Digit) && n >= 13 && (c.any(SaysCard) || t.any(Sign))
	},
	Find: func(s *Subject) []Hit {
		var hits []Hit
		s.runs(func(c byte) bool { return isDigit(c) || c == ' ' || c == '-' || c == '.' }, func(start, end int) {
			for start < end && !isDigit(s.Text[start]) {
				start++
			}
			for end > start && !isDigit(s.Text[end-1]) {
				end--
			}
			if end-start < 13 || isWordByte(s.byteAt(start-1)) || isWordByte(s.byteAt(end)) {
				return
			}
			hits = append(hits, cardsIn(s, start, end)...)
		})
		return hits
	},
}

// cardsIn looks for the number of a card in digits and what groups them. Text before or behind it
// may end in digits too, so that every group is tried as its first.
func cardsIn(s *Subject, start, end int) []Hit {
	for from := start; from < end; {
		for _, to := range groupEnds(s.Text, from, min(end, from+mostCardBytes)) {
			text := s.Text[from:to]
			n := len(digitsOf(text))
			if n < 13 || n > 19 || !luhn(digitsOf(text)) || !issued(digitsOf(text)) {
				continue
			}
			if cardGroups(text) || s.says(from, SaysCard) && !s.Context.any(SaysMeasure) {
				return []Hit{{from, to}}
			}
		}
		next := strings.IndexAny(s.Text[from:end], " -.")
		if next < 0 {
			break
		}
		from += next + 1
	}
	return nil
}

// mostCardBytes is the length of the longest number with what groups it.
const mostCardBytes = 32

// groupEnds returns where groups of digits end.
func groupEnds(text string, from, end int) []int {
	var ends []int
	for i := from; i < end; i++ {
		if isDigit(text[i]) && (i+1 == len(text) || !isDigit(text[i+1])) {
			ends = append(ends, i+1)
		}
	}
	return ends
}

// luhn reports whether the last digit checks the others. One in ten texts passes.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0 && strings.Trim(digits, digits[:1]) != ""
}

// issued reports whether a network of cards gives out numbers that begin like this, of this length.
func issued(d string) bool {
	switch n := len(d); {
	case d[0] == '4':
		return n == 13 || n == 16 || n == 19
	case d[:2] == "34" || d[:2] == "37":
		return n == 15
	case d[:2] >= "51" && d[:2] <= "55", d[:4] >= "2221" && d[:4] <= "2720":
		return n == 16
	case d[:2] == "36" || d[:2] == "38" || d[:2] == "30" || d[:2] == "39":
		return n >= 14
	case d[:4] == "6011" || d[:2] == "64" || d[:2] == "65" || d[:2] == "62" || d[:2] == "35" || d[:2] == "81" || d[:2] == "60" || d[:2] == "82":
		return n >= 16
	case d[:2] == "50" || d[0] == '6' || d[:2] >= "56" && d[:2] <= "58":
		return n >= 13
	case d[:2] == "22", d[:4] == "9792":
		return n >= 16
	}
	return false
}

// cardGroups reports whether digits are grouped as on a card.
func cardGroups(text string) bool {
	separator := byte(' ')
	if strings.Contains(text, "-") {
		separator = '-'
	} else if strings.Contains(text, ".") {
		separator = '.'
	}
	var sizes []byte
	for _, g := range strings.Split(text, string(separator)) {
		sizes = append(sizes, byte('0'+len(g)))
	}
	switch string(sizes) {
	case "4444", "465", "464", "4445", "44443":
		return true
	}
	return false
}
