// SPDX-License-Identifier: GPL-2.0-or-later

package git

import (
	"bytes"
	"context"
	"fmt"
	"slices"
)

// Changed returns the paths of files in the opened folder that differ from a commit or that nobody
// has committed yet, without those that are ignored: slash-separated from the top of the work tree,
// sorted. Files that are gone are among them.
func (r *Repository) Changed(ctx context.Context, c Commit) ([]string, error) {
	differ, err := r.list(ctx, "diff", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all", "-z", string(c), "--", ".")
	if err != nil {
		return nil, err
	}
	fresh, err := r.list(ctx, "ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", ".")
	if err != nil {
		return nil, err
	}
	all := append(differ, fresh...)
	slices.Sort(all)
	return slices.Compact(all), nil
}

// list runs a command whose answer is paths, each ended by a zero byte.
func (r *Repository) list(ctx context.Context, args ...string) ([]string, error) {
	ctx, stop := context.WithTimeoutCause(ctx, limit, fmt.Errorf("no answer within %v", limit))
	defer stop()
	cmd := r.command(ctx, args...)
	var stdout bytes.Buffer
	var stderr bounded
	cmd.Stdout, cmd.Stderr = &limitedWriter{to: &stdout, room: mostPathBytes}, &stderr
	if err := cmd.Run(); err != nil {
		return nil, failure(ctx, args[0], stderr.String(), err)
	}
	var paths []string
	for _, path := range bytes.Split(stdout.Bytes(), []byte{0}) {
		if len(path) > 0 {
			paths = append(paths, string(path))
		}
	}
	return paths, nil
}

// limitedWriter fails where more is written than there may be.
type limitedWriter struct {
	to   *bytes.Buffer
	room int
}

func (w *limitedWriter) Write(p []byte) (int, error) {
	if w.room -= len(p); w.room < 0 {
		return 0, fmt.Errorf("git names more than %d bytes of paths", mostPathBytes)
	}
	return w.to.Write(p)
}
