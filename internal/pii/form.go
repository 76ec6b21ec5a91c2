// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/pulp/pulpmetrics/internal/source"
)

// form is how an input holds its records.
type form uint8

const (
	asLines    form = iota // JSON lines, or any text
	asDocument             // JSON over several lines
	asYAML
	refused
)

// packed are what compressed files begin with, and the program that unpacks each.
var packed = []struct{ magic, name, program string }{
	{"\x1f\x8b", "gzip", "gunzip -c"}, {"BZh", "bzip2", "bunzip2 -c"}, {"\xfd7zXZ\x00", "xz", "xz -dc"},
	{"\x28\xb5\x2f\xfd", "zstd", "zstd -dc"}, {"PK\x03\x04", "zip", "unzip -p"}, {"\x04\x22\x4d\x18", "lz4", "lz4 -dc"},
	{"7z\xbc\xaf\x27\x1c", "7-Zip", "7z x -so"}, {"\x1f\x9d", "compress", "uncompress -c"},
}

// recognize tells the form from the name of an input and its beginning; whole says that there is
// no more. Of what is refused it says why, and what to do.
func recognize(name string, head []byte, whole bool) (f form, why, help string) {
	for _, p := range packed {
		if bytes.HasPrefix(head, []byte(p.magic)) {
			return refused, "the file is compressed by " + p.name, "unpack it: `" + p.program + " FILE | pulpmetrics scan -`"
		}
	}
	if bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) {
		return refused, "the file is text in UTF-16", "save it as UTF-8: `iconv -f UTF-16 -t UTF-8 FILE | pulpmetrics scan -`"
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return refused, "the file is neither text nor a report", "scan what it was made from; of a program or a picture, nothing can be told"
	}
	text := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(text) > 0 && (text[0] == '{' || text[0] == '['):
		if unfinished(text) {
			return asDocument, "", ""
		}
	case whole && len(head) <= source.MaxBytes && isYAML(name, text):
		return asYAML, "", ""
	}
	return asLines, "", ""
}

// unfinished reports whether the first line of a text ends inside a list or mapping.
func unfinished(text []byte) bool {
	line, _, more := bytes.Cut(text, []byte{'\n'})
	if !more {
		return false
	}
	depth, quoted := 0, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
	}
	last := bytes.TrimRight(line, " \t\r")
	opens := len(last) > 0 && strings.IndexByte("{[,", last[len(last)-1]) >= 0 || depth > 0 && plausible(text)
	return depth > 0 && opens
}

// plausible reports whether what comes after the first line goes on like JSON.
func plausible(text []byte) bool {
	_, rest, _ := bytes.Cut(text, []byte{'\n'})
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return len(rest) > 0 && strings.IndexByte(`"]},`, rest[0]) >= 0
}

// isYAML reports whether a text is YAML: by its name, or because it begins as a document or a
// mapping of names.
func isYAML(name string, text []byte) bool {
	if strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml") {
		return true
	}
	line, _, more := bytes.Cut(text, []byte{'\n'})
	if bytes.HasPrefix(text, []byte("---\n")) {
		return true
	}
	key, value, found := bytes.Cut(line, []byte{':'})
	if !found || !more || len(key) == 0 || len(value) > 0 && value[0] != ' ' {
		return false
	}
	for _, c := range key {
		if !isAlnum(c) && c != '_' && c != '-' {
			return false
		}
	}
	return utf8.Valid(text)
}
