// SPDX-License-Identifier: GPL-2.0-or-later

package source

import "testing"

var sectioned = []string{
	"a: 1\nb: 2\n", "# c\na: 1\n\n# d\nb:\n  - x\n  - y\nc: {d: e}\n", "a: |\n  x\n\n\nb: >-\n  y\n  z\n", "a:\n- 1\n- 2\nb:\n", "a:\nb: 1",
	"a: {x: 1,\nb: 2}\n", "a: [1,\nb]\n", "a: \"x\nb: y\"\n", "a: 'x\n\nb: y'\nc: 1\n", "a: &x 1\nb: *x\n", "a: 1\na: 2\n", "\"a\": 1\nb: 2\n", "a: x\nb\n",
	"a: 1\n---\nb: 2\n", "? a\n: b\nc: d\n", "a: |+\n\n\nb: 1\n", "a: |2\n   x\nb: 1\n", "", "\n", "x", "a: !t 1\nb: 2\n", "%YAML 1.1\n---\na: 1\nb: 2\n", "a: 1\n...\nb: 2\n", "a: \"x\\\nb: y\"\n", "<<: {a: 1}\nb: 2\n",
}

func FuzzSections(f *testing.F) {
	for _, seed := range sectioned {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		var s Sections
		for range 2 {
			checkSections(t, &s, first)
			checkSections(t, &s, second)
		}
	})
}

// checkSections holds sections against the parser.
func checkSections(t *testing.T, s *Sections, text string) {
	t.Helper()
	want, problems := Parse([]byte(text))
	got, ok := s.Parse([]byte(text))
	if ok != (len(problems) == 0) || ok && !Same(got, want) {
		t.Errorf("%q: %v, %v, and the parser has %v, %v", text, got, ok, want, problems)
	}
}

func TestSectionsForget(t *testing.T) {
	var s Sections
	for i := range 3 * mostSections {
		checkSections(t, &s, "a: 1\nb: "+string(rune('a'+i%26))+string(rune(0x4e00+i))+"\n")
	}
	if n := len(s.known) + len(s.recent); n > 2*mostSections || n == 0 {
		t.Errorf("%d sections are remembered", n)
	}
}
