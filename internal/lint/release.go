// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"slices"
	"strconv"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/source"
)

var release = Rule{Name: "release", Severity: diag.Error, Proposal: func(p *Pass) {
	if p.Proposal.Field != nil {
		for _, leaf := range p.Proposal.Field.Leaves() {
			for _, m := range leaf.Members {
				p.checkRelease(m.Since)
			}
		}
	}
	v := p.Proposal.Version
	if v == nil {
		return
	}
	for i, since := range v.Since {
		p.checkRelease(since)
		if i > 0 && domain.Compare(v.Since[i-1].V, since.V) >= 0 {
			p.ReportFix(inOrder(v.Since), since.Span, "order them from the oldest", "%s is not newer than %s, which stands before it", since.V, v.Since[i-1].V)
		}
	}
	p.checkRelease(v.Removed)
	if last := len(v.Since) - 1; v.Removed.Set() && last >= 0 && domain.Compare(v.Removed.V, v.Since[last].V) <= 0 {
		p.Report(v.Removed.Span, "`removed` is the first release that no longer sends it", "it can't be removed in %s: %s began to send it", v.Removed.V, v.Since[last].V)
	}
}}

// inOrder writes releases from the oldest on, each in the place of another.
func inOrder(since []source.Text) *source.Fix {
	sorted := slices.SortedFunc(slices.Values(since), func(a, b source.Text) int { return domain.Compare(a.V, b.V) })
	fix := &source.Fix{Title: "order the releases"}
	for i, s := range sorted {
		if i > 0 && domain.Compare(sorted[i-1].V, s.V) == 0 {
			return nil // one of them is too many
		}
		if s.V != since[i].V {
			fix.Edits = append(fix.Edits, source.Edit{Span: since[i].Span, Text: strconv.Quote(s.V)})
		}
	}
	return fix
}

// checkRelease reports a version that was never released, and never will be: lower than the last
// one, and not in the list.
func (p *Pass) checkRelease(version source.Text) {
	if !version.Set() {
		return
	}
	ns := p.Proposal.NamespaceName()
	if _, ok := p.Registry.ReleaseDate(ns, version.V); ok {
		return
	}
	component, last := p.Registry.Project.Component(ns), p.Registry.LastRelease(ns)
	if last == "" {
		p.Report(version.Span, "add them under `releases` in pulpmetrics.yaml, with their dates", "no releases of %s are known", component)
	} else if domain.Compare(domain.Parts(version.V, 2), last) <= 0 {
		p.Report(version.Span, "correct it, or add it under `releases` in pulpmetrics.yaml. Only what comes after "+last+", the last one there, is taken for planned", "%s is not a release of %s", version.V, component)
	}
}
