// SPDX-License-Identifier: GPL-2.0-or-later

package git

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// mostFiles and mostPathBytes bound what a listing may hold.
const (
	mostFiles     = 1 << 20
	mostPathBytes = 1 << 28
)

// Tree is a folder of a commit as a file system: fs.ReadDirFS, fs.ReadFileFS, fs.StatFS and
// fs.ReadLinkFS. It is listed when it is first asked for, and files are read one by one. Symbolic
// links are shown and never followed; so are submodules. It can be used by many goroutines,
// and has to be closed.
type Tree struct {
	repo   *Repository
	ctx    context.Context
	object string // hash of the tree

	list    sync.Once
	entries map[string]*entry
	listErr error

	blobs *Blobs
}

// Tree returns a folder of a commit, slash-separated from the top of the work tree. The error is
// fs.ErrNotExist if the commit has no such folder.
func (r *Repository) Tree(ctx context.Context, c Commit, folder string) (*Tree, error) {
	name := string(c) + "^{tree}"
	if folder != "." {
		name = string(c) + ":" + folder
	}
	object, err := r.line(ctx, "rev-parse", "--verify", "--end-of-options", name)
	if err != nil || !hash.MatchString(object) {
		if missing := r.incomplete(ctx); missing != nil && folder == "." {
			missing.What = fmt.Sprintf("the files of %.12s are not in this clone, which %s", c, missing.What)
			return nil, missing
		}
		return nil, &fs.PathError{Op: "open", Path: folder, Err: fs.ErrNotExist}
	}
	return &Tree{repo: r, ctx: ctx, object: object, blobs: r.Blobs(ctx)}, nil
}

// Close ends the command that files are read with.
func (t *Tree) Close() error { return t.blobs.Close() }

// entry is what a path leads to. It is its own fs.FileInfo and fs.DirEntry.
type entry struct {
	name     string
	mode     fs.FileMode
	object   string
	size     int64
	children []fs.DirEntry // sorted by name
}

func (e *entry) Name() string               { return e.name }
func (e *entry) Size() int64                { return e.size }
func (e *entry) Mode() fs.FileMode          { return e.mode }
func (e *entry) ModTime() time.Time         { return time.Time{} }
func (e *entry) IsDir() bool                { return e.mode.IsDir() }
func (e *entry) Sys() any                   { return nil }
func (e *entry) Type() fs.FileMode          { return e.mode.Type() }
func (e *entry) Info() (fs.FileInfo, error) { return e, nil }
func (e *entry) String() string             { return fs.FormatFileInfo(e) }

// load lists the tree.
func (t *Tree) load() error {
	t.list.Do(func() {
		t.entries = map[string]*entry{".": {name: ".", mode: fs.ModeDir | 0o555}}
		if t.listErr = t.run(); t.listErr != nil {
			return
		}
		for _, e := range t.entries {
			slices.SortFunc(e.children, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
		}
	})
	return t.listErr
}

func (t *Tree) run() error {
	ctx, stop := context.WithTimeoutCause(t.ctx, limit, fmt.Errorf("no answer within %v", limit))
	defer stop()
	cmd := t.repo.command(ctx, "ls-tree", "-r", "-z", "-l", "--full-tree", t.object)
	var stderr bounded
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return failure(ctx, "ls-tree", "", err)
	}
	if err := t.read(bufio.NewReader(out)); err != nil {
		stop()
		_ = cmd.Wait()
		return err
	}
	if err := cmd.Wait(); err != nil {
		return t.repo.lacking(t.ctx, failure(ctx, "ls-tree", stderr.String(), err))
	}
	return nil
}

// read takes in the lines of a listing: "MODE TYPE OBJECT SIZE\tPATH\0", the size padded.
func (t *Tree) read(out *bufio.Reader) error {
	bytes := 0
	for n := 0; ; n++ {
		line, err := out.ReadString(0)
		if errors.Is(err, io.EOF) && line == "" {
			return nil
		}
		if err != nil {
			return fmt.Errorf("git ls-tree: the list ends early: %w", err)
		}
		if bytes += len(line); n > mostFiles || bytes > mostPathBytes {
			return fmt.Errorf("git ls-tree: more than %d files", mostFiles)
		}
		meta, name, _ := strings.Cut(strings.TrimSuffix(line, "\x00"), "\t")
		if parts := strings.Fields(meta); len(parts) == 4 && (parts[1] == "blob" || parts[1] == "commit") {
			t.add(name, parts)
		}
	}
}

// add enters a file and the folders above it. A tree that was made to deceive may hold names that
// lead elsewhere, or the same one twice: the first counts, the others don't exist.
func (t *Tree) add(name string, parts []string) {
	e := &entry{name: path.Base(name), mode: 0o444, object: parts[2]}
	if size, err := strconv.ParseInt(parts[3], 10, 64); err == nil {
		e.size = size
	}
	switch parts[0] {
	case "160000": // a submodule
		e.mode |= fs.ModeIrregular
	case "120000":
		e.mode |= fs.ModeSymlink
	case "100755":
		e.mode |= 0o111
	}
	for element := range strings.SplitSeq(name, "/") {
		if element == "" || element == "." || element == ".." {
			return
		}
	}
	if t.entries[name] == nil && t.folder(path.Dir(name)) != nil {
		t.enter(name, e)
	}
}

func (t *Tree) enter(name string, e *entry) {
	t.entries[name] = e
	above := t.entries[path.Dir(name)]
	above.children = append(above.children, e)
}

// folder returns the entry of a folder, made if need be; nil if a file stands there.
func (t *Tree) folder(name string) *entry {
	if e := t.entries[name]; e != nil {
		if !e.IsDir() {
			return nil
		}
		return e
	}
	if t.folder(path.Dir(name)) == nil {
		return nil
	}
	e := &entry{name: path.Base(name), mode: fs.ModeDir | 0o555}
	t.enter(name, e)
	return e
}
