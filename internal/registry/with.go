// SPDX-License-Identifier: GPL-2.0-or-later

package registry

import (
	"crypto/sha256"
	"maps"
	"slices"

	"github.com/pulp/pulpmetrics/internal/proposal"
)

// With returns the registry in which files have other contents; nil takes a file away. Only those
// files are parsed, and all others are shared with r, which stays as it is. A file that r doesn't
// know is added. Which folders are read is not asked anew: where pulpmetrics.yaml names other ones,
// Load the project again.
func (r *Registry) With(parser *proposal.Parser, files map[string][]byte) *Registry {
	out := &Registry{Project: r.Project, sums: maps.Clone(r.sums)}
	out.Proposals = slices.DeleteFunc(slices.Clone(r.Proposals), func(p *proposal.Proposal) bool { return changed(files, p.Path) })
	out.Problems = slices.DeleteFunc(slices.Clone(r.Problems), func(p Problem) bool { return changed(files, p.File) })
	var names []string
	for name, data := range files {
		if data != nil && name != proposal.ProjectFile {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	out.take(names, parseEach(names, func(name string) parsed {
		p, problems := parser.Proposal(name, files[name])
		return parsed{proposal: p, problems: problems, sum: sha256.Sum256(files[name])}
	}))
	if data := files[proposal.ProjectFile]; data != nil {
		project, problems := parser.Project(data)
		out.Project = project
		out.add(proposal.ProjectFile, problems...)
	}
	out.index()
	return out
}

func changed(files map[string][]byte, name string) bool {
	_, ok := files[name]
	return ok
}
