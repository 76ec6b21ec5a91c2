// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/git"
	"github.com/pulp/pulpmetrics/internal/govern"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
)

// base is the revision that a project is compared with.
type base struct {
	name     string // as people say it: main, or "the merge base with origin/main"
	commit   git.Commit
	repo     *git.Repository
	registry *registry.Registry
	// merged is the project as the change would make it there, where the base has gone on since the
	// change left it; nil where it hasn't.
	merged           *registry.Registry
	allowed, revoked []byte // lists of keys; nil where there is none
}

// String names the base with its commit.
func (b *base) String() string {
	if strings.HasPrefix(string(b.commit), b.name) {
		return b.name
	}
	return fmt.Sprintf("%s (%.10s)", b.name, b.commit)
}

// openBase reads the project as a revision has it; rev "" is the merge base with the branch that
// changes go into. Files that are as they are here are not parsed again.
func (a *app) openBase(w workspace, here *registry.Registry, rev string) (*base, error) {
	ctx := context.Background()
	repo, err := git.Open(ctx, w.root, a.LookupEnv)
	if errors.Is(err, git.ErrNoWorkTree) {
		return nil, fmt.Errorf("there is nothing to compare with: %w", err)
	}
	if err != nil {
		return nil, err
	}
	b, err := resolveBase(ctx, repo, rev)
	if err != nil {
		return nil, err
	}
	b.repo = repo
	tree, err := repo.Tree(ctx, b.commit, repo.Folder())
	if err == nil {
		defer tree.Close()
		err = b.read(tree, here)
	}
	if errors.Is(err, fs.ErrNotExist) && b.registry == nil {
		err = fmt.Errorf("%s has no %s, so there is nothing to compare with", b, path.Join(repo.Folder(), proposal.ProjectFile))
	}
	if err != nil {
		return nil, err
	}
	for _, p := range b.registry.Doubts() {
		if p.File == proposal.ProjectFile {
			return nil, fmt.Errorf("inconclusive: %s of %s can't be read, so there is nothing to compare with: %s", p.File, b, at(p))
		}
	}
	a.noteBase(b)
	return b, b.merge(ctx, w, tree, here)
}

// read reads the project as the base has it, and who may sign there.
func (b *base) read(tree *git.Tree, here *registry.Registry) (err error) {
	if b.registry, err = (workspace{fsys: tree}).loadBeside(here); err != nil {
		return err
	}
	if b.allowed, err = readKeys(tree, govern.SignersFile); err == nil {
		b.revoked, err = readKeys(tree, govern.RevokedFile)
	}
	if err != nil {
		return fmt.Errorf("the lists of keys of %s: %w", b, err)
	}
	return nil
}

// resolveBase finds the commit to compare with.
func resolveBase(ctx context.Context, repo *git.Repository, rev string) (*base, error) {
	var unknown *git.UnknownError
	if rev != "" {
		commit, err := repo.Resolve(ctx, rev)
		var ambiguous *git.AmbiguousError
		if errors.As(err, &ambiguous) {
			return nil, usagef("--base: %v", err)
		}
		if errors.As(err, &unknown) {
			return nil, usagef("--base: %v; name a branch, a tag or a commit", err)
		}
		return &base{name: rev, commit: commit}, err
	}
	head, err := repo.Resolve(ctx, "HEAD")
	if errors.As(err, &unknown) {
		return nil, usagef("nothing is committed yet, so there is nothing to compare with")
	}
	if err != nil {
		return nil, err
	}
	ref, tip, err := repo.Mainline(ctx)
	if errors.As(err, &unknown) {
		return nil, usagef("there is no remote default branch, no main and no master; name what to compare with: --base REV")
	}
	if err != nil {
		return nil, err
	}
	commit, err := repo.MergeBase(ctx, head, tip)
	name := strings.TrimPrefix(strings.TrimPrefix(ref, "refs/heads/"), "refs/remotes/")
	return &base{name: "the merge base with " + name, commit: commit}, err
}

// noteBase says which files of the base were never read as proposals, and so are not compared.
// Those that were are for doubts to report.
func (a *app) noteBase(b *base) {
	read := map[string]bool{proposal.ProjectFile: true}
	for _, p := range b.registry.Doubts() {
		read[p.File] = true
	}
	for _, p := range b.registry.Proposals {
		read[p.Path] = true
	}
	for _, p := range b.registry.Problems {
		if !read[p.File] {
			read[p.File] = true
			fmt.Fprintln(a.Stderr, diag.Printable(fmt.Sprintf("pulpmetrics: %s of %s is not compared: %s", p.File, b, p.Message)))
		}
	}
}

// isProtoFile reports whether --base names a file rather than a revision.
func isProtoFile(name string) bool { return strings.HasSuffix(name, ".proto") }

// mostProto is more than a .proto file may have.
const mostProto = 2 << 20

// readProto reads the .proto file that the reader named.
func (a *app) readProto(name string) ([]byte, error) {
	file := a.abs(name)
	info, err := os.Stat(file)
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "read", Path: name, Err: errors.New("not a regular file")}
	}
	if err != nil {
		return nil, err
	}
	f, err := os.Open(filepath.Clean(file))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, mostProto))
}
