// SPDX-License-Identifier: GPL-2.0-or-later

package govern

import (
	"errors"
	"io/fs"
	"path"
	"slices"

	"github.com/pulp/pulpmetrics/internal/git"
)

// tracer follows files from commit to commit, parents before children.
type tracer struct {
	versions *versions
	folders  []string
	lines    []*Line
	at       map[string]*Line // by path; a path that a file left leads to its line for branches that don't know yet
	left     map[string]bool  // paths that files left
}

// commit takes in one commit. Git pairs what came with what went by how alike they are; what it
// leaves is paired by what the proposals say.
func (t *tracer) commit(e *git.Entry) {
	files := e.Files
	head := *e
	head.Files = nil
	pairs := t.pair(files)
	for i, f := range files {
		if f.Object == "" && pairs[i] < 0 {
			t.gone(&head, f)
		}
	}
	for i, f := range files {
		switch {
		case f.Object == "":
		case pairs[i] >= 0:
			t.changed(&head, git.FileChange{Path: f.Path, Object: f.Object, Was: []git.FileState{{Path: files[pairs[i]].Path, Object: files[pairs[i]].Was[0].Object}}})
		default:
			t.changed(&head, f)
		}
	}
}

// pair finds for each file that came in a commit of one parent the one that it was, and the other
// way round; -1 where there is none.
func (t *tracer) pair(files []git.FileChange) []int {
	pairs := slices.Repeat([]int{-1}, len(files))
	for i, f := range files {
		if f.Object == "" || len(f.Was) != 1 || f.Was[0].Object != "" || !in(t.folders, f.Path) {
			continue
		}
		for j, g := range files {
			if g.Object == "" && pairs[j] < 0 && len(g.Was) == 1 && isYAML(g) && sameMetric(t.versions.now(g.Was[0].Object), t.versions.now(f.Object)) {
				pairs[i], pairs[j] = j, i
				break
			}
		}
	}
	return pairs
}

// sameMetric reports whether two files that can be read are of one metric: of one id, of one field
// number, or with one title and question.
func sameMetric(was, is *Version) bool {
	switch {
	case !was.Read || !is.Read || was.ID == "" || is.ID == "":
		return false
	case was.ID == is.ID:
		return true
	case was.Number != 0 && is.Number != 0:
		return was.Number == is.Number
	}
	return was.Asked == is.Asked && was.Asked[0] != ""
}

// gone takes in that a file is no longer there.
func (t *tracer) gone(e *git.Entry, f git.FileChange) {
	line := t.at[f.Path]
	if line == nil || t.left[f.Path] {
		return
	}
	last := line.last()
	line.Gone = true
	line.Events = append(line.Events, Event{Commit: e, Was: last, Path: f.Path})
}

// changed takes in what a file holds now.
func (t *tracer) changed(e *git.Entry, f git.FileChange) {
	was := origin(f)
	line := t.follow(was, f.Path)
	if len(f.Was) > 1 && t.versions.merges(f) {
		return
	}
	event := Event{Commit: e, Is: t.versions.of(f.Object), Path: f.Path}
	for _, other := range f.Was {
		if other.Object != "" && other.Object != was.Object {
			event.Others = append(event.Others, t.versions.of(other.Object))
		}
	}
	switch {
	case was.Object != "":
		event.Was = t.versions.of(was.Object)
	case line.Gone:
		event.Was, event.Returned = line.last(), true
	case len(line.Events) > 0: // it came on two branches
		event.Was = line.last()
	}
	line.Gone, line.Path = false, f.Path
	line.ID = event.Is.name(f.Path)
	line.Events = append(line.Events, event)
}

// origin returns what a file was: in a merge, where it stands under its own name in a parent; the
// others may seem to have renamed it.
func origin(f git.FileChange) git.FileState {
	best := f.Was[0]
	for _, was := range f.Was {
		if was.Object != "" && (best.Object == "" || best.Path != f.Path) {
			best = was
		}
	}
	return best
}

// follow returns the line of a file that was in a state, or a new one, and takes it along to its
// path.
func (t *tracer) follow(was git.FileState, path string) *Line {
	line := t.at[path]
	if was.Object != "" && was.Path != path {
		line = t.at[was.Path]
		t.left[was.Path] = true
	} else if was.Object == "" && t.left[path] {
		line = nil // the file that was here has moved on
	}
	if line == nil {
		line = &Line{}
		t.lines = append(t.lines, line)
	}
	t.at[path] = line
	delete(t.left, path)
	return line
}

// last is the newest version that there is.
func (l *Line) last() *Version {
	for i := len(l.Events) - 1; i >= 0; i-- {
		if l.Events[i].Is != nil {
			return l.Events[i].Is
		}
	}
	return nil
}

// settle says what is there in the end. Branches may have gone on with a file that was moved or
// deleted on another, and what came of it is in the merge.
func (t *tracer) settle(tip *git.Tree) error {
	for _, line := range t.lines {
		line.Gone = true
	}
	for _, folder := range t.folders {
		entries, err := tip.ReadDir(folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, e := range entries {
			name := path.Join(folder, e.Name())
			line, object := t.at[name], tip.Object(name)
			if line == nil || object == "" || !in(t.folders, name) {
				continue
			}
			line.Gone, line.Path, line.ID = false, name, t.versions.of(object).name(name)
		}
	}
	return nil
}
