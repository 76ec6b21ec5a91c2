// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

// RuleDrift is the rule of findings about generated files that are not what they should be.
const RuleDrift = "drift"

// Checks returns the names of the checks of this package. Each has a page, as targets have.
func Checks() []string { return []string{RuleDrift} }

// State is what has to be done with one file.
type State uint8

// The states. Own is a file that is not a generated one, and stands in the way.
const (
	Same State = iota
	Missing
	Changed
	Stale
	Own
)

// Change is one file of the folder that is written to, compared with what it should be.
type Change struct {
	Path  string // slash-separated, from that folder
	State State
	Old   []byte // what is there; nil if it is missing, or too large to be compared
	New   []byte // what should be; nil if it is stale
	Why   string // it is Own, and what it is: "a link"
}

// maxCompared is the size of the largest file that is read to be compared, in bytes.
const maxCompared = 16 << 20

// Compare compares files with what is in a folder, and returns every file of either, sorted by
// path. Generated files that are in the folder and not among files are Stale if all of them are
// expected. Folders that are hidden, and those that are a project of their own, are not looked into.
func Compare(folder fs.FS, files Files, all bool) ([]Change, error) {
	var changes []Change
	for name, data := range files {
		c, err := compareOne(folder, name, data)
		if err != nil {
			return nil, err
		}
		changes = append(changes, c)
	}
	if all {
		stale, err := findStale(folder, files)
		if err != nil {
			return nil, err
		}
		changes = append(changes, stale...)
	}
	slices.SortFunc(changes, func(a, b Change) int { return strings.Compare(a.Path, b.Path) })
	return changes, nil
}

func compareOne(folder fs.FS, name string, data []byte) (Change, error) {
	c := Change{Path: name, New: data}
	info, err := fs.Lstat(folder, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c.State = Missing
		return c, nil
	case err != nil:
		return c, err
	case info.Mode()&fs.ModeSymlink != 0:
		c.State, c.Why = Own, "a link"
		return c, nil
	case !info.Mode().IsRegular():
		c.State, c.Why = Own, "no file"
		return c, nil
	case info.Size() > maxCompared:
		c.State, c.Why = Own, fmt.Sprintf("larger than %d MiB", maxCompared>>20)
		return c, nil
	}
	if c.Old, err = fs.ReadFile(folder, name); err != nil {
		return c, err
	}
	switch {
	case string(c.Old) == string(data):
		c.State = Same
	case Marked(c.Old):
		c.State = Changed
	default:
		c.State, c.Why = Own, "without the line that marks what pulpmetrics generated"
	}
	return c, nil
}

// findStale returns the generated files of a folder that no target makes any more.
func findStale(folder fs.FS, files Files) (stale []Change, err error) {
	err = fs.WalkDir(folder, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && name == ".":
			return fs.SkipAll
		case err != nil:
			return err
		case e.IsDir() && name != "." && notOurs(folder, name):
			return fs.SkipDir
		case !e.Type().IsRegular() || files[name] != nil:
			return nil
		}
		info, err := e.Info()
		if err != nil || info.Size() > maxCompared {
			return err
		}
		data, err := fs.ReadFile(folder, name)
		if err == nil && Marked(data) {
			stale = append(stale, Change{Path: name, State: Stale, Old: data})
		}
		return err
	})
	return stale, err
}

func notOurs(folder fs.FS, dir string) bool {
	_, err := fs.Stat(folder, path.Join(dir, proposal.ProjectFile))
	return strings.HasPrefix(path.Base(dir), ".") || err == nil
}

// Drift says which files are not what the proposals make, each with a diff that would mend it. The
// files are named below dir.
func Drift(changes []Change, dir string) []diag.Diagnostic {
	var found []diag.Diagnostic
	for _, c := range changes {
		if c.State == Same {
			continue
		}
		d := diag.Diagnostic{File: path.Join(dir, c.Path), Severity: diag.Error, Rule: RuleDrift, Help: "run `pulpmetrics generate`, and commit what it writes"}
		switch d.Diff = c.diff(d.File); c.State {
		case Missing:
			d.Message = "is missing: the proposals make " + lines(strings.Count(string(c.New), "\n"))
		case Changed:
			added, removed := count(d.Diff)
			d.Message = fmt.Sprintf("is not what the proposals make: %s to add, %d to remove", lines(added), removed)
		case Stale:
			d.Message = "was generated, and nothing makes it any more"
			d.Help = "run `pulpmetrics generate`, which deletes it"
		case Own:
			d.Message = "stands where a generated file belongs, and is " + c.Why
			d.Help = "move it away, and run `pulpmetrics generate`"
		}
		found = append(found, d)
	}
	return found
}

// diff returns what changes from what is there to what should be, in the form that patch reads.
func (c Change) diff(name string) string {
	if c.State == Own && c.Old == nil {
		return "" // whatever it is, it has no lines
	}
	from, to := "a/"+name, "b/"+name
	if c.Old == nil {
		from = "/dev/null"
	}
	if c.New == nil {
		to = "/dev/null"
	}
	return udiff.Unified(from, to, string(c.Old), string(c.New))
}

// count returns the lines that a diff adds and removes.
func count(diff string) (added, removed int) {
	for i, line := range strings.Split(diff, "\n") {
		switch {
		case i < 2: // the names of the files
		case strings.HasPrefix(line, "+"):
			added++
		case strings.HasPrefix(line, "-"):
			removed++
		}
	}
	return added, removed
}

func lines(n int) string {
	if n == 1 {
		return "1 line"
	}
	return fmt.Sprintf("%d lines", n)
}
