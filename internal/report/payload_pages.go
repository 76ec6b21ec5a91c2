// SPDX-License-Identifier: GPL-2.0-or-later

package report

import "embed"

//go:embed *.md
var pages embed.FS

// Page returns the Markdown page of a kind of finding, and whether there is one.
func Page(name string) (string, bool) {
	text, err := pages.ReadFile(name + ".md")
	return string(text), err == nil
}
