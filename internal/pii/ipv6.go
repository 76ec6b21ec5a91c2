// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"net/netip"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var ipv6 = Detector{
	Class: "ipv6", Severity: diag.Error,
	Needs: func(t Traits, n int, _ Context) bool { return t.all(Colon) && n >= len("1::") },
	Find: func(s *Subject) []Hit {
		var hits []Hit
		s.runs(func(c byte) bool { return isHex(c) || c == ':' || c == '.' }, func(start, end int) {
			for end > start && (s.Text[end-1] == '.' || s.Text[end-1] == ':' && !strings.HasSuffix(s.Text[start:end], "::")) {
				end--
			}
			if strings.Count(s.Text[start:end], ":") < 2 || isWordByte(s.byteAt(start-1)) || isWordByte(s.byteAt(end)) {
				return
			}
			if isIPv6(s, s.Text[start:end]) {
				hits = append(hits, Hit{start, zoneEnd(s.Text, end)})
			}
		})
		return hits
	},
}

// zoneEnd returns where the zone of an address ends, such as %eth0.
func zoneEnd(text string, end int) int {
	if end < len(text) && text[end] == '%' {
		for end++; end < len(text) && (isAlnum(text[end]) || text[end] == '.' || text[end] == '-' || text[end] == '_'); {
			end++
		}
	}
	return end
}

func isIPv6(s *Subject, text string) bool {
	addr, err := netip.ParseAddr(text)
	if err != nil && strings.HasPrefix(text, ":") && !strings.HasPrefix(text, "::") {
		addr, err = netip.ParseAddr(text[1:]) // host:fe80::1
	}
	if err != nil || !addr.Is6() || !telling(addr) || s.Context.any(SaysDigest|SaysSerial|SaysMAC) {
		return false
	}
	groups := strings.FieldsFunc(text, func(r rune) bool { return r == ':' })
	if len(groups) == 8 && pairsOnly(groups) {
		return false // the hardware's address, of 64 bits
	}
	if len(groups) < 4 && !strings.ContainsAny(text, "0123456789") {
		return false // a scope of C++
	}
	plain := strings.Trim(text, "0123456789:") == "" && len(groups) <= 3 && short(groups)
	return !plain || s.Context.any(SaysAddress|SaysHost)
}

func pairsOnly(groups []string) bool {
	for _, g := range groups {
		if len(g) != 2 {
			return false
		}
	}
	return true
}

func short(groups []string) bool {
	for _, g := range groups {
		if len(g) > 2 {
			return false
		}
	}
	return true
}
