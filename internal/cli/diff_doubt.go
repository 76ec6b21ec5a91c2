// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// doubtBase adds what of the base can't be read, or be put together, so that nobody can tell what the
// change breaks.
func (a *app) doubtBase(c *comparison, b *base, gaps wire.Gaps, failed error) {
	for _, u := range gaps.Domains {
		fmt.Fprintln(a.Stderr, diag.Printable(fmt.Sprintf("pulpmetrics: `%s` of %s has a mistake, and only its form on the wire is compared: %v", u.Metric.ID.V, b, u.Err)))
	}
	named := map[string]bool{}
	add := func(file, why string) {
		if named[file] {
			return
		}
		named[file] = true
		c.diagnostics = append(c.diagnostics, diag.Diagnostic{
			File: file, Severity: diag.Error, Rule: wire.RuleCompatibility,
			Message: fmt.Sprintf("inconclusive: nobody can tell what changes from %s, which has a mistake here: %s", b, why),
			Help:    "compare with a revision that has no such mistake: `--base REV`",
		})
		c.doubts = append(c.doubts, fmt.Errorf("inconclusive: %s of %s has a mistake, so nobody can tell what changes: %s", file, b, why))
	}
	for _, p := range b.registry.Doubts() {
		add(p.File, at(p))
	}
	for _, u := range gaps.Fields {
		add(u.Metric.Path, u.Err.Error())
	}
	if failed != nil {
		add(proposal.ProjectFile, failed.Error())
	}
}

// at is a problem with the line that it is on.
func at(p registry.Problem) string {
	if p.Span.IsZero() {
		return p.Message
	}
	return fmt.Sprintf("line %d: %s", p.Span.Start.Line, p.Message)
}

// doubtProject keeps the errors of the project itself that make the comparison unsure. It is
// inconclusive where lint has none.
func (c *comparison) doubtProject(v *verdict, found *wire.Compatibility) {
	unsure := map[string]bool{}
	for _, u := range slices.Concat(found.After.Domains, found.After.Fields) {
		unsure[u.Metric.Path] = true
	}
	for _, p := range v.registry.Doubts() {
		unsure[p.File] = true
	}
	for _, p := range v.registry.Problems {
		unsure[p.File] = unsure[p.File] || inForce(v.registry, p.File)
	}
	for _, d := range v.diagnostics {
		if d.Severity == diag.Error && (unsure[d.File] || found.Failed != nil) {
			c.mistakes = append(c.mistakes, d)
		}
	}
	if found.Failed != nil && len(c.mistakes) == 0 {
		c.doubts = append(c.doubts, found.Failed)
	}
	for _, u := range slices.Concat(found.After.Domains, found.After.Fields) {
		if !slices.ContainsFunc(c.mistakes, func(d diag.Diagnostic) bool { return d.File == u.Metric.Path }) {
			c.doubts = append(c.doubts, fmt.Errorf("inconclusive: %s can't be compared: %w", u.Metric.Path, u.Err))
		}
	}
}

// inForce reports whether a file holds a proposal in force.
func inForce(r *registry.Registry, file string) bool {
	return slices.ContainsFunc(r.Proposals, func(p *proposal.Proposal) bool {
		return p.Path == file && (p.Status.V == proposal.Approved || p.Status.V == proposal.Suspended)
	})
}

// inconclusive is the error of what nobody can tell, or nil.
func (c *comparison) inconclusive() error { return errors.Join(c.doubts...) }
