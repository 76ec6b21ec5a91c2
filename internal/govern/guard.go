// SPDX-License-Identifier: GPL-2.0-or-later

package govern

import (
	"cmp"
	"embed"
	"fmt"
	"slices"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
)

// Rules that hold a change against the project as it was. A change of decisions is also held by
// the rules of package lint.
const (
	RuleKept          = "proposal-kept"
	RuleDecisionsKept = "decisions-kept"
	RuleTransition    = "transition"
	RuleDecided       = "decided"
	RuleNarrowed      = "narrowed"
	RuleProof         = "decision-proof"
	RulePolicy        = "who-decides"

	ruleQuorum = "quorum"         // of package lint, as the base has it
	ruleDates  = "decision-dates" // of package lint
)

// Checks returns the names of the rules that are checked here.
func Checks() []string {
	return []string{RuleKept, RuleDecisionsKept, RuleTransition, RuleDecided, RuleNarrowed, RuleProof, RulePolicy}
}

//go:embed proposal-kept.md decisions-kept.md transition.md decided.md narrowed.md decision-proof.md who-decides.md
var pages embed.FS

// Page returns the Markdown page of a rule, and whether there is one.
func Page(name string) (string, bool) {
	text, err := pages.ReadFile(name + ".md")
	return string(text), err == nil
}

// Guard holds a change against the project as it was before it. Who decides, how many it takes and
// whose keys prove it is what the project says there: no change appoints its own approvers.
type Guard struct {
	Before, After *registry.Registry
	Changes       []registry.Change // between them
	Base          string            // how people call what was before
	Day           string            // today, YYYY-MM-DD
	// Entered returns the day on which a proposal came into the history, YYYY-MM-DD, or "" where
	// nobody can tell. It is asked only for what has new decisions.
	Entered func(*proposal.Proposal) string
	// Signers and Revoked report whether the lists of keys differ from those of the base.
	Signers, Revoked bool
	// Proofs has the proof of each decision that there is one of.
	Proofs Proofs

	found []diag.Diagnostic
}

// Findings returns what of the change nobody was allowed to do, sorted by file and place; and, as
// findings of severity info, whether each new decision is asserted or proved; as warnings, what
// changes about who decides.
func (g *Guard) Findings() []diag.Diagnostic {
	g.policy()
	for i := range g.Changes {
		g.change(&g.Changes[i])
	}
	diag.Sort(g.found)
	return g.found
}

func (g *Guard) report(p *proposal.Proposal, span source.Span, rule, help, format string, args ...any) {
	g.found = append(g.found, diag.Diagnostic{File: p.Path, Span: span, Severity: diag.Error, Rule: rule, Message: fmt.Sprintf(format, args...), Help: help})
}

// change holds one metric against what it was, as far as that can be read.
func (g *Guard) change(ch *registry.Change) {
	if ch.Is == nil {
		if ch.Gone() {
			g.report(ch.Was, source.Span{}, RuleKept, "bring it back as it was in "+g.Base+"; a metric that nobody wants any more is withdrawn, or retired, and its file stays as the tombstone", "`%s` is gone; files of proposals are never deleted", ch.Was.ID.V)
		}
		return
	}
	if ch.Collects == registry.Unknown {
		return // the comparison is inconclusive, and says so itself
	}
	d := g.decisions(ch.Was, ch.Is)
	g.transitions(ch, d)
	for i := range d.kept {
		if len(ch.Is.Approval[i].Signatures) > len(ch.Was.Approval[i].Signatures) {
			g.proof(ch, &ch.Is.Approval[i])
		}
	}
	for _, decision := range d.added[d.rewritten:] {
		g.appended(ch, decision)
	}
	g.undecided(ch, d)
	g.narrowings(ch, d)
}

// decisions is what a change does to the list of decisions about one metric.
type decisions struct {
	kept      int                  // from the beginning of the list
	added     []*proposal.Decision // behind them
	rewritten int                  // of those added, in the place of others
	whole     bool                 // nothing of the list was changed or lost
}

// decisions compares the lists of decisions, and reports what was changed or lost. Signatures can
// be added to a decision later.
func (g *Guard) decisions(was, is *proposal.Proposal) decisions {
	d := decisions{whole: true}
	if was != nil {
		for i := range was.Approval {
			if i >= len(is.Approval) || !alike(&was.Approval[i], &is.Approval[i]) {
				d.whole = false
				g.rewritten(was, is, i)
				break
			}
			d.kept++
		}
	}
	for i := d.kept; i < len(is.Approval); i++ {
		d.added = append(d.added, &is.Approval[i])
	}
	if was != nil {
		d.rewritten = min(len(was.Approval)-d.kept, len(d.added))
	}
	return d
}

