// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
)

// Mended is a file that fixes were made in.
type Mended struct {
	File          string
	Before, After []byte
	Fixes         int // that were made
}

// Mender makes the fixes that can't be wrong. What they may not do is make anything worse: fixes
// after which a file has more errors than before, or a seal no longer fits, are not made. Of a file
// that can't be read as a whole, nothing is touched.
type Mender struct {
	Parser *proposal.Parser
	Now    time.Time
	Read   func(file string) ([]byte, error)
	Wanted func(diag.Diagnostic) bool // which findings may be mended; nil is all
}

// mostRounds is how often files are mended again: a fix can lay open what the next one mends.
const mostRounds = 16

// Mend returns what a registry with these findings becomes, its findings then, and the files that
// change, sorted by name.
func (m *Mender) Mend(r *registry.Registry, found []diag.Diagnostic) (*registry.Registry, []diag.Diagnostic, []Mended, error) {
	w := &mending{Mender: m, registry: r, found: found, done: map[string]*Mended{}, refused: map[string]bool{}}
	for range mostRounds {
		batch, err := w.batch()
		if err != nil {
			return r, found, nil, err
		}
		if len(batch) == 0 {
			break
		}
		w.take(batch)
	}
	for _, file := range slices.Sorted(maps.Keys(w.refused)) {
		if err := w.piecemeal(file); err != nil {
			return r, found, nil, err
		}
	}
	return w.registry, w.found, w.changes(), nil
}

// mending is a registry on its way.
type mending struct {
	*Mender
	registry *registry.Registry
	found    []diag.Diagnostic
	done     map[string]*Mended
	refused  map[string]bool // files that all fixes together made worse
}

func (w *mending) changes() []Mended {
	var out []Mended
	for _, change := range w.done {
		if !bytes.Equal(change.Before, change.After) {
			out = append(out, *change)
		}
	}
	slices.SortFunc(out, func(a, b Mended) int { return cmp.Compare(a.File, b.File) })
	return out
}

// batch makes the fixes of one round, in memory.
func (w *mending) batch() ([]*Mended, error) {
	var batch []*Mended
	for _, group := range byFile(w.found) {
		file := group[0].File
		if w.refused[file] {
			continue
		}
		change, err := w.change(file, w.fixes(group))
		if err != nil {
			return nil, err
		}
		if change != nil {
			batch = append(batch, change)
		}
	}
	return batch, nil
}

// change makes fixes in a file as it is by now; nil if none can be made.
func (w *mending) change(file string, fixes []*source.Fix) (*Mended, error) {
	if len(fixes) == 0 {
		return nil, nil
	}
	change := &Mended{File: file}
	if was := w.done[file]; was != nil {
		*change = *was
	} else {
		data, err := w.Read(file)
		if err != nil {
			return nil, err
		}
		change.Before, change.After = data, data
	}
	after, made := apply(change.After, fixes)
	if made == 0 {
		return nil, nil
	}
	change.After, change.Fixes = after, change.Fixes+made
	return change, nil
}

// take makes changes, but for those of files that they make worse.
func (w *mending) take(batch []*Mended) {
	for len(batch) > 0 {
		bad := w.try(batch)
		if len(bad) == 0 {
			return
		}
		blamed := slices.DeleteFunc(slices.Clone(batch), func(c *Mended) bool { return !bad[c.File] })
		if len(blamed) == 0 {
			blamed = batch // nobody knows which of them made another file worse
		}
		for _, c := range blamed {
			w.refused[c.File] = true
		}
		batch = slices.DeleteFunc(batch, func(c *Mended) bool { return w.refused[c.File] })
	}
}

// try makes changes, unless they make files worse: it returns those.
func (w *mending) try(batch []*Mended) map[string]bool {
	files := map[string][]byte{}
	for _, change := range batch {
		files[change.File] = change.After
	}
	next := w.registry.With(w.Parser, files)
	after := Run(next, w.Now)
	bad := worse(w.found, after)
	if len(bad) > 0 {
		return bad
	}
	w.registry, w.found = next, after
	for _, change := range batch {
		w.done[change.File] = change
	}
	return nil
}

// piecemeal makes the fixes of a file each by itself, but for those that make anything worse.
func (w *mending) piecemeal(file string) error {
	skip := map[string]bool{}
	name := func(d diag.Diagnostic) string { return d.Rule + " " + d.Message }
	for {
		i := slices.IndexFunc(w.found, func(d diag.Diagnostic) bool { return d.File == file && w.sure(d) && !skip[name(d)] })
		if i < 0 {
			return nil
		}
		change, err := w.change(file, []*source.Fix{w.found[i].Fix})
		if err != nil {
			return err
		}
		skip[name(w.found[i])] = true
		if change != nil {
			w.try([]*Mended{change})
		}
	}
}

// byFile splits findings, which are sorted, by their file.
func byFile(found []diag.Diagnostic) [][]diag.Diagnostic {
	var groups [][]diag.Diagnostic
	for i, d := range found {
		if i == 0 || found[i-1].File != d.File {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], d)
	}
	return groups
}

// fixes returns the fixes of one file that may be made; none if it can't be read to its end.
func (m *Mender) fixes(found []diag.Diagnostic) []*source.Fix {
	if slices.ContainsFunc(found, unreadable) {
		return nil
	}
	var fixes []*source.Fix
	for _, d := range found {
		if m.sure(d) {
			fixes = append(fixes, d.Fix)
		}
	}
	return fixes
}

func (m *Mender) sure(d diag.Diagnostic) bool {
	return d.Fix != nil && !d.Fix.Unsure && (m.Wanted == nil || m.Wanted(d))
}

// unreadable reports whether a finding says that the file was not read as its author sees it.
func unreadable(d diag.Diagnostic) bool {
	switch d.Rule {
	case source.CodeSyntax, source.CodeDocument, source.CodeAlias, source.CodeLimits, source.CodeUniqueKeys, registry.CodeFile:
		return true
	case source.CodeEncoding:
		return d.Fix == nil
	}
	return false
}

// apply makes as many of the fixes as don't touch each other, and says how many those are. A fix
// that would take a comment away is not made.
func apply(data []byte, fixes []*source.Fix) (after []byte, made int) {
	var edits []source.Edit
	after = data
	for _, fix := range fixes {
		with := slices.Concat(edits, fix.Edits)
		now, err := source.Apply(data, with)
		if err != nil || !fix.InText && bytes.Count(now, []byte{'#'}) < bytes.Count(after, []byte{'#'}) {
			continue
		}
		edits, after, made = with, now, made+1
	}
	return after, made
}

// worse returns the files that have more errors after a change than before, that can't be read any
// more, or in which a decision lost its seal.
func worse(before, after []diag.Diagnostic) map[string]bool {
	type count struct{ errors, firm int }
	tally := func(ds []diag.Diagnostic) map[string]count {
		counts := map[string]count{}
		for _, d := range ds {
			c := counts[d.File]
			if d.Severity == diag.Error {
				c.errors++
			}
			if d.Rule == seal.Name || unreadable(d) {
				c.firm++
			}
			counts[d.File] = c
		}
		return counts
	}
	was, bad := tally(before), map[string]bool{}
	for file, now := range tally(after) {
		if now.errors > was[file].errors || now.firm > was[file].firm {
			bad[file] = true
		}
	}
	return bad
}
