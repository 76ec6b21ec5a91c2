// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var freeText = Detector{
	Class: "free_text", Severity: diag.Warning,
	Needs: func(t Traits, n int, c Context) bool {
		return n >= 2 && t.any(Letter|High) && c.any(SaysFreeText|SaysLabel|SaysContent|SaysLabelMap)
	},
	Find: func(s *Subject) []Hit {
		if !s.Whole || s.Number || s.Bounded || !isFreeText(s) {
			return nil
		}
		return s.whole()
	},
}

// isFreeText takes a whole value for words that somebody chose, where the path says that nobody
// else did.
func isFreeText(s *Subject) bool {
	c, text := s.Context, strings.TrimSpace(s.Text)
	if c.any(SaysMeasure|SaysPath|SaysURL|SaysDigest|SaysUUID) || isNothing(text) || len(text) < 2 || !s.Traits.any(Letter|High) {
		return false
	}
	switch {
	case c.any(SaysFreeText), c.any(SaysLabelMap):
		return true
	case c.any(SaysLabel):
		return !c.any(SaysVersion) || strings.Contains(text, " ")
	}
	return c.any(SaysContent) && c.any(SaysName)
}
