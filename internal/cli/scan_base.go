// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/git"
)

// changedFiles returns the files that differ from a revision, of those that are named or of all in
// this folder, as the reader would name them.
func (a *app) changedFiles(files []string, rev string) ([]string, error) {
	ctx := context.Background()
	repo, err := git.Open(ctx, a.Dir, a.LookupEnv)
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
	paths, err := repo.Changed(ctx, b.commit)
	if err != nil {
		return nil, err
	}
	var named []string
	for _, file := range files {
		named = append(named, a.abs(file))
	}
	var changed []string
	for _, path := range paths {
		full := filepath.Join(repo.Top(), filepath.FromSlash(path))
		info, err := os.Lstat(full)
		if err != nil || !info.Mode().IsRegular() || len(named) > 0 && !slices.Contains(named, full) {
			continue // deleted, or a link that leads elsewhere
		}
		name, err := filepath.Rel(a.Dir, full)
		if err != nil {
			name = full
		}
		changed = append(changed, filepath.ToSlash(name))
	}
	fmt.Fprintln(a.Stderr, diag.Printable(fmt.Sprintf("pulpmetrics: scanning %s that changed since %s", plural(len(changed), "file"), b)))
	return changed, nil
}
