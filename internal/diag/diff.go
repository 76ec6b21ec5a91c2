// SPDX-License-Identifier: GPL-2.0-or-later

package diag

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// Patch writes a unified diff for people to look at: in colour, if there is any, and harmless on a
// terminal.
func Patch(w io.Writer, diff string, style Style) error {
	var out bytes.Buffer
	style.diff(&out, diff)
	_, err := w.Write(out.Bytes())
	return err
}

// diff writes a unified diff as it is, so that patch can read it off the screen; but for what a
// terminal could take for a command.
func (s Style) diff(out *bytes.Buffer, diff string) {
	lines := strings.Split(strings.TrimSuffix(diff, "\n"), "\n")
	rest := 0
	if s.DiffLines > 0 && len(lines) > s.DiffLines {
		lines, rest = lines[:s.DiffLines], len(lines)-s.DiffLines
	}
	for _, line := range lines {
		fields := strings.Split(line, "\t")
		for i := range fields {
			fields[i] = Printable(fields[i])
		}
		shown := strings.Join(fields, "\t")
		if code := diffColor(line); code != "" {
			shown = s.paint(code, shown)
		}
		out.WriteString(shown + "\n")
	}
	if rest > 0 {
		fmt.Fprintf(out, "%s\n", s.paint(dim, fmt.Sprintf("… and %d more lines", rest)))
	}
}

func diffColor(line string) string {
	switch {
	case strings.HasPrefix(line, "--- "), strings.HasPrefix(line, "+++ "):
		return bold
	case strings.HasPrefix(line, "@@"):
		return blue
	case strings.HasPrefix(line, "+"):
		return green
	case strings.HasPrefix(line, "-"):
		return red
	}
	return ""
}
