// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"fmt"
	"regexp/syntax"
	"unicode/utf8"
)

const (
	// MaxPatternLen is the greatest length, in code points, of a member of a
	// pattern.
	MaxPatternLen = 256

	maxExprBytes    = 4096
	maxExpandedSize = 1 << 16 // nodes with repetitions written out
)

// Pattern is a finite set of strings, written as a regular expression and
// compiled into a minimal automaton. It is immutable. The zero Pattern has no
// member.
type Pattern struct {
	expr     string
	auto     automaton
	ascii    [utf8.RuneSelf]uint16 // byte -> class
	alpha    *alphabet
	lengths  []lengthSet // state -> the lengths of what may follow
	minLen   int         // in code points
	maxLen   int
	maxBytes int // no member is longer
}

// CompilePattern compiles an expression in the syntax of RE2 with Perl's
// flags, anchored at both ends whether or not it says so. The error is always
// a [*PatternError].
func CompilePattern(expr string) (*Pattern, error) {
	tree, err := parsePattern(expr)
	if err != nil {
		return nil, err
	}
	p, err := buildPattern(tree)
	if err != nil {
		return nil, err
	}
	p.expr = expr
	return p, nil
}

// parsePattern returns the syntax tree of a bounded expression.
func parsePattern(expr string) (*syntax.Regexp, error) {
	if len(expr) > maxExprBytes {
		return nil, tooComplex(fmt.Sprintf("it is longer than %d bytes", maxExprBytes))
	}
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, syntaxError(expr, err)
	}
	trimAnchors(tree, true, true)
	for _, check := range []func(string, *syntax.Regexp) *PatternError{
		checkAssertions, checkBounded, checkWidth, checkSize,
	} {
		if err := check(expr, tree); err != nil {
			return nil, err
		}
	}
	return tree, nil
}

// buildPattern compiles a tree that parsePattern returned.
func buildPattern(tree *syntax.Regexp) (*Pattern, error) {
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return nil, tooComplex(err.Error())
	}
	alpha := newAlphabet(prog)
	subsets, failure := determinize(prog, alpha)
	if failure != nil {
		return nil, failure
	}
	p := &Pattern{auto: *minimize(subsets, len(alpha.spans)), ascii: alpha.asciiClasses(), alpha: alpha}
	p.lengths = p.auto.lengths()
	p.minLen, p.maxLen = p.lengths[p.auto.start].bounds()
	p.maxBytes = p.maxLen * utf8.UTFMax
	return p, nil
}

// String returns the expression as it was given.
func (p *Pattern) String() string { return p.expr }

// MatchString reports whether s is a member. It does not allocate.
func (p *Pattern) MatchString(s string) bool {
	return p.Match([]byte(s)) // the compiler sees that Match only reads: no copy
}

// Match reports whether b is a member. It does not allocate. What is not
// valid UTF-8 never is one.
func (p *Pattern) Match(b []byte) bool {
	if len(b) > p.maxBytes || p.auto.start == dead {
		return false
	}
	state, rows := p.auto.start, p.auto.rows
	for i, c := range b {
		if c >= utf8.RuneSelf {
			return p.matchRunes(b[i:], state)
		}
		state = rows[p.ascii[c]][state]
	}
	return p.auto.accept[state]
}

// matchRunes goes on from state with text that is not all ASCII.
func (p *Pattern) matchRunes(b []byte, state uint16) bool {
	for len(b) > 0 && state != dead {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			return false
		}
		state = p.auto.rows[p.alpha.class(r)][state]
		b = b[size:]
	}
	return p.auto.accept[state]
}

// MinLen returns the length of a shortest member, in code points.
func (p *Pattern) MinLen() int { return p.minLen }

// MaxLen returns the length of a longest member, in code points: at most
// [MaxPatternLen].
func (p *Pattern) MaxLen() int { return p.maxLen }
