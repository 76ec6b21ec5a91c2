// SPDX-License-Identifier: GPL-2.0-or-later

package git

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
)

var (
	_ fs.ReadDirFS  = (*Tree)(nil)
	_ fs.ReadFileFS = (*Tree)(nil)
	_ fs.StatFS     = (*Tree)(nil)
	_ fs.ReadLinkFS = (*Tree)(nil)
)

func (t *Tree) find(op, name string) (*entry, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	if err := t.load(); err != nil {
		return nil, err
	}
	e := t.entries[name]
	if e == nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return e, nil
}

var (
	errLink   = errors.New("a symbolic link is not followed")
	errModule = errors.New("is a submodule, which is not looked into")
	errFolder = errors.New("is a folder")
	errFile   = errors.New("not a folder")
	errNoLink = errors.New("not a symbolic link")
)

// Stat describes what a path leads to: the link itself where it is one.
func (t *Tree) Stat(name string) (fs.FileInfo, error) {
	e, err := t.find("stat", name)
	if err != nil {
		return nil, err
	}
	return e, nil
}

// Lstat is Stat.
func (t *Tree) Lstat(name string) (fs.FileInfo, error) { return t.Stat(name) }

// ReadLink returns where a symbolic link leads.
func (t *Tree) ReadLink(name string) (string, error) {
	e, err := t.find("readlink", name)
	if err != nil {
		return "", err
	}
	if e.mode&fs.ModeSymlink == 0 {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: errNoLink}
	}
	data, err := t.blob(name, e)
	return string(data), err
}

// ReadDir lists a folder, sorted by name.
func (t *Tree) ReadDir(name string) ([]fs.DirEntry, error) {
	e, err := t.find("readdir", name)
	if err != nil {
		return nil, err
	}
	if !e.IsDir() {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errFile}
	}
	return append([]fs.DirEntry(nil), e.children...), nil
}

// ReadFile returns the bytes of a file, at most 64 MiB.
func (t *Tree) ReadFile(name string) ([]byte, error) {
	e, err := t.find("open", name)
	if err != nil {
		return nil, err
	}
	if err := e.readable(); err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return t.blob(name, e)
}

func (e *entry) readable() error {
	switch {
	case e.IsDir():
		return errFolder
	case e.mode&fs.ModeSymlink != 0:
		return errLink
	case e.mode&fs.ModeIrregular != 0:
		return errModule
	}
	return nil
}

func (t *Tree) blob(name string, e *entry) ([]byte, error) {
	if e.size > mostBytes {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("larger than 64 MiB")}
	}
	data, err := t.blobs.Read(e.object)
	if errors.Is(err, errMissing) {
		err = &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return data, err
}

// Open opens a file or a folder. Its bytes are read at the first Read.
func (t *Tree) Open(name string) (fs.File, error) {
	e, err := t.find("open", name)
	if err != nil {
		return nil, err
	}
	if err := e.readable(); err != nil && !e.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &file{tree: t, name: name, entry: e}, nil
}

// file is an open file or folder.
type file struct {
	tree   *Tree
	name   string
	entry  *entry
	reader *bytes.Reader // once something was read
	listed int           // of a folder
	closed bool
}

func (f *file) Stat() (fs.FileInfo, error) { return f.entry, f.usable("stat") }

func (f *file) Close() error {
	err := f.usable("close")
	f.closed = true
	return err
}

func (f *file) usable(op string) error {
	if f.closed {
		return &fs.PathError{Op: op, Path: f.name, Err: fs.ErrClosed}
	}
	return nil
}

func (f *file) Read(p []byte) (int, error) {
	if err := f.usable("read"); err != nil {
		return 0, err
	}
	if f.entry.IsDir() {
		return 0, &fs.PathError{Op: "read", Path: f.name, Err: errFolder}
	}
	if f.reader == nil {
		data, err := f.tree.blob(f.name, f.entry)
		if err != nil {
			return 0, err
		}
		f.reader = bytes.NewReader(data)
	}
	return f.reader.Read(p)
}

// ReadDir lists the next n entries of a folder; all that are left if n is not above 0.
func (f *file) ReadDir(n int) ([]fs.DirEntry, error) {
	if err := f.usable("readdir"); err != nil {
		return nil, err
	}
	if !f.entry.IsDir() {
		return nil, &fs.PathError{Op: "readdir", Path: f.name, Err: errFile}
	}
	left := f.entry.children[f.listed:]
	if n > 0 && len(left) == 0 {
		return nil, io.EOF
	}
	if n > 0 && n < len(left) {
		left = left[:n]
	}
	f.listed += len(left)
	return append([]fs.DirEntry(nil), left...), nil
}

// Object returns the hash of what a regular file holds, or "" where there is none.
func (t *Tree) Object(name string) string {
	e, err := t.find("stat", name)
	if err != nil || e.readable() != nil {
		return ""
	}
	return e.object
}
