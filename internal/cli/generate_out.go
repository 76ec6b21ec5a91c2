// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/emit"
)

// generatedFolder is where a project keeps what is generated, unless --out says otherwise.
const generatedFolder = "gen"

// outFolder is the folder that generated files are written to. It is reached through root, which no
// link leads out of: the project, or the folder itself where that lies elsewhere.
type outFolder struct {
	root  *os.Root
	dir   string // slash-separated, from root
	fsys  fs.FS  // of dir; there may be no such folder yet
	shown string // dir as the project names it
	own   bool   // the project's own folder: every generated file in it came from here
}

// outFolder opens the folder that --out names.
func (a *app) outFolder(w workspace, o generateOptions) (*outFolder, error) {
	full := a.abs(o.out)
	if o.out == "" && w.root != "" {
		full = filepath.Join(w.root, generatedFolder)
	} else if o.out == "" {
		full = a.abs(generatedFolder)
	}
	rel, inside := relative(w.root, full)
	switch {
	case inside && rel == ".":
		return nil, usagef("--out is the project itself: name a folder for generated files, such as %s", generatedFolder)
	case inside && a.taken(w, rel):
		return nil, usagef("--out is %s, which holds something else: name a folder for generated files, such as %s", rel, generatedFolder)
	case inside:
		return openOut(w.root, rel, rel, rel == generatedFolder)
	case !o.check:
		if err := os.MkdirAll(full, 0o777); err != nil {
			return nil, err
		}
	}
	shown := full
	if w.root != "" {
		shown = rel
	}
	return openOut(full, ".", shown, false)
}

func openOut(base, dir, shown string, own bool) (*outFolder, error) {
	root, err := os.OpenRoot(base)
	if err != nil {
		return nil, err
	}
	info, err := root.Stat(dir)
	if err == nil && !info.IsDir() {
		err = errors.New("not a folder")
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.Join(fmt.Errorf("%s: generated files can't be kept there: %w", shown, cause(err)), root.Close())
	}
	fsys, err := fs.Sub(root.FS(), dir)
	return &outFolder{root, dir, fsys, filepath.ToSlash(shown), own}, err
}

// cause is what the operating system said, without the path that it said it of.
func cause(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

// taken reports whether a folder of the project holds something that people wrote: what is hidden,
// the proposals, and the project's own templates.
func (a *app) taken(w workspace, rel string) bool {
	for part := range strings.SplitSeq(rel, "/") {
		if strings.HasPrefix(part, ".") {
			return true
		}
	}
	folders := []string{"templates", "schema", "proposals"}
	folders = append(folders, w.proposals()...)
	return slices.ContainsFunc(folders, func(f string) bool { return rel == f || strings.HasPrefix(rel, f+"/") })
}

// relative returns a folder as seen from the project, and whether it lies in it.
func relative(project, full string) (rel string, inside bool) {
	if project == "" {
		return full, false
	}
	rel, err := filepath.Rel(project, full)
	if err != nil {
		return full, false
	}
	rel = filepath.ToSlash(rel)
	return rel, rel != ".." && !strings.HasPrefix(rel, "../")
}

// name returns a file of the folder as the project names it.
func (f *outFolder) name(file string) string { return path.Join(f.shown, file) }

// apply makes the changes, and returns those that it made. Everything is written beside its place
// before the first file is put there: what fails leaves files as they were.
func (f *outFolder) apply(changes []emit.Change) (done []emit.Change, err error) {
	if err := f.refuse(changes); err != nil {
		return nil, err
	}
	drafts := map[string]string{} // by the path that they are for
	defer func() {
		for _, draft := range drafts {
			err = errors.Join(err, f.root.Remove(draft))
		}
	}()
	for _, c := range changes {
		if c.State == emit.Missing || c.State == emit.Changed {
			draft, err := f.draft(c)
			if draft != "" {
				drafts[c.Path] = draft
			}
			if err != nil {
				return nil, err
			}
		}
	}
	for _, c := range changes {
		if draft, ok := drafts[c.Path]; ok {
			err = f.root.Rename(draft, path.Join(f.dir, c.Path))
			if err == nil {
				delete(drafts, c.Path)
			}
		} else if c.State == emit.Stale {
			err = f.remove(c.Path)
		} else {
			continue
		}
		if err != nil {
			return done, err
		}
		done = append(done, c)
	}
	return done, nil
}

// refuse reports the files that stand in the way and were not generated.
func (f *outFolder) refuse(changes []emit.Change) error {
	var errs []error
	for _, c := range changes {
		if c.State == emit.Own {
			errs = append(errs, fmt.Errorf("%s stands where a generated file belongs, and is %s; nothing was written: move it away", f.name(c.Path), c.Why))
		}
	}
	return errors.Join(errs...)
}

// draft writes a file beside its place, and returns its path from root; "" if there is none.
func (f *outFolder) draft(c emit.Change) (string, error) {
	dir, base := path.Split(path.Join(f.dir, c.Path))
	if err := f.root.MkdirAll(path.Clean(dir), 0o777); err != nil {
		return "", err
	}
	name := fmt.Sprintf("%s.%s.%d.tmp", dir, base, os.Getpid())
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return "", err
	}
	_, err = file.Write(c.New)
	return name, errors.Join(err, file.Close())
}

// remove deletes a file, and the folders that it leaves empty.
func (f *outFolder) remove(name string) error {
	if err := f.root.Remove(path.Join(f.dir, name)); err != nil {
		return err
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if f.root.Remove(path.Join(f.dir, dir)) != nil {
			return nil // something else is in it
		}
	}
	return nil
}
