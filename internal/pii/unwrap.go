// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"encoding/base64"
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostLayers is how many encodings are taken off one value, one inside the other.
const mostLayers = 5

// layer is a text that was inside another one.
type layer struct {
	text  string
	whole bool // it was all of the other
}

// mayUnwrap is the prefilter of unwrap. Base64 of a text has capitals.
func mayUnwrap(t Traits, n int) bool {
	return t.any(Percent|Ampersand|Backslash|High|Bracket) || n >= leastBase64 && t.any(Upper)
}

// unwrap returns the texts that are encoded in a text, one layer deep.
func unwrap(text string, t Traits) []layer {
	var all []layer
	add := func(inner string) {
		if inner != text {
			all = append(all, layer{inner, true})
		}
	}
	if t.any(Percent) {
		add(unpercent(text))
	}
	if t.any(Ampersand) && strings.Contains(text, ";") {
		add(html.UnescapeString(text))
	}
	if t.any(Backslash) {
		add(unescape(text))
	}
	if t.any(Bracket) {
		add(spelledSigns.Replace(text))
	}
	return append(all, base64In(text)...)
}

// spelledSigns are how people hide addresses from programs that collect them.
var spelledSigns = strings.NewReplacer(" [at] ", "@", " (at) ", "@", "[at]", "@", "(at)", "@", " [dot] ", ".", " (dot) ", ".", "[dot]", ".", "(dot)", ".", "[.]", ".", "(.)", ".", "[@]", "@", "[:]", ":", " {at} ", "@", " {dot} ", ".", "<at>", "@")

// unpercent decodes %XX; what isn't followed by two digits stays.
func unpercent(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2]) {
			n, _ := strconv.ParseUint(text[i+1:i+3], 16, 8)
			b.WriteByte(byte(n))
			i += 2
			continue
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// unescape decodes \n, \", \uXXXX and \xXX, as a text has them that was quoted once too often.
func unescape(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		i++
		switch c := text[i]; c {
		case '"', '\'', '\\', '/':
			b.WriteByte(c)
		case 'u', 'x', 'U':
			n := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
			if code, err := strconv.ParseUint(text[i+1:min(len(text), i+1+n)], 16, 32); err == nil && i+n < len(text) && code <= unicode.MaxRune {
				b.WriteRune(rune(code))
				i += n
				continue
			}
			b.WriteString(text[i-1 : i+1])
		case 'n', 't', 'r':
			if i+1 < len(text) && isLetter(text[i+1]) { // C:\Users\nina
				b.WriteString(text[i-1 : i+1])
				continue
			}
			b.WriteByte(' ')
		default:
			b.WriteString(text[i-1 : i+1])
		}
	}
	return b.String()
}

// leastBase64 is the shortest text whose decoded form can be told from chance.
const leastBase64 = 8

// base64In finds the pieces of a text that are base64, in either alphabet, of a text.
func base64In(text string) []layer {
	var all []layer
	for i := 0; i < len(text); {
		if !isBase64(text[i]) {
			i++
			continue
		}
		start := i
		for i < len(text) && isBase64(text[i]) {
			i++
		}
		end := i
		for i < len(text) && text[i] == '=' {
			i++
		}
		if inner, ok := decodeBase64(text[start:end]); ok {
			all = append(all, layer{inner, start == 0 && i == len(text)})
		}
		if slash := strings.LastIndexByte(text[start:end], '/'); slash >= 0 { // the last part of a path
			if inner, ok := decodeBase64(text[start+slash+1 : end]); ok {
				all = append(all, layer{inner, false})
			}
		}
	}
	return all
}

func isBase64(c byte) bool { return isAlnum(c) || c == '+' || c == '/' || c == '-' || c == '_' }

// decodeBase64 decodes a text if what comes out is one.
func decodeBase64(text string) (string, bool) {
	if len(text) < leastBase64 || len(text)%4 == 1 {
		return "", false
	}
	encoding := base64.RawStdEncoding
	if strings.ContainsAny(text, "-_") {
		encoding = base64.RawURLEncoding
	}
	var head [6]byte
	if n, err := encoding.Decode(head[:], []byte(text[:leastBase64])); err != nil || !legible(string(head[:n]), false) {
		return "", false
	}
	data, err := encoding.DecodeString(text)
	if err != nil || !legible(string(data), true) {
		return "", false
	}
	return string(data), true
}

// legible reports whether bytes are a text. The end of a part of it may be cut off.
func legible(text string, all bool) bool {
	for i, r := range text {
		if r == utf8.RuneError && (all || i < len(text)-3) || r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f {
			return false
		}
		if r >= utf8.RuneSelf && !unicode.IsPrint(r) && !unicode.Is(unicode.Cf, r) && r != utf8.RuneError {
			return false
		}
	}
	return true
}
