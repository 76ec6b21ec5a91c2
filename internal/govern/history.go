// SPDX-License-Identifier: GPL-2.0-or-later

package govern

import (
	"cmp"
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/git"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// Line is what became of one metric, whatever it was called.
type Line struct {
	ID     string  // the last that it had
	Path   string  // the last that its file had, slash-separated from the top of the work tree
	Gone   bool    // the file is gone
	Events []Event // oldest first: parents before children
}

// Event is one commit that changed the file of a metric. Merges are events only where they hold
// something that none of their parents did.
type Event struct {
	Commit   *git.Entry // its Files are nil
	Was, Is  *Version   // Was is nil where the metric entered, Is where the file went
	Others   []*Version // what it was in the other parents of a merge
	Returned bool       // the file was gone before
	Path     string
}

// Version is what one file of a metric held.
type Version struct {
	Object  string // hash of the file's contents
	Read    bool   // it could be read; all else is zero if not
	ID      string
	Title   string
	Status  string
	Number  int64 // of the field; 0 if it has none
	Seal    proposal.Seal
	Stages  []string  // since, removed and retired, each with its key
	Asked   [2]string // title and question
	Decided []string  // each decision with its date
}

// Kind says what an event was about, the weightiest first.
type Kind uint8

// The kinds of events.
const (
	Entered   Kind = iota // the file came, or came again
	Removed               // the file went
	Moved                 // the metric got another id
	Decision              // its status or its decisions changed
	Collects              // what is collected, or how it is summarized, changed
	Stage                 // since, removed or retired changed
	Words                 // words of what was decided changed, and nothing that machines read
	Other                 // title, links, charts, discussion, or nothing that matters
	Illegible             // the file can't be read, before or after
)

func (k Kind) String() string {
	return [...]string{"entered", "removed", "renamed", "decision", "collects", "releases", "words", "other", "illegible"}[k]
}

// MarshalText writes a kind as its name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Kinds returns everything that an event was about. What a merge has of one of its parents it didn't
// do itself.
func (e *Event) Kinds() []Kind {
	kinds := e.kinds()
	for _, other := range e.Others {
		against := Event{Was: other, Is: e.Is}
		theirs := against.kinds()
		kinds = slices.DeleteFunc(kinds, func(k Kind) bool { return !slices.Contains(theirs, k) })
	}
	if len(kinds) == 0 {
		return []Kind{Other}
	}
	return kinds
}

func (e *Event) kinds() []Kind {
	switch {
	case e.Is == nil:
		return []Kind{Removed}
	case e.Was == nil || e.Returned:
		return []Kind{Entered}
	case !e.Was.Read || !e.Is.Read:
		return []Kind{Illegible}
	}
	var kinds []Kind
	for _, c := range []struct {
		kind    Kind
		changed bool
	}{
		{Moved, e.Was.ID != e.Is.ID},
		{Decision, e.Was.Status != e.Is.Status || !slices.Equal(e.Was.Decided, e.Is.Decided)},
		{Collects, e.Was.Seal.Machine != e.Is.Seal.Machine},
		{Stage, !slices.Equal(e.Was.Stages, e.Is.Stages)},
		{Words, e.Was.Seal.Full != e.Is.Seal.Full && e.Was.Seal.Machine == e.Is.Seal.Machine},
	} {
		if c.changed {
			kinds = append(kinds, c.kind)
		}
	}
	if len(kinds) == 0 {
		return []Kind{Other}
	}
	return kinds
}

// Kind returns the weightiest that an event was about.
func (e *Event) Kind() Kind { return e.Kinds()[0] }

// History is what became of all metrics of a repository.
type History struct {
	lines []*Line
}

// Lines returns the metrics, sorted by id and path.
func (h *History) Lines() []*Line { return h.lines }

// Find returns the metric that has an id, or else the one that had it last; nil if there is none.
func (h *History) Find(id string) *Line {
	var had *Line
	for _, l := range h.lines {
		if l.ID == id && !l.Gone {
			return l
		}
		if l.had(id) && (had == nil || had.Gone) {
			had = l
		}
	}
	return had
}

func (l *Line) had(id string) bool {
	return slices.ContainsFunc(l.Events, func(e Event) bool { return e.Is != nil && e.Is.ID == id })
}

// At returns the metric whose file stands at a path now, from the top of the work tree, or nil.
func (h *History) At(path string) *Line {
	for _, l := range h.lines {
		if l.Path == path && !l.Gone {
			return l
		}
	}
	return nil
}

// Entered returns the commit in which the metric entered.
func (l *Line) Entered() *git.Entry { return l.Events[0].Commit }

// Repository is the history that lines are read from.
type Repository interface {
	Log(ctx context.Context, tip git.Commit, each func(*git.Entry) error) error
	Blobs(ctx context.Context) *git.Blobs
	Tree(ctx context.Context, c git.Commit, folder string) (*git.Tree, error)
}

// ReadHistory follows every proposal through the history of a commit. Proposals are the files of
// folders, slash-separated from the top of the work tree, and what they were before they were moved
// there.
func ReadHistory(ctx context.Context, repo Repository, tip git.Commit, folders []string) (*History, error) {
	reader := newVersions(ctx, repo)
	reader.start()
	return trace(ctx, repo, tip, folders, reader)
}

// ReadPaths is ReadHistory for those who only want to know when files came: what they held is read
// only to recognize what was moved, and the versions of events are empty.
func ReadPaths(ctx context.Context, repo Repository, tip git.Commit, folders []string) (*History, error) {
	return trace(ctx, repo, tip, folders, newVersions(ctx, repo))
}

func trace(ctx context.Context, repo Repository, tip git.Commit, folders []string, reader *versions) (*History, error) {
	defer reader.close()
	var commits []*git.Entry
	err := repo.Log(ctx, tip, func(e *git.Entry) error {
		e.Files = slices.DeleteFunc(e.Files, func(f git.FileChange) bool { return !isYAML(f) })
		if len(e.Files) > 0 {
			commits = append(commits, e)
			reader.prepare(e, folders)
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, reader.wait())
	}
	t := tracer{versions: reader, folders: folders, at: map[string]*Line{}, left: map[string]bool{}}
	for _, e := range commits {
		t.commit(e)
	}
	tree, err := repo.Tree(ctx, tip, ".")
	if err != nil {
		return nil, err
	}
	defer tree.Close()
	if err := errors.Join(t.settle(tree), reader.wait()); err != nil {
		return nil, err
	}
	return t.history(), nil
}

func isYAML(f git.FileChange) bool {
	return strings.HasSuffix(f.Path, ".yaml") || slices.ContainsFunc(f.Was, func(w git.FileState) bool { return strings.HasSuffix(w.Path, ".yaml") })
}

// in reports whether a file is a proposal of one of the folders.
func in(folders []string, name string) bool {
	return strings.HasSuffix(name, ".yaml") && path.Base(name) != proposal.ProjectFile && slices.Contains(folders, path.Dir(name))
}

// history sorts the lines that were ever proposals.
func (t *tracer) history() *History {
	h := &History{}
	for _, l := range t.lines {
		proposes := func(e Event) bool { return in(t.folders, e.Path) }
		if len(l.Events) > 0 && slices.ContainsFunc(l.Events, proposes) {
			h.lines = append(h.lines, l)
		}
	}
	slices.SortStableFunc(h.lines, func(a, b *Line) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Path, b.Path)) })
	return h
}

