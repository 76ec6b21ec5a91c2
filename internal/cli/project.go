// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
)

// workspace is where a registry comes from.
type workspace struct {
	fsys fs.FS
	root string // folder of the project; "" for the embedded registry
}

// enter makes another folder the working directory.
func (a *app) enter(dir string) error {
	info, err := os.Stat(a.abs(dir))
	if err != nil {
		return fmt.Errorf("-C %s: %w", dir, errors.Unwrap(err))
	}
	if !info.IsDir() {
		return fmt.Errorf("-C %s: not a folder", dir)
	}
	clone := *a.Command
	clone.Dir = a.abs(dir)
	a.Command = &clone
	return nil
}

func (a *app) abs(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(a.Dir, path)
}

// project opens the nearest project upwards. Files outside its folder can't be read through it,
// whatever links there are.
func (a *app) project() (workspace, error) {
	for dir := a.Dir; ; dir = filepath.Dir(dir) {
		_, err := os.Lstat(filepath.Join(dir, proposal.ProjectFile))
		if err == nil {
			root, err := os.OpenRoot(dir)
			if err != nil {
				return workspace{}, err
			}
			return workspace{root.FS(), dir}, nil
		}
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
			return workspace{}, err
		}
		if dir == filepath.Dir(dir) {
			return workspace{}, usagef("there is no %s in %s or above it; go to a project, or name its folder with -C", proposal.ProjectFile, a.Dir)
		}
	}
}

// anyRegistry opens the nearest project, or else the embedded one.
func (a *app) anyRegistry() (workspace, error) {
	w, err := a.project()
	var none usageError
	if errors.As(err, &none) {
		return workspace{fsys: a.Embedded}, nil
	}
	return w, err
}

// load reads a registry. Files that can't be read are an error beside it.
func (w workspace) load(extra ...string) (*registry.Registry, error) {
	return w.loadBeside(nil, extra...)
}

// loadBeside is load where another version of the project is known, or nil: files that are the same
// are not parsed again.
func (w workspace) loadBeside(known *registry.Registry, extra ...string) (*registry.Registry, error) {
	parser, err := proposal.NewParser()
	if err != nil {
		return nil, err
	}
	return registry.LoadBeside(w.fsys, parser, known, extra...)
}

// proposals returns the folders of the proposals, as far as pulpmetrics.yaml can be read.
func (w workspace) proposals() []string {
	var folders []string
	parser, err := proposal.NewParser()
	if err != nil {
		return nil
	}
	data, err := readSome(w.fsys, proposal.ProjectFile)
	if project, _ := parser.Project(data); err == nil && project != nil {
		for _, folder := range project.Proposals {
			folders = append(folders, path.Clean(folder.V))
		}
	}
	return folders
}

// shown returns a file of the project as the reader would name it.
func (a *app) shown(w workspace, file string) string {
	if w.root == "" {
		return file
	}
	full := filepath.Join(w.root, filepath.FromSlash(file))
	if rel, err := filepath.Rel(a.Dir, full); err == nil && !strings.HasPrefix(rel, filepath.Join("..", "..", "..")) {
		return filepath.ToSlash(rel)
	}
	return full
}

// inside returns a path that the reader named as the project names it.
func (a *app) inside(w workspace, path string) (string, error) {
	if path == "" {
		return "", usagef("a PATH is empty: name a proposal or a folder")
	}
	full := a.abs(path)
	if _, err := os.Lstat(full); err != nil { // where a link leads is for the loader to judge
		return "", fmt.Errorf("%s: %w", path, errors.Unwrap(err))
	}
	rel, inside := relative(w.root, full)
	if !inside {
		return "", usagef("%s is outside the project in %s", path, w.root)
	}
	return rel, nil
}
