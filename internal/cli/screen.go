// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"io"
	"os"
	"strconv"

	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
	"golang.org/x/term"

	"github.com/pulp/pulpmetrics/internal/site"
)

// pipeWidth is the columns of text that goes into a pipe or a file.
const pipeWidth = 80

// terminal returns the file behind a stream if that is a terminal.
func terminal(w io.Writer) (*os.File, bool) {
	f, ok := w.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

// colored reports whether a stream gets colour: --color first, then NO_COLOR and dumb terminals
// (https://no-color.org), then whether it is a terminal at all.
func (a *app) colored(w io.Writer) bool {
	switch a.color {
	case "always":
		return true
	case "never":
		return false
	}
	if v, ok := a.LookupEnv("NO_COLOR"); ok && v != "" {
		return false
	}
	if v, _ := a.LookupEnv("TERM"); v == "dumb" {
		return false
	}
	_, ok := terminal(w)
	return ok
}

// width returns the columns of a stream: COLUMNS, or the terminal's, or those of a pipe.
func (a *app) width(w io.Writer) int {
	if v, ok := a.LookupEnv("COLUMNS"); ok {
		if n, err := strconv.Atoi(v); err == nil && n > 0 {
			return n
		}
	}
	if f, ok := terminal(w); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return n
		}
	}
	return pipeWidth
}

// screen describes standard output. A terminal is asked for its background only if it will be
// drawn on in colour.
func (a *app) screen() site.Screen {
	s := site.Screen{Width: a.width(a.Stdout), Color: a.colored(a.Stdout), Dark: true}
	if f, ok := terminal(a.Stdout); ok && s.Color {
		s.Dark = termenv.NewOutput(f).HasDarkBackground()
	}
	return s
}

// page prints Markdown.
func (a *app) page(markdown string) error {
	text, err := site.Terminal(markdown, a.screen())
	if err != nil {
		return err
	}
	_, err = io.WriteString(a.Stdout, text)
	return err
}

// cut shortens a text to a number of columns.
func cut(s string, columns int) string { return ansi.Truncate(s, max(columns, 1), "…") }
