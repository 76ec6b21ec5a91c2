// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var ipv4 = Detector{
	Class: "ipv4", Severity: diag.Error,
	Needs: func(t Traits, n int, c Context) bool {
		return t.all(Digit) && n >= len("1.1.1.1") && (t.any(Sign) || c.any(SaysAddress|SaysHost))
	},
	Find: func(s *Subject) []Hit {
		var hits []Hit
		s.runs(func(c byte) bool { return isHex(c) || c == '.' || c|0x20 == 'x' }, func(start, end int) {
			for end > start && s.Text[end-1] == '.' {
				end--
			}
			if h, ok := ipv4At(s, start, end); ok {
				hits = append(hits, h)
			}
		})
		return hits
	},
}

func ipv4At(s *Subject, start, end int) (Hit, bool) {
	text := s.Text[start:end]
	if text == "" || !isDigit(text[0]) || isWordByte(s.byteAt(start-1)) || isWordByte(s.byteAt(end)) || len(text) > len("0x00.0x00.0x00.0x00") {
		return Hit{}, false
	}
	hit := Hit{start, end}
	if dots := strings.Count(text, "."); dots != 3 {
		return hit, dots == 0 && isWholeIPv4(s, start, text)
	}
	addr, ok := dottedIPv4(text)
	if !ok || !telling(addr) || s.Context.any(SaysVersion|SaysOID|SaysMask) && !s.Context.any(SaysHost) {
		return hit, false
	}
	return hit, !isVersionAt(s, start, end, text)
}

// dottedIPv4 reads four numbers, each decimal, octal, hexadecimal or padded with zeros to three
// digits.
func dottedIPv4(text string) (netip.Addr, bool) {
	if addr, err := netip.ParseAddr(text); err == nil {
		return addr, true
	}
	var octets [4]byte
	padded := false
	for i, part := range strings.Split(text, ".") {
		n, ok := octet(part)
		if !ok {
			return netip.Addr{}, false
		}
		padded = padded || len(part) >= 3
		octets[i] = n
	}
	return netip.AddrFrom4(octets), padded
}

func octet(part string) (byte, bool) {
	base, digits := 10, part
	switch {
	case strings.HasPrefix(strings.ToLower(part), "0x"):
		base, digits = 16, part[2:]
	case len(part) > 3 && part[0] == '0':
		base = 8
	case len(part) > 1 && part[0] == '0':
		base = 10
	}
	n, err := strconv.ParseUint(digits, base, 16)
	return byte(n), err == nil && n <= 255
}

// telling reports whether an address is that of one machine or network: not the machine itself,
// not all of them, no mask.
func telling(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || a.IsUnspecified() || a.IsLoopback() || a.IsMulticast() {
		return false
	}
	if a.Is4() {
		b := a.As4()
		return b[0] != 0 && b[0] != 255
	}
	return true
}

// isWholeIPv4 reads an address that is written as one number, where somebody says that it is one.
func isWholeIPv4(s *Subject, start int, text string) bool {
	inURL := strings.HasSuffix(s.Text[:start], "http://") || strings.HasSuffix(s.Text[:start], "https://")
	told := s.Whole && s.Context.any(SaysAddress|SaysHost) || !s.Whole && s.near(start).any(SaysAddress)
	if s.Context.any(SaysMeasure|SaysVersion|SaysMask|SaysMAC|SaysPhone|SaysEmail) || !inURL && !told || len(text) < 8 {
		return false
	}
	base, digits := 10, text
	if rest, ok := strings.CutPrefix(strings.ToLower(text), "0x"); ok {
		base, digits = 16, rest
	} else if text[0] == '0' {
		base = 8
	}
	n, err := strconv.ParseUint(digits, base, 32)
	return err == nil && telling(netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}))
}

// isVersionAt reports whether four numbers are those of a version or an object identifier, by what
// stands around them.
func isVersionAt(s *Subject, start, end int, text string) bool {
	before, after := s.byteAt(start-1), s.byteAt(end)
	switch {
	case after == '-' && !isDigit(s.byteAt(end+1)), after == '+', after == '~', after == '.' && isWordByte(s.byteAt(end+1)), after == '-' && !rangeOf(s.Text[end+1:]):
		return true
	case before == '-' && start > 1 && !isDigit(s.byteAt(start-2)) && s.byteAt(start-2) != ' ', before == '+', before == '~', before == '^', before == '!':
		return true
	case before == '.' || before == '-' && isLetter(s.byteAt(start-2)):
		return true
	case before == '=' && strings.IndexByte("=<>~!", s.byteAt(start-2)) >= 0 && start > 1, before == '<' || before == '>' && s.byteAt(start-2) != '=' && after != '<':
		return after != '>' || before != '<'
	case before == '/':
		return isProductAt(s, start-1)
	}
	if strings.HasPrefix(text, "2.5.29.") || strings.HasPrefix(text, "2.5.4.") || text == "1.3.6.1" {
		return true
	}
	near := s.near(start)
	return near.any(SaysVersion|SaysOID|SaysMask) && !near.any(SaysAddress|SaysHost|SaysHostWeakly)
}

// rangeOf reports whether a text begins with another address, as in 10.0.0.1-10.0.0.9.
func rangeOf(text string) bool {
	end := 0
	for end < len(text) && (isDigit(text[end]) || text[end] == '.') {
		end++
	}
	_, err := netip.ParseAddr(text[:end])
	return err == nil || end > 0 && end <= 3 && !strings.Contains(text[:end], ".") && end == len(text)
}

// isProductAt reports whether a slash stands between a product and its version, as in a user
// agent.
func isProductAt(s *Subject, slash int) bool {
	start := slash
	for start > 0 && (isAlnum(s.Text[start-1]) || strings.IndexByte("_-.", s.Text[start-1]) >= 0) {
		start--
	}
	word := s.Text[start:slash]
	before := s.byteAt(start - 1)
	return word != "" && isLetter(word[0]) && (before == 0 || before == ' ' || before == '(' || before == '"')
}
