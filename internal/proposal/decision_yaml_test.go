// SPDX-License-Identifier: GPL-2.0-or-later

package proposal_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// Whatever people say, what is written reads back as it was.
func TestDecisionYAML(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := func(label string) source.Text {
			return source.Text{V: rapid.StringN(1, 30, -1).Draw(t, label)}
		}
		want := proposal.Decision{Decision: source.Text{V: proposal.Approved}, Date: source.Text{V: "2026-11-23"},
			By: []source.Text{text("by"), {V: "no"}, {V: "a, b"}}, Reference: text("reference"), Reason: text("reason"), Seal: source.Text{V: "sha256:00"}}
		root, problems := source.Parse([]byte(strings.Join(want.YAML(), "\n") + "\n"))
		if len(problems) > 0 {
			t.Fatal(want.YAML(), problems)
		}
		var got proposal.Decision
		source.Decode(root, &got)
		if !slices.Equal(texts(want), texts(got)) {
			t.Errorf("wrote %q, read %q", texts(want), texts(got))
		}
	})
}

func texts(d proposal.Decision) []string {
	all := []string{d.Decision.V, d.Date.V, d.Reference.V, d.Reason.V, d.Seal.V}
	for _, by := range d.By {
		all = append(all, by.V)
	}
	return all
}
