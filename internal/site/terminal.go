// SPDX-License-Identifier: GPL-2.0-or-later

// Package site makes pages of the registry. In flow a registry and one metric of it; out come
// Markdown and, for terminals, Markdown made readable. This file is the only importer of glamour.
package site

import (
	"strings"

	"github.com/charmbracelet/glamour"
	"github.com/charmbracelet/glamour/styles"

	"github.com/pulp/pulpmetrics/internal/diag"
)

// Screen is what a page is shown on.
type Screen struct {
	Width int  // columns
	Color bool // whether it understands colours
	Dark  bool // whether its background is dark
}

// widest is the most columns that running text is set in, whatever the terminal has.
const widest = 100

// Terminal renders Markdown for a screen. Characters that could change what the terminal does are
// written out.
func Terminal(markdown string, screen Screen) (string, error) {
	style := styles.NoTTYStyle
	if screen.Color && screen.Dark {
		style = styles.DarkStyle
	} else if screen.Color {
		style = styles.LightStyle
	}
	r, err := glamour.NewTermRenderer(glamour.WithStandardStyle(style), glamour.WithWordWrap(min(screen.Width, widest)))
	if err != nil {
		return "", err
	}
	lines := strings.Split(markdown, "\n")
	for i := range lines {
		lines[i] = diag.Printable(lines[i])
	}
	out, err := r.Render(strings.Join(lines, "\n"))
	if err != nil {
		return "", err
	}
	return trimLines(out), nil
}

// trimLines takes away the spaces that pad lines to the width of the screen, which a pipe has no
// use for.
func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n") + "\n"
}
