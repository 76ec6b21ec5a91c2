// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/git"
	"github.com/pulp/pulpmetrics/internal/registry"
)

// merge reads the project as the change would make it in the base, if the base has gone on since the
// change left it. A base that shares no history with the change is compared as it is.
func (b *base) merge(ctx context.Context, w workspace, tip *git.Tree, here *registry.Registry) error {
	head, err := b.repo.Resolve(ctx, "HEAD")
	if err != nil {
		return err
	}
	left, err := b.repo.MergeBase(ctx, head, b.commit)
	var missing *git.InconclusiveError
	switch {
	case errors.As(err, &missing):
		return err
	case err != nil || left == b.commit:
		return nil
	}
	since, err := b.repo.Tree(ctx, left, b.repo.Folder())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer since.Close()
	b.merged, err = workspace{mergedFS{w.fsys, tip, since}, w.root}.loadBeside(here)
	return err
}

// mergedFS is a work tree in which every file that it has as the revision that it left is as in
// another one that came of that: what a merge would make, but for files that both changed.
type mergedFS struct {
	ours        fs.FS
	tip, parent *git.Tree
}

// side returns where a file is read from.
func (m mergedFS) side(name string) fs.FS {
	ours, err := fs.ReadFile(m.ours, name)
	was, wasErr := m.parent.ReadFile(name)
	bothGone := errors.Is(err, fs.ErrNotExist) && errors.Is(wasErr, fs.ErrNotExist)
	if bothGone || err == nil && wasErr == nil && bytes.Equal(ours, was) {
		return m.tip
	}
	return m.ours
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
