// SPDX-License-Identifier: GPL-2.0-or-later

package proposal

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// modeline makes editors that know yaml-language-server complete and explain every key.
const modeline = "# yaml-language-server: $schema="

// inModeline are the paths that can stand in a comment as one word.
var inModeline = regexp.MustCompile(`^[A-Za-z0-9_./-]+$`)

// YAML returns the file of the skeleton: a draft, without the keys that are still to be answered.
// The schema is the path to the schema of proposals from the file; it may be empty.
func (s *Skeleton) YAML(schema string) []byte {
	w := &skeletonWriter{}
	if inModeline.MatchString(schema) {
		w.WriteString(modeline + schema + "\n")
	}
	w.line(0, "id", plain(s.ID))
	w.line(0, "title", plain(s.Title))
	w.line(0, "status", Draft)
	if s.Question != "" {
		w.WriteString("\n")
		w.block("question", s.Question)
	}
	w.WriteString("\nfield:\n")
	w.leaf(2, &s.SkeletonLeaf)
	if s.Message != "" {
		w.line(2, "message", plain(s.Message))
		w.fields(s.Leaves)
	}
	if len(s.Reserved) > 0 {
		var numbers []string
		for _, n := range s.Reserved {
			numbers = append(numbers, strconv.FormatInt(n, 10))
		}
		w.line(2, "reserved", "["+strings.Join(numbers, ", ")+"]")
	}
	return []byte(w.String())
}

type skeletonWriter struct{ strings.Builder }

func (w *skeletonWriter) line(indent int, key, value string) {
	fmt.Fprintf(w, "%s%s: %s\n", strings.Repeat(" ", indent), key, value)
}

func (w *skeletonWriter) fields(leaves []SkeletonLeaf) {
	if len(leaves) == 0 {
		return
	}
	w.WriteString("  fields:\n")
	for i := range leaves {
		w.WriteString("    - name: " + plain(leaves[i].Name) + "\n")
		w.leaf(6, &leaves[i])
	}
}

func (w *skeletonWriter) leaf(indent int, l *SkeletonLeaf) {
	w.line(indent, "number", strconv.FormatInt(l.Number, 10))
	for _, part := range []struct{ key, value string }{{"label", l.Label}, {"type", l.Type}, {"enum", l.Enum}} {
		if part.value != "" {
			w.line(indent, part.key, plain(part.value))
		}
	}
	if len(l.Members) > 0 {
		w.WriteString(strings.Repeat(" ", indent) + "members:\n")
	}
	for _, m := range l.Members {
		fmt.Fprintf(w, "%s- name: %s\n", strings.Repeat(" ", indent+2), plain(m.Name))
		w.line(indent+4, "number", strconv.FormatInt(m.Number, 10))
		if m.Description != "" {
			w.line(indent+4, "description", plain(m.Description))
		}
	}
	if l.Description != "" {
		w.line(indent, "description", plain(l.Description))
	}
}

// block writes a text of one or more lines; as a block where nothing in it could be read as
// something else.
func (w *skeletonWriter) block(key, text string) {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if !printable(line) || strings.TrimSpace(line) != line || line == "" && (i == 0 || i == len(lines)-1) {
			w.line(0, key, inQuotes(text))
			return
		}
	}
	w.WriteString(key + ": |\n")
	for _, line := range lines {
		w.WriteString(strings.TrimRight("  "+line, " ") + "\n")
	}
}

// unquoted is what YAML reads as nothing but a text.
var unquoted = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*( [A-Za-z0-9(][A-Za-z0-9_().,;'/?!-]*)*$`)

// yamlWords are texts that YAML, in one version or another, reads as something else.
var yamlWords = map[string]bool{"true": true, "false": true, "yes": true, "no": true, "on": true, "off": true, "null": true, "y": true, "n": true}

// plain writes a text of one line, without quotes where it needs none.
func plain(text string) string {
	if unquoted.MatchString(text) && !yamlWords[strings.ToLower(text)] {
		return text
	}
	return inQuotes(text)
}

// inQuotes writes a text in double quotes, with YAML's escapes for what can't be seen.
func inQuotes(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == utf8.RuneError || r != ' ' && !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\U%08X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func printable(line string) bool {
	for _, r := range line {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}
