// SPDX-License-Identifier: GPL-2.0-or-later

package git

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Commit is the hash of a commit, in full.
type Commit string

var hash = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)

// UnknownError says that a revision names no commit.
type UnknownError struct{ Rev string }

func (e *UnknownError) Error() string { return fmt.Sprintf("there is no commit %q", e.Rev) }

// Resolve returns the commit that a revision names, in any way that git understands. The error is
// an *UnknownError if there is none, an *InconclusiveError if there may be one that this clone
// doesn't have.
func (r *Repository) Resolve(ctx context.Context, rev string) (Commit, error) {
	if rev == "" || strings.ContainsRune(rev, 0) {
		return "", &UnknownError{rev}
	}
	name, err := r.line(ctx, "rev-parse", "--verify", "--end-of-options", rev+"^{commit}")
	if err == nil && hash.MatchString(name) {
		return Commit(name), nil
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return "", err
	}
	if missing := r.incomplete(ctx); missing != nil {
		missing.What = fmt.Sprintf("there is no commit %q in this clone, which %s", rev, missing.What)
		return "", missing
	}
	return "", &UnknownError{rev}
}

// incomplete returns what this clone lacks, or nil if it has everything.
func (r *Repository) incomplete(ctx context.Context) *InconclusiveError {
	if shallow, err := r.Shallow(ctx); err == nil && shallow {
		return &InconclusiveError{What: "is shallow", Help: "fetch the rest with `git fetch --unshallow`, or `fetch-depth: 0` for actions/checkout"}
	}
	if r.partial(ctx) {
		return &InconclusiveError{What: "is partial", Help: "clone without --filter: nothing is ever fetched from here"}
	}
	return nil
}

// Shallow reports whether history was cut off when the repository was cloned.
func (r *Repository) Shallow(ctx context.Context) (bool, error) {
	answer, err := r.line(ctx, "rev-parse", "--is-shallow-repository")
	return answer == "true", err
}

// partial reports whether objects were left out when the repository was cloned.
func (r *Repository) partial(ctx context.Context) bool {
	_, err := r.line(ctx, "config", "--local", "--get", "extensions.partialClone")
	if err == nil {
		return true
	}
	_, err = r.line(ctx, "config", "--local", "--get-regexp", `^remote\..*\.promisor$`)
	return err == nil
}

// MergeBase returns the best commit that both have in their history. The error is an
// *InconclusiveError if history is cut off before there is one.
func (r *Repository) MergeBase(ctx context.Context, a, b Commit) (Commit, error) {
	name, err := r.line(ctx, "merge-base", string(a), string(b))
	if err == nil && hash.MatchString(name) {
		return Commit(name), nil
	}
	if missing := r.incomplete(ctx); missing != nil {
		missing.What = fmt.Sprintf("no common history of %.12s and %.12s is in this clone, which %s", a, b, missing.What)
		return "", missing
	}
	var exit *exec.ExitError
	if err == nil || errors.As(err, &exit) && exit.ExitCode() == 1 {
		return "", fmt.Errorf("%.12s and %.12s have no history in common", a, b)
	}
	return "", err
}

// mainlines are where the default branch is looked for, the first that is there.
var mainlines = []string{
	"refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master",
	"refs/heads/main", "refs/heads/master",
}

// Mainline returns the branch that changes go into, as a full ref, with its commit: the remote's
// default branch, or else main or master. The error is an *UnknownError if there is none of them,
// an *InconclusiveError if the clone is incomplete.
func (r *Repository) Mainline(ctx context.Context) (ref string, commit Commit, err error) {
	for _, ref := range mainlines {
		commit, err := r.Resolve(ctx, ref)
		if err == nil {
			return ref, commit, nil
		}
		var unknown *UnknownError
		var inconclusive *InconclusiveError
		if !errors.As(err, &unknown) && !errors.As(err, &inconclusive) {
			return "", "", err
		}
	}
	_, err = r.Resolve(ctx, "main")
	return "", "", err
}

// At returns the newest commit of a line of development that is not later than a time: of the commits
// that a branch was at, not of those that were merged into it. False means that there is none.
func (r *Repository) At(ctx context.Context, tip Commit, at time.Time) (Commit, bool, error) {
	if shallow, err := r.Shallow(ctx); err != nil {
		return "", false, err
	} else if shallow {
		missing := r.incomplete(ctx)
		missing.What = "the history of this clone, which " + missing.What + ", is cut off"
		return "", false, missing
	}
	name, err := r.line(ctx, "rev-list", "-n", "1", "--first-parent", "--before="+strconv.FormatInt(at.Unix(), 10), "--end-of-options", string(tip))
	if err != nil {
		return "", false, err
	}
	return Commit(name), hash.MatchString(name), nil
}
