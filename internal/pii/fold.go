// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold writes a text with the characters that mean the same to a reader: full-width forms are
// narrow, digits of every script are those of ASCII, dashes and dots are one kind each, and what
// can't be seen is gone. A text in ASCII is returned as it is.
func fold(text string) string {
	if isASCII(text) {
		return text
	}
	var b strings.Builder
	for _, r := range norm.NFKC.String(text) {
		switch {
		case r == utf8.RuneError:
			b.WriteByte(0x1a) // no text: nothing goes on over it
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r), r == '\u115f', r == '\u1160', r == '\u3164', r == '\u034f':
		case unicode.Is(unicode.Nd, r) && r >= utf8.RuneSelf:
			b.WriteByte('0' + digitOf(r))
		case unicode.Is(unicode.Pd, r), r == '\u2212', r == '\u2043':
			b.WriteByte('-')
		case unicode.Is(unicode.Zs, r):
			b.WriteByte(' ')
		case strings.ContainsRune("。．｡․﹒", r):
			b.WriteByte('.')
		case r == '\u2215', r == '\u2044':
			b.WriteByte('/')
		case strings.ContainsRune("׃∶꞉˸", r):
			b.WriteByte(':')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// digitOf returns the value of a decimal digit of any script: they stand in blocks of ten.
func digitOf(r rune) byte {
	for _, block := range unicode.Nd.R16 {
		if rune(block.Lo) <= r && r <= rune(block.Hi) {
			return byte((r - rune(block.Lo)) % 10)
		}
	}
	for _, block := range unicode.Nd.R32 {
		if rune(block.Lo) <= r && r <= rune(block.Hi) {
			return byte((r - rune(block.Lo)) % 10)
		}
	}
	return 0
}
