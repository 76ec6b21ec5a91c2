// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"math"
	"strconv"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var geo = Detector{
	Class: "geo", Severity: diag.Error,
	Needs: func(t Traits, n int, c Context) bool {
		return c.any(SaysLatitude|SaysLongitude|SaysPosition|SaysPlace|SaysGeohash) && n >= 2 || n >= 8 && t.all(Digit) && (t.all(Dot) && t.any(Comma|Space|Plus|Dash) || t.any(High|Quote) || t.all(Plus|Upper) || t.all(Space))
	},
	Find: func(s *Subject) []Hit {
		if s.Number {
			return coordinate(s)
		}
		if s.Whole && isPlace(s) {
			return s.whole()
		}
		return append(append(pairs(s), degrees(s)...), plusCodes(s)...)
	},
}

// coordinate takes a number for half of a position where its key says so. A latitude alone can be
// a latency, so that it needs its other half beside it: the walk sees to that.
func coordinate(s *Subject) []Hit {
	limit := 180.0
	if s.Context.any(SaysLatitude) {
		limit = 90
	}
	n, err := strconv.ParseFloat(s.Text, 64)
	if err != nil || !s.Context.any(SaysLatitude|SaysLongitude) || math.Abs(n) > limit || !fine(s.Text, 2) {
		return nil
	}
	return s.whole()
}

// fine reports whether a number has at least so many decimals: fewer is a region.
func fine(text string, decimals int) bool {
	_, fraction, _ := strings.Cut(text, ".")
	return len(strings.TrimRight(fraction, "0")) >= decimals
}

// isPlace takes a whole value for where somebody is, where its key says so.
func isPlace(s *Subject) bool {
	t := s.Traits
	switch {
	case s.Context.any(SaysMeasure|SaysPath|SaysURL|SaysVersion) || s.Bounded:
		return false
	case s.Context.any(SaysLatitude | SaysLongitude):
		n, err := strconv.ParseFloat(strings.TrimRight(strings.TrimSpace(s.Text), "°NSEWnsew "), 64)
		return err == nil && math.Abs(n) <= 180 && fine(strings.TrimRight(s.Text, "°NSEWnsew "), 2)
	case s.Context.any(SaysGeohash):
		return len(s.Text) >= 5 && len(s.Text) <= 40 && !t.any(Slash) && t.any(Digit|Dot)
	case s.Context.any(SaysPlace):
		return len(s.Text) >= 3 && (t.any(Letter|High) || s.Context.any(SaysPlace) && t.any(Digit)) && !t.any(At|Slash) && !isNothing(s.Text)
	case s.Context.any(SaysPosition):
		return t.all(Comma) && t.any(Letter|High) && !t.any(Slash|Equals|Bracket|Colon) && strings.Contains(s.Text, ", ") && traits(s.Text[:1]).any(Upper|High|Digit)
	}
	return false
}

// isNothing reports whether a text says that there is none.
func isNothing(text string) bool {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "", "none", "null", "nil", "n/a", "na", "unknown", "default", "undefined", "-", "--", "true", "false", "yes", "no", "all", "any", "other", "unset", "empty", "redacted", "[redacted]", "***", "test", "missing", "not set", "tbd":
		return true
	}
	return false
}

// pairs finds a latitude and a longitude beside each other.
func pairs(s *Subject) []Hit {
	var hits []Hit
	s.runs(func(c byte) bool { return isDigit(c) || strings.IndexByte("+-., ", c) >= 0 }, func(start, end int) {
		text := s.Text[start:end]
		trimmed := strings.Trim(text, "., ")
		start += strings.Index(text, trimmed)
		if isWordByte(s.byteAt(start-1)) && !strings.HasSuffix(s.Text[:start], "@") || isLetter(s.byteAt(start+len(trimmed))) {
			return
		}
		if isPair(s, start, trimmed) {
			hits = append(hits, Hit{start, start + len(trimmed)})
		}
	})
	return hits
}

