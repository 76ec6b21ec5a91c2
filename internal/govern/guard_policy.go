// SPDX-License-Identifier: GPL-2.0-or-later

package govern

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// policy reports what changes about who decides, and about what proves it. It counts for later changes,
// not for this one, so nobody needs to decide about it; but nobody should overlook it either.
func (g *Guard) policy() {
	was, is := g.Before.Project, g.After.Project
	g.approvers(was, is)
	if was.Quorum.V != is.Quorum.V {
		g.warn(proposal.ProjectFile, is.Quorum.Span, "it took %d approvers to decide, and from now on it takes %d", was.Quorum.V, is.Quorum.V)
	}
	if before, after := cmp.Or(was.Signatures.V, "optional"), cmp.Or(is.Signatures.V, "optional"); before != after {
		g.warn(proposal.ProjectFile, is.Signatures.Span, "signatures were %s, and from now on they are %s", before, after)
	}
	for _, list := range []struct {
		was, is []source.Text
		say     string
	}{
		{was.Legacy, is.Legacy, "the metrics that count as older than the toolkit"},
		{was.Proposals, is.Proposals, "the folders of proposals"},
	} {
		if a, b := texts(list.was), texts(list.is); !slices.Equal(a, b) {
			g.warn(proposal.ProjectFile, source.Span{}, "%s change: they were %s, and are %s", list.say, listed(a), listed(b))
		}
	}
	if g.Signers {
		g.warn(SignersFile, source.Span{}, "the list of keys changes: from now on others may prove decisions")
	}
	if g.Revoked {
		g.warn(RevokedFile, source.Span{}, "the list of revoked keys changes")
	}
}

// approvers reports who comes, who goes, and whose time changes.
func (g *Guard) approvers(was, is *proposal.Project) {
	term := func(a proposal.Approver) string { return a.From.V + " to " + cmp.Or(a.Until.V, "today") }
	find := func(in []proposal.Approver, a proposal.Approver) int {
		return slices.IndexFunc(in, func(b proposal.Approver) bool { return sameHandle(a.Handle.V, b.Handle.V) && a.From.V == b.From.V })
	}
	for _, a := range is.Approvers {
		switch at := find(was.Approvers, a); {
		case at < 0:
			g.warn(proposal.ProjectFile, a.Handle.Span, "`%s` becomes an approver, from %s", a.Handle.V, term(a))
		case was.Approvers[at].Until.V != a.Until.V:
			g.warn(proposal.ProjectFile, a.Handle.Span, "`%s` was an approver from %s, and is one from %s", a.Handle.V, term(was.Approvers[at]), term(a))
		}
	}
	for _, a := range was.Approvers {
		if find(is.Approvers, a) < 0 {
			g.warn(proposal.ProjectFile, source.Span{}, "`%s`, an approver from %s, is no longer listed", a.Handle.V, term(a))
		}
	}
}

func (g *Guard) warn(file string, span source.Span, format string, args ...any) {
	g.found = append(g.found, diag.Diagnostic{File: file, Span: span, Severity: diag.Warning, Rule: RulePolicy, Message: fmt.Sprintf(format, args...),
		Help: "make sure that those who decide now want this; decisions in this change are still held against " + g.Base})
}

func texts(all []source.Text) []string {
	var out []string
	for _, t := range all {
		out = append(out, t.V)
	}
	return out
}

func listed(all []string) string {
	if len(all) == 0 {
		return "none"
	}
	return "`" + strings.Join(all, "`, `") + "`"
}
