// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import "encoding/hex"

const (
	uuidDigits    = 32
	canonicalUUID = 36 // with the four hyphens
)

// ParseUUID reads any spelling that [UUID] allows. It does not allocate.
func ParseUUID(b []byte) ([16]byte, bool) {
	var id [16]byte
	b = trimUUID(b)
	switch len(b) {
	case uuidDigits:
		return id, decodeHex(id[:], b)
	case canonicalUUID:
		ok := b[8] == '-' && b[13] == '-' && b[18] == '-' && b[23] == '-' &&
			decodeHex(id[:4], b[:8]) && decodeHex(id[4:6], b[9:13]) && decodeHex(id[6:8], b[14:18]) &&
			decodeHex(id[8:10], b[19:23]) && decodeHex(id[10:], b[24:])
		return id, ok
	}
	return id, false
}

// trimUUID strips the two prefixes and a pair of braces, each at most once and
// in any order, as uuid.UUID of Python would.
func trimUUID(b []byte) []byte {
	urn, uuid, braces := false, false, false
	for len(b) > uuidDigits {
		switch {
		case !urn && string(b[:4]) == "urn:":
			b, urn = b[4:], true
		case !uuid && string(b[:5]) == "uuid:":
			b, uuid = b[5:], true
		case !braces && b[0] == '{' && b[len(b)-1] == '}':
			b, braces = b[1:len(b)-1], true
		default:
			return b
		}
	}
	return b
}

// decodeHex fills dst from twice as many digits and reports whether all were.
func decodeHex(dst, digits []byte) bool {
	_, err := hex.Decode(dst, digits)
	return err == nil
}

// FormatUUID returns the canonical spelling: lower case, with hyphens.
func FormatUUID(id [16]byte) string {
	var text [canonicalUUID]byte
	hex.Encode(text[:8], id[:4])
	hex.Encode(text[9:13], id[4:6])
	hex.Encode(text[14:18], id[6:8])
	hex.Encode(text[19:23], id[8:10])
	hex.Encode(text[24:], id[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}