func isPair(s *Subject, start int, text string) bool {
	told := s.says(start, SaysPosition|SaysLatitude|SaysLongitude) || wrapped(s.Text[:start]) || s.byteAt(start-1) == '@'
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
	if len(parts) == 1 && strings.LastIndexAny(text, "+-") > 0 { // ISO 6709: +52.5200+013.4050/
		cut := strings.LastIndexAny(text, "+-")
		parts = []string{text[:cut], text[cut:]}
		told = told || text[0] == '+' || text[0] == '-'
	}
	if len(parts) != 2 && !(told && len(parts) == 3) || len(parts) == 2 && !told && !strings.Contains(text, ",") {
		return false
	}
	first, ok := degree(parts[0])
	second, ok2 := degree(parts[1])
	if !ok || !ok2 || math.Abs(first) > 180 || math.Abs(second) > 180 || math.Abs(first) > 90 && math.Abs(second) > 90 {
		return false
	}
	least := 4
	if told {
		least = 2
	}
	return fine(parts[0], least) && fine(parts[1], least) && !s.Context.any(SaysMeasure|SaysVersion)
}

// wrapped reports whether a text ends in what positions are written behind: geo:, POINT(, ll=.
func wrapped(before string) bool {
	before = strings.ToUpper(strings.TrimRight(before, "( "))
	for _, w := range []string{"GEO:", "POINT", "LL=", "POINT Z", "CENTER=", "QUERY=", "?Q=", "&Q=", "MAPS/", "SRID=4326;POINT", "LOC:"} {
		if strings.HasSuffix(before, w) {
			return true
		}
	}
	return false
}

func degree(text string) (float64, bool) {
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil && strings.Count(text, ".") == 1
}

// degrees finds positions in degrees, minutes and seconds, or in degrees with a side of the world.
func degrees(s *Subject) []Hit {
	var hits []Hit
	upper := strings.ToUpper(s.Text)
	for at := 0; at < len(upper); at++ {
		if !isDigit(upper[at]) || at > 0 && (isWordByte(upper[at-1]) || upper[at-1] == '.') {
			continue
		}
		end, side := angle(upper, at)
		if side != 'N' && side != 'S' {
			continue
		}
		next := end
		for next < len(upper) && strings.IndexByte(" ,;/", upper[next]) >= 0 {
			next++
		}
		if end2, side2 := angle(upper, next); (side2 == 'E' || side2 == 'W' || side2 == 'O') && next > 0 {
			hits = append(hits, Hit{at, end2})
			at = end2
		}
	}
	return hits
}

// angle reads one angle with its side of the world, and returns where it ends; the side is 0 if
// it is none.
func angle(text string, at int) (end int, side byte) {
	marks, digits := 0, 0
	for end = at; end < len(text); {
		switch {
		case isDigit(text[end]) || text[end] == '.':
			digits++
			end++
		case text[end] == ' ':
			end++
		case strings.HasPrefix(text[end:], "°"), strings.HasPrefix(text[end:], "º"), strings.HasPrefix(text[end:], "′"), strings.HasPrefix(text[end:], "″"), strings.HasPrefix(text[end:], "’"), strings.HasPrefix(text[end:], "”"), text[end] == '\'', text[end] == '"':
			marks++
			end += max(1, len(string([]rune(text[end:min(len(text), end+4)])[0])))
		case strings.IndexByte("NSEWO", text[end]) >= 0 && !isWordByte(byteAfter(text, end)):
			if digits < 2 || digits > 14 || marks == 0 && !strings.Contains(text[at:end], ".") {
				return end, 0
			}
			return end + 1, text[end]
		default:
			return end, 0
		}
	}
	return end, 0
}

func byteAfter(text string, i int) byte {
	if i+1 < len(text) {
		return text[i+1]
	}
	return 0
}

// plusCodes finds Open Location Codes, such as 9F4MGC22+22.
func plusCodes(s *Subject) []Hit {
	var hits []Hit
	s.each("+", func(at int) {
		start, end := at, at+1
		for start > 0 && strings.IndexByte(plusAlphabet, s.Text[start-1]) >= 0 {
			start--
		}
		for end < len(s.Text) && strings.IndexByte(plusAlphabet, s.Text[end]) >= 0 {
			end++
		}
		n := at - start
		if (n == 8 || n == 4 && s.says(start, SaysPosition|SaysGeohash)) && (end-at == 3 || end-at == 4) && s.isolated(start, end) && traits(s.Text[start:at]).all(Digit|Upper) {
			hits = append(hits, Hit{start, end})
		}
	})
	return hits
}

const plusAlphabet = "23456789CFGHJMPQRVWX"
