// SPDX-License-Identifier: GPL-2.0-or-later

package diag

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"github.com/pulp/pulpmetrics/internal/source"
)

func span(line, from, to int32) source.Span {
	return source.Span{Start: source.Pos{Line: line, Column: from}, End: source.Pos{Line: line, Column: to}}
}

// text renders one diagnostic about a file with the given content.
func text(t *testing.T, d Diagnostic, content string, width int) string {
	t.Helper()
	var out bytes.Buffer
	style := Style{Width: width, Read: func(string) ([]byte, error) { return []byte(content), nil }}
	if err := Text(&out, []Diagnostic{d}, style); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestText(t *testing.T) {
	d := Diagnostic{File: "a.yaml", Span: span(2, 5, 7), Severity: Warning, Rule: "names", Message: "odd", Help: "mend it"}
	want := `a.yaml:2:5: warning: odd (names)
    2 | id: ab
      |     ^^
      help: mend it

`
	if diff := cmp.Diff(want, text(t, d, "x: 1\nid: ab\n", 80)); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

// The underline stands below what it means, however wide the characters are.
func TestUnderline(t *testing.T) {
	tests := []struct {
		name, line string
		from, to   int32
		want       string // the two quoted lines without their gutter
	}{
		{"wide", "日本: 大きい", 5, 8, "日本: 大きい\n      ^^^^^^"},
		{"combining", "e\u0301: x", 5, 6, "e\u0301: x\n   ^"},
		{"tab", "a:\tb", 4, 5, "a: b\n   ^"},
		{"empty", "a:", 3, 3, "a:\n  ^"},
		{"right to left", "a: \u202ex", 4, 6, "a: \\u{202E}x\n   ^^^^^^^^^"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out := text(t, Diagnostic{File: "f", Span: span(1, test.from, test.to)}, test.line+"\n", 80)
			lines := strings.Split(out, "\n")
			got := strings.TrimPrefix(lines[1], "    1 | ") + "\n" + strings.TrimPrefix(lines[2], "      | ")
			if got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// A line that is too wide is cut around what it is about, and still underlined there.
func TestLongLine(t *testing.T) {
	line := strings.Repeat("a", 300) + "NEEDLE" + strings.Repeat("b", 300)
	lines := strings.Split(text(t, Diagnostic{File: "f", Span: span(1, 301, 307)}, line, 80), "\n")
	if w := ansi.StringWidth(lines[1]); w > 80 {
		t.Errorf("the quoted line has %d columns", w)
	}
	at := strings.Index(lines[2], "^")
	runes := []rune(lines[1])
	if got := string(runes[at : at+6]); got != "NEEDLE" || strings.Count(lines[2], "^") != 6 {
		t.Errorf("underlined is %q:\n%s\n%s", got, lines[1], lines[2])
	}
}

// Nothing that a file or its name holds may reach the terminal as an instruction.
func TestNothingRunsInTheTerminal(t *testing.T) {
	evil := "\x1b[31m\x07\u202e\u200b\x9b2J"
	out := text(t, Diagnostic{File: evil, Span: span(1, 1, 3), Message: evil, Help: evil, Rule: "r"}, evil, 80)
	for _, r := range out {
		if r != '\n' && (r < ' ' || r == 0x7f || 0x80 <= r && r < 0xa0 || r == 0x202e || r == 0x200b) {
			t.Fatalf("%U in the output %q", r, out)
		}
	}
}

func TestWrapKeepsNames(t *testing.T) {
	if got := Wrap("see the rule decision-complete there", 16); got != "see the rule\ndecision-complete\nthere" {
		t.Errorf("got %q", got)
	}
}

func TestJSON(t *testing.T) {
	var out bytes.Buffer
	ds := []Diagnostic{{File: "a.yaml", Span: span(2, 5, 7), Severity: Error, Rule: "names", Message: "<odd>"}, {File: "b.yml", Severity: Info, Rule: "file"}}
	if err := JSON(&out, ds, Count(3, ds)); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"diagnostics": []any{
			map[string]any{"file": "a.yaml", "line": 2.0, "column": 5.0, "endLine": 2.0, "endColumn": 7.0, "severity": "error", "rule": "names", "message": "<odd>", "help": ""},
			map[string]any{"file": "b.yml", "line": 1.0, "column": 1.0, "endLine": 1.0, "endColumn": 1.0, "severity": "info", "rule": "file", "message": "", "help": ""},
		},
		"summary": map[string]any{"proposals": 3.0, "errors": 1.0, "warnings": 0.0, "infos": 1.0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}
