// SPDX-License-Identifier: GPL-2.0-or-later

package registry

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// CodeFile is the code of problems with a file as a whole: where it is and what it is.
const CodeFile = "file"

// Load reads the project in fsys: its pulpmetrics.yaml, the proposals in its folders, and extra
// files (slash-separated). What authors got wrong is in the registry's Problems. The error joins
// what the machine got wrong, such as files that can't be opened; all the others are read all the
// same, so the registry is nil only where there is no pulpmetrics.yaml at all.
func Load(fsys fs.FS, parser *proposal.Parser, extra ...string) (*Registry, error) {
	return LoadBeside(fsys, parser, nil, extra...)
}

// LoadBeside is Load where another version of the project is known: files that are the same in both
// are not parsed again. Known may be nil.
func LoadBeside(fsys fs.FS, parser *proposal.Parser, known *Registry, extra ...string) (*Registry, error) {
	data, err := readFile(fsys, proposal.ProjectFile)
	if err != nil {
		return nil, err
	}
	r := &Registry{sums: map[string][sha256.Size]byte{}}
	project, problems := parser.Project(data)
	r.Project = project
	r.add(proposal.ProjectFile, problems...)
	l := loader{fsys: fsys, parser: parser, registry: r, known: known.parsed()}
	for _, folder := range project.Proposals {
		l.list(folder)
	}
	for _, name := range extra {
		if !slices.Contains(l.files, name) {
			l.files = append(l.files, name)
		}
	}
	l.readAll()
	r.index()
	return r, errors.Join(l.errs...)
}

func (r *Registry) add(file string, problems ...source.Problem) {
	for _, p := range problems {
		r.Problems = append(r.Problems, Problem{file, p})
	}
}

type loader struct {
	fsys     fs.FS
	parser   *proposal.Parser
	registry *Registry
	known    map[string]parsed
	files    []string
	errs     []error
}

// list collects the proposals of a folder. Files that look like proposals and stand where they
// are not read are problems: their author believes that they count.
func (l *loader) list(folder source.Text) {
	dir := path.Clean(folder.V)
	if !fs.ValidPath(dir) {
		l.problem(proposal.ProjectFile, folder.Span, fmt.Sprintf("the folder `%s` is outside the project", folder.V), "name a folder inside the project")
		return
	}
	if l.listed(dir, folder) {
		l.problem(proposal.ProjectFile, folder.Span, fmt.Sprintf("the folder `%s` is listed twice", dir), "keep one of them")
		return
	}
	if info, err := fs.Lstat(l.fsys, dir); err == nil && !info.IsDir() {
		l.registry.barred = true
		if info.Mode()&fs.ModeSymlink != 0 {
			l.problem(proposal.ProjectFile, folder.Span, fmt.Sprintf("`%s` is a link", folder.V), "name the folder that holds the proposals itself: history doesn't follow links")
			return
		}
	}
	entries, err := readFolder(l.fsys, dir)
	if errors.Is(err, fs.ErrNotExist) || strings.ContainsRune(dir, 0) { // no folder can be called so
		l.problem(proposal.ProjectFile, folder.Span, fmt.Sprintf("there is no folder `%s`", folder.V), "make it, or correct its name here")
		return
	}
	if _, ok := linkProblem(l.fsys, dir, err); ok || errors.Is(err, errNotFolder) {
		what := map[bool]string{true: "a link that leads nowhere, or out of the project", false: "a file, not a folder"}[ok]
		l.problem(proposal.ProjectFile, folder.Span, fmt.Sprintf("`%s` is %s", folder.V, what), "name a folder of the project that holds the proposals themselves")
		return
	}
	if err != nil {
		l.errs = append(l.errs, err)
		return
	}
	for _, e := range entries {
		l.entry(path.Join(dir, e.Name()), e)
	}
}

var errNotFolder = errors.New("not a folder")

// readFolder lists a folder. What it is is looked up first: opening a pipe waits for a writer.
func readFolder(fsys fs.FS, dir string) ([]fs.DirEntry, error) {
	info, err := fs.Stat(fsys, dir)
	if err == nil && !info.IsDir() {
		err = errNotFolder
	}
	if err != nil {
		return nil, err
	}
	return fs.ReadDir(fsys, dir)
}

// listed reports whether a folder is on the project's list; up to before, unless that is unset.
func (l *loader) listed(dir string, before source.Text) bool {
	for _, folder := range l.registry.Project.Proposals {
		if folder == before {
			return false
		}
		if path.Clean(folder.V) == dir {
			return true
		}
	}
	return false
}

