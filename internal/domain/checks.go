// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"fmt"
	"regexp/syntax"
	"strings"
)

func checkAssertions(expr string, tree *syntax.Regexp) *PatternError {
	node := find(tree, isAssertion)
	if node == nil {
		return nil
	}
	help := "remove it: a pattern is anchored at both ends by itself"
	if strings.HasPrefix(assertionText(node.Op), `\`) {
		help = "write out what may stand on either side instead, such as [a-z]{1,20}( [a-z]{1,20})?"
	}
	return &PatternError{
		Kind: Syntax, Offset: locateAssertion(expr, node.Op),
		Message: fmt.Sprintf("the assertion %s inside a pattern is not supported", assertionText(node.Op)),
		Help:    help,
	}
}

func checkBounded(expr string, tree *syntax.Regexp) *PatternError {
	node := find(tree, isUnbounded)
	if node == nil {
		return nil
	}
	text, offset := "*, + or {n,}", -1
	for _, t := range tokens(expr) {
		if t.repeats() {
			text, offset = t.text, codePoints(expr, t.offset)
			break
		}
	}
	return &PatternError{
		Kind: Unbounded, Offset: offset,
		Message: fmt.Sprintf("%s repeats without an upper bound", text),
		Help:    fmt.Sprintf("write %s, with the greatest count that is ever needed", boundedForm(text)),
	}
}

// boundedForm returns what to write instead of an unbounded repetition.
func boundedForm(text string) string {
	switch {
	case text == "*":
		return "{0,50}"
	case strings.HasPrefix(text, "{"):
		return strings.TrimSuffix(text, "}") + "50}"
	}
	return "{1,50}"
}

func checkWidth(_ string, tree *syntax.Regexp) *PatternError {
	w := widthOf(tree)
	switch {
	case w.none:
		return &PatternError{Empty, -1, "the pattern matches nothing", "write one that has members, such as [a-z]{1,50}"}
	case w.max == 0:
		return &PatternError{Empty, -1, "the pattern matches only the empty string", "write one that has members, such as [a-z]{1,50}"}
	case w.max > MaxPatternLen:
		return &PatternError{
			Kind: TooLong, Offset: -1,
			Message: fmt.Sprintf("the longest match has %s code points, more than %d", atMost(w.max), MaxPatternLen),
			Help:    "lower the counts in braces",
		}
	}
	return nil
}

func atMost(n int) string {
	if n >= saturated {
		return "millions of"
	}
	return fmt.Sprint(n)
}

func checkSize(_ string, tree *syntax.Regexp) *PatternError {
	if expandedSize(tree) > maxExpandedSize {
		return tooComplex("written out, its repetitions are too many")
	}
	return nil
}
