// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"errors"
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func mustCompile(t testing.TB, expr string) *Pattern {
	t.Helper()
	p, err := CompilePattern(expr)
	if err != nil {
		t.Fatalf("CompilePattern(%q): %v", expr, err)
	}
	return p
}

func TestPatternFacts(t *testing.T) {
	tests := []struct {
		expr     string
		min, max int
		widest   string
		members  float64 // as many; NaN is not checked
	}{
		{`a`, 1, 1, "a", 1},
		{`^a$`, 1, 1, "a", 1},
		{`\Aa\z`, 1, 1, "a", 1},
		{`^a$|^bc$`, 1, 2, "bc", 2},
		{`(^a)?(b$)?`, 0, 2, "ab", 4},
		{`a?`, 0, 1, "a", 2},
		{`a|a`, 1, 1, "a", 1},
		{`(a|ab)(c|bcd)`, 2, 5, "abbcd", 4},
		{`(a|b){0,3}`, 0, 3, "aaa", 15},
		{`(?i)k`, 1, 1, "k", 3},
		{`[0-9]{2,3}`, 2, 3, "000", 1100},
		{`[^\x00-\x{10FFFE}]`, 1, 1, "\U0010FFFF", 1},
		{`[\x{D000}-\x{E000}]`, 1, 1, "\uD000", 0x801},
		{`a|[\x{D800}]b{300}`, 1, 1, "a", 1},
		{`[a-c]|[^\x00-\x{10FFFF}]b`, 1, 1, "a", 3},
		{`[^\x00-\x{10FFFF}]?a`, 1, 1, "a", 1},
		{`[é-ü]{1,2}`, 1, 2, "éé", 20 + 400},
		{`.`, 1, 1, "a", 0x110000 - 0x800 - 1},
		{`(?s).`, 1, 1, "a", 0x110000 - 0x800},
		{`[a-z][a-z0-9_]{0,49}`, 1, 50, strings.Repeat("a", 50), math.NaN()},
		{`([a-z0-9]{1,20}\.){0,5}[a-z]{2,10}`, 2, 115, strings.Repeat(strings.Repeat("a", 20)+".", 5) + strings.Repeat("a", 10), math.NaN()},
		{`\pL{1,100}`, 1, 100, strings.Repeat("a", 100), math.NaN()},
		{`(?:a?){256}`, 0, 256, strings.Repeat("a", 256), 257},
		{`[a-z]{1,63}(\.[a-z]{1,63}){0,3}`, 1, 255, strings.Repeat("a", 63) + strings.Repeat("."+strings.Repeat("a", 63), 3), math.NaN()},
	}
	for _, test := range tests {
		t.Run(test.expr, func(t *testing.T) {
			p := mustCompile(t, test.expr)
			if p.String() != test.expr || p.MinLen() != test.min || p.MaxLen() != test.max {
				t.Errorf("%s: lengths %d to %d, want %d to %d", p, p.MinLen(), p.MaxLen(), test.min, test.max)
			}
			if p.Widest() != test.widest {
				t.Errorf("widest %q, want %q", p.Widest(), test.widest)
			}
			if got := p.Cardinality(); !math.IsNaN(test.members) && math.Abs(got-math.Log2(test.members)) > 1e-9 {
				t.Errorf("2^%v members, want %v", got, test.members)
			}
		})
	}
}

func TestPatternMatch(t *testing.T) {
	tests := []struct {
		expr    string
		in, out []string
	}{
		{`[a-z][a-z0-9_]{0,49}`, []string{"container", "a", "rpm_2"}, []string{"", "2a", "Container", "a-b", strings.Repeat("a", 51), "é", "a\n"}},
		{`s3|file(system)?`, []string{"s3", "file", "filesystem"}, []string{"s", "filesys", "s3file"}},
		{`(?i)straße`, []string{"straße", "STRAẞE", "ſtraße"}, []string{"strasse", "stra\xdfe"}},
		{`\p{Greek}{2}`, []string{"αβ", "Ωω"}, []string{"ab", "α", "\xce\xce"}},
		{`.{1,3}`, []string{"é", "日本語", "\ufffd"}, []string{"\xff", "a\xff", "\xed\xa0\x80", "日本\xe8", "\n"}},
		{`[^a]`, []string{"b", "\n", "日"}, []string{"a", "\x80", "\xc0\x80"}},
	}
	for _, test := range tests {
		p := mustCompile(t, test.expr)
		for _, s := range test.in {
			if !p.MatchString(s) || !p.Match([]byte(s)) {
				t.Errorf("%s does not match %q", test.expr, s)
			}
		}
		for _, s := range test.out {
			if p.MatchString(s) || p.Match([]byte(s)) {
				t.Errorf("%s matches %q", test.expr, s)
			}
		}
	}
}