func (l *loader) entry(name string, e fs.DirEntry) {
	ext := path.Ext(name)
	switch {
	case strings.HasPrefix(path.Base(name), ".") || name == proposal.ProjectFile:
	case !utf8.ValidString(name):
		l.problem(name, source.Span{}, "the name of the file is not valid UTF-8", "rename it: a proposal's file is called by its id")
	case e.IsDir() && ext == ".yaml":
		l.problem(name, source.Span{}, "a folder that is called like a proposal", "rename it, or put a file in its place")
	case e.IsDir():
		l.misplaced(name)
	case ext == ".yaml":
		l.files = append(l.files, name)
	case strings.EqualFold(ext, ".yml") || strings.EqualFold(ext, ".yaml"):
		l.problem(name, source.Span{}, "a proposal's file ends in .yaml", "rename it to "+strings.TrimSuffix(path.Base(name), ext)+".yaml")
	}
}

// misplaced reports the proposals in a folder of the folder.
func (l *loader) misplaced(dir string) {
	err := fs.WalkDir(l.fsys, dir, func(name string, e fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(path.Base(name), ".")
		if err == nil && e.IsDir() && (hidden || l.listed(name, source.Text{})) {
			return fs.SkipDir // its own turn comes, or it is no one's
		}
		if err == nil && !e.IsDir() && !hidden && (strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")) {
			l.problem(name, source.Span{}, "a proposal in a subfolder is not read", "move it to "+path.Dir(dir)+"/, or list "+path.Dir(name)+" under `proposals` in "+proposal.ProjectFile)
		}
		return err
	})
	if err != nil {
		l.errs = append(l.errs, err)
	}
}

func (l *loader) problem(file string, span source.Span, message, help string) {
	l.registry.add(file, source.Problem{Code: CodeFile, Span: span, Message: message, Help: help})
}

// parsed is what became of one file.
type parsed struct {
	proposal *proposal.Proposal
	problems []source.Problem
	sum      [sha256.Size]byte
	err      error
}

// parsed returns what became of each file.
func (r *Registry) parsed() map[string]parsed {
	if r == nil {
		return nil
	}
	files := map[string]parsed{}
	for _, p := range r.Proposals {
		files[p.Path] = parsed{proposal: p, sum: r.sums[p.Path]}
	}
	for _, problem := range r.Problems {
		if f, ok := files[problem.File]; ok {
			f.problems = append(f.problems, problem.Problem)
			files[problem.File] = f
		}
	}
	return files
}

// readAll reads the files on all cores. Nothing but the typed proposal outlives its own parse.
func (l *loader) readAll() {
	l.errs = append(l.errs, l.registry.take(l.files, parseEach(l.files, l.read))...)
}

// parseEach makes something of each file, on all cores.
func parseEach(files []string, parse func(name string) parsed) []parsed {
	results := make([]parsed, len(files))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		workers.Go(func() {
			for i := range next {
				results[i] = parse(files[i])
			}
		})
	}
	for i := range files {
		next <- i
	}
	close(next)
	workers.Wait()
	return results
}

// take adds what became of files, and returns what the machine got wrong.
func (r *Registry) take(files []string, results []parsed) (errs []error) {
	for i, result := range results {
		r.add(files[i], result.problems...)
		if result.err != nil {
			errs = append(errs, result.err)
		}
		if result.proposal != nil {
			r.sums[files[i]] = result.sum
			r.Proposals = append(r.Proposals, result.proposal)
		}
	}
	return errs
}

func (l *loader) read(name string) parsed {
	data, err := readFile(l.fsys, name)
	if problem, ok := linkProblem(l.fsys, name, err); ok {
		return parsed{problems: []source.Problem{problem}}
	}
	if err != nil {
		return parsed{err: err}
	}
	sum := sha256.Sum256(data)
	if known, ok := l.known[name]; ok && known.sum == sum {
		return known
	}
	p, problems := l.parser.Proposal(name, data)
	return parsed{proposal: p, problems: problems, sum: sum}
}

// linkProblem recognizes links that lead nowhere or out of the project: they are the author's
// mistake, not the machine's.
func linkProblem(fsys fs.FS, name string, err error) (source.Problem, bool) {
	if err == nil {
		return source.Problem{}, false
	}
	info, lstatErr := fs.Lstat(fsys, name)
	if lstatErr != nil || info.Mode()&fs.ModeSymlink == 0 {
		return source.Problem{}, false
	}
	return source.Problem{Code: CodeFile, Message: "the link leads nowhere, or out of the project",
		Help: "put the file itself here: a link to something else can change without anybody noticing"}, true
}

// readFile reads a regular file; one over the limit only so far that the parser sees it is.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("not a regular file")}
	}
	if info.Size() > source.MaxBytes {
		return make([]byte, source.MaxBytes+1), nil
	}
	return fs.ReadFile(fsys, name)
}
