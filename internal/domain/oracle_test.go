// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// genExpr draws expressions that are bounded, with shared prefixes, nested
// repetitions, cases and classes.
func genExpr(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		atoms := []string{"a", "b", "ab", "é", `[a-c]`, `[^a]`, ".", `\d`, `[[:alpha:]]`, `\pL`, `(?i:k)`, `(?i)S`, `[é-ü]`, `\x{FFFD}`, `(?s:.)`, `\.`, "-", "日"}
		if depth == 0 {
			return rapid.SampledFrom(atoms).Draw(t, "atom")
		}
		sub := genExpr(depth - 1)
		switch rapid.IntRange(0, 4).Draw(t, "form") {
		case 0:
			return sub.Draw(t, "left") + sub.Draw(t, "right")
		case 1:
			return "(" + sub.Draw(t, "left") + "|" + sub.Draw(t, "right") + ")"
		case 2:
			low := rapid.IntRange(0, 2).Draw(t, "low")
			return fmt.Sprintf("(?:%s){%d,%d}", sub.Draw(t, "repeated"), low, low+rapid.IntRange(0, 2).Draw(t, "more"))
		case 3:
			return "(?:" + sub.Draw(t, "optional") + ")?"
		}
		return sub.Draw(t, "plain")
	})
}

func TestPatternAgreesWithRegexp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		expr := genExpr(4).Draw(t, "expr")
		if rapid.Bool().Draw(t, "anchored") {
			expr = "^(?:" + expr + ")$"
		}
		text := rapid.StringOfN(rapid.RuneFrom([]rune("abcABCksS09-.éü日ſK\ufffd\n")), 0, 8, -1).Draw(t, "text")
		agree(t, expr, text)
	})
}

func FuzzPattern(f *testing.F) {
	for _, expr := range exercised {
		f.Add(expr, "a_1")
	}
	for _, seed := range [][2]string{
		{`^a$|^b$`, "b"}, {`(^a)?(b$)?`, "ab"}, {`\Aa{2}\z`, "aa"}, {`a*`, "a"}, {`[^\x00-\x{10FFFF}]`, "a"}, {`\bx`, "x"},
		{`(?i)ſtra[ß-ü]{1,3}`, "STRAß"}, {`\Qa*\E{2,3}`, "a**"}, {`[\x{D000}-\x{FFFF}]`, "\ufffd"}, {`.{1,3}`, "\xff"}, {`(|a){0,3}b??`, "ab"},
		{`a{2,}`, "aa"}, {`(?P<n>[[:^digit:]]){3}`, "日本語"}, {`\C`, "a"}, {`)(`, "a"}, {`\PN\D\W\S`, "abcd"}, {`(?U)a{1,2}?`, "aa"}, {`(?m)^a$`, "a"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, expr, text string) { agree(t, expr, text) })
}

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// agree compares a pattern with package regexp on a text and its own samples.
func agree(t failer, expr, text string) {
	t.Helper()
	p, err := CompilePattern(expr)
	if err != nil {
		agreeOnError(t, expr, text, err)
		return
	}
	oracle, err := regexp.Compile("^(?:" + expr + ")$")
	if err != nil {
		return // such as \Qa without \E, which swallows the bracket
	}
	seed := uint64(len(expr) + len(text))
	r := rand.New(rand.NewPCG(seed, seed))
	texts := []string{text, "", p.Widest()}
	for range 5 {
		s := p.Sample(r)
		if !oracle.MatchString(s) {
			t.Fatalf("%q: the sample %q is no member", expr, s)
		}
		texts = append(texts, s, mutate(s, r))
	}
	for _, s := range texts {
		agreeOnText(t, p, oracle, s)
	}
	agreeOnWidth(t, p)
}

func agreeOnText(t failer, p *Pattern, oracle *regexp.Regexp, s string) {
	t.Helper()
	want := utf8.ValidString(s) && oracle.MatchString(s)
	if got := p.MatchString(s); got != want {
		t.Fatalf("%q matches %q: %v, want %v", p, s, got, want)
	}
	if n := utf8.RuneCountInString(s); want && (n < p.MinLen() || n > p.MaxLen()) {
		t.Fatalf("%q matches %q of length %d, outside %d to %d", p, s, n, p.MinLen(), p.MaxLen())
	}
}

// agreeOnWidth compares the automaton with the tree, which is measured by
// other code.
func agreeOnWidth(t failer, p *Pattern) {
	t.Helper()
	tree, err := syntax.Parse(p.String(), syntax.Perl)
	if err != nil {
		t.Fatalf("%q: %v", p, err)
	}
	if w := widthOf(tree); w.none || w.min != p.MinLen() || w.max != p.MaxLen() {
		t.Fatalf("%q: lengths %d to %d, want %+v", p, p.MinLen(), p.MaxLen(), w)
	}
	widest := p.Widest()
	if !p.MatchString(widest) || utf8.RuneCountInString(widest) != p.MaxLen() {
		t.Fatalf("%q: the widest %q is not a member of length %d", p, widest, p.MaxLen())
	}
	if bits := p.Cardinality(); bits < 0 || bits > 21*MaxPatternLen {
		t.Fatalf("%q: cardinality %v", p, bits)
	}
}

// agreeOnError checks that a refusal is well formed and not arbitrary.
func agreeOnError(t failer, expr, text string, err error) {
	t.Helper()
	var failure *PatternError
	if !errors.As(err, &failure) {
		t.Fatalf("%q: %v is not a PatternError", expr, err)
	}
	if failure.Message == "" || failure.Help == "" || failure.Offset < -1 || failure.Offset > utf8.RuneCountInString(expr) {
		t.Fatalf("%q: malformed error %+v", expr, failure)
	}
	oracle, wrapped := regexp.Compile("^(?:" + expr + ")$")
	_, alone := regexp.Compile(expr) // )( is only right in brackets
	switch {
	case wrapped != nil, alone != nil:
	case failure.Kind == Empty && text != "" && utf8.ValidString(text) && oracle.MatchString(text):
		t.Fatalf("%q is said to be empty, but matches %q", expr, text)
	case failure.Kind == Unbounded && !strings.ContainsAny(expr, "*+,"):
		t.Fatalf("%q is said to be unbounded", expr)
	case failure.Kind == Unbounded && failure.Offset < 0:
		t.Fatalf("%q: no token is found for %v", expr, err)
	case failure.Kind == Syntax && !strings.ContainsAny(expr, `^$\`):
		t.Fatalf("%q is said to be wrong: %v", expr, err)
	}
}

// mutate changes, drops or adds one byte.
func mutate(s string, r *rand.Rand) string {
	b := []byte(s)
	at := r.IntN(len(b) + 1)
	switch {
	case at == len(b):
		return s + string("aA0_.\n"[r.IntN(6)])
	case r.IntN(2) == 0:
		return string(append(b[:at:at], b[at+1:]...))
	}
	b[at] ^= 1 << r.IntN(8)
	return string(b)
}
