// SPDX-License-Identifier: GPL-2.0-or-later

package registry

import (
	"cmp"
	"slices"

	"github.com/pulp/pulpmetrics/internal/proposal"
)

// Amount says whether more, the same or less is collected after a change. What changes both ways
// collects more; of what can't be read it is unknown.
type Amount int8

// The amounts.
const (
	Less Amount = iota - 1
	Same
	More
	Unknown
)

func (a Amount) String() string { return [...]string{"less", "the same", "more", "unknown"}[a+1] }

// MarshalText writes an amount as less, same, more or unknown.
func (a Amount) MarshalText() ([]byte, error) {
	return []byte([...]string{"less", "same", "more", "unknown"}[a+1]), nil
}

// Difference is one thing that changes what is collected.
type Difference struct {
	Amount Amount
	Text   string // such as "`name` may hold more"
	Detail string // such as "text of at most 60 characters, not 50"; may be empty
}

// Change is what becomes of one metric.
type Change struct {
	ID        string
	Was, Is   *proposal.Proposal // nil where it is new, or gone
	Collects  Amount
	Collected []Difference // why
	Notes     []string     // about releases and dates, which change nothing that is decided
	Summaries []string
	Charts    []string
	Keys      []string // top-level keys of the file whose values differ; empty for a file that is new or gone
	Line      string   // for a changelog
}

// Comparison is what differs between two registries of a project.
type Comparison struct {
	Metrics []Change     // sorted by id
	Project []Difference // of pulpmetrics.yaml
}

// Domains compares the domains of leaves.
type Domains interface {
	// Within reports whether every value of a is one of b's.
	Within(a, b *proposal.Leaf) bool
	// Words says which values a leaf has.
	Words(leaf *proposal.Leaf) string
}

// Gone reports whether the file of the metric is gone: not even the proposal is left.
func (ch *Change) Gone() bool { return ch.Is == nil && ch.Collects != Unknown }

// Compare says what changes from one registry to another, both seen on one day, YYYY-MM-DD. What
// stays as it is, but for its place in the file, is left out.
func Compare(before, after *Registry, day string, domains Domains) Comparison {
	c := comparer{before: before, after: after, day: day, domains: domains, hiddenBefore: hidingIn(before, after), hiddenNow: hidingIn(after, before)}
	c.sameKeys = alike(before.Project.Keys, after.Project.Keys)
	var out Comparison
	for _, pair := range c.pairs() {
		if change, changed := c.change(pair[0], pair[1]); changed {
			out.Metrics = append(out.Metrics, change)
		}
	}
	slices.SortFunc(out.Metrics, func(a, b Change) int { return cmp.Compare(a.ID, b.ID) })
	out.Project = compareProjects(before.Project, after.Project)
	return out
}

type comparer struct {
	before, after *Registry
	day           string
	domains       Domains

	hiddenBefore, hiddenNow hiding
	sameKeys                bool // the named keys mean the same
}

// pairs puts each metric beside what it was: by its id; by its field number, or by title and
// question, where it was renamed.
func (c *comparer) pairs() [][2]*proposal.Proposal {
	var pairs [][2]*proposal.Proposal
	var gone []*proposal.Proposal
	for _, id := range c.before.IDs() {
		was := c.before.Metric(id)
		if is := c.after.Metric(id); is != nil {
			pairs = append(pairs, [2]*proposal.Proposal{was, is})
		} else {
			gone = append(gone, was)
		}
	}
	for _, id := range c.after.IDs() {
		if c.before.Metric(id) != nil {
			continue
		}
		is, was := c.after.Metric(id), (*proposal.Proposal)(nil)
		if i := slices.IndexFunc(gone, func(p *proposal.Proposal) bool { return renamed(p, is) }); i >= 0 {
			was = gone[i]
			gone = slices.Delete(gone, i, i+1)
		}
		pairs = append(pairs, [2]*proposal.Proposal{was, is})
	}
	for _, was := range gone {
		pairs = append(pairs, [2]*proposal.Proposal{was, nil})
	}
	return pairs
}

func renamed(was, is *proposal.Proposal) bool {
	if was.Field != nil && is.Field != nil && was.Field.Number.Set() && is.Field.Number.Set() {
		return was.Field.Number.V == is.Field.Number.V
	}
	return was.Title.Set() && was.Title.V == is.Title.V && was.Question.V == is.Question.V
}

func (c *comparer) change(was, is *proposal.Proposal) (Change, bool) {
	ch := Change{Was: was, Is: is}
	if was == is && c.sameKeys && c.stage(c.before, was) == c.stage(c.after, is) {
		return ch, false
	}
	if is != nil {
		ch.ID = is.ID.V
	} else {
		ch.ID = was.ID.V
	}
	if was != nil && is != nil {
		ch.Keys, ch.Summaries, ch.Charts = changedKeys(was, is), c.summaries(was, is), charts(was, is)
		if len(ch.Keys)+len(ch.Summaries) == 0 && c.stage(c.before, was) == c.stage(c.after, is) {
			return ch, false
		}
	}
	if why := c.unknown(was, is); why != "" {
		ch.Collects, ch.Collected = Unknown, []Difference{{Amount: Unknown, Text: why}}
		ch.Line = c.line(&ch)
		return ch, true
	}
	ch.Collected = c.collected(was, is)
	ch.Notes = notes(was, is)
	ch.Collects = sum(ch.Collected)
	ch.Line = c.line(&ch)
	return ch, true
}

func sum(ds []Difference) Amount {
	total := Same
	for _, d := range ds {
		if d.Amount == More || total == Same {
			total = cmp.Or(d.Amount, total)
		}
	}
	return total
}

// stage is how far a metric is: its status, or its lifecycle if it is approved.
func (c *comparer) stage(r *Registry, p *proposal.Proposal) string {
	if p == nil {
		return ""
	}
	return cmp.Or(string(r.Lifecycle(p, c.day)), p.Status.V)
}

// stored reports whether values of a metric are kept: it is approved, and not retired.
func (c *comparer) stored(r *Registry, p *proposal.Proposal) bool {
	return p != nil && p.Status.V == proposal.Approved && r.Lifecycle(p, c.day) != Retired
}

// collected says what of a change makes the reports hold more or less that is kept.
func (c *comparer) collected(was, is *proposal.Proposal) []Difference {
	before, after := c.stored(c.before, was), c.stored(c.after, is)
	switch {
	case !before && !after:
		return nil
	case !before && is.Derived(), !after && was.Derived():
		return nil // it sends nothing of its own
	case !before:
		return []Difference{{Amount: More, Text: "nothing of it was collected before"}}
	case !after:
		return []Difference{{Amount: Less, Text: c.end(is)}}
	}
	return c.fields(was, is)
}

// end says why a metric is no longer collected.
func (c *comparer) end(is *proposal.Proposal) string {
	switch {
	case is == nil:
		return "its file is gone"
	case is.Status.V == proposal.Approved:
		return "it is retired since " + is.Retired.V
	}
	return "it is " + is.Status.V
}
