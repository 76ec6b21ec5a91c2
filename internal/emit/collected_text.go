// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// columns is how wide generated Markdown is. Tables, headings and code are as wide as they are.
const columns = 100

// fold writes a text in one line.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// capital begins a text with a capital.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

// sentence folds a text, and ends it like a sentence.
func sentence(s string) string {
	s = fold(s)
	if s != "" && !strings.ContainsAny(s[len(s)-1:], ".!?:") {
		s += "."
	}
	return s
}

var tagStart = regexp.MustCompile(`<([A-Za-z/!?])`)

// inert takes from Markdown what would be HTML. It doesn't look whether a `<` is inside code, where
// it would do no harm: parsers have to agree on that, and some don't.
func inert(markdown string) string { return tagStart.ReplaceAllString(markdown, "&lt;$1") }

// prose makes Markdown fit into a line.
func prose(s string) string { return inert(fold(s)) }

// cell makes Markdown fit into a cell of a table.
func cell(s string) string {
	return strings.NewReplacer("|", "&#124;", "`", "&#96;").Replace(prose(s))
}

// code writes a text as code, whatever is in it.
func code(s string) string {
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// list joins words as people do: a, b and c.
func list(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " and " + items[last]
}

// startsBlock recognizes what is more than text at the start of a line.
var startsBlock = regexp.MustCompile("^([-+*#>=~|<]|```|[0-9]{1,9}[.)])")

// unfilled returns Markdown with each paragraph in one line, to be broken anew. If there is more
// to it than paragraphs, it is left as it is.
func unfilled(markdown string) string {
	markdown = inert(strings.TrimSpace(markdown))
	lines := strings.Split(markdown, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
		if startsBlock.MatchString(lines[i]) || strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "\t") {
			return markdown
		}
	}
	var out []string
	for _, paragraph := range strings.Split(strings.Join(lines, "\n"), "\n\n") {
		if paragraph = fold(paragraph); paragraph != "" {
			out = append(out, paragraph)
		}
	}
	return strings.Join(out, "\n\n")
}

// quote puts Markdown into a block of its own, which nothing in it can leave.
func quote(markdown string) string {
	text := unfilled(markdown)
	if text == "" {
		return ""
	}
	return strings.ReplaceAll("> "+strings.ReplaceAll(text, "\n", "\n> "), "> \n", ">\n")
}

var (
	fenced   = regexp.MustCompile("^(?:> )? {0,3}(```|~~~)")
	unbroken = regexp.MustCompile(`^(\||#|<!--|    |> {4,})`)
	margin   = regexp.MustCompile(`^((?:> ?)*)( *(?:[-*+] |[0-9]{1,9}[.)] )?)`)
	manyGaps = regexp.MustCompile(`\n{3,}`)
)

// reflow breaks lines that are wider than columns, and leaves one empty line where there are more.
func reflow(markdown string) string {
	var out []string
	mark, quoted := "", false // of the code that a line is in
	for _, line := range strings.Split(manyGaps.ReplaceAllString(markdown, "\n\n"), "\n") {
		inQuote := strings.HasPrefix(line, ">")
		if quoted && !inQuote {
			mark, quoted = "", false
		}
		m := fenced.FindStringSubmatch(line)
		if mark != "" || m != nil || unbroken.MatchString(line) {
			out = append(out, strings.TrimRight(line, " "))
		} else {
			out = append(out, breakLine(strings.TrimRight(line, " "))...)
		}
		switch {
		case m != nil && mark == "":
			mark, quoted = m[1], inQuote
		case m != nil && mark == m[1]:
			mark, quoted = "", false
		}
	}
	return strings.TrimSpace(strings.Join(out, "\n")) + "\n"
}

// breakLine breaks one line.
func breakLine(line string) []string {
	m := margin.FindStringSubmatch(line)
	at, indent := m[0], m[1]+strings.Repeat(" ", len(m[2]))
	var lines []string
	for i, word := range words(line[len(m[0]):]) {
		switch {
		case i == 0:
			at += word
		case utf8.RuneCountInString(at)+1+utf8.RuneCountInString(word) > columns:
			lines, at = append(lines, at), indent+word
		default:
			at += " " + word
		}
	}
	return append(lines, at)
}

// words splits a line where it may be broken: not before what is more than text at the start of a
// line.
func words(line string) []string {
	var all []string
	for _, word := range strings.Fields(line) {
		if len(all) > 0 && startsBlock.MatchString(word) {
			all[len(all)-1] += " " + word
			continue
		}
		all = append(all, word)
	}
	return all
}
