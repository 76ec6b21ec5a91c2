// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"maps"
	"slices"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// What a proposal says about findings has to be true itself: a rule that exists, a key that is
// there, and something to ignore.

var ignore = Rule{Name: "ignore", Severity: diag.Error, Firm: true, Proposal: checkIgnores}

func checkIgnores(p *Pass) {
	for _, ig := range ignores(p.Proposal) {
		rule, ok := p.rules[ig.Rule.V]
		switch {
		case !ig.Rule.Set() || !ig.Path.Set():
			// the schema has reported it
		case !ok:
			p.suggest(ig.Rule, slices.Sorted(maps.Keys(p.rules)), "`pulpmetrics explain` lists them: ", "there is no rule `%s`", ig.Rule.V)
		case rule.Firm:
			p.Report(ig.Rule.Span, "mend what it reports", "`%s` can't be ignored", ig.Rule.V)
		case ig.Covers.IsZero():
			p.Report(ig.Path.Span, "write the keys from the top, with dots, and items of lists by their name or id: `field.fields.name`", "the path `%s` leads nowhere", ig.Path.V)
		}
	}
}

var unusedIgnore = Rule{Name: "unused-ignore", Severity: diag.Warning, Firm: true, Proposal: func(*Pass) {}} // by ignored, when all others are done

func ignores(p *proposal.Proposal) []proposal.Ignore {
	if p.Lint == nil {
		return nil
	}
	return p.Lint.Ignore
}

// ignored takes the findings away that the proposal ignores, and reports ignores without any.
func (e *engine) ignored(pass *Pass) []diag.Diagnostic {
	list := ignores(pass.Proposal)
	if len(list) == 0 {
		return pass.found
	}
	used := make([]bool, len(list))
	pass.found = slices.DeleteFunc(pass.found, func(d diag.Diagnostic) bool {
		for i, ig := range list {
			if !pass.rules[d.Rule].Firm && ig.Rule.V == d.Rule && ig.Covers.Contains(d.Span) {
				used[i] = true
				return true
			}
		}
		return false
	})
	pass.rule = &unusedIgnore
	for i, ig := range list {
		if rule, ok := pass.rules[ig.Rule.V]; ok && !rule.Firm && !used[i] && !ig.Covers.IsZero() {
			pass.ReportFix(dropIgnore(pass.Proposal.Lint, i), ig.Rule.Span, "delete it", "`%s` finds nothing at `%s`", ig.Rule.V, ig.Path.V)
		}
	}
	return pass.found
}

// dropIgnore takes one ignored finding out of the list, and the list with the last one.
func dropIgnore(l *proposal.Lint, i int) *source.Fix {
	var gone source.Span
	switch last := len(l.Ignore) - 1; {
	case last == 0:
		gone = l.Key.To(l.Span)
	case i == last:
		gone = source.Span{Start: l.Ignore[i-1].Span.End, End: l.Ignore[i].Span.End}
	default:
		gone = source.Span{Start: l.Ignore[i].Span.Start, End: l.Ignore[i+1].Span.Start}
	}
	return &source.Fix{Title: "delete it", Edits: []source.Edit{{Span: gone}}}
}
