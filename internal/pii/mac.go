// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"net"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var mac = Detector{
	Class: "mac", Severity: diag.Error,
	Needs: func(t Traits, n int, c Context) bool {
		return n >= 12 && t.any(Digit|Letter) && (t.any(Sign) || c.any(SaysMAC))
	},
	Find: func(s *Subject) []Hit {
		var hits []Hit
		s.runs(func(c byte) bool { return isHex(c) || c == ':' || c == '-' || c == '.' }, func(start, end int) {
			for end > start && strings.IndexByte(":-.", s.Text[end-1]) >= 0 {
				end--
			}
			if isMACAt(s, start, end) {
				hits = append(hits, Hit{start, end})
			}
		})
		return hits
	},
}

func isMACAt(s *Subject, start, end int) bool {
	text := s.Text[start:end]
	if isWordByte(s.byteAt(start-1)) || isWordByte(s.byteAt(end)) || s.Context.any(SaysDigest|SaysSerial) && !s.Context.any(SaysMAC) {
		return false
	}
	if isHexText(text) {
		return (len(text) == 12 || len(text) == 16) && s.says(start, SaysMAC) && someMAC(text)
	}
	hw, err := net.ParseMAC(text)
	return err == nil && len(hw) <= 8 && someMAC(text) && !isTimeLike(text)
}

// someMAC reports whether an address is that of a machine: not nothing, and not everybody.
func someMAC(text string) bool {
	digits := strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune(":-.", r) {
			return -1
		}
		return r
	}, text))
	return strings.Trim(digits, "0") != "" && strings.Trim(digits, "f") != ""
}

// isTimeLike reports whether dotted groups are digits only: a version, a day, or an address in
// octal.
func isTimeLike(text string) bool { return strings.Trim(text, "0123456789.") == "" }
