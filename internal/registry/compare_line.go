// SPDX-License-Identifier: GPL-2.0-or-later

package registry

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/proposal"
)

// line says in one sentence what a change means to somebody who runs the software.
func (c *comparer) line(ch *Change) string {
	p := cmp.Or(ch.Is, ch.Was)
	name := fmt.Sprintf("%s (`%s`)", strings.TrimSuffix(strings.Join(strings.Fields(p.Title.V), " "), "."), ch.ID)
	before, after := c.stage(c.before, ch.Was), c.stage(c.after, ch.Is)
	switch {
	case ch.Collects == Unknown:
		return "Not compared: " + name + ": " + ch.Collected[0].Text + "."
	case ch.Is == nil && c.stored(c.before, ch.Was):
		return "No longer collected: " + name + ". Its proposal is gone."
	case ch.Is == nil:
		return "Gone: the proposal of " + name + ", of which nothing was collected; but files are never deleted."
	case ch.Was == nil || before != after:
		return turn(after) + ": " + name + c.since(ch.Is, after) + "." + c.more(ch, before == "")
	case ch.Was.ID.V != ch.ID:
		return fmt.Sprintf("Renamed: %s was `%s`.%s", name, ch.Was.ID.V, c.more(ch, false))
	}
	return name + ": " + c.what(ch)
}

// turn is the word for a metric that has come to a status, or to a place in its lifecycle.
func turn(stage string) string {
	return map[string]string{
		proposal.Draft: "Drafted", proposal.Proposed: "Proposed", proposal.NotApproved: "Not approved",
		proposal.Suspended: "Suspended", proposal.Withdrawn: "Withdrawn",
		string(Planned): "Approved", string(Collecting): "Collected", string(Deprecated): "Ending", string(Retired): "Retired",
	}[stage]
}

// since says from when on a metric is or isn't collected.
func (c *comparer) since(p *proposal.Proposal, stage string) string {
	component := c.after.Project.Component(p.NamespaceName())
	switch {
	case p.Derived() && p.Status.V == proposal.Approved:
		return ", worked out of what is collected already"
	case stage == string(Retired):
		return ", dropped from every report"
	case stage == string(Deprecated):
		return fmt.Sprintf(", no longer sent by %s %s", component, p.Version.Removed.V)
	case p.Status.V == proposal.Suspended:
		return ", dropped from every report until it is decided about again"
	case p.Status.V != proposal.Approved:
		return ", and nothing of it is collected"
	case p.Since() != "":
		return fmt.Sprintf(", sent from %s %s on", component, p.Since())
	}
	return ", not sent by any release yet"
}

// more adds what a metric whose status changes collects otherwise.
func (c *comparer) more(ch *Change, isNew bool) string {
	if isNew || !c.stored(c.before, ch.Was) || !c.stored(c.after, ch.Is) || len(ch.Collected) == 0 {
		return ""
	}
	return " " + sentence(c.what(ch))
}

// what says what is collected, and then what is shown.
func (c *comparer) what(ch *Change) string {
	if !c.stored(c.after, ch.Is) {
		return fmt.Sprintf("its proposal changes; it is %s, and nothing of it is collected.", ch.Is.Status.V)
	}
	var why []string
	for _, d := range ch.Collected {
		why = append(why, d.Text)
	}
	switch {
	case len(why) > 0:
		return fmt.Sprintf("collects %s: %s.", ch.Collects, strings.Join(why, "; "))
	case len(ch.Notes) > 0:
		return strings.Join(ch.Notes, "; ") + "."
	case len(ch.Summaries)+len(ch.Charts) > 0:
		return "collects the same and shows it in another way: " + strings.Join(append(ch.Summaries[:len(ch.Summaries):len(ch.Summaries)], ch.Charts...), "; ") + "."
	}
	if !slices.Equal(form(ch.Was), form(ch.Is)) {
		return "collects the same, and sends it in another form."
	}
	return "collects the same; only the text of its proposal changes."
}

// form is how a metric is sent, a line for each number.
func form(p *proposal.Proposal) []string {
	if p == nil || p.Field == nil {
		return nil
	}
	lines := []string{fmt.Sprintln(p.ID.V, p.Field.Number.V, p.Field.Label.V, p.Field.Message.V)}
	for _, leaf := range p.Field.Leaves() {
		lines = append(lines, fmt.Sprintln(leaf.Name.V, leaf.Number.V, leaf.Label.V, leaf.Type.V, leaf.Enum.V))
		for _, m := range leaf.Members {
			lines = append(lines, fmt.Sprintln(m.Name.V, m.Number.V))
		}
	}
	slices.Sort(lines)
	return lines
}

func sentence(s string) string { return "It " + s }
