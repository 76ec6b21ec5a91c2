// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var privateKey = Detector{
	Class: "private_key", Severity: diag.Error,
	Needs: func(t Traits, n int, _ Context) bool { return n >= 14 && t.any(Dash|Upper) && t.any(Letter) },
	Find: func(s *Subject) []Hit {
		var hits []Hit
		upper := strings.ToUpper(s.Text)
		for from := 0; ; {
			i := strings.Index(upper[from:], "-----BEGIN ")
			if i < 0 {
				break
			}
			start := from + i
			name, _, _ := strings.Cut(upper[start+len("-----BEGIN "):], "-----")
			if strings.Contains(name, "PRIVATE KEY") && len(name) < 64 {
				hits = append(hits, Hit{start, keyEnd(upper, start)})
			}
			from = start + len("-----BEGIN ")
		}
		for _, marker := range keyMarkers {
			s.each(marker, func(at int) {
				if !isAlnum(s.byteAt(at - 1)) {
					hits = append(hits, Hit{at, tokenEnd(s.Text, at)})
				}
			})
		}
		return hits
	},
}

// keyMarkers begin private keys that have no lines around them: PKCS #8 of RSA and elliptic
// curves and PKCS #1 as base64, OpenSSH's format, PuTTY's, age's.
var keyMarkers = []string{"MIIEvAIBADANBg", "MIIEvQIBADANBg", "MIIEvgIBADANBg", "MIIJQgIBADANBg", "MIIJQwIBADANBg", "MIIJRAIBADANBg", "MIIG/wIBADANBg", "MIGHAgEAMBMGByqGSM49", "MIIEpAIBAAKCAQ", "MIIEpQIBAAKCAQ", "MIIEowIBAAKCAQ", "MC4CAQAwBQYDK2Vw", "b3BlbnNzaC1rZXktdjE", "PuTTY-User-Key-File-", "AGE-SECRET-KEY-1"}

// keyEnd returns where a key in lines ends, or the text if it was cut off.
func keyEnd(upper string, start int) int {
	end := strings.Index(upper[start:], "-----END ")
	if end < 0 {
		return len(upper)
	}
	end += start + len("-----END ")
	if close := strings.Index(upper[end:], "-----"); close >= 0 {
		return end + close + len("-----")
	}
	return len(upper)
}

// tokenEnd returns where the characters of keys end.
func tokenEnd(text string, at int) int {
	for at < len(text) && (isAlnum(text[at]) || strings.IndexByte("+/=_-.", text[at]) >= 0) {
		at++
	}
	return at
}
