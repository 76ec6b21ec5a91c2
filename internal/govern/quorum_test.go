// SPDX-License-Identifier: GPL-2.0-or-later

package govern_test

import (
	"strings"
	"testing"

	"github.com/pulp/pulpmetrics/internal/govern"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

func TestObjections(t *testing.T) {
	project, problems := parser(t).Project([]byte(`quorum: 2
approvers:
  - {handle: alice, from: 2022-01-01, until: 2023-01-01}
  - {handle: Alice, from: 2025-01-01}
  - {handle: bob, from: 2022-01-01}
  - {handle: dave, from: 2022-06-01}
  - {handle: boss, from: 2022-01-01}
`))
	if project == nil {
		t.Fatal(problems)
	}
	tests := []struct{ name, decision, want string }{
		{"a quorum", "approved, date: 2022-02-01, by: [alice, bob]", ""},
		{"case", "approved, date: 2022-02-01, by: [ALICE, Bob]", ""},
		{"a letter that folds alike", "approved, date: 2022-07-01, by: [boss, bo\u017fs]", "`bo\u017fs` was no approver"},
		{"last day", "approved, date: 2022-12-31, by: [alice, bob]", ""},
		{"no longer", "approved, date: 2023-01-01, by: [alice, bob]", "`alice` was no approver on 2023-01-01"},
		{"back again", "approved, date: 2025-01-01, by: [alice, bob]", ""},
		{"not yet", "approved, date: 2022-05-31, by: [alice, bob, dave]", "`dave` was no approver on 2022-05-31"},
		{"an author", "approved, date: 2022-07-01, by: [bob, dave, Carol]", "`Carol` is an author"},
		{"too few", "approved, date: 2022-07-01, by: [dave]", "it takes 2 approvers"},
		{"one twice", "not-approved, date: 2022-07-01, by: [dave, Dave]", "it takes 2 approvers"},
		{"a stop", "suspended, date: 2022-07-01, by: [dave]", ""},
		{"a stop by someone", "suspended, date: 2022-07-01, by: [eve]", "nobody of `by` was an approver"},
		{"narrowed by the owner", "narrowed, date: 2022-07-01, by: [erin]", ""},
		{"narrowed by the author", "narrowed, date: 2022-07-01, by: [carol]", "nobody of `by` was an owner or an approver"},
		{"withdrawn", "withdrawn, date: 2022-07-01, by: [eve]", ""},
		{"legacy", "approved, date: 2022-07-01, by: [eve], legacy: true", ""},
		{"without a date", "approved, by: [eve]", ""},
		{"without names", "approved, date: 2022-07-01", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, _ := parser(t).Proposal("a.yaml", []byte("id: a\nauthors: [carol]\nowners: [erin]\napproval:\n  - {decision: "+test.decision+"}\n"))
			var got []string
			for _, o := range govern.NewPanel(project, p).Objections(&p.Approval[0]) {
				got = append(got, o.Message)
			}
			if all := strings.Join(got, "; "); (all == "") != (test.want == "") || !strings.Contains(all, test.want) || len(got) > 1 {
				t.Errorf("got %q, want %q", all, test.want)
			}
		})
	}
	if d := (&proposal.Decision{}); len(govern.Panel{}.Objections(d)) > 0 {
		t.Error("nothing was decided")
	}
}
