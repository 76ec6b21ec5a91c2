// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"fmt"
	"regexp/syntax"
	"strings"
	"unicode"
)

func anchored(pattern string) string { return "^(?:" + pattern + ")$" }

// ecmaPattern writes a pattern that a domain accepted in what the regular expressions of
// JavaScript, with its flag u, and of Go have in common: flags, names of classes and folded cases
// are written out. "" if it can't be parsed.
func ecmaPattern(expr string) string {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return ""
	}
	return ecma(tree)
}

func ecma(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		return ecmaLiteral(re)
	case syntax.OpCharClass:
		return ecmaClass(re.Rune)
	case syntax.OpAnyCharNotNL:
		return `[^\n]`
	case syntax.OpAnyChar:
		return `[\s\S]`
	case syntax.OpNoMatch:
		return `[^\s\S]`
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		return "(?:" + ecma(re.Sub[0]) + ")" + repetition(re)
	case syntax.OpCapture:
		return "(?:" + ecma(re.Sub[0]) + ")"
	case syntax.OpConcat:
		return strings.Join(ecmaSubs(re), "")
	case syntax.OpAlternate:
		return "(?:" + strings.Join(ecmaSubs(re), "|") + ")"
	}
	return "(?:)" // empty, or an anchor: a domain accepts those only where they say nothing new
}

func ecmaSubs(re *syntax.Regexp) []string {
	parts := make([]string, len(re.Sub))
	for i, sub := range re.Sub {
		parts[i] = ecma(sub)
	}
	return parts
}

func repetition(re *syntax.Regexp) string {
	switch {
	case re.Op == syntax.OpStar:
		return "*"
	case re.Op == syntax.OpPlus:
		return "+"
	case re.Op == syntax.OpQuest:
		return "?"
	case re.Max < 0:
		return fmt.Sprintf("{%d,}", re.Min)
	case re.Min == re.Max:
		return fmt.Sprintf("{%d}", re.Min)
	}
	return fmt.Sprintf("{%d,%d}", re.Min, re.Max)
}

func ecmaLiteral(re *syntax.Regexp) string {
	var b strings.Builder
	for _, r := range re.Rune {
		folded := []rune{r, r}
		if re.Flags&syntax.FoldCase != 0 {
			for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
				folded = append(folded, f, f)
			}
		}
		if len(folded) > 2 {
			b.WriteString(ecmaClass(folded))
			continue
		}
		b.WriteString(ecmaRune(r, `^$\.*+?()[]{}|`))
	}
	return b.String()
}

const (
	firstSurrogate = 0xD800
	lastSurrogate  = 0xDFFF
)

// ecmaClass writes a class of characters. Surrogates are no characters of any text.
func ecmaClass(pairs []rune) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		low, high := pairs[i], pairs[i+1]
		if firstSurrogate <= low && low <= lastSurrogate {
			low = lastSurrogate + 1
		}
		if firstSurrogate <= high && high <= lastSurrogate {
			high = firstSurrogate - 1
		}
		if low > high {
			continue
		}
		b.WriteString(ecmaRune(low, `\]^-[`))
		if low < high {
			b.WriteString("-" + ecmaRune(high, `\]^-[`))
		}
	}
	if b.Len() == 0 {
		return `[^\s\S]`
	}
	return "[" + b.String() + "]"
}

// ecmaRune writes one character, with a backslash if it is special.
func ecmaRune(r rune, special string) string {
	switch {
	case r < ' ' || r == 0x7f:
		return fmt.Sprintf(`\x%02x`, r)
	case strings.ContainsRune(special, r):
		return `\` + string(r)
	}
	return string(r)
}
