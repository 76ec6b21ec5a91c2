// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/domain"
)

var uuid = Detector{
	Class: "uuid", Severity: diag.Error,
	Needs: func(t Traits, n int, _ Context) bool { return n >= 32 && t.any(Digit|Letter) },
	Find: func(s *Subject) []Hit {
		var hits []Hit
		s.runs(func(c byte) bool { return isHex(c) || c == '-' }, func(start, end int) {
			if isUUIDAt(s, start, end) {
				hits = append(hits, Hit{start, end})
			}
		})
		return hits
	},
}

// wellKnownUUIDs are the same everywhere: none, all, and the namespaces of RFC 9562.
var wellKnownUUIDs = []string{
	"00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
	"6ba7b810-9dad-11d1-80b4-00c04fd430c8", "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
	"6ba7b812-9dad-11d1-80b4-00c04fd430c8", "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
}

func isUUIDAt(s *Subject, start, end int) bool {
	text := s.Text[start:end]
	if isWordByte(s.byteAt(start-1)) && !strings.HasSuffix(s.Text[:start], "_") || isWordByte(s.byteAt(end)) || len(text) != 32 && len(text) != 36 {
		return false
	}
	id, ok := domain.ParseUUID([]byte(text))
	if !ok {
		return false
	}
	for _, known := range wellKnownUUIDs {
		if domain.FormatUUID(id) == known {
			return false
		}
	}
	if len(text) == 36 {
		return true
	}
	variant := id[8]&0xc0 == 0x80 && id[6]>>4 >= 1 && id[6]>>4 <= 8
	if s.Context.any(SaysDigest | SaysSecret) {
		return false
	}
	near := s.Context | s.near(start)
	return near.any(SaysUUID) && !near.any(SaysDigest) || variant && near.any(SaysID|SaysUUID) || variant && s.byteAt(start-1) == '{'
}
