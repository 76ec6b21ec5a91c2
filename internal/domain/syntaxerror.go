// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"errors"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// syntaxError puts a parser's error in the words and places of an expression.
func syntaxError(expr string, err error) *PatternError {
	failure := &PatternError{Kind: Syntax, Offset: -1, Message: err.Error(), Help: syntaxHelp("")}
	var parsing *syntax.Error
	if !errors.As(err, &parsing) {
		return failure
	}
	failure.Message = "not a regular expression of RE2: " + parsing.Code.String()
	if parsing.Expr != expr && utf8.ValidString(parsing.Expr) && parsing.Expr != "" {
		failure.Message += " `" + parsing.Expr + "`"
	}
	if parsing.Expr != expr || !utf8.ValidString(expr) { // the whole expression says nothing about the place
		failure.Offset = locateFragment(expr, parsing.Expr)
	}
	failure.Help = syntaxHelp(parsing.Code)
	if tooLarge(parsing.Code) {
		failure.Kind = TooComplex
	}
	return failure
}

// tooLarge tells expressions that RE2 allows but no parser wants.
func tooLarge(code syntax.ErrorCode) bool {
	return code == syntax.ErrLarge || code == syntax.ErrNestingDepth
}

// locateFragment returns the offset in code points of the fragment that a
// parser complains about, or -1 when it occurs more than once or not at all.
func locateFragment(expr, fragment string) int {
	if !utf8.ValidString(expr) {
		return firstInvalid(expr)
	}
	first := strings.Index(expr, fragment)
	if fragment == "" || first < 0 || first != strings.LastIndex(expr, fragment) {
		return -1
	}
	return codePoints(expr, first)
}

// firstInvalid returns the offset in code points of the first byte that is not
// UTF-8, or -1.
func firstInvalid(s string) int {
	n := 0
	for i, r := range s {
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], string(utf8.RuneError)) {
			return n
		}
		n++
	}
	return -1
}

func syntaxHelp(code syntax.ErrorCode) string {
	switch code {
	case syntax.ErrInvalidPerlOp:
		return "RE2 has no look-ahead, look-behind or comments: write the alternatives out"
	case syntax.ErrInvalidEscape:
		return `RE2 has no back-references; put \ only before punctuation or a known letter such as \d`
	case syntax.ErrInvalidRepeatSize:
		return "counts go up to 1000, the lower one first, such as {1,50}"
	case syntax.ErrInvalidRepeatOp, syntax.ErrMissingRepeatArgument:
		return `put what repeats before it, or \ to mean the character itself`
	case syntax.ErrMissingBracket, syntax.ErrMissingParen, syntax.ErrUnexpectedParen:
		return `close what is open, or put \ before it to mean the character itself`
	case syntax.ErrLarge, syntax.ErrNestingDepth:
		return "use fewer or smaller repetitions, such as [a-z]{1,50}, or list the values"
	}
	return "see https://github.com/google/re2/wiki/Syntax"
}
