// SPDX-License-Identifier: GPL-2.0-or-later

package cli_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sourcegraph/jsonrpc2"
)

// published is what the server says of a document.
type published struct {
	URI         string `json:"uri"`
	Diagnostics []struct {
		Code string `json:"code"`
	} `json:"diagnostics"`
}

// client speaks with the server as a process of its own.
type client struct {
	t    testing.TB
	cmd  *exec.Cmd
	conn *jsonrpc2.Conn
	got  chan published
}

type pipes struct {
	io.ReadCloser
	in io.WriteCloser
}

func (p pipes) Write(data []byte) (int, error) { return p.in.Write(data) }
func (p pipes) Close() error                   { return p.in.Close() }

func newClient(t testing.TB, cmd *exec.Cmd) *client {
	t.Helper()
	c := &client{t: t, cmd: cmd, got: make(chan published, 100)}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	hear := jsonrpc2.HandlerWithError(func(_ context.Context, _ *jsonrpc2.Conn, req *jsonrpc2.Request) (any, error) {
		var p published
		if err := json.Unmarshal(*req.Params, &p); err != nil {
			t.Error(err)
		}
		c.got <- p
		return nil, nil
	})
	c.conn = jsonrpc2.NewConn(context.Background(), jsonrpc2.NewBufferedStream(pipes{out, in}, jsonrpc2.VSCodeObjectCodec{}), hear)
	if err := c.conn.Call(context.Background(), "initialize", map[string]any{}, nil); err != nil {
		t.Fatal(err)
	}
	return c
}

// sends notifies the server of a document, and waits for what it says of it.
func (c *client) sends(method, file, text string) published {
	c.t.Helper()
	uri := "file://" + filepath.ToSlash(file)
	doc := map[string]any{"uri": uri, "version": 1, "text": text}
	if err := c.conn.Notify(context.Background(), "textDocument/"+method, map[string]any{"textDocument": doc, "contentChanges": []any{map[string]any{"text": text}}}); err != nil {
		c.t.Fatal(err)
	}
	select {
	case p := <-c.got:
		return p
	case <-time.After(patience):
		c.t.Fatal("the server says nothing")
	}
	return published{}
}

func lspCommand(t *testing.T, dir string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return &exec.Cmd{Path: self, Args: []string{"pulpmetrics", "lsp", "--stdio"}, Dir: dir, Env: os.Environ()}
}

func TestLSP(t *testing.T) {
	dir := formProject(t)
	c := newClient(t, lspCommand(t, dir))
	if p := c.sends("didOpen", filepath.Join(dir, "proposals", "new_one.yaml"), "id: new_one\nstatus: Draft\n"); len(p.Diagnostics) != 3 || !strings.HasSuffix(p.URI, "new_one.yaml") {
		t.Errorf("%+v", p)
	}
	if err := c.conn.Call(context.Background(), "shutdown", nil, nil); err != nil {
		t.Fatal(err)
	}
	_ = c.conn.Notify(context.Background(), "exit", nil) // it may be gone before it is said
	if err := c.cmd.Wait(); err != nil {
		t.Errorf("after a good-bye: %v", err)
	}
}

// An editor that goes away without a word is no reason to stay; the protocol asks for exit status 1.
func TestLSPHangUp(t *testing.T) {
	c := newClient(t, lspCommand(t, formProject(t)))
	_ = c.conn.Close()
	_ = c.cmd.Wait()
	if status := c.cmd.ProcessState.ExitCode(); status != 1 {
		t.Errorf("exit status %d", status)
	}
}

// BenchmarkKeystroke times what an editor waits for: from a change of a document to its diagnostics, in
// a project of 1,000 proposals. The bar is 50 ms.
func BenchmarkKeystroke(b *testing.B) {
	program, dir := buildProgram(b, "./cmd/pulpmetrics"), b.TempDir()
	manyProposals(b, dir, 1000)
	file := filepath.Join(dir, "proposals", "components_500.yaml")
	data, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(program, "lsp")
	cmd.Dir = dir
	c := newClient(b, cmd)
	start := time.Now()
	c.sends("didOpen", file, string(data))
	opened := time.Since(start)
	var times []time.Duration
	for b.Loop() {
		for i := range 20 {
			text := strings.Replace(string(data), "title: ", fmt.Sprintf("title: %s", strings.Repeat("x", i)), 1)
			if i%5 == 4 {
				text = strings.Replace(text, "field:", "fie", 1) // half typed
			}
			start := time.Now()
			c.sends("didChange", file, text)
			times = append(times, time.Since(start))
		}
	}
	b.ReportMetric(float64(median(times).Microseconds())/1000, "ms-keystroke")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "ms-p99") // median has sorted them
	b.ReportMetric(float64(opened.Milliseconds()), "ms-open")
}

// BenchmarkFix1000 mends three slips in each of 1,000 files. The bar is 2 s.
func BenchmarkFix1000(b *testing.B) {
	program, dir := buildProgram(b, "./cmd/pulpmetrics"), b.TempDir()
	manyProposals(b, dir, 1000)
	files, _ := filepath.Glob(filepath.Join(dir, "proposals", "*.yaml"))
	slips := strings.NewReplacer("status: approved", "status: draft", "\nquestion:", "\nqestion:", "acceptable: true", "acceptable: yes", "kind: stacked_area", "kind: stacked-area")
	approval := regexp.MustCompile(`(?s)\napproval:.*`)
	var times []time.Duration
	for b.Loop() {
		b.StopTimer()
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err == nil {
				err = os.WriteFile(file, []byte(slips.Replace(approval.ReplaceAllString(string(data), "\n"))), 0o600)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		took, _ := spend(b, dir, program, "lint", "--fix")
		times = append(times, took)
	}
	if data, err := os.ReadFile(files[0]); err != nil || strings.Contains(string(data), "qestion") {
		b.Fatalf("not mended: %v", err)
	}
	b.ReportMetric(median(times).Seconds(), "s-fix")
}
