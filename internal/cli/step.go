// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/govern"
	"github.com/pulp/pulpmetrics/internal/lint"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
)

// step is what happens to one proposal: it gets a status, and but for the first step a decision.
type step struct {
	id       string
	to       string
	decision *proposal.Decision // nil if nobody decides
	amends   bool               // what was decided changed
	urgent   bool               // mistakes that were there before don't hold it up
}

// refusal is a step that can't be taken: the proposal, or those who decide, aren't there yet.
type refusal struct{ error }

func refusef(format string, args ...any) error { return refusal{fmt.Errorf(format, args...)} }

// stage is a step with what it is taken in.
type stage struct {
	step
	workspace
	registry *registry.Registry
	proposal *proposal.Proposal
	base     listing
	said     []entry
}

// take takes a step: it changes the file of the proposal, or says why not and leaves it alone.
func (a *app) take(s step) error {
	st, err := a.stage(s)
	if err != nil {
		return err
	}
	becomes := s.to
	if s.amends {
		becomes = govern.Amended
	}
	if why := govern.Refuse(st.proposal, becomes, st.registry.Lifecycle(st.proposal, a.today()) == registry.Planned); why != "" {
		return refusef("%s", why)
	}
	if s.decision != nil {
		if err := a.decideOn(st); err != nil {
			return err
		}
	}
	data, err := fs.ReadFile(st.fsys, st.proposal.Path)
	if err != nil {
		return err
	}
	if data, err = st.edit(data); err != nil {
		return err
	}
	if err := a.holdUp(st, data); err != nil {
		return err
	}
	if err := replaceFile(st.root, st.proposal.Path, data); err != nil {
		return err
	}
	return a.tellStep(st)
}

// stage reads the project, all of it, and finds the proposal.
func (a *app) stage(s step) (*stage, error) {
	w, err := a.project()
	if err != nil {
		return nil, err
	}
	r, err := w.load()
	if err != nil {
		return nil, err
	}
	switch found := r.ByID(s.id); len(found) {
	case 0:
		return nil, usagef("there is no metric %q: %s", s.id, proposal.Suggest(s.id, r.IDs(), "the metrics are "))
	case 1:
		return &stage{step: s, workspace: w, registry: r, proposal: found[0]}, nil
	default:
		return nil, refusef("%s and %s are both called `%s`: rename one of them", found[0].Path, found[1].Path, s.id)
	}
}

// decideOn seals the decision, after asking whether it is for those people to make.
func (a *app) decideOn(st *stage) error {
	base, err := a.listing(st.workspace, st.registry)
	if err != nil {
		return err
	}
	st.base = base
	if st.amends {
		if err := a.amended(st); err != nil {
			return err
		}
	}
	d := st.decision
	if len(d.By) == 0 {
		d.By = govern.NewPanel(st.registry.Project, st.proposal).Owners
	}
	if len(d.By) == 0 {
		return usagef("`%s` has no authors: say who decides with --by", st.id)
	}
	var refused []error
	for _, o := range st.panel().Objections(d) {
		refused = append(refused, refusef("%s, as %s has it: %s", o.Message, base, o.Help))
	}
	if len(refused) > 0 {
		return errors.Join(refused...)
	}
	if d.Decision.V != proposal.Suspended && d.Decision.V != proposal.Withdrawn {
		seal, ok := st.registry.Seal(st.proposal)
		if !ok {
			return refusef("`%s` can't be sealed: `from` names a metric that isn't there, or is derived itself", st.id)
		}
		d.Seal.V = seal.Full
		st.say("seal", seal.Full)
	}
	return nil
}

// panel is who may decide.
func (st *stage) panel() govern.Panel {
	return govern.PanelSince(st.base.registry.Project, st.base.registry.Metric(st.id), st.proposal)
}

func (st *stage) say(head, text string) { st.said = append(st.said, entry{head, text}) }

// edit changes the status and appends the decision; all else stays byte for byte.
func (st *stage) edit(data []byte) ([]byte, error) {
	root, problems := source.Parse(data)
	status, ok := root.Get("status")
	if len(problems) > 0 || !ok {
		return nil, refusef("%s has mistakes; mend them first: `pulpmetrics lint` shows them", st.proposal.Path)
	}
	var edits []source.Edit
	if status.Text != st.to {
		edits = append(edits, source.Edit{Span: status.Span, Text: st.to})
	}
	if st.decision != nil {
		edit, err := source.Append(data, root, "approval", st.decision.YAML())
		if err != nil {
			return nil, refusal{fmt.Errorf("%s: %w", st.proposal.Path, err)}
		}
		edits = append(edits, edit)
	}
	return source.Apply(data, edits)
}

// holdUp checks the project as it would be, and prints the errors that the proposal would have.
func (a *app) holdUp(st *stage, data []byte) error {
	w := workspace{overlay{st.fsys, map[string][]byte{st.proposal.Path: data}}, st.root}
	r, err := w.load()
	if err != nil {
		return err
	}
	before, after := lint.Run(st.registry, a.Now()), lint.Run(r, a.Now())
	known := func(d diag.Diagnostic) bool {
		return slices.ContainsFunc(before, func(b diag.Diagnostic) bool { return b.File == d.File && b.Rule == d.Rule && b.Message == d.Message })
	}
	mine, others := []diag.Diagnostic{}, 0
	for _, d := range after {
		switch {
		case d.Severity != diag.Error:
		case d.File != st.proposal.Path && !known(d):
			others++
		case d.File == st.proposal.Path && !(st.urgent && known(d)):
			mine = append(mine, d)
		}
	}
	if len(mine) > 0 {
		if err := a.printFindings(&verdict{workspace: w, registry: r, diagnostics: mine}); err != nil {
			return err
		}
		return errors.Join(errFindings, a.tell(plural(len(mine), "error")+": nothing was written\n"))
	}
	if others > 0 {
		st.say("elsewhere", plural(others, "error")+" in other proposals follow from it: `pulpmetrics lint`")
	}
	return nil
}

// tellStep says what was written.
func (a *app) tellStep(st *stage) error {
	var b strings.Builder
	b.WriteString(diag.Printable(st.id) + "  is " + st.to + "\n")
	if d := st.decision; d != nil {
		var by []string
		for _, who := range d.By {
			by = append(by, who.V)
		}
		st.said = append([]entry{
			{"decision", fmt.Sprintf("%s on %s by %s", d.Decision.V, d.Date.V, strings.Join(by, ", "))},
			{"approvers", "as " + st.base.String() + " has them"},
		}, st.said...)
	}
	st.say("written", a.shown(st.workspace, st.proposal.Path))
	for _, e := range st.said {
		writeWrapped(&b, fmt.Sprintf("  %-*s  ", widest, e.head), diag.Printable(e.text), a.width(a.Stdout))
	}
	_, err := io.WriteString(a.Stdout, b.String())
	return err
}
