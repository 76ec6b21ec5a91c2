// SPDX-License-Identifier: GPL-2.0-or-later

package git

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// mostBytes is how large an object may be that is read: proposals are far smaller.
const mostBytes = 64 << 20

var errMissing = errors.New("the object is missing")

// batch is one `git cat-file --batch`, which answers for as long as it is asked. It can be used by
// many goroutines, one at a time.
type batch struct {
	mu   sync.Mutex
	ctx  context.Context
	stop context.CancelCauseFunc
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	err  error // of what ended it
}

func (r *Repository) batch(ctx context.Context) (*batch, error) {
	ctx, stop := context.WithCancelCause(ctx)
	b := &batch{ctx: ctx, stop: stop, cmd: r.command(ctx, "cat-file", "--batch")}
	in, err := b.cmd.StdinPipe()
	if err != nil {
		stop(nil)
		return nil, err
	}
	out, err := b.cmd.StdoutPipe()
	if err == nil {
		err = b.cmd.Start()
	}
	if err != nil {
		stop(nil)
		return nil, failure(ctx, "cat-file", "", err)
	}
	b.in, b.out = in, bufio.NewReader(out)
	return b, nil
}

// read returns the bytes of an object of some kind. After an error of git itself, every later
// read has the same error.
func (b *batch) read(object, kind string) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		return nil, b.err
	}
	watch := time.AfterFunc(limit, func() { b.stop(fmt.Errorf("no answer within %v", limit)) })
	defer watch.Stop()
	data, err := b.ask(object, kind)
	if err != nil && !errors.Is(err, errMissing) {
		b.err = failure(b.ctx, "cat-file", "", err)
		return nil, b.err
	}
	return data, err
}

func (b *batch) ask(object, kind string) ([]byte, error) {
	if _, err := io.WriteString(b.in, object+"\n"); err != nil {
		return nil, err
	}
	head, err := b.out.ReadString('\n')
	if err != nil {
		return nil, err
	}
	parts := strings.Fields(head)
	if len(parts) == 2 && parts[1] == "missing" {
		return nil, errMissing
	}
	if len(parts) != 3 || parts[0] != object || parts[1] != kind {
		return nil, fmt.Errorf("an answer that was not asked for: %q", head)
	}
	size, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil || size < 0 || size > mostBytes {
		return nil, fmt.Errorf("an object of %s bytes is too large", parts[2])
	}
	data := make([]byte, size+1) // and the line break after it
	if _, err := io.ReadFull(b.out, data); err != nil {
		return nil, err
	}
	return data[:size], nil
}

// close ends the command.
func (b *batch) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil {
		b.err = errors.New("the revision was closed")
	}
	_ = b.in.Close() // it ends by itself when nothing more can be asked
	b.stop(nil)
	_ = b.cmd.Wait()
}

// Blobs reads files by the hash of their contents. It can be used by many goroutines, and has to be
// closed.
type Blobs struct {
	repo  *Repository
	ctx   context.Context
	start sync.Once
	batch *batch
	err   error
}

// Blobs returns a reader of files.
func (r *Repository) Blobs(ctx context.Context) *Blobs { return &Blobs{repo: r, ctx: ctx} }

// Read returns the bytes of a file, at most 64 MiB. The error is an *InconclusiveError where this
// clone is known to lack objects.
func (b *Blobs) Read(object string) ([]byte, error) {
	b.start.Do(func() { b.batch, b.err = b.repo.batch(b.ctx) })
	if b.err != nil {
		return nil, b.err
	}
	data, err := b.batch.read(object, "blob")
	if errors.Is(err, errMissing) {
		err = b.repo.lacking(b.ctx, fmt.Errorf("%.12s: %w", object, err))
	}
	return data, err
}

// Close ends the command that files are read with.
func (b *Blobs) Close() error {
	b.start.Do(func() { b.err = errors.New("the reader was closed") })
	if b.batch != nil {
		b.batch.close()
	}
	return nil
}
