// SPDX-License-Identifier: GPL-2.0-or-later

package govern

import (
	"fmt"
	"slices"

	"github.com/pulp/pulpmetrics/internal/proposal"
)

// Amended is what an approved metric becomes that is approved anew: it stays approved.
const Amended = "amended"

// transition is one way from a status to another.
type transition struct{ from, to string }

// transitions are all that there are. An approved metric can be withdrawn only while it is planned.
var transitions = []transition{
	{proposal.Draft, proposal.Proposed},
	{proposal.Proposed, proposal.Approved},
	{proposal.Proposed, proposal.NotApproved},
	{proposal.Draft, proposal.Withdrawn},
	{proposal.Proposed, proposal.Withdrawn},
	{proposal.Suspended, proposal.Withdrawn},
	{proposal.Approved, proposal.Withdrawn},
	{proposal.Approved, Amended},
	{proposal.Approved, proposal.Suspended},
	{proposal.Suspended, proposal.Approved},
	{proposal.NotApproved, proposal.Draft},
	{proposal.Withdrawn, proposal.Draft},
}

// Refuse says why a proposal can't get a status, and what can be done instead; "" if it can. An
// approved metric is planned until a release sends it.
func Refuse(p *proposal.Proposal, to string, planned bool) string {
	from := p.Status.V
	if !slices.Contains(transitions, transition{from, to}) {
		return fmt.Sprintf("`%s` is %s, so it can't be %s; %s", p.ID.V, being(from), verb(from, to), WayOut(p.ID.V, from))
	}
	if from == proposal.Approved && to == proposal.Withdrawn && !planned {
		return fmt.Sprintf("`%s` is collected, so it can't be withdrawn: say under `version.removed` which release stops sending it, and under `retired` from when it is dropped; or stop it at once with `pulpmetrics suspend %s`", p.ID.V, p.ID.V)
	}
	return ""
}

// being names a status as what something is.
func being(status string) string {
	if status == proposal.Draft {
		return "a draft"
	}
	return status
}

// verb names what would give a status.
func verb(from, to string) string {
	switch {
	case to == proposal.NotApproved:
		return "turned down"
	case from == to:
		return to + " again"
	case to == proposal.Draft:
		return "a draft"
	}
	return to
}

// WayOut says what can become of a proposal.
func WayOut(id, status string) string {
	switch status {
	case proposal.Draft:
		return "`pulpmetrics propose " + id + "` puts it before the approvers"
	case proposal.Proposed:
		return "`pulpmetrics decide " + id + "` records what the approvers decide"
	case proposal.Approved:
		return "`pulpmetrics amend " + id + "` records a decision about a change, and `pulpmetrics suspend " + id + "` stops it"
	case proposal.Suspended:
		return "`pulpmetrics decide " + id + " --approve` lets it go on, and `pulpmetrics withdraw " + id + "` ends it"
	case proposal.NotApproved, proposal.Withdrawn:
		return "write `status: draft` to take it up again; its decisions stay"
	}
	return "mend its status first"
}
