// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
)

// replaceFile puts other bytes in the place of a file of the project, all at once or not at all. Its
// mode stays as it is.
func replaceFile(dir, name string, data []byte) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	info, err := root.Lstat(name)
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "replace", Path: name, Err: errors.New("not a regular file")}
	}
	if err != nil {
		return err
	}
	draft := path.Join(path.Dir(name), fmt.Sprintf(".%s.%d.tmp", path.Base(name), os.Getpid()))
	f, err := root.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(info.Mode().Perm()), f.Sync(), f.Close())
	if err == nil {
		err = root.Rename(draft, name)
	}
	if err != nil {
		err = errors.Join(err, root.Remove(draft))
	}
	return err
}

// overlay is a file system in which some files have other bytes.
type overlay struct {
	fs.FS
	files map[string][]byte
}

func (o overlay) Stat(name string) (fs.FileInfo, error)      { return fs.Stat(o.FS, name) }
func (o overlay) Lstat(name string) (fs.FileInfo, error)     { return fs.Lstat(o.FS, name) }
func (o overlay) ReadLink(name string) (string, error)       { return fs.ReadLink(o.FS, name) }
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(o.FS, name) }

// ReadFile returns the bytes of a file.
func (o overlay) ReadFile(name string) ([]byte, error) {
	if data, ok := o.files[name]; ok {
		return bytes.Clone(data), nil
	}
	return fs.ReadFile(o.FS, name)
}

// Open opens a file.
func (o overlay) Open(name string) (fs.File, error) {
	f, err := o.FS.Open(name)
	data, ok := o.files[name]
	if err != nil || !ok {
		return f, err
	}
	return overlaid{f, bytes.NewReader(data)}, nil
}

// overlaid is an open file with other bytes.
type overlaid struct {
	fs.File
	bytes *bytes.Reader
}

func (f overlaid) Read(p []byte) (int, error) { return f.bytes.Read(p) }
