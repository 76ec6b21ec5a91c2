// SPDX-License-Identifier: GPL-2.0-or-later

package wire

import (
	"regexp"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

// Within reports whether every value that one leaf may have is one that the other may have, as
// payloads spell values. It is a sure yes or a no that may be too careful: a pattern is never
// within a format, nor a format within a pattern.
func (c *Compiler) Within(a, b *proposal.Leaf) bool {
	was, problems := c.Domain(a)
	is, others := c.Domain(b)
	return len(problems)+len(others) == 0 && was.Within(is)
}

// Words says in words what values a leaf may have.
func (c *Compiler) Words(leaf *proposal.Leaf) string {
	d, _ := c.Domain(leaf)
	return d.String()
}

// Within reports whether every member of d is one of o.
func (d Domain) Within(o Domain) bool {
	if d.Kind != o.Kind {
		return false
	}
	switch d.Kind {
	case Bool:
		return true
	case Numeric:
		return d.Numbers.Subset(o.Numbers)
	case Enum:
		return subset(d.Texts, o.Texts)
	case Text:
		return d.textWithin(o)
	}
	return false
}

func (d Domain) textWithin(o Domain) bool {
	switch {
	case d.Texts != nil:
		return !slices.ContainsFunc(d.Texts, func(s string) bool { return !o.ContainsText(s) })
	case d.Format != 0:
		return o.Format != 0 && d.Format.Subset(o.Format)
	case d.Pattern != nil && o.Pattern != nil:
		return d.Pattern.Subset(o.Pattern)
	case d.Pattern != nil && o.Texts != nil:
		listed, err := patternOf(o.Texts)
		return err == nil && d.Pattern.Subset(listed)
	}
	return false
}

// patternOf writes a list of texts as the pattern that matches nothing else.
func patternOf(texts []string) (*domain.Pattern, error) {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = regexp.QuoteMeta(text)
	}
	return domain.CompilePattern(strings.Join(quoted, "|"))
}
