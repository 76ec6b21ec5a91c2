// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strings"
	"unicode"
)

// mostGroups is how many groups of a value its mask shows.
const mostGroups = 8

// maskOf shows the shape of a value and nothing of it: each run of letters and digits is three
// stars, whatever its length, and of the signs between them only those stay that every value of
// its class may have.
func maskOf(value string) string {
	var b strings.Builder
	groups, inside := 0, false
	for _, r := range value {
		switch {
		case strings.ContainsRune("@.:-/+\\,_ ", r) || r == '\n':
			if inside = false; r == '\n' {
				r = ' '
			}
			if b.Len() > 0 && !strings.HasSuffix(b.String(), string(r)) || b.Len() == 0 {
				b.WriteRune(r)
			}
		case unicode.IsSpace(r):
			inside = false
		case !inside:
			if groups++; groups > mostGroups {
				return b.String() + "…"
			}
			b.WriteString("***")
			inside = true
		}
	}
	return strings.TrimSpace(b.String())
}

// shortest is the length of a value that can be looked for in a text: less could be a part of any
// word.
const shortest = 3

// redact replaces a value by its mask.
func redact(text, value, mask string) string {
	if len(value) < shortest {
		return text
	}
	return strings.ReplaceAll(text, value, mask)
}
