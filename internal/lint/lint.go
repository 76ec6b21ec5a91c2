// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/exposure"
	"github.com/pulp/pulpmetrics/internal/plan"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// Run checks a registry by every rule, as of a time. The findings come sorted by file and place.
func Run(r *registry.Registry, now time.Time) []diag.Diagnostic {
	e := newEngine(r, now)
	found := e.project()
	for file := range e.strays() {
		found = append(found, e.stray(file)...)
	}
	for _, ds := range e.proposals(r.Proposals) {
		found = append(found, ds...)
	}
	return tidy(found)
}

// File checks one file of a registry as Run does, and no other: pulpmetrics.yaml, or the file of a
// proposal.
func File(r *registry.Registry, now time.Time, file string) []diag.Diagnostic {
	e := newEngine(r, now)
	if file == proposal.ProjectFile {
		return tidy(e.project())
	}
	for _, p := range r.Proposals {
		if p.Path == file {
			return tidy(e.proposal(p))
		}
	}
	return tidy(e.stray(file))
}

func newEngine(r *registry.Registry, now time.Time) *engine {
	e := &engine{registry: r, rules: Rules(), today: now.UTC().Format(time.DateOnly), problems: map[string][]source.Problem{}, byName: map[string]*Rule{}, prover: exposure.NewProver()}
	e.similar = sync.OnceValue(func() *similars { return newSimilars(r) })
	for i := range e.rules {
		e.byName[e.rules[i].Name] = &e.rules[i]
	}
	for _, p := range r.Problems {
		e.problems[p.File] = append(e.problems[p.File], p.Problem)
	}
	return e
}

func tidy(found []diag.Diagnostic) []diag.Diagnostic {
	diag.Sort(found)
	return slices.CompactFunc(found, diag.Same)
}

type engine struct {
	registry *registry.Registry
	rules    []Rule
	byName   map[string]*Rule
	today    string
	problems map[string][]source.Problem // of the structure, by file
	compiler wire.Compiler
	similar  func() *similars
	prover   *exposure.Prover
}

func (e *engine) pass(file string, p *proposal.Proposal) *Pass {
	return &Pass{Registry: e.registry, Proposal: p, Today: e.today, file: file, problems: e.problems[file], compiler: &e.compiler, rules: e.byName, similar: e.similar, proves: e.prover}
}

func (e *engine) project() []diag.Diagnostic {
	pass := e.pass(proposal.ProjectFile, nil)
	for i := range e.rules {
		if check := e.rules[i].Project; check != nil {
			pass.rule = &e.rules[i]
			check(pass)
		}
	}
	return pass.found
}

// strays are the files that no proposal could be made of.
func (e *engine) strays() map[string]bool {
	strays := map[string]bool{}
	for file := range e.problems {
		strays[file] = true
	}
	delete(strays, proposal.ProjectFile)
	for _, p := range e.registry.Proposals {
		delete(strays, p.Path)
	}
	return strays
}

// stray checks a file that no proposal could be made of.
func (e *engine) stray(file string) []diag.Diagnostic {
	return e.structure(e.pass(file, &proposal.Proposal{Path: file}))
}

// structure reports only what was found while the file was read.
func (e *engine) structure(pass *Pass) []diag.Diagnostic {
	for i := range e.rules {
		pass.rule = &e.rules[i]
		reportProblems(pass)
	}
	return pass.found
}

// proposals checks proposals, on all cores.
func (e *engine) proposals(list []*proposal.Proposal) [][]diag.Diagnostic {
	found := make([][]diag.Diagnostic, len(list))
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				found[i] = e.proposal(list[i])
			}
		})
	}
	for i := range list {
		next <- i
	}
	close(next)
	workers.Wait()
	return found
}

func (e *engine) proposal(p *proposal.Proposal) []diag.Diagnostic {
	pass := e.pass(p.Path, p)
	if slices.ContainsFunc(pass.problems, func(problem source.Problem) bool { return problem.Code == source.CodeLimits }) {
		return e.structure(pass) // it was not read to its end
	}
	pass.Plan = plan.Of(e.registry, p)
	pass.problems = slices.Concat(pass.problems, pass.Plan.Problems)
	if p.Field != nil {
		for _, leaf := range p.Field.Leaves() {
			_, problems := e.compiler.Domain(leaf)
			pass.problems = append(pass.problems, problems...)
		}
	}
	for i := range e.rules {
		if check := e.rules[i].Proposal; check != nil {
			pass.rule = &e.rules[i]
			check(pass)
		}
	}
	redact(pass.found, pass.personal())
	return e.ignored(pass)
}
