// SPDX-License-Identifier: GPL-2.0-or-later

package git

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Entry is one commit with the files that it changed. A merge changed those that differ from all of
// its parents; what it brought in was changed by the commits that it merged.
type Entry struct {
	Commit    Commit
	Parents   []Commit
	Author    string    // as it stands in the commit
	Authored  time.Time // in UTC
	Committed time.Time // in UTC
	Subject   string    // the first line of the message
	Files     []FileChange
}

// FileChange is what a commit did to one file.
type FileChange struct {
	Path   string      // slash-separated, from the top; where the file was, if it is gone
	Object string      // hash of the contents; "" if the file is gone
	Was    []FileState // for each parent; for the first commit one that is empty
}

// FileState is a file in one commit; zero if it wasn't there.
type FileState struct{ Path, Object string }

// maxRename is how many files that came and went in one commit are compared with each other.
const maxRename = 1000

// entryFormat has six texts, each with a NUL behind it; none can hold one.
const entryFormat = "%H%x00%P%x00%an%x00%at%x00%ct%x00%s"

// Log hands every commit that a commit has in its history to each, parents before children, and
// ends with the error of each. A rename is found by what files hold. The error is an
// *InconclusiveError where history is cut off.
func (r *Repository) Log(ctx context.Context, tip Commit, each func(*Entry) error) error {
	if shallow, err := r.Shallow(ctx); err != nil {
		return err
	} else if shallow {
		missing := r.incomplete(ctx)
		missing.What = "the history of this clone, which " + missing.What + ", is cut off"
		return missing
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	list := r.command(ctx, "rev-list", "--topo-order", "--reverse", "--end-of-options", string(tip))
	diff := r.command(ctx, "diff-tree", "--stdin", "--always", "--root", "-r", "-c", "--raw", "-z", "--no-abbrev", "-M",
		"-l"+strconv.Itoa(maxRename), "--combined-all-paths", "--no-ext-diff", "--no-textconv", "--encoding=UTF-8", "--format="+entryFormat)
	var stderr, listErr bounded
	list.Stderr, diff.Stderr = &listErr, &stderr
	commits, err := list.StdoutPipe()
	if err != nil {
		return err
	}
	diff.Stdin = commits
	out, err := diff.StdoutPipe()
	if err != nil {
		return err
	}
	if err := errors.Join(list.Start(), diff.Start()); err != nil {
		stop(err)
		return failure(ctx, "rev-list", "", err)
	}
	_ = commits.Close() // the other command has it now
	watch := time.AfterFunc(limit, func() { stop(fmt.Errorf("no answer within %v", limit)) })
	defer watch.Stop()
	l := logReader{out: bufio.NewReaderSize(out, 1<<16)}
	read := l.all(func(e *Entry) error {
		watch.Reset(limit)
		return each(e)
	})
	if read != nil {
		stop(read)
	}
	ended, listed := diff.Wait(), list.Wait()
	switch {
	case context.Cause(ctx) != nil:
		return context.Cause(ctx)
	case ended != nil:
		return r.lacking(ctx, failure(ctx, "diff-tree", stderr.String(), ended))
	case listed != nil:
		return r.lacking(ctx, failure(ctx, "rev-list", listErr.String(), listed))
	}
	return nil
}

// lacking turns an error into an *InconclusiveError where the clone is known to lack objects.
func (r *Repository) lacking(ctx context.Context, err error) error {
	if missing := r.incomplete(ctx); missing != nil {
		missing.What = "what it takes is not all in this clone, which " + missing.What
		return missing
	}
	return err
}

// logReader reads what diff-tree writes for each commit: the six texts; then, if it has files, a line
// break or a NUL and, for each, a line of modes, hashes and letters, and its paths, all ending in NUL.
type logReader struct {
	out *bufio.Reader
}

func (l *logReader) all(each func(*Entry) error) error {
	for {
		e, err := l.entry()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = each(e)
		}
		if err != nil {
			return err
		}
	}
}

// text returns what stands before the next NUL.
func (l *logReader) text() (string, error) {
	s, err := l.out.ReadString(0)
	if errors.Is(err, io.EOF) && s != "" {
		err = io.ErrUnexpectedEOF
	}
	return strings.TrimSuffix(s, "\x00"), err
}

// entry reads one commit. The error is io.EOF where there is none left.
func (l *logReader) entry() (*Entry, error) {
	var head [6]string
	for i := range head {
		text, err := l.text()
		if i == 0 && errors.Is(err, io.EOF) {
			return nil, io.EOF
		}
		if err != nil {
			return nil, fmt.Errorf("git diff-tree: a commit ends early: %w", err)
		}
		head[i] = text
	}
	e := &Entry{Commit: Commit(head[0]), Author: strings.ToValidUTF8(head[2], "\uFFFD"), Subject: strings.ToValidUTF8(head[5], "\uFFFD")}
	if !hash.MatchString(head[0]) {
		return nil, fmt.Errorf("git diff-tree: %q is no commit", head[0])
	}
	for parent := range strings.FieldsSeq(head[1]) {
		e.Parents = append(e.Parents, Commit(parent))
	}
	e.Authored, e.Committed = instant(head[3]), instant(head[4])
	return e, l.files(e)
}

// instant reads the seconds of a commit; what is no time is the beginning of 1970.
func instant(seconds string) time.Time {
	n, _ := strconv.ParseInt(seconds, 10, 64)
	return time.Unix(n, 0).UTC()
}

// files reads the files of a commit, if it has any.
func (l *logReader) files(e *Entry) error {
	if next, err := l.out.Peek(1); err == nil && (next[0] == '\n' || next[0] == 0) { // a NUL for merges
		_, _ = l.out.Discard(1)
	}
	for {
		next, err := l.out.Peek(1)
		if err != nil || next[0] != ':' {
			return nil
		}
		f, err := l.file()
		if err != nil {
			return fmt.Errorf("git diff-tree: %.12s: %w", e.Commit, err)
		}
		e.Files = append(e.Files, f)
	}
}

// file reads one file: with n parents there are n colons, n+1 modes, n+1 hashes and n letters.
func (l *logReader) file() (FileChange, error) {
	line, err := l.text()
	if err != nil {
		return FileChange{}, err
	}
	parents := len(line) - len(strings.TrimLeft(line, ":"))
	parts := strings.Fields(line[parents:])
	if len(parts) != 2*(parents+1)+1 {
		return FileChange{}, fmt.Errorf("a change that can't be read: %q", line)
	}
	modes, objects, letters := parts[:parents+1], parts[parents+1:2*(parents+1)], parts[len(parts)-1]
	names, err := l.names(parents, letters)
	if err != nil {
		return FileChange{}, err
	}
	f := FileChange{Path: names[parents], Object: present(modes[parents], objects[parents])}
	for i := range parents {
		was := FileState{names[i], present(modes[i], objects[i])}
		if was.Object == "" {
			was = FileState{}
		}
		f.Was = append(f.Was, was)
	}
	return f, nil
}

// names reads the paths of a file, one for each parent and the present one. Of one parent a path is
// only written twice if it changed.
func (l *logReader) names(parents int, letters string) ([]string, error) {
	names := make([]string, 0, parents+1)
	for range parents + 1 {
		name, err := l.text()
		if err != nil {
			return nil, err
		}
		names = append(names, name)
		if parents == 1 && !strings.ContainsAny(letters, "RC") {
			return slices.Repeat(names, 2), nil
		}
	}
	return names, nil
}

// present returns the hash of a regular file, "" for anything else.
func present(mode, object string) string {
	if strings.HasPrefix(mode, "100") {
		return object
	}
	return ""
}
