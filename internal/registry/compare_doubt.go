// SPDX-License-Identifier: GPL-2.0-or-later

package registry

import (
	"path"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// Doubts returns what makes it unsure which metrics the registry sends, and in what form: at most
// one problem for each file. Proposals that are plainly not in force raise none.
func (r *Registry) Doubts() []Problem {
	var doubts []Problem
	byPath := map[string]*proposal.Proposal{}
	for _, p := range r.Proposals {
		byPath[p.Path] = p
	}
	for _, problem := range r.Problems {
		seen := len(doubts) > 0 && doubts[len(doubts)-1].File == problem.File
		p, doubt := byPath[problem.File], false
		switch {
		case problem.File == proposal.ProjectFile:
			doubt = !r.Project.Message.Set() || len(r.Project.Proposals) == 0 || r.barred && problem.Code == CodeFile
		case p == nil:
			doubt = r.lost(problem.File)
		default:
			doubt = doubtful(p, problem)
		}
		if doubt && !seen {
			doubts = append(doubts, problem)
		}
	}
	return doubts
}

// doubtful reports whether a problem leaves open what a proposal sends.
func doubtful(p *proposal.Proposal, problem Problem) bool {
	known := slices.Contains(proposal.Statuses(), p.Status.V)
	switch {
	case known && p.Status.V != proposal.Approved && p.Status.V != proposal.Suspended:
		return false
	case !known, !p.ID.Set(), p.Field == nil && !p.Derived():
		return true
	case p.Field != nil && p.Field.Span.Contains(problem.Span):
		return true
	}
	return slices.Contains([]string{source.CodeSyntax, source.CodeAlias, source.CodeLimits, source.CodeUniqueKeys}, problem.Code)
}

// lost reports whether a file that nothing was read from stands where a proposal does.
func (r *Registry) lost(file string) bool {
	return strings.HasSuffix(file, ".yaml") && file != proposal.ProjectFile && slices.ContainsFunc(r.Project.Proposals, func(folder source.Text) bool {
		return path.Clean(folder.V) == path.Dir(file)
	})
}

// illegible returns all files of proposals, and whether not even the id of a metric could be read.
func (r *Registry) illegible() map[string]bool {
	files := map[string]bool{}
	for _, p := range r.Problems {
		files[p.File] = r.lost(p.File)
	}
	for _, p := range r.Proposals {
		files[p.Path] = !p.ID.Set()
	}
	return files
}

// hiding is where a registry may hold metrics that can't be read from it.
type hiding struct {
	files  map[string]bool // that are illegible
	anyone bool            // one of them is a file that the other side can't name either
}

func hidingIn(r, other *Registry) hiding {
	h := hiding{files: r.illegible()}
	elsewhere := other.illegible()
	for file, illegible := range h.files {
		there, known := elsewhere[file]
		h.anyone = h.anyone || illegible && (!known || there)
	}
	return h
}

// has reports whether the metric of a file on the other side may be hidden.
func (h hiding) has(file string) bool { return h.files[file] || h.anyone }

// unknown says why it can't be told what becomes of a metric, or "".
func (c *comparer) unknown(was, is *proposal.Proposal) string {
	switch {
	case was == nil && c.hiddenBefore.has(is.Path):
		return "what it was before can't be read"
	case is == nil && c.hiddenNow.has(was.Path):
		return "what it is now can't be read"
	case unclear(was):
		return "the field that it had can't be read"
	case unclear(is):
		return "the field that it has can't be read"
	}
	return ""
}

// unclear reports whether a metric is approved and lacks the field that it needs.
func unclear(p *proposal.Proposal) bool {
	return p != nil && p.Status.V == proposal.Approved && p.Field == nil && !p.Derived()
}
