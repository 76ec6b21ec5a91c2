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

// Terminal renders Markdown for a screen. Running text is folded at its width and code is not, since
// a folded line of code is another one. Characters that could change what the terminal does are
// written out.
func Terminal(markdown string, screen Screen) (string, error) {
	style := styles.NoTTYStyle
	if screen.Color && screen.Dark {
		style = styles.DarkStyle
	} else if screen.Color {
		style = styles.LightStyle
	}
	prose, err := glamour.NewTermRenderer(glamour.WithStandardStyle(style), glamour.WithWordWrap(min(screen.Width, widest)))
	if err != nil {
		return "", err
	}
	code, err := glamour.NewTermRenderer(glamour.WithStandardStyle(style), glamour.WithWordWrap(0))
	if err != nil {
		return "", err
	}
	var out []string
	for _, part := range split(markdown) {
		renderer := prose
		if strings.HasPrefix(part, fence) {
			renderer = code
		}
		text, err := renderer.Render(part)
		if err != nil {
			return "", err
		}
		if text = trimLines(text); text != "" {
			out = append(out, text)
		}
	}
	return strings.Join(out, "\n"), nil
}

const fence = "```"

// split cuts Markdown before and behind its fenced blocks.
func split(markdown string) []string {
	var parts []string
	var part strings.Builder
	inside := false
	cut := func() {
		if part.Len() > 0 {
			parts = append(parts, part.String())
		}
		part.Reset()
	}
	for line := range strings.Lines(markdown) {
		fenced := strings.HasPrefix(line, fence)
		if fenced && !inside {
			cut()
		}
		part.WriteString(diag.Printable(strings.TrimSuffix(line, "\n")) + "\n")
		if fenced && inside {
			cut()
		}
		inside = inside != fenced
	}
	cut()
	return parts
}

// trimLines takes away the spaces that pad lines to the width of the screen, which a pipe has no
// use for.
func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	text := strings.Trim(strings.Join(lines, "\n"), "\n")
	if text == "" {
		return ""
	}
	return text + "\n"
}
