// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
)

// help prints a command's help, folded at the width of the terminal.
func (a *app) help(cmd *cobra.Command, _ []string) {
	text := cmd.Long
	if text == "" {
		text = cmd.Short
	}
	width := a.width(a.Stdout)
	fmt.Fprintf(a.Stdout, "%s\n\n%s", reflow(text, width), foldEach(cmd.UsageString(), width))
}

// reflow folds paragraphs at a width. Those with lines that are indented or begin with a dash keep
// their lines.
func reflow(text string, width int) string {
	paragraphs := strings.Split(strings.TrimSpace(text), "\n\n")
	for i, p := range paragraphs {
		if strings.Contains("\n"+p, "\n ") || strings.Contains("\n"+p, "\n- ") {
			paragraphs[i] = strings.TrimSuffix(foldEach(p+"\n", width), "\n")
		} else {
			paragraphs[i] = diag.Wrap(strings.Join(strings.Fields(p), " "), width)
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

// columns finds where the text of a line such as `  --flag VALUE   what it does` begins.
var columns = regexp.MustCompile(`^\s+\S.*?\s{2,}`)

// foldEach folds every line that is too long. What doesn't fit stands below the text of the line.
func foldEach(text string, width int) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if len(line) <= width {
			b.WriteString(line + "\n")
			continue
		}
		if strings.HasPrefix(line, "  pulpmetrics ") && !columns.MatchString(line) {
			b.WriteString(continued(line, width))
			continue
		}
		head := columns.FindString(line)
		if head == "" {
			head = line[:len(line)-len(strings.TrimLeft(line, " -"))]
		}
		writeWrapped(&b, head, line[len(head):], width)
	}
	return b.String()
}

// continued breaks an example before flags, so that it can still be copied into a shell.
func continued(line string, width int) string {
	var out strings.Builder
	at := 0
	for i, part := range strings.Split(line, " --") {
		if i > 0 {
			part = " --" + part
		}
		if i > 0 && at+len(part)+len(" \\") > width {
			out.WriteString(" \\\n     ")
			at = 5
		}
		out.WriteString(part)
		at += len(part)
	}
	return out.String() + "\n"
}
