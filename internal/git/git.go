// SPDX-License-Identifier: GPL-2.0-or-later

// Package git is the git command, run so that a repository can only be read. In flow a folder, the
// environment and the name of a revision; out come commits, and the files of one as an fs.FS.
//
// What is in a repository may come from anybody: its configuration, its refs and its paths. No
// hook, pager, filter, editor, helper or file system monitor is run whatever they say, nothing is
// fetched, no replacement or graft is believed, and no name is taken for an option. Of the
// environment only what [Open] lists gets through.
package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path"
	"strings"
	"time"
)

// limit is how long one command may take, or one object may take to come.
const limit = 60 * time.Second

// lingering is how long a command that was stopped may hold its pipes.
const lingering = 2 * time.Second

// mostOutput is how many bytes a command may answer with, where the answer is a name.
const mostOutput = 1 << 20

// Repository is a work tree with its history.
type Repository struct {
	top    string // absolute, as the machine writes paths
	folder string // slash-separated, from the top; "." is the top
	dir    string
	env    []string
}

// Top returns the folder of the work tree.
func (r *Repository) Top() string { return r.top }

// Folder returns the folder that was opened, slash-separated from the top; "." is the top.
func (r *Repository) Folder() string { return r.folder }

// ErrNoWorkTree is returned where a folder is in no work tree.
var ErrNoWorkTree = errors.New("it is in no git work tree")

// Error is a git command that failed. Stderr is what it said, without line breaks at its ends.
type Error struct {
	Command string // such as rev-parse
	Stderr  string
	Err     error
}

func (e *Error) Error() string {
	if e.Stderr == "" {
		return fmt.Sprintf("git %s: %v", e.Command, e.Err)
	}
	return fmt.Sprintf("git %s: %s", e.Command, strings.TrimPrefix(e.Stderr, "fatal: "))
}

func (e *Error) Unwrap() error { return e.Err }

// InconclusiveError says that an answer would need history or objects that this clone doesn't
// have. What was asked may be right or wrong: nobody can tell from here.
type InconclusiveError struct {
	What string // what is missing
	Help string // how to get it
}

func (e *InconclusiveError) Error() string { return "inconclusive: " + e.What + "; " + e.Help }

// carried are the variables that git gets from the environment: where programs and the user's own
// configuration are, which say what folders are safe. None of them is in a repository's hands.
var carried = []string{"PATH", "HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CEILING_DIRECTORIES", "TMPDIR", "SYSTEMROOT"}

// fixed are the variables that git gets whatever the environment says.
var fixed = []string{
	"LC_ALL=C",
	"GIT_CONFIG_NOSYSTEM=1", "GIT_ATTR_NOSYSTEM=1",
	"GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=", "SSH_ASKPASS=",
	"GIT_PAGER=cat", "GIT_EDITOR=false",
	"GIT_OPTIONAL_LOCKS=0",
	"GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", // before any protocol.*.allow of the repository
	"GIT_NO_REPLACE_OBJECTS=1", "GIT_GRAFT_FILE=/dev/null",
}

// options stand before every command. They come before what the repository's configuration says.
var options = []string{
	"--no-pager", "--literal-pathspecs", "--no-replace-objects",
	"-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.pager=cat",
	"-c", "protocol.allow=never", "-c", "credential.helper=", "-c", "safe.bareRepository=explicit",
	"-c", "advice.graftFileDeprecated=false",
}

// Open finds the work tree of a folder, an absolute path. Of the environment it looks up PATH,
// HOME, XDG_CONFIG_HOME, GIT_CONFIG_GLOBAL, GIT_CEILING_DIRECTORIES, TMPDIR and SYSTEMROOT.
// The error is ErrNoWorkTree if there is none.
func Open(ctx context.Context, dir string, env func(key string) (string, bool)) (*Repository, error) {
	r := &Repository{dir: dir, env: fixed}
	for _, key := range carried {
		if v, ok := env(key); ok {
			r.env = append(r.env[:len(r.env):len(r.env)], key+"="+v)
		}
	}
	inside, err := r.line(ctx, "rev-parse", "--is-inside-work-tree")
	if notFound(err) || err == nil && inside != "true" {
		return nil, fmt.Errorf("%s: %w", dir, ErrNoWorkTree)
	}
	if err != nil {
		return nil, err
	}
	if r.top, err = r.line(ctx, "rev-parse", "--show-toplevel"); err != nil {
		return nil, err
	}
	prefix, err := r.line(ctx, "rev-parse", "--show-prefix")
	r.folder = path.Clean(prefix)
	return r, err
}

// notFound reports whether git found no repository, or one that has no work tree.
func notFound(err error) bool {
	var failed *Error
	return errors.As(err, &failed) && (strings.Contains(failed.Stderr, "not a git repository") || strings.Contains(failed.Stderr, "safe.bareRepository"))
}

// command prepares a git command; stop has to be called when it is done.
func (r *Repository) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", append(options[:len(options):len(options)], args...)...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = r.dir, r.env, lingering
	return cmd
}

// line runs a command whose answer is one line, which may hold line breaks: a path.
func (r *Repository) line(ctx context.Context, args ...string) (string, error) {
	ctx, stop := context.WithTimeoutCause(ctx, limit, fmt.Errorf("no answer within %v", limit))
	defer stop()
	cmd := r.command(ctx, args...)
	var stdout, stderr bounded
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if err != nil {
		return "", failure(ctx, args[0], stderr.String(), err)
	}
	return strings.TrimSuffix(stdout.String(), "\n"), nil
}

// failure says why a command failed: that it was stopped, if it was.
func failure(ctx context.Context, command, stderr string, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		err, stderr = cause, ""
	}
	if errors.Is(err, exec.ErrNotFound) {
		err = errors.New("git is not installed, or not on the PATH")
	}
	return &Error{Command: command, Stderr: strings.TrimSpace(stderr), Err: err}
}

// bounded keeps the beginning of what is written to it.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if room := mostOutput - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}
