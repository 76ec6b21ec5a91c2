// SPDX-License-Identifier: GPL-2.0-or-later

package cli_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"
)

// session is a run of the program on a terminal of its own.
type session struct {
	t    *testing.T
	cmd  *exec.Cmd
	tty  *os.File
	mu   sync.Mutex
	text bytes.Buffer
	read int // of the text that was waited for
	done chan struct{}
}

// start runs the program in a project.
func start(t *testing.T, dir string, env []string, args ...string) *session {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := &session{t: t, done: make(chan struct{})}
	s.cmd = &exec.Cmd{Path: self, Args: append([]string{"pulpmetrics"}, args...), Dir: dir, Env: append(os.Environ(), env...)}
	if s.tty, err = pty.StartWithSize(s.cmd, &pty.Winsize{Rows: 40, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(s.done)
		_, _ = io.Copy(s, s.tty) // until the terminal is gone
	}()
	t.Cleanup(func() { _ = s.cmd.Process.Kill(); _ = s.tty.Close() })
	return s
}

func (s *session) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *session) screen() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// shows waits until the terminal shows a text behind what it has shown before.
func (s *session) shows(text string) {
	s.t.Helper()
	for deadline := time.Now().Add(patience / 3); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if i := strings.Index(s.screen()[s.read:], text); i >= 0 {
			s.read += i + len(text)
			return
		}
	}
	s.t.Fatalf("no %q on the terminal:\n%s", text, s.screen())
}

// types sends what somebody types.
func (s *session) types(text string) {
	if _, err := s.tty.WriteString(text); err != nil {
		s.t.Fatal(err)
	}
}

// ends waits for the program, and returns its exit status.
func (s *session) ends() int {
	_ = s.cmd.Wait()
	<-s.done
	return s.cmd.ProcessState.ExitCode()
}

func formProject(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	config, err := os.ReadFile("testdata/pulpmetrics.yaml")
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "pulpmetrics.yaml"), config, 0o600)
	}
	if err == nil {
		err = os.Mkdir(filepath.Join(dir, "proposals"), 0o700)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// Line by line, as the questions are read aloud: each answer waits for its question.
func TestFormAccessible(t *testing.T) {
	dir := formProject(t)
	script, err := os.ReadFile("testdata/form-answers.txt")
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, dir, []string{"ACCESSIBLE=1", "NO_COLOR=1"}, "new")
	for line := range strings.Lines(string(script)) {
		question, answer, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " => ")
		if !ok {
			t.Fatalf("no question and answer: %q", line)
		}
		s.shows(question)
		s.types(answer + "\n")
	}
	if status := s.ends(); status != 0 {
		t.Fatalf("exit status %d:\n%s", status, s.screen())
	}
	want, err := os.ReadFile("testdata/form.yaml")
	if err != nil && !*update {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "proposals", "task_queue.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		err = os.WriteFile("testdata/form.yaml", got, 0o644)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" || err != nil {
		t.Errorf("the file (-want +got): %v\n%s", err, diff)
	}
	lint := exec.Command(s.cmd.Path, "lint")
	lint.Args[0], lint.Dir = "pulpmetrics", dir
	if out, err := lint.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// Drawn on the terminal: what is no answer is refused as it is typed, and giving up writes nothing.
func TestFormDrawn(t *testing.T) {
	dir := formProject(t)
	s := start(t, dir, []string{"TERM=xterm", "ACCESSIBLE="}, "new")
	s.shows("What is the metric, in a few words?")
	s.types("TODO\r")
	s.shows("still to be answered")
	s.types("\x15Tasks in the queue\r")
	s.shows("What question will this help us answer?")
	s.types("\x03")
	if status := s.ends(); status != 1 {
		t.Errorf("exit status %d:\n%s", status, s.screen())
	}
	s.shows("nothing was written")
	if files, _ := os.ReadDir(filepath.Join(dir, "proposals")); len(files) > 0 {
		t.Errorf("%v was written", files)
	}
}

// What flags say isn't asked, and with --ask=false nothing is.
func TestFormQuiet(t *testing.T) {
	dir := formProject(t)
	s := start(t, dir, []string{"ACCESSIBLE=1"}, "new", "quiet", "--ask=false", "--title", "Quiet", "--question", "How many questions are there to be asked?")
	if status := s.ends(); status != 0 || strings.Contains(s.screen(), "never was") {
		t.Errorf("exit status %d:\n%s", status, s.screen())
	}
}

// No command but new asks the terminal anything: a terminal that doesn't answer would hold it up for seconds.
func TestTerminalIsLeftAlone(t *testing.T) {
	s := start(t, formProject(t), []string{"TERM=xterm", "NO_COLOR=1"}, "version")
	if status := s.ends(); status != 0 || strings.Contains(s.screen(), "\x1b") {
		t.Errorf("exit status %d: %q", status, s.screen())
	}
}
