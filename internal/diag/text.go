// SPDX-License-Identifier: GPL-2.0-or-later

package diag

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/reflow/wordwrap"

	"github.com/pulp/pulpmetrics/internal/source"
)

// Style is how findings look to people.
type Style struct {
	Color bool
	Width int // columns of the terminal; 0 doesn't wrap
	// Read returns the bytes of a diagnostic's file, for the lines that are quoted. Where it
	// fails, nothing is quoted.
	Read func(file string) ([]byte, error)
	// DiffLines is how many lines of a diff are shown; 0 shows all.
	DiffLines int
}

// SGR codes of the 16 colours that every terminal theme defines.
const (
	bold   = "1"
	dim    = "2"
	red    = "1;31"
	green  = "32"
	yellow = "1;33"
	blue   = "1;34"
)

func (s Style) paint(code, text string) string {
	if !s.Color {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// Bold returns a text that stands out, where there is colour.
func (s Style) Bold(text string) string { return s.paint(bold, text) }

func (s Style) severity(v Severity) string {
	return s.paint([]string{blue, yellow, red}[v], v.String())
}

// Text writes findings as a good compiler does: where, how bad, what; the line with the part that
// is meant underlined; and what to do next.
func Text(w io.Writer, ds []Diagnostic, style Style) error {
	var out bytes.Buffer
	q := quoter{read: style.Read, private: privateLines(ds)}
	for _, d := range ds {
		style.one(&out, &q, d)
	}
	_, err := w.Write(out.Bytes())
	return err
}

func (s Style) one(out *bytes.Buffer, q *quoter, d Diagnostic) {
	place := Printable(d.File)
	if !d.Span.IsZero() {
		place += fmt.Sprintf(":%d:%d", d.Span.Start.Line, d.Span.Start.Column)
	}
	head := fmt.Sprintf("%s: %s: %s %s", s.paint(bold, place), s.severity(d.Severity), Printable(d.Message), s.paint(dim, "("+d.Rule+")"))
	s.wrapped(out, "", head)
	if line, from, width, ok := q.quote(d.File, d.Span, s.Width); ok {
		gutter := fmt.Sprintf("%5d | ", d.Span.Start.Line)
		fmt.Fprintf(out, "%s%s\n", s.paint(dim, gutter), line)
		fmt.Fprintf(out, "%s%s%s\n", s.paint(dim, "      | "), strings.Repeat(" ", from), s.paint(red, strings.Repeat("^", width)))
	}
	if d.Help != "" {
		s.wrapped(out, "      "+s.paint(blue, "help")+": ", Printable(d.Help))
	}
	if d.Diff != "" {
		s.diff(out, d.Diff)
	}
	out.WriteByte('\n')
}

// wrapped writes a prefix and a text, folded at the width of the terminal; lines after the first
// begin under the text.
func (s Style) wrapped(out *bytes.Buffer, prefix, text string) {
	indent := ansi.StringWidth(prefix)
	if s.Width > indent+20 {
		text = Wrap(text, s.Width-max(indent, 6))
	}
	text = strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", max(indent, 6)))
	fmt.Fprintf(out, "%s%s\n", prefix, text)
}

// Wrap folds a text at spaces into lines of at most width columns. Names with hyphens stay whole.
func Wrap(text string, width int) string {
	w := wordwrap.NewWriter(width)
	w.Breakpoints = nil
	_, _ = w.Write([]byte(text)) // into memory
	_ = w.Close()
	return w.String()
}

// quoter reads the lines that findings point at, each file once in a row.
type quoter struct {
	read  func(string) ([]byte, error)
	file  string
	lines [][]byte

	private map[privateLine]bool

	number int32  // of the line in runes, from 1
	runes  []rune // without its end
}

// privateLine is a line that is never quoted.
type privateLine struct {
	file string
	line int32
}

func privateLines(ds []Diagnostic) map[privateLine]bool {
	lines := map[privateLine]bool{}
	for _, d := range ds {
		for n := d.Span.Start.Line; d.Private && n <= d.Span.End.Line; n++ {
			lines[privateLine{d.File, n}] = true
		}
	}
	return lines
}

// quote returns the line where the span starts, as it can be shown, and which of its columns to
// underline. Lines too wide for the terminal are cut around the span.
func (q *quoter) quote(file string, span source.Span, width int) (line string, from, count int, ok bool) {
	if q.read == nil || span.IsZero() || q.private[privateLine{file, span.Start.Line}] {
		return "", 0, 0, false
	}
	if q.file != file || q.lines == nil {
		data, err := q.read(file)
		if err != nil {
			return "", 0, 0, false
		}
		q.file, q.lines, q.number = file, bytes.Split(data, []byte{'\n'}), 0
	}
	if int(span.Start.Line) > len(q.lines) {
		return "", 0, 0, false
	}
	text := q.line(span.Start.Line)
	start := min(int(span.Start.Column)-1, len(text))
	end := len(text)
	if span.End.Line == span.Start.Line {
		end = min(int(span.End.Column)-1, len(text))
	}
	near := max(width, shownColumns) * 4 // no more than this of each part can be seen
	before := Printable(string(text[max(0, start-near):start]))
	marked := Printable(string(text[start:min(end, start+near)]))
	after := Printable(string(text[end:min(len(text), end+near)]))
	before, marked, after = crop(before, marked, after, width-8)
	return before + marked + after, ansi.StringWidth(before), max(1, ansi.StringWidth(marked)), true
}

// line returns the code points of a line, the last one from memory: a file may be one long line.
func (q *quoter) line(n int32) []rune {
	if q.number != n {
		q.number, q.runes = n, []rune(strings.TrimRight(string(q.lines[n-1]), "\r"))
	}
	return q.runes
}

const shownColumns = 150 // of a line, where the width of the terminal is not known

// crop shortens what stands around the marked part until the line fits into width columns.
func crop(before, marked, after string, width int) (string, string, string) {
	if width < 30 {
		width = shownColumns
	}
	if ansi.StringWidth(before+marked+after) <= width {
		return before, marked, after
	}
	marked = ansi.Truncate(marked, width*2/3, "…")
	room := width - ansi.StringWidth(marked)
	if over := ansi.StringWidth(before) - room*2/3; over > 0 {
		before = ansi.TruncateLeft(before, over+1, "…")
	}
	return before, marked, ansi.Truncate(after, max(0, room-ansi.StringWidth(before)), "…")
}

// Printable makes a text harmless on a terminal: control characters, and those that change the
// direction of writing or can't be seen, are written as \u{…}, bytes that are no UTF-8 as \x…; a tab becomes a space.
func Printable(s string) string {
	clean := utf8.ValidString(s)
	for _, r := range s {
		clean = clean && unicode.IsPrint(r)
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02X`, s[i])
		case r == '\t':
			b.WriteByte(' ')
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\u{%X}`, r)
		}
	}
	return b.String()
}
