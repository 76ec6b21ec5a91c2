// SPDX-License-Identifier: GPL-2.0-or-later

package govern_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pulp/pulpmetrics/internal/git"
	"github.com/pulp/pulpmetrics/internal/govern"
)

// sandbox is a real repository.
type sandbox struct {
	*testing.T
	dir  string
	when int // seconds after the first commit
}

func newSandbox(t *testing.T) *sandbox {
	t.Helper()
	s := &sandbox{T: t, dir: t.TempDir()}
	s.git("init", "-q", "-b", "main")
	return s
}

func (s *sandbox) git(args ...string) string {
	s.Helper()
	cmd := exec.Command("git", args...)
	at := fmt.Sprintf("%d +0000", 1767225600+s.when) // 2026-01-01
	cmd.Dir = s.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir + "/..", "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=Ann", "GIT_AUTHOR_EMAIL=a@example.org",
		"GIT_COMMITTER_NAME=Cid", "GIT_COMMITTER_EMAIL=c@example.org", "GIT_AUTHOR_DATE=" + at, "GIT_COMMITTER_DATE=" + at}
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.Fatalf("git %q: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (s *sandbox) write(name, text string) {
	s.Helper()
	file := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		s.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		s.Fatal(err)
	}
}

// edit replaces a text in a file.
func (s *sandbox) edit(name, old, now string) {
	s.Helper()
	data, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil || !strings.Contains(string(data), old) {
		s.Fatalf("%s has no %q: %v", name, old, err)
	}
	s.write(name, strings.Replace(string(data), old, now, 1))
}

func (s *sandbox) commit(message string) {
	s.Helper()
	s.when += 86400
	s.git("add", "-A")
	s.git("commit", "-q", "--allow-empty", "-m", message)
}

func (s *sandbox) history() *govern.History {
	s.Helper()
	repo, err := git.Open(s.Context(), s.dir, os.LookupEnv)
	if err != nil {
		s.Fatal(err)
	}
	tip, err := repo.Resolve(s.Context(), "HEAD")
	if err != nil {
		s.Fatal(err)
	}
	h, err := govern.ReadHistory(s.Context(), repo, tip, []string{"proposals"})
	if err != nil {
		s.Fatal(err)
	}
	return h
}

// told is a history in words: a line for each metric, its commits by their subjects.
func told(h *govern.History) []string {
	var out []string
	for _, l := range h.Lines() {
		line := l.ID
		if l.Gone {
			line += " (gone)"
		}
		for _, e := range l.Events {
			line += fmt.Sprintf("; %s: %s", e.Commit.Subject, e.Kind())
		}
		out = append(out, line)
	}
	return out
}

const draft = `id: a
title: Workers
status: draft
authors: [carol]
question: How many workers are there?
field: {number: 7, type: uint32, min: 0, max: 10, description: Workers}
`

func TestHistory(t *testing.T) {
	s := newSandbox(t)
	s.commit("empty")
	s.write("proposals/a.yaml", draft)
	s.write("proposals/b.yaml", strings.NewReplacer("id: a", "id: b", "number: 7", "number: 8", "Workers", "Hosts").Replace(draft))
	s.commit("two metrics")
	s.edit("proposals/a.yaml", "max: 10", "max: 20")
	s.commit("wider")
	s.edit("proposals/a.yaml", "How many", "How  many")
	s.edit("proposals/b.yaml", "How many", "Say how many")
	s.commit("words")
	s.edit("proposals/a.yaml", "title: Workers", "title: All workers")
	s.commit("title")
	s.git("mv", "proposals/a.yaml", "proposals/workers.yaml")
	s.edit("proposals/workers.yaml", "id: a", "id: workers")
	s.edit("proposals/workers.yaml", "max: 20", "max: 30")
	s.commit("renamed and edited")
	s.edit("proposals/workers.yaml", "status: draft", "status: proposed")
	s.commit("proposed")
	s.git("rm", "-q", "proposals/b.yaml")
	s.commit("b deleted")
	s.write("proposals/b.yaml", draft+"approval: [{decision: withdrawn, date: 2026-01-09}]\n")
	s.edit("proposals/b.yaml", "id: a", "id: b")
	s.commit("b anew")
	s.write("proposals/c.yaml", "id: [\n")
	s.commit("broken")
	want := []string{
		"b; two metrics: entered; words: words; b deleted: removed; b anew: entered",
		"c; broken: entered",
		"workers; two metrics: entered; wider: collects; words: other; title: other; renamed and edited: renamed; proposed: decision",
	}
	h := s.history()
	if diff := cmp.Diff(want, told(h)); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	if h.Find("a").ID != "workers" || h.Find("b").Gone || h.Find("zzz") != nil || h.At("proposals/workers.yaml").ID != "workers" {
		t.Error("a metric isn't found by the names that it had")
	}
	if e := h.Find("a").Entered(); e.Author != "Ann" || e.Subject != "two metrics" {
		t.Errorf("it entered with %+v", e)
	}
}

