// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

func compile(t *testing.T, expr string) *Pattern {
	t.Helper()
	p, err := CompilePattern(expr)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPatternSubset(t *testing.T) {
	tests := []struct {
		p, q        string
		forth, back bool
	}{
		{"[a-z]{1,5}", "[a-z]{1,5}", true, true},
		{"[a-z]{1,5}", "[a-z]{1,6}", true, false},
		{"[a-y]{1,5}", "[a-z]{1,5}", true, false},
		{"[a-z][a-z0-9_]{0,49}", "[a-z0-9_]{1,50}", true, false},
		{"ab|cd", "[abcd]{2}", true, false},
		{"a|b|c", "[a-c]", true, true},
		{"a{1,3}", "a|aa|aaa", true, true},
		{"[a-m]{2}", "[n-z]{2}", false, false},
		{"(?i)abc", "[aA][bB][cC]", true, true},
		{"é", "[à-ÿ]", true, false},
		{".", "[^\\n]", true, true},
		{"\\PL", ".|\\n", true, false},
		{"x?", "x", false, true},
		{"k", "(?i)K", true, false},
		{"^a$", "a", true, true},
		{"[\\x{10000}-\\x{10FFFF}]", ".", true, false},
	}
	for _, test := range tests {
		p, q := compile(t, test.p), compile(t, test.q)
		if forth, back := p.Subset(q), q.Subset(p); forth != test.forth || back != test.back {
			t.Errorf("%s in %s: %v, and back: %v", test.p, test.q, forth, back)
		}
	}
	if none := (&Pattern{}); !none.Subset(compile(t, "a")) {
		t.Error("nothing is in everything")
	}
}

// TestPatternSubsetOracle asks every text over five letters that is short enough.
func TestPatternSubsetOracle(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	texts := []string{""}
	for from := 0; utf8.RuneCountInString(texts[from]) < 5; from++ {
		for _, letter := range "abéAB" {
			texts = append(texts, texts[from]+string(letter))
		}
	}
	yes := 0
	for range 1500 {
		p, q := randomPattern(r), randomPattern(r)
		if p == nil || q == nil || p.MaxLen() > 5 {
			continue
		}
		want := true
		for _, text := range texts {
			want = want && (!p.MatchString(text) || q.MatchString(text))
		}
		if got := p.Subset(q); got != want {
			t.Fatalf("%s in %s: %v, want %v", p, q, got, want)
		}
		if want {
			yes++
		}
	}
	if yes < 100 {
		t.Errorf("only %d pairs were subsets", yes)
	}
}

func randomPattern(r *rand.Rand) *Pattern {
	p, err := CompilePattern(randomExpr(r, 3))
	if err != nil {
		return nil
	}
	return p
}

func randomExpr(r *rand.Rand, depth int) string {
	atoms := []string{"a", "b", "é", "[ab]", "[^a]{0}", "[a-bé]", "(?i)A"}
	if depth == 0 {
		return atoms[r.IntN(len(atoms))]
	}
	x, y := randomExpr(r, depth-1), randomExpr(r, depth-1)
	return [...]string{x, x + y, "(?:" + x + "|" + y + ")", "(?:" + x + ")?", fmt.Sprintf("(?:%s){0,%d}", x, 1+r.IntN(2))}[r.IntN(5)]
}

// TestPatternSubsetCost: two patterns with many states are told apart without visiting all pairs
// of them for long.
func TestPatternSubsetCost(t *testing.T) {
	p := compile(t, "[ab]{0,20}a[ab]{0,9}")
	q := compile(t, "[ab]{0,21}a[ab]{0,9}")
	if !p.Subset(q) || q.Subset(p) {
		t.Error("wrong")
	}
	long := compile(t, strings.Repeat("[a-z]", 256))
	if !long.Subset(compile(t, "[a-z]{256}")) {
		t.Error("wrong")
	}
}

func TestNumbersSubset(t *testing.T) {
	whole := func(a, b int64) Numbers { n, _ := Integers(Int(a), Int(b)); return n }
	double := func(a, b float64) Numbers { n, _ := Reals(Float(a), Float(b)); return n }
	values := func(vs ...float64) Numbers {
		var all []Number
		for _, v := range vs {
			all = append(all, Float(v))
		}
		n, err := Values(all...)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	all, _ := Integers(Int(-1<<63), Uint(1<<64-1))
	tests := []struct {
		s, t        Numbers
		forth, back bool
	}{
		{whole(0, 5), whole(0, 5), true, true},
		{whole(0, 5), whole(0, 6), true, false},
		{whole(-1, 5), whole(0, 6), false, false},
		{whole(0, 5), double(0, 5), true, false},
		{whole(3, 3), double(3, 3), true, true},
		{values(0, 1, 8), whole(0, 8), true, false},
		{values(0, 1, 2), whole(0, 2), true, true},
		{values(0, 1.5, 2), whole(0, 2), false, false},
		{values(0, 1, 8), values(0, 1), false, true},
		{values(0.5), double(0, 1), true, false},
		{values(1, 2, 3, 9), whole(1, 3), false, true},
		{whole(0, 1<<62), all, true, false},
		{Numbers{}, whole(0, 1), true, false},
		{values(0), double(-1, 1), true, false},
	}
	for i, test := range tests {
		if forth, back := test.s.Subset(test.t), test.t.Subset(test.s); forth != test.forth || back != test.back {
			t.Errorf("%d: %v, and back: %v", i, forth, back)
		}
	}
}

func TestFormatSubset(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for f := Version; f <= UUID; f++ {
		for g := Version; g <= UUID; g++ {
			for range 2000 {
				if text := f.Sample(r); f.Subset(g) && !g.MatchString(text) {
					t.Fatalf("%s is a %s and no %s", text, f, g)
				}
			}
		}
	}
	if !Release.Subset(Version) || Version.Subset(Release) || UUID.Subset(Version) || !UUID.Subset(UUID) {
		t.Error("wrong")
	}
}
