// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var jwt = Detector{
	Class: "jwt", Severity: diag.Error,
	Needs: func(t Traits, n int, _ Context) bool { return n >= 20 && t.all(Dot|Lower|Upper) },
	Find: func(s *Subject) []Hit {
		var hits []Hit
		s.runs(func(c byte) bool { return isAlnum(c) || c == '-' || c == '_' || c == '.' || c == '=' }, func(start, end int) {
			for i := start; i < end; i++ {
				if s.Text[i] == 'e' && strings.HasPrefix(s.Text[i:end], "ey") && (i == start || s.Text[i-1] == '=') && isJWT(s.Text[i:end]) {
					hits = append(hits, Hit{i, end})
					return
				}
			}
		})
		return hits
	},
}

// isJWT reports whether a text is the compact form of RFC 7515 or 7516: its first part is JSON
// that says how the rest is signed or sealed.
func isJWT(text string) bool {
	head, rest, found := strings.Cut(strings.ReplaceAll(text, "=", ""), ".")
	if dots := strings.Count(rest, "."); !found || dots != 1 && dots != 3 {
		return false
	}
	data, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil {
		return false
	}
	var header map[string]any
	if json.Unmarshal(data, &header) != nil {
		return false
	}
	_, signed := header["alg"]
	_, typed := header["typ"]
	return signed || typed
}
