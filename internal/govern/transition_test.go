// SPDX-License-Identifier: GPL-2.0-or-later

package govern_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pulp/pulpmetrics/internal/govern"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// What each status can become; those after the bar only while no release sends the metric.
func TestTransitions(t *testing.T) {
	want := map[string]string{
		proposal.Draft:       "proposed withdrawn",
		proposal.Proposed:    "approved not-approved withdrawn",
		proposal.Approved:    "suspended amended | withdrawn",
		proposal.NotApproved: "draft",
		proposal.Suspended:   "approved withdrawn",
		proposal.Withdrawn:   "draft",
	}
	got := map[string]string{}
	for _, from := range proposal.Statuses() {
		p := &proposal.Proposal{ID: source.Text{V: "x"}, Status: source.Text{V: from}}
		var always, planned []string
		for _, to := range append(proposal.Statuses(), govern.Amended) {
			why := govern.Refuse(p, to, false)
			switch {
			case why == "":
				always = append(always, to)
			case govern.Refuse(p, to, true) == "":
				planned = append(planned, "| "+to)
			case !strings.Contains(why, "; ") || !strings.Contains(why, from):
				t.Errorf("from %s to %s: %s", from, to, why)
			}
		}
		got[from] = strings.Join(append(always, planned...), " ")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("transitions (-want +got):\n%s", diff)
	}
	if govern.Refuse(&proposal.Proposal{}, proposal.Proposed, false) == "" {
		t.Error("a proposal without a status")
	}
}
