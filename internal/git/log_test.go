// SPDX-License-Identifier: GPL-2.0-or-later

package git_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/pulp/pulpmetrics/internal/git"
)

// lines are the commits of HEAD, each as its subject and what became of its files.
func (s *sandbox) lines() []string {
	s.t.Helper()
	r := s.open()
	tip, err := r.Resolve(s.t.Context(), "HEAD")
	s.must(err)
	var out []string
	s.must(r.Log(s.t.Context(), tip, func(e *git.Entry) error {
		line := fmt.Sprintf("%s/%d", e.Subject, len(e.Parents))
		for _, f := range e.Files {
			var was []string
			for _, w := range f.Was {
				was = append(was, w.Path)
			}
			gone := ""
			if f.Object == "" {
				gone = " gone"
			}
			line += fmt.Sprintf("; %s<%s%s", f.Path, strings.Join(was, ","), gone)
		}
		out = append(out, line)
		return nil
	}))
	return out
}

func TestLog(t *testing.T) {
	s := newSandbox(t)
	text := "1\n2\n3\n4\n5\n6\n7\n8\n"
	s.write("a", text)
	for _, name := range odd {
		s.write(name, name)
	}
	s.commit("odd names")
	s.git("rm", "-q", "-r", "--ignore-unmatch", "--", "a b", "new\nline.yaml")
	s.commit("gone")
	s.git("checkout", "-q", "-b", "topic")
	s.git("mv", "a", "b b")
	s.write("b b", strings.Replace(text, "1", "t", 1))
	s.commit("rename and edit")
	s.git("checkout", "-q", "main")
	s.write("a", strings.Replace(text, "8", "m", 1))
	s.commit("other side")
	s.git("merge", "-q", "-m", "clean merge", "topic")
	s.commit("nothing")
	s.git("checkout", "-q", "-b", "other", "HEAD~1")
	s.write("new", "")
	s.commit("on a branch")
	s.git("checkout", "-q", "main")
	s.git("merge", "-q", "--no-ff", "-m", "brings it in", "other")
	got := s.lines()
	if len(got) == 0 || !strings.HasPrefix(got[0], "odd names/0; ") || strings.Count(got[0], ";") != len(odd)+1 || !strings.Contains(got[0], "; new\nline.yaml<;") {
		t.Fatalf("the first commit: %q", got)
	}
	want := []string{
		"gone/1; a b/c d.yaml<a b/c d.yaml gone; new\nline.yaml<new\nline.yaml gone",
		"other side/1; a<a", "rename and edit/1; b b<a", "clean merge/2; b b<a,b b",
		"on a branch/1; new<", "nothing/1", "brings it in/2",
	}
	less := func(lines []string) map[string]bool {
		set := map[string]bool{}
		for _, line := range lines {
			set[line] = true
		}
		return set
	}
	if diff := cmp.Diff(less(want), less(got[1:])); diff != "" {
		t.Errorf("commits (-want +got):\n%s", diff)
	}
	if got[len(got)-1] != "brings it in/2" {
		t.Errorf("the newest is %s", got[len(got)-1])
	}
}

// Who made a commit may say anything; it ends no field.
func TestLogHostileTexts(t *testing.T) {
	s := newSandbox(t)
	s.env = append(s.env, "GIT_AUTHOR_NAME=:100644 100644\x01\x1b[31m\xff", "GIT_AUTHOR_DATE=2022-02-03T01:30:00+02:00")
	s.write("x", "1")
	s.commit(":000000 100644 0000 1111 A\n\nbody\n")
	r := s.open()
	tip, err := r.Resolve(t.Context(), "HEAD")
	s.must(err)
	s.must(r.Log(t.Context(), tip, func(e *git.Entry) error {
		if e.Subject != ":000000 100644 0000 1111 A" || !strings.HasPrefix(e.Author, "100644 100644\x01\x1b[31m") || !utf8.ValidString(e.Author) || len(e.Files) != 1 || e.Files[0].Path != "x" {
			t.Errorf("%+v", e)
		}
		if !e.Authored.Equal(time.Date(2022, 2, 2, 23, 30, 0, 0, time.UTC)) || e.Committed.Year() != 2026 {
			t.Errorf("%v, %v", e.Authored, e.Committed)
		}
		return nil
	}))
	enough := errors.New("enough")
	if err := r.Log(t.Context(), tip, func(*git.Entry) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("stopped: %v", err)
	}
	if err := r.Log(t.Context(), git.Commit(strings.Repeat("0", 40)), func(*git.Entry) error { return nil }); err == nil {
		t.Error("a commit that isn't there")
	}
}

func TestLogShallow(t *testing.T) {
	s := newSandbox(t)
	s.commit("one")
	s.commit("two")
	clone := &sandbox{t: t, dir: t.TempDir() + "/clone", env: s.env}
	s.git("clone", "-q", "--depth", "1", "file://"+s.dir, clone.dir)
	r := clone.open()
	tip, err := r.Resolve(t.Context(), "HEAD")
	s.must(err)
	var inconclusive *git.InconclusiveError
	if err := r.Log(t.Context(), tip, func(*git.Entry) error { return nil }); !errors.As(err, &inconclusive) || !strings.Contains(err.Error(), "--unshallow") {
		t.Errorf("a shallow clone: %v", err)
	}
}
