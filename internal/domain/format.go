// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Format is a set of strings that has a name. The zero Format has no member.
type Format uint8

// The formats.
const (
	// Version is a public version as PEP 440 has it, in any spelling that
	// packaging reads but without a leading v or surrounding space, such as
	// 3.21.0, 3.20.3.dev or 2.0.0RC1: at most 32 characters, at most 18 digits
	// to a number, and a local part only as +g and 4 to 40 lower-case hex digits.
	Version Format = iota + 1
	// Release is three decimal numbers of 1 to 9 digits, such as 3.21.0.
	Release
	// UUID is 32 hex digits of either case, with the four usual hyphens or
	// none, each of urn:, uuid: and a pair of braces at most once before (and
	// after) them.
	UUID
)

const (
	maxVersionLen    = 32
	maxReleaseDigits = 9
	maxReleaseLen    = 3*maxReleaseDigits + 2
)

// ParseFormat returns the format of a name in lower case; false if there is
// none.
func ParseFormat(name string) (Format, bool) {
	for f := Version; f <= UUID; f++ {
		if f.String() == name {
			return f, true
		}
	}
	return 0, false
}

// Formats returns the names of all formats, sorted.
func Formats() []string {
	return []string{"release", "uuid", "version"}
}

// String returns the name that [ParseFormat] takes; "" for none.
func (f Format) String() string {
	switch f {
	case Version:
		return "version"
	case Release:
		return "release"
	case UUID:
		return "uuid"
	}
	return ""
}

// MatchString reports whether s is a member. It does not allocate.
func (f Format) MatchString(s string) bool {
	return f.Match([]byte(s)) // the compiler sees that Match only reads: no copy
}

// Match reports whether b is a member. It does not allocate.
func (f Format) Match(b []byte) bool {
	switch f {
	case Version:
		_, ok := scanVersion(b)
		return ok
	case Release:
		return matchRelease(b)
	case UUID:
		_, ok := ParseUUID(b)
		return ok
	}
	return false
}

// matchRelease allows leading zeros, as packaging does.
func matchRelease(b []byte) bool {
	if len(b) > maxReleaseLen {
		return false
	}
	dots, digits := 0, 0
	for _, c := range b {
		switch {
		case isDigit(c) && digits < maxReleaseDigits:
			digits++
		case c == '.' && digits > 0 && dots < 2:
			dots, digits = dots+1, 0
		default:
			return false
		}
	}
	return dots == 2 && digits > 0
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// MinLen returns the length of a shortest member, in characters.
func (f Format) MinLen() int {
	switch f {
	case Version:
		return len("0")
	case Release:
		return len("0.0.0")
	case UUID:
		return 2 * 16
	}
	return 0
}

// MaxLen returns the length of a longest member, in characters.
func (f Format) MaxLen() int {
	return len(f.Widest())
}

// Widest returns a longest member, the same one every time.
func (f Format) Widest() string {
	switch f {
	case Version:
		return "3.21.0.dev0+g0123456789abcdef012"
	case Release:
		return "999999999.999999999.999999999"
	case UUID:
		return "urn:uuid:{ffffffff-ffff-ffff-ffff-ffffffffffff}"
	}
	return ""
}

// Sample returns a member as clients would send it: versions mostly of final
// releases, with every other part now and then; UUIDs of version 4 in the
// canonical spelling.
func (f Format) Sample(r *rand.Rand) string {
	switch f {
	case Version:
		return sampleVersion(r)
	case Release:
		return sampleRelease(r)
	case UUID:
		return sampleUUID(r)
	}
	return ""
}

func sampleRelease(r *rand.Rand) string {
	return fmt.Sprintf("%d.%d.%d", r.IntN(10), r.IntN(120), r.IntN(40))
}

// sampleVersion stays within the greatest length: the parts are at most 9, 8,
// 10 and 5 characters and the epoch 2.
func sampleVersion(r *rand.Rand) string {
	var text strings.Builder
	if r.IntN(32) == 0 {
		text.WriteString("1!")
	}
	if r.IntN(8) == 0 {
		fmt.Fprintf(&text, "%d.%d", r.IntN(10), r.IntN(120))
	} else {
		text.WriteString(sampleRelease(r))
	}
	stages := []string{"a", "b", "rc", ".a", "-beta.", "RC"}
	if r.IntN(8) == 0 {
		fmt.Fprintf(&text, "%s%d", stages[r.IntN(len(stages))], r.IntN(10))
	}
	if r.IntN(16) == 0 {
		fmt.Fprintf(&text, ".post%d", r.IntN(10))
	}
	if r.IntN(4) == 0 {
		text.WriteString([]string{".dev", ".dev0", ".dev1"}[r.IntN(3)])
	}
	if room := maxVersionLen - text.Len() - len("+g"); room >= 4 && r.IntN(8) == 0 {
		text.WriteString(sampleLocal(r, min(room, 8)))
	}
	return text.String()
}

// sampleLocal returns the start of a commit's hash, of n digits.
func sampleLocal(r *rand.Rand, n int) string {
	return fmt.Sprintf("+g%016x", r.Uint64())[:len("+g")+n]
}

func sampleUUID(r *rand.Rand) string {
	var id [16]byte
	for i := range id {
		id[i] = byte(r.Uint32())
	}
	id[6] = id[6]&0x0f | 0x40 // version 4: random
	id[8] = id[8]&0x3f | 0x80 // variant: RFC 9562
	return FormatUUID(id)
}
