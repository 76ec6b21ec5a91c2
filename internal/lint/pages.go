// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"embed"
	"strings"
)

//go:embed *.md
var pages embed.FS

// Page returns the Markdown page of a rule, and whether there is one.
func Page(name string) (string, bool) {
	text, err := pages.ReadFile(name + ".md")
	return string(text), err == nil
}

// Gist returns the one sentence that says what a rule asks for: the first paragraph of its page.
func Gist(name string) string {
	page, _ := Page(name)
	_, body, _ := strings.Cut(page, "\n\n")
	gist, _, _ := strings.Cut(body, "\n\n")
	return strings.ReplaceAll(gist, "\n", " ")
}