// A rename that shares few lines with what was there is recognized by what the proposals say.
func TestHistoryRewritten(t *testing.T) {
	s := newSandbox(t)
	s.write("proposals/a.yaml", draft)
	s.commit("one")
	s.git("rm", "-q", "proposals/a.yaml")
	s.write("proposals/z.yaml", "# all new\nid: z\ntitle: Something else entirely\nstatus: proposed\nquestion: |\n  "+strings.Repeat("Why is that so? ", 40)+"\nfield:\n  number: 7\n  type: uint32\n  values: [1, 2, 3]\n")
	s.commit("rewritten")
	s.git("mv", "proposals/z.yaml", "z.yaml")
	s.commit("out of the folder")
	s.write("proposals/a.yaml", strings.Replace(draft, "number: 7", "number: 9", 1))
	s.commit("the old name for another")
	want := []string{"a; the old name for another: entered", "z (gone); one: entered; rewritten: renamed; out of the folder: other"}
	if diff := cmp.Diff(want, told(s.history())); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

func TestHistoryMerges(t *testing.T) {
	s := newSandbox(t)
	s.write("proposals/a.yaml", draft)
	s.commit("one")
	s.git("checkout", "-q", "-b", "topic")
	s.write("proposals/new.yaml", strings.NewReplacer("id: a", "id: new", "number: 7", "number: 9").Replace(draft))
	s.edit("proposals/a.yaml", "min: 0, max: 10, description: Workers", "min: 0, max: 10, description: All workers")
	s.commit("on the branch")
	s.git("mv", "proposals/a.yaml", "proposals/workers.yaml")
	s.edit("proposals/workers.yaml", "id: a", "id: workers")
	s.commit("renamed on the branch")
	s.git("checkout", "-q", "main")
	s.edit("proposals/a.yaml", "status: draft\n", "status: draft\nlinks: [https://example.org/]\n")
	s.commit("on main")
	s.git("merge", "-q", "--no-ff", "-m", "clean merge", "topic")
	s.git("checkout", "-q", "-b", "other")
	s.edit("proposals/new.yaml", "max: 10", "max: 20")
	s.commit("wider")
	s.git("checkout", "-q", "main")
	s.edit("proposals/new.yaml", "min: 0, max: 10", "min: 1, max: 10")
	s.commit("narrower")
	cmd := exec.Command("git", "-c", "user.name=x", "-c", "user.email=x", "merge", "-q", "-m", "x", "other")
	cmd.Dir = s.dir
	if cmd.Run() == nil {
		t.Fatal("nothing conflicts")
	}
	s.write("proposals/new.yaml", strings.NewReplacer("id: a", "id: new", "number: 7", "number: 9", "min: 0, max: 10", "min: 1, max: 99").Replace(draft))
	s.commit("evil merge")
	s.git("checkout", "-q", "-b", "deletes", "HEAD~1")
	s.git("rm", "-q", "proposals/workers.yaml")
	s.commit("deleted on a branch")
	s.git("checkout", "-q", "main")
	s.git("merge", "-q", "-s", "ours", "-m", "kept", "deletes")
	got := told(s.history())
	want := []string{
		"new; on the branch: entered; narrower: collects; wider: collects; evil merge: collects",
		"workers; one: entered; on main: other; on the branch: words; renamed on the branch: renamed; deleted on a branch: removed",
	}
	for i := range got { // the two sides of a merge may come in either order
		got[i] = strings.NewReplacer("wider: collects; narrower: collects", "narrower: collects; wider: collects",
			"on the branch: words; renamed on the branch: renamed; on main: other", "on main: other; on the branch: words; renamed on the branch: renamed").Replace(got[i])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}
