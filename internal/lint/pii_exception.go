// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/pii"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

var piiException = Rule{Name: "pii-exception", Severity: diag.Error, Firm: true, Proposal: func(p *Pass) {
	for _, e := range exceptionsOf(p.Proposal) {
		switch {
		case e.Class.Set() && !slices.Contains(pii.Classes(), e.Class.V):
			p.Report(e.Class.Span, proposal.Suggest(e.Class.V, pii.Classes(), "the classes are "), "there is no class `%s`", e.Class.V)
		case e.Until.Set() && e.Until.V <= p.Today:
			p.Report(e.Until.Span, "look at it again: take the value out, or let an approver accept it until a later day", "the exception for `%s` ended on %s", e.Class.V, e.Until.V)
		case e.AcceptedBy.Set() && !isApprover(p, e.AcceptedBy.V):
			p.Report(e.AcceptedBy.Span, "name an approver of pulpmetrics.yaml", "`%s` is no approver, and can't accept a finding", e.AcceptedBy.V)
		case !slices.ContainsFunc(p.personal(), func(f pii.Finding) bool { return covers(e, f) }):
			p.Report(e.Path.Span, "delete it", "nothing of class `%s` is found at `%s`", e.Class.V, e.Path.V)
		}
	}
}}

func exceptionsOf(p *proposal.Proposal) []proposal.Exception {
	if p.PII == nil {
		return nil
	}
	return p.PII.Exceptions
}

// excepted reports whether somebody accepted a finding, and still does.
func (p *Pass) excepted(f pii.Finding) bool {
	return slices.ContainsFunc(exceptionsOf(p.Proposal), func(e proposal.Exception) bool {
		return covers(e, f) && e.Until.V > p.Today && isApprover(p, e.AcceptedBy.V)
	})
}

// covers reports whether an exception is about a finding: of its class, at its path or below. The path
// is that of a leaf, or of an answer in the file.
func covers(e proposal.Exception, f pii.Finding) bool {
	path := withoutIndexes(f.Path)
	if e.Class.V != f.Class || e.Path.V == "" {
		return false
	}
	return path == e.Path.V || strings.HasPrefix(path, e.Path.V+".") || strings.HasPrefix(path, "example.payload.") && strings.HasSuffix(path, "."+e.Path.V)
}

// withoutIndexes writes a path without the places in lists.
func withoutIndexes(path string) string {
	var b strings.Builder
	for i, part := range strings.Split(path, "[") {
		if i > 0 {
			_, part, _ = strings.Cut(part, "]")
		}
		b.WriteString(part)
	}
	return b.String()
}

func isApprover(p *Pass, handle string) bool {
	return slices.ContainsFunc(p.Registry.Project.Approvers, func(a proposal.Approver) bool { return a.Handle.V == handle })
}
