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

// AmbiguousError says that a name is that of more than one thing: a tag can stand in for a branch.
type AmbiguousError struct {
	Rev  string
	Refs []string // in full
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%q is the name of more than one thing; write which one: %s", e.Rev, strings.Join(e.Refs, ", "))
}

// plainName is a name that may be that of a branch and of a tag: not a full ref, and no expression.
var plainName = regexp.MustCompile(`^[^~^:@{\s]+$`)

// unambiguous returns an *AmbiguousError if a name is that of a branch, of this clone or a remote, and
// of a tag, or of two of them, that are at different commits.
func (r *Repository) unambiguous(ctx context.Context, rev string) error {
	if !plainName.MatchString(rev) || strings.HasPrefix(rev, "refs/") || rev == "HEAD" || hash.MatchString(rev) {
		return nil
	}
	list, err := r.line(ctx, "for-each-ref", "--format=%(refname) %(objectname) %(*objectname)", "refs/heads/"+rev, "refs/tags/"+rev, "refs/remotes/"+rev, "refs/remotes/"+rev+"/HEAD")
	if err != nil {
		return err
	}
	at := map[string]bool{}
	e := &AmbiguousError{Rev: rev}
	for line := range strings.Lines(list) {
		parts := strings.Fields(line)
		exact := len(parts) > 1 && (parts[0] == "refs/heads/"+rev || parts[0] == "refs/tags/"+rev || parts[0] == "refs/remotes/"+rev || parts[0] == "refs/remotes/"+rev+"/HEAD")
		if exact {
			at[parts[len(parts)-1]] = true
			e.Refs = append(e.Refs, parts[0])
		}
	}
	if len(at) > 1 {
		return e
	}
	return nil
}

// Resolve returns the commit that a revision names, in any way that git understands. The error is
// an *UnknownError if there is none, an *AmbiguousError if there are several, an *InconclusiveError if
// there may be one that this clone doesn't have.
func (r *Repository) Resolve(ctx context.Context, rev string) (Commit, error) {
	if rev == "" || strings.ContainsRune(rev, 0) {
		return "", &UnknownError{rev}
	}
	name, err := r.line(ctx, "rev-parse", "--verify", "--end-of-options", rev+"^{commit}")
	if err == nil && hash.MatchString(name) {
		return Commit(name), r.unambiguous(ctx, rev)
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
	all, err := r.MergeBases(ctx, a, b)
	if err != nil {
		return "", err
	}
	return all[0], nil
}

// MergeBases returns the best commits that both have in their history: more than one where branches
// were merged into each other. The error is an *InconclusiveError if history is cut off before there
// is one.
func (r *Repository) MergeBases(ctx context.Context, a, b Commit) ([]Commit, error) {
	list, err := r.line(ctx, "merge-base", "--all", string(a), string(b))
	var all []Commit
	for name := range strings.FieldsSeq(list) {
		all = append(all, Commit(name))
	}
	if err == nil && len(all) > 0 {
		return all, nil
	}
	if missing := r.incomplete(ctx); missing != nil {
		missing.What = fmt.Sprintf("no common history of %.12s and %.12s is in this clone, which %s", a, b, missing.What)
		return nil, missing
	}
	var exit *exec.ExitError
	if err == nil || errors.As(err, &exit) && exit.ExitCode() == 1 {
		return nil, fmt.Errorf("%.12s and %.12s have no history in common", a, b)
	}
	return nil, err
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

// Committed returns the time of a commit, in UTC.
func (r *Repository) Committed(ctx context.Context, c Commit) (time.Time, error) {
	line, err := r.line(ctx, "rev-list", "-n", "1", "--timestamp", "--end-of-options", string(c))
	seconds, _, _ := strings.Cut(line, " ")
	return instant(seconds), err
}
