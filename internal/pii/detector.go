// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"embed"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
)

// Detector finds one class of personal data. Its page, CLASS.md beside the code, says what is
// found and what is not, and is its test.
type Detector struct {
	Class    string
	Severity diag.Severity
	// Needs is the prefilter: it is asked what kinds of characters a text of a length in bytes
	// holds, and what the path says. Where it is false, Find finds nothing.
	Needs func(t Traits, n int, c Context) bool
	// Find returns what it takes for personal data, in any order.
	Find func(s *Subject) []Hit
}

// Classes returns the name of every class, in the order of the list.
func Classes() []string {
	var names []string
	for _, d := range detectors() {
		names = append(names, d.Class)
	}
	return names
}

// rank is how much a class of hits weighs where hits overlap: the class that comes first keeps the
// text, since its pattern says more. Classes that aren't listed share their text with others.
var rank = []string{"private_key", "jwt", "api_key", "url_credentials", "iban", "email", "uuid", "mac", "ipv6", "hostname", "ipv4", "credit_card", "national_id", "phone", "geo"}

// settle drops the hits of lesser classes that lie inside those of greater ones.
func settle(list []found) []found {
	return slices.DeleteFunc(slices.Clone(list), func(f found) bool {
		lesser := slices.Index(rank, f.class)
		return slices.ContainsFunc(list, func(o found) bool {
			greater := slices.Index(rank, o.class)
			both := o.class == "api_key" && f.class == "url_credentials" // a key in place of a password
			return greater >= 0 && greater < lesser && !both && o.hit.Start <= f.hit.Start && f.hit.End <= o.hit.End
		})
	})
}

//go:embed *.md
var pages embed.FS

// Page returns the Markdown page of a class, and whether there is one.
func Page(name string) (string, bool) {
	text, err := pages.ReadFile(name + ".md")
	return string(text), err == nil
}

// Gist returns the one sentence that says what a class is: the first paragraph of its page.
func Gist(name string) string {
	page, _ := Page(name)
	_, body, _ := strings.Cut(page, "\n\n")
	gist, _, _ := strings.Cut(body, "\n\n")
	return strings.ReplaceAll(gist, "\n", " ")
}
