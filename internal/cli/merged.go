// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/git"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
)

// merge reads the project as the change would make it in the base, if the base has gone on since the
// change left it. A base that shares no history with the change is compared as it is. What git would
// have to make up, because both sides touched it, nobody can tell before it is merged.
func (b *base) merge(ctx context.Context, w workspace, tip *git.Tree, here *registry.Registry) error {
	head, err := b.repo.Resolve(ctx, "HEAD")
	if err != nil {
		return err
	}
	left, err := b.repo.MergeBases(ctx, head, b.commit)
	var missing *git.InconclusiveError
	switch {
	case errors.As(err, &missing):
		return err
	case err != nil || slices.Contains(left, b.commit):
		return nil
	}
	m := mergedFS{ours: w.fsys, tip: tip}
	for _, commit := range left {
		parent, err := b.repo.Tree(ctx, commit, b.repo.Folder())
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		defer parent.Close()
		m.parents = append(m.parents, parent)
	}
	if b.merged, err = (workspace{m, w.root}).loadBeside(here); err != nil {
		return err
	}
	var folders []string
	for _, r := range []*registry.Registry{here, b.registry, b.merged} {
		folders = append(folders, workspaceFolders(r)...)
	}
	for _, parent := range m.parents {
		folders = append(folders, workspace{fsys: parent}.proposals()...)
	}
	return m.guesses(b, folders)
}

// workspaceFolders are the folders of proposals of a registry.
func workspaceFolders(r *registry.Registry) []string {
	var folders []string
	for _, folder := range r.Project.Proposals {
		folders = append(folders, path.Clean(folder.V))
	}
	return folders
}

// guesses returns an error if a file of the change has no sure place in the base: the base changed it as
// well, moved it, or no longer reads the folder that it is in.
func (m mergedFS) guesses(b *base, folders []string) error {
	read := workspaceFolders(b.merged)
	names := map[string]bool{proposal.ProjectFile: true}
	for _, folder := range folders {
		for _, fsys := range append([]fs.FS{m.ours}, m.trees()...) {
			entries, _ := fs.ReadDir(fsys, folder)
			for _, e := range entries {
				if strings.HasSuffix(e.Name(), ".yaml") {
					names[path.Join(folder, e.Name())] = true
				}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		ours, tip := readOr(m.ours, name), readOr(m.tip, name)
		if m.untouched(name) || bytes.Equal(ours, tip) && ours != nil {
			continue
		}
		moved := !m.alike(name, tip)
		unread := name != proposal.ProjectFile && ours != nil && !slices.Contains(read, path.Dir(name))
		if moved || unread {
			return &git.InconclusiveError{What: fmt.Sprintf("%s changed here, and since then in %s too, or where it is read", name, b), Help: "merge " + b.name + " into this branch first"}
		}
	}
	return nil
}

func (m mergedFS) trees() []fs.FS {
	var all []fs.FS
	for _, parent := range m.parents {
		all = append(all, parent)
	}
	return all
}

// readOr returns the bytes of a file, nil if there is none.
func readOr(fsys fs.FS, name string) []byte {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil
	}
	return append([]byte{}, data...)
}

// mergedFS is a work tree in which every file that it has as the revision that it left is as in
// another one that came of that: what a merge would make, but for files that both changed.
type mergedFS struct {
	ours    fs.FS
	tip     *git.Tree
	parents []*git.Tree // where the change left the base; several where they were merged into each other
}

// side returns where a file is read from.
func (m mergedFS) side(name string) fs.FS {
	if m.untouched(name) {
		return m.tip
	}
	return m.ours
}

// untouched reports whether a file is as it was where the change left the base.
func (m mergedFS) untouched(name string) bool { return m.alike(name, readOr(m.ours, name)) }

// alike reports whether a file held the same in every revision that the change left; nil is no file.
func (m mergedFS) alike(name string, data []byte) bool {
	for _, parent := range m.parents {
		was := readOr(parent, name)
		if (was == nil) != (data == nil) || !bytes.Equal(was, data) {
			return false
		}
	}
	return true
}

// Open opens a file.
func (m mergedFS) Open(name string) (fs.File, error) { return m.side(name).Open(name) }

// ReadFile returns the bytes of a file.
func (m mergedFS) ReadFile(name string) ([]byte, error) { return fs.ReadFile(m.side(name), name) }

// Stat describes a folder of the work tree, or a file.
func (m mergedFS) Stat(name string) (fs.FileInfo, error) {
	if info, err := fs.Stat(m.ours, name); err == nil && info.IsDir() {
		return info, nil
	}
	return fs.Stat(m.side(name), name)
}

// Lstat describes a file; a link itself.
func (m mergedFS) Lstat(name string) (fs.FileInfo, error) { return fs.Lstat(m.side(name), name) }

// ReadLink returns where a link leads.
func (m mergedFS) ReadLink(name string) (string, error) { return fs.ReadLink(m.side(name), name) }

// ReadDir lists a folder, sorted by name.
func (m mergedFS) ReadDir(name string) ([]fs.DirEntry, error) {
	ours, err := fs.ReadDir(m.ours, name)
	theirs, theirErr := m.tip.ReadDir(name)
	if err != nil && theirErr != nil {
		return nil, err
	}
	var out []fs.DirEntry
	seen := map[string]bool{}
	for _, e := range slices.Concat(ours, theirs) {
		file := path.Join(name, e.Name())
		if seen[file] {
			continue
		}
		seen[file] = true
		if _, err := fs.Lstat(m.side(file), file); e.IsDir() || err == nil {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return out, nil
}