// rewritten reports that decision i is not what it was.
func (g *Guard) rewritten(was, is *proposal.Proposal, i int) {
	old := &was.Approval[i]
	help := "put it back as it was in " + g.Base + ", and append a new decision at the end: the list is never rewritten"
	if i >= len(is.Approval) {
		g.report(is, is.ID.Span, RuleDecisionsKept, help, "%s is gone", about(old, i))
		return
	}
	now := &is.Approval[i]
	moved := slices.IndexFunc(is.Approval, func(d proposal.Decision) bool { return alike(old, &d) })
	switch part, span := differs(old, now); {
	case moved >= 0:
		g.report(is, span, RuleDecisionsKept, help, "%s was moved to another place in the list", about(old, i))
	default:
		g.report(is, span, RuleDecisionsKept, help, "%s was rewritten: its %s is not what it was", about(old, i), part)
	}
}

// about names a decision.
func about(d *proposal.Decision, i int) string {
	return fmt.Sprintf("decision %d (`%s`%s)", i+1, d.Decision.V, map[bool]string{true: " of " + d.Date.V}[d.Date.Set()])
}

// alike reports whether a decision is what it was. It may have got more signatures.
func alike(was, is *proposal.Decision) bool {
	part, _ := differs(was, is)
	return part == ""
}

// differs names the first part of a decision that is not what it was, and where it stands now; ""
// if nothing differs.
func differs(was, is *proposal.Decision) (part string, at source.Span) {
	for _, text := range []struct {
		key     string
		was, is source.Text
	}{
		{"kind", was.Decision, is.Decision}, {"date", was.Date, is.Date}, {"reference", was.Reference, is.Reference},
		{"reason", was.Reason, is.Reason}, {"seal", was.Seal, is.Seal},
	} {
		if text.was.V != text.is.V {
			return text.key, place(text.is.Span, is)
		}
	}
	if was.Legacy.V != is.Legacy.V {
		return "mark as older than the toolkit", place(is.Legacy.Span, is)
	}
	if !slices.EqualFunc(was.By, is.By, func(a, b source.Text) bool { return a.V == b.V }) {
		return "list of those who decided", decisionPlace(is)
	}
	for i, s := range was.Signatures {
		if i >= len(is.Signatures) || s.By.V != is.Signatures[i].By.V || s.Signature.V != is.Signatures[i].Signature.V {
			return "list of signatures", decisionPlace(is)
		}
	}
	return "", source.Span{}
}

// place is where something stands, or else the decision that lacks it.
func place(span source.Span, d *proposal.Decision) source.Span {
	if span.IsZero() {
		return decisionPlace(d)
	}
	return span
}

func decisionPlace(d *proposal.Decision) source.Span { return cmp.Or(d.Decision.Span, d.Span) }

// appended holds one new decision against who decides in the base.
func (g *Guard) appended(ch *registry.Change, d *proposal.Decision) {
	if d.Legacy.V {
		if ch.Was != nil || !g.Before.Project.IsLegacy(ch.ID) {
			g.report(ch.Is, place(d.Legacy.Span, d), RuleDecisionsKept, "record the decision as it is made now, with date, approvers and reference", "a decision from before the toolkit can't be added to `%s` any more", ch.ID)
		}
		return
	}
	for _, o := range g.panel(ch).Objections(d) {
		g.report(ch.Is, o.Span, ruleQuorum, o.Help, "%s, as %s has it", o.Message, g.Base)
	}
	g.backdated(ch, d)
	g.proof(ch, d)
}

// panel is who may decide about a metric: as the base has it. Who was its author stays one.
func (g *Guard) panel(ch *registry.Change) Panel { return PanelSince(g.Before.Project, ch.Was, ch.Is) }

// PanelSince returns who may decide about a proposal, as a project lists approvers; was is the
// proposal there, or nil. A change can't make its own author somebody else, nor its owner.
func PanelSince(project *proposal.Project, was, is *proposal.Proposal) Panel {
	panel := NewPanel(project, is)
	if was != nil {
		before := NewPanel(project, was)
		panel.Authors, panel.Owners = slices.Concat(before.Authors, panel.Authors), before.Owners
	}
	return panel
}

// backdated reports a decision from before there was anything to decide about. A day may already
// have begun elsewhere.
func (g *Guard) backdated(ch *registry.Change, d *proposal.Decision) {
	if g.Entered == nil || !d.Date.Set() {
		return
	}
	entered := g.Entered(cmp.Or(ch.Was, ch.Is))
	if entered != "" && nextDay(d.Date.V) < entered {
		g.report(ch.Is, d.Date.Span, ruleDates, "write the day on which this text was decided about", "%s is before `%s` was written: it came into the history on %s", d.Date.V, ch.ID, entered)
	}
}
