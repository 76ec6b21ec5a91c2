// SPDX-License-Identifier: GPL-2.0-or-later

package source

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// outline writes a value as one line for each scalar: its path, its span and its text.
func outline(v Value) []string {
	var lines []string
	v.walk("", func(path string, v Value) {
		if v.Kind != Map && v.Kind != List {
			s := v.Span
			lines = append(lines, fmt.Sprintf("%s %d:%d-%d:%d %s %q", path, s.Start.Line, s.Start.Column, s.End.Line, s.End.Column, v.Kind, v.Text))
		}
	})
	return lines
}

func (v Value) walk(path string, visit func(string, Value)) {
	visit(path, v)
	for i, item := range v.Items {
		item.walk(fmt.Sprintf("%s/%d", path, i), visit)
	}
	for _, e := range v.Entries {
		e.Value.walk(path+"/"+e.Key.V, visit)
	}
}

func TestSpans(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string
	}{
		{"plain", "id: components\n", []string{`/id 1:5-1:15 text "components"`}},
		{"quoted", "a: 'it''s'\nb: \"x \\\" y\"\n", []string{`/a 1:4-1:11 text "it's"`, `/b 2:4-2:12 text "x \" y"`}},
		{"code points", "a: {é: ü, b: 日本}\n", []string{`/a/é 1:8-1:9 text "ü"`, `/a/b 1:14-1:16 text "日本"`}},
		{"block", "q: |\n  one\n  two\n\nr: 1\n", []string{`/q 2:3-3:6 text "one\ntwo\n"`, `/r 5:4-5:5 a number "1"`}},
		{"block in a list", "- q: >\n    one\n  r: 2\n", []string{`/0/q 2:5-2:8 text "one\n"`, `/0/r 3:6-3:7 a number "2"`}},
		{"folded plain", "q: one\n  two\nr: x\n", []string{`/q 1:4-2:6 text "one two"`, `/r 3:4-3:5 text "x"`}},
		{"date and version", "d: 2022-02-03\nv: 3.21.0\nw: 3.20\n", []string{`/d 1:4-1:14 text "2022-02-03"`, `/v 2:4-2:10 text "3.21.0"`, `/w 3:4-3:8 a number "3.20"`}},
		{"nothing", "a:\nb: ~\n", []string{`/a 1:3-1:3 nothing ""`, `/b 2:4-2:5 nothing ""`}},
		{"integer keys", "w: {1: x}\n", []string{`/w/1 1:8-1:9 text "x"`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root, problems := Parse([]byte(test.in))
			if len(problems) > 0 {
				t.Fatalf("problems: %v", problems)
			}
			if diff := cmp.Diff(test.want, outline(root)); diff != "" {
				t.Errorf("spans (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCollectionEnds(t *testing.T) {
	root, _ := Parse([]byte("a: {x: 1, y: [2, 3] } # {\nb: []\nc:\n  - d\n"))
	want := map[string]Span{"a": {Pos{1, 4}, Pos{1, 22}}, "b": {Pos{2, 4}, Pos{2, 6}}, "c": {Pos{4, 3}, Pos{4, 6}}}
	for key, span := range want {
		if v, _ := root.Get(key); v.Span != span {
			t.Errorf("%s: %v, want %v", key, v.Span, span)
		}
	}
}

// A problem is written as "code line:column-line:column".
func TestProblems(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"empty", "", "document 1:1-1:1"},
		{"only a comment", "# nothing\n", "document 1:1-1:10"},
		{"second document", "a: 1\n---\nb: 2\n", "document 2:1-2:4"},
		{"tab", "a:\n\tb: 1\n", "syntax 2:1-2:2"},
		{"colon", "a: b: c\n", "syntax 1:1-1:8"},
		{"unclosed quote", "a: 1\nb: \"x\nc: 2\nd: 3\n", "syntax 2:1-2:6"},
		{"outdented", "a:\n    b: 1\n  c: 2\nd: 3\n", "syntax 3:3-3:7"},
		{"alias", "a: &x 1\nb: *x\n", "alias 1:4-1:6 alias 2:4-2:6"},
		{"unknown alias", "a: *x\n", "alias 1:1-1:6"},
		{"only comments", "# a\n", "document 1:1-1:4"},
		{"merge", "a: {<<: {b: 1}}\n", "alias 1:5-1:7"},
		{"tag", "a: !!str 1\n", "wrong-type 1:4-1:9"},
		{"twice", "a: 1\nb: 2\na: 3\n", "unique-keys 3:1-3:2"},
		{"numbers", "a: [0x10, 010, 1_000, .inf, -0.5, 1e3]\n", "wrong-type 1:5-1:9 wrong-type 1:11-1:14 wrong-type 1:16-1:21 wrong-type 1:23-1:27"},
		{"complex key", "{a: b}: c\n", "wrong-type 1:1-1:7"},
		{"byte order mark", "\ufeffa: 1\n", "encoding 1:1-1:2"},
		{"carriage return", "a: 1\r\nb: 2\r\n", "encoding 1:5-1:5"},
		{"not UTF-8", "a: 1\nb: \xff\n", "encoding 2:4-2:5"},
		{"binary", "\x7fELF\x00", "encoding 1:1-1:2"},
		{"NUL", "a: \x00", "encoding 1:4-1:5"},
		{"line separator", "a: x\u2028b: 1\n", "encoding 1:5-1:6"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, problems := Parse([]byte(test.in))
			var got []string
			for _, p := range problems {
				got = append(got, fmt.Sprintf("%s %d:%d-%d:%d", p.Code, p.Span.Start.Line, p.Span.Start.Column, p.Span.End.Line, p.Span.End.Column))
			}
			if s := strings.Join(got, " "); s != test.want {
				t.Errorf("got %s, want %s\n%+v", s, test.want, problems)
			}
		})
	}
}

// What could keep a reader busy for ever has to end soon, with a problem.
func TestHostile(t *testing.T) {
	bomb := "a: &a [x,x]\n"
	for c := 'b'; c < 'z'; c++ {
		bomb += fmt.Sprintf("%c: &%c [*%c,*%c,*%c]\n", c, c, c-1, c-1, c-1)
	}
	var manyKeys strings.Builder
	for i := range 80_000 {
		fmt.Fprintf(&manyKeys, "k%d: 1\n", i)
	}
	tests := map[string]string{
		"alias bomb":         bomb,
		"100,000 brackets":   strings.Repeat("[", 100_000),
		"100,000 braces":     strings.Repeat("{a: ", 100_000),
		"100,000 dashes":     strings.Repeat("- ", 100_000) + "x",
		"9,000 brackets":     strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000),
		"too large":          strings.Repeat("# x\n", MaxBytes/4+1),
		"one mebibyte quote": "a: \"" + strings.Repeat("x\n", MaxBytes/2-10),
		"many anchors":       "a: [" + strings.Repeat("&x 1, ", 50_000) + "]",
		"many lines, bad":    strings.Repeat("a:\n", 50_000) + "\tx",
		"many keys, twice":   manyKeys.String() + "k1: 1\n",
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, problems := Parse([]byte(in))
			if len(problems) == 0 {
				t.Error("no problem reported")
			}
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// FuzzParse holds the promise of Parse: no panic, and every span inside the file.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "a: 1\n", "a: |\n  b\n", "- {x: [1, 'a''b', \"\\u00e9\"]}\n", "a: &b c\n", "é:\n  - ~\n", "? a\n: b\n", "a: >2-\n    x\n\n# c\n", "--- \n...\n---\n"} {
		f.Add([]byte(seed))
	}
	paths, _ := filepath.Glob("../../proposals/*.yaml")
	for _, path := range paths {
		if data, err := os.ReadFile(path); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		root, problems := Parse(data)
		text := newText(data)
		root.walk("", func(path string, v Value) { checkSpan(t, text, path, v.Span) })
		for _, p := range problems {
			checkSpan(t, text, p.Code, p.Span)
		}
		if len(problems) == 0 && root.Kind == Null && root.Span.IsZero() {
			t.Error("nothing read and nothing reported")
		}
	})
}

func checkSpan(t *testing.T, text *text, what string, s Span) {
	t.Helper()
	if s.IsZero() {
		return
	}
	if s.End.Before(s.Start) || text.clamp(s.Start) != s.Start || text.clamp(s.End) != s.End {
		t.Errorf("%s: span %v is outside the file or backwards", what, s)
	}
}
