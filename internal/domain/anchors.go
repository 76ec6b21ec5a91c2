// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import "regexp/syntax"

// trimAnchors makes ^, $, \A and \z at the very ends of a tree match the empty
// string there, as every pattern is anchored anyway. It changes the tree in
// place. atStart and atEnd say whether the node touches that end of the text.
func trimAnchors(re *syntax.Regexp, atStart, atEnd bool) {
	switch re.Op {
	case syntax.OpBeginText:
		makeEmpty(re, atStart)
	case syntax.OpEndText:
		makeEmpty(re, atEnd)
	case syntax.OpCapture, syntax.OpAlternate, syntax.OpQuest:
		for _, sub := range re.Sub {
			trimAnchors(sub, atStart, atEnd)
		}
	case syntax.OpConcat:
		trimConcat(re.Sub, atStart, atEnd)
	}
}

func makeEmpty(re *syntax.Regexp, redundant bool) {
	if redundant {
		re.Op = syntax.OpEmptyMatch
	}
}

// trimConcat passes each end on past the parts that have no width.
func trimConcat(subs []*syntax.Regexp, atStart, atEnd bool) {
	first, last := 0, len(subs)-1
	for first < last && widthless(subs[first]) {
		first++
	}
	for last > 0 && widthless(subs[last]) {
		last--
	}
	for i, sub := range subs {
		trimAnchors(sub, atStart && i <= first, atEnd && i >= last)
	}
}

func widthless(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginText, syntax.OpEndText:
		return true
	}
	return false
}

func isAssertion(re *syntax.Regexp) bool {
	return assertionText(re.Op) != ""
}

// assertionText names an assertion as people write it; "" is none.
func assertionText(op syntax.Op) string {
	switch op {
	case syntax.OpBeginText, syntax.OpBeginLine:
		return "^"
	case syntax.OpEndText, syntax.OpEndLine:
		return "$"
	case syntax.OpWordBoundary:
		return `\b`
	case syntax.OpNoWordBoundary:
		return `\B`
	}
	return ""
}

// locateAssertion returns the offset in code points of the token that op came
// from, or -1 when several could be meant.
func locateAssertion(expr string, op syntax.Op) int {
	var candidates, inside []token
	for _, t := range tokens(expr) {
		if !t.asserts(op) {
			continue
		}
		candidates = append(candidates, t)
		if !t.touchesEnd(expr) {
			inside = append(inside, t)
		}
	}
	switch {
	case len(inside) > 0:
		return codePoints(expr, inside[0].offset)
	case len(candidates) == 1:
		return codePoints(expr, candidates[0].offset)
	}
	return -1
}

// asserts reports whether the token is a spelling of op.
func (t token) asserts(op syntax.Op) bool {
	switch assertionText(op) {
	case "^":
		return t.text == "^" || t.text == `\A`
	case "$":
		return t.text == "$" || t.text == `\z`
	}
	return t.text == assertionText(op)
}

// touchesEnd reports whether the token is next to an end of the expression or
// of an alternative, where an anchor may be redundant.
func (t token) touchesEnd(expr string) bool {
	before, after := t.offset, t.offset+len(t.text)
	switch t.text {
	case "^", `\A`:
		return before == 0 || expr[before-1] == '(' || expr[before-1] == '|' || expr[before-1] == ':'
	case "$", `\z`:
		return after == len(expr) || expr[after] == ')' || expr[after] == '|'
	}
	return false
}