// merged reports whether a value holds nothing that none of the parents' has: every part of it is
// one parent's.
func merged(v source.Value, parents []source.Value) bool {
	for _, p := range parents {
		if source.Same(v, p) {
			return true
		}
	}
	switch v.Kind {
	case source.Map:
		return mergedMap(v, parents)
	case source.List:
		return mergedList(v, parents)
	}
	return false
}

func mergedMap(v source.Value, parents []source.Value) bool {
	for _, e := range v.Entries {
		var there []source.Value
		for _, p := range parents {
			if was, ok := p.Get(e.Key.V); ok {
				there = append(there, was)
			}
		}
		if !merged(e.Value, there) {
			return false
		}
	}
	for _, p := range parents {
		for _, e := range p.Entries {
			_, kept := v.Get(e.Key.V)
			if !kept && !slices.ContainsFunc(parents, func(p source.Value) bool { _, ok := p.Get(e.Key.V); return !ok }) {
				return false
			}
		}
	}
	return true
}

// mergedList compares lists item by item, where all are as long.
func mergedList(v source.Value, parents []source.Value) bool {
	for i, item := range v.Items {
		var there []source.Value
		for _, p := range parents {
			if len(p.Items) == len(v.Items) {
				there = append(there, p.Items[i])
			}
		}
		if !merged(item, there) {
			return false
		}
	}
	return true
}
