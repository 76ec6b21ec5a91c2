// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"context"
	"errors"
	"io/fs"

	"github.com/pulp/pulpmetrics/internal/git"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
)

// listing is the project that says who decides: that of HEAD, so that no change appoints its own
// approver; or the one at hand, where there is no other.
type listing struct {
	registry *registry.Registry
	head     *base  // nil if it is the one at hand
	why      string // it is the one at hand
}

func (l listing) String() string {
	if l.head != nil {
		return l.head.String()
	}
	return proposal.ProjectFile + " here (" + l.why + ")"
}

// listing finds out who decides.
func (a *app) listing(w workspace, here *registry.Registry) (listing, error) {
	head, why, err := a.head(w, here)
	if head == nil {
		return listing{registry: here, why: why}, err
	}
	return listing{registry: head.registry, head: head}, err
}

// head reads the project as HEAD has it, or says why there is none.
func (a *app) head(w workspace, here *registry.Registry) (head *base, why string, err error) {
	ctx := context.Background()
	repo, err := git.Open(ctx, w.root, a.LookupEnv)
	if errors.Is(err, git.ErrNoWorkTree) {
		return nil, git.ErrNoWorkTree.Error(), nil
	}
	if err != nil {
		return nil, "", err
	}
	commit, err := repo.Resolve(ctx, "HEAD")
	var unknown *git.UnknownError
	if errors.As(err, &unknown) {
		return nil, "nothing is committed yet", nil
	}
	if err != nil {
		return nil, "", err
	}
	b := &base{name: "HEAD", commit: commit, repo: repo}
	tree, err := repo.Tree(ctx, commit, repo.Folder())
	if err == nil {
		defer tree.Close()
		err = b.read(tree, here)
	}
	if errors.Is(err, fs.ErrNotExist) && b.registry == nil {
		return nil, "HEAD has none", nil
	}
	if err != nil {
		return nil, "", err
	}
	a.noteBase(b)
	return b, "", nil
}