func TestPatternErrors(t *testing.T) {
	tests := []struct {
		expr    string
		kind    ErrorKind
		offset  int
		message string // a part of it
		help    string // a part of it
	}{
		{`a*`, Unbounded, 1, "* repeats", "{0,50}"},
		{`é[*+]\*+`, Unbounded, 7, "+ repeats", "{1,50}"},
		{`[]*][^]+][[:alpha:]*]a{2,}`, Unbounded, 22, "{2,} repeats", "{2,50}"},
		{`\Q*+\E(b|c)+?`, Unbounded, 11, "+ repeats", "{1,50}"},
		{``, Empty, -1, "only the empty", "[a-z]"},
		{`^$`, Empty, -1, "only the empty", "[a-z]"},
		{`a{0}`, Empty, -1, "only the empty", "[a-z]"},
		{`[^\x00-\x{10FFFF}]`, Empty, -1, "matches nothing", "[a-z]"},
		{`[\x{D800}-\x{DFFF}]`, Empty, -1, "matches nothing", "[a-z]"},
		{`\x{D800}a`, Empty, -1, "matches nothing", "[a-z]"},
		{`a{257}`, TooLong, -1, "257 code points", "lower"},
		{`(a{100}){3}`, TooLong, -1, "300 code points", "lower"},
		{`(a`, Syntax, -1, "missing closing )", "close"},
		{`é[a`, Syntax, 1, "missing closing ]", "close"},
		{`a(?=b)`, Syntax, 1, "invalid or unsupported Perl syntax", "look-ahead"},
		{`(a)\1`, Syntax, 3, "invalid escape", "back-references"},
		{`ab**`, Syntax, 2, "nested repetition", "mean the character"},
		{`é` + "\xff", Syntax, 1, "UTF-8", "wiki"},
		{`\bab`, Syntax, 0, `\b`, "write out"},
		{`a\Bb`, Syntax, 1, `\B`, "write out"},
		{`éa^b`, Syntax, 2, "^", "remove it"},
		{`^a$b$`, Syntax, 2, "$", "remove it"},
		{`[$]a$b`, Syntax, 4, "$", "remove it"},
		{`(?m)^a$`, Syntax, 4, "^", "remove it"},
		{strings.Repeat("a|", 4000), TooComplex, -1, "longer than 4096", "list the values"},
		{`(((((a?){2}){2}){8}){8}){1000}`, Syntax, 0, "repeat count", "1000"},
		{`([a-z]{0,20}b){0,5}[ab]{0,20}[ac]{0,20}[bc]{0,20}(a[a-z]{0,10}){0,6}`, TooComplex, -1, "too", "list the values"},
	}
	for _, test := range tests {
		_, err := CompilePattern(test.expr)
		var failure *PatternError
		if !errors.As(err, &failure) {
			t.Errorf("%.40q: error %v, want a PatternError", test.expr, err)
			continue
		}
		if failure.Kind != test.kind || test.offset != failure.Offset && test.offset != 0 {
			t.Errorf("%.40q: %v at %d, want %v at %d (%v)", test.expr, failure.Kind, failure.Offset, test.kind, test.offset, err)
		}
		if !strings.Contains(failure.Message, test.message) || !strings.Contains(failure.Help, test.help) {
			t.Errorf("%.40q: %q and %q, want %q and %q", test.expr, failure.Message, failure.Help, test.message, test.help)
		}
	}
}

func TestPatternErrorText(t *testing.T) {
	_, err := CompilePattern(`[a-z]+`)
	want := "+ repeats without an upper bound (at character 6); write {1,50}, with the greatest count that is ever needed"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	var kinds []string
	for k := range TooComplex + 2 {
		kinds = append(kinds, k.String())
	}
	if diff := cmp.Diff([]string{"unknown", "syntax", "unbounded", "empty", "too long", "too complex", "unknown"}, kinds); diff != "" {
		t.Error(diff)
	}
}

// realistic patterns, and ones that are hard on the automaton
var exercised = []string{
	`[a-z][a-z0-9_]{0,49}`, `([a-z0-9]{1,20}\.){0,5}[a-z]{2,10}`, `(?i)(s3|azure|file)-[0-9]{1,3}`,
	`\p{Lu}\p{Ll}{0,9}( \pL{1,5})?`, `.{0,20}`, `(?i:[k-s]{1,4})|ß`, `(a|ab)(c|bcd)?(d|)`,
}

func TestSamples(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, expr := range exercised {
		p := mustCompile(t, expr)
		oracle := regexp.MustCompile("^(?:" + expr + ")$")
		lengths := map[int]bool{}
		for range 3000 {
			s := p.Sample(r)
			if !oracle.MatchString(s) || !p.MatchString(s) {
				t.Fatalf("%s: sample %q is no member", expr, s)
			}
			lengths[utf8.RuneCountInString(s)] = true
		}
		if !lengths[p.MinLen()] || !lengths[p.MaxLen()] {
			t.Errorf("%s: no sample of length %d or %d", expr, p.MinLen(), p.MaxLen())
		}
	}
}

func TestSampleReachesEveryMember(t *testing.T) {
	p := mustCompile(t, `(container|rpm|file|[a-c]{1,2})x?`)
	r := rand.New(rand.NewPCG(3, 4))
	seen := map[string]bool{}
	for range 5000 {
		seen[p.Sample(r)] = true
	}
	if want := math.Exp2(p.Cardinality()); math.Abs(float64(len(seen))-want) > 1e-6 || len(seen) != 30 {
		t.Errorf("%d samples differ, want %v: %v", len(seen), want, seen)
	}
}

func TestZeroPattern(t *testing.T) {
	var p Pattern
	r := rand.New(rand.NewPCG(1, 1))
	if p.Match(nil) || p.MatchString("a") || p.Widest() != "" || p.Sample(r) != "" || p.MaxLen() != 0 || p.MinLen() != 0 {
		t.Error("the zero Pattern has a member")
	}
	if !math.IsInf(p.Cardinality(), -1) {
		t.Errorf("cardinality %v, want -Inf", p.Cardinality())
	}
}
