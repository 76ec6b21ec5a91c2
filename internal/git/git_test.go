// SPDX-License-Identifier: GPL-2.0-or-later

package git_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pulp/pulpmetrics/internal/git"
)

// sandbox is a real repository, and the git command as its owner runs it.
type sandbox struct {
	t   *testing.T
	dir string
	env []string
}

func newSandbox(t *testing.T) *sandbox {
	t.Helper()
	s := &sandbox{t: t, dir: filepath.Join(t.TempDir(), "work"), env: []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.org",
		"GIT_AUTHOR_DATE=2026-11-23T12:00:00Z", "GIT_COMMITTER_DATE=2026-11-23T12:00:00Z",
	}}
	s.must(os.MkdirAll(s.dir, 0o755))
	s.git("init", "-q", "-b", "main")
	return s
}

func (s *sandbox) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *sandbox) git(args ...string) string {
	s.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env = s.dir, s.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.t.Fatalf("git %q: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (s *sandbox) write(name, text string) {
	s.t.Helper()
	file := filepath.Join(s.dir, name)
	s.must(os.MkdirAll(filepath.Dir(file), 0o755))
	s.must(os.WriteFile(file, []byte(text), 0o644))
}

func (s *sandbox) commit(message string) git.Commit {
	s.t.Helper()
	s.git("add", "-A")
	s.git("commit", "-q", "--allow-empty", "-m", message)
	return git.Commit(s.git("rev-parse", "HEAD"))
}

// lookup is the environment that the package gets. PATH is for the programs of the test.
func lookup(vars map[string]string) func(string) (string, bool) {
	return func(key string) (string, bool) {
		if key == "PATH" {
			return os.Getenv("PATH"), true
		}
		v, ok := vars[key]
		return v, ok
	}
}

func (s *sandbox) open() *git.Repository {
	s.t.Helper()
	r, err := git.Open(s.t.Context(), s.dir, lookup(nil))
	s.must(err)
	return r
}

func (s *sandbox) tree(r *git.Repository, c git.Commit, folder string) *git.Tree {
	s.t.Helper()
	tree, err := r.Tree(s.t.Context(), c, folder)
	s.must(err)
	s.t.Cleanup(func() { _ = tree.Close() })
	return tree
}

// odd are names that a listing with line breaks, quotes or options would trip over.
var odd = []string{"a b/c d.yaml", "new\nline.yaml", "tab\there", "-rf", "--output=x", "quote\"s", "back\\slash", "*.yaml", ":(top)x", "ünï", "deep/er/and/deeper/x"}

func TestTree(t *testing.T) {
	s := newSandbox(t)
	want := map[string]string{}
	for _, name := range odd {
		s.write(name, "is "+name)
		want[name] = "is " + name
	}
	s.write("empty", "")
	want["empty"] = ""
	first := s.commit("one")
	s.write("empty", "no more")
	s.git("rm", "-q", "--", "-rf", "back\\slash")
	second := s.tree(s.open(), s.commit("two"), ".")
	if err := fstest.TestFS(second, "a b/c d.yaml", "new\nline.yaml", "--output=x", "deep/er/and/deeper/x"); err != nil {
		t.Error(err)
	}
	tree := s.tree(s.open(), first, ".")
	got := map[string]string{}
	s.must(fs.WalkDir(tree, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(tree, name)
		got[name] = string(data)
		return err
	}))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if _, err := tree.Open("a b"); err != nil {
		t.Errorf("a folder: %v", err)
	}
	if _, err := tree.ReadFile("nothing"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what isn't there: %v", err)
	}
	sub := s.tree(s.open(), first, "a b")
	if data, err := sub.ReadFile("c d.yaml"); string(data) != "is a b/c d.yaml" {
		t.Errorf("from a folder: %q, %v", data, err)
	}
	if _, err := s.open().Tree(t.Context(), first, "no\nfolder"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that isn't there: %v", err)
	}
	s.must(tree.Close())
	if _, err := tree.ReadFile("empty"); err == nil {
		t.Error("a closed revision is read")
	}
}

func TestTreeKinds(t *testing.T) {
	s := newSandbox(t)
	s.write("run", "#!/bin/sh\n")
	s.must(os.Chmod(filepath.Join(s.dir, "run"), 0o755))
	s.must(os.Symlink("/etc/passwd", filepath.Join(s.dir, "link")))
	s.must(os.Symlink(".", filepath.Join(s.dir, "loop")))
	s.git("add", "-A")
	s.git("update-index", "--add", "--cacheinfo", "160000,0123456789012345678901234567890123456789,module")
	s.git("commit", "-q", "-m", "kinds")
	tree := s.tree(s.open(), git.Commit(s.git("rev-parse", "HEAD")), ".")
	var kinds []string
	entries, err := tree.ReadDir(".")
	s.must(err)
	for _, e := range entries {
		info, err := fs.Stat(tree, e.Name())
		s.must(err)
		kinds = append(kinds, info.Mode().String()+" "+e.Name())
	}
	if diff := cmp.Diff([]string{"Lr--r--r-- link", "Lr--r--r-- loop", "?r--r--r-- module", "-r-xr-xr-x run"}, kinds); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
	if target, err := fs.ReadLink(tree, "link"); target != "/etc/passwd" {
		t.Errorf("the link leads to %q, %v", target, err)
	}
	for _, name := range []string{"link", "loop", "loop/run"} {
		if data, err := tree.ReadFile(name); err == nil {
			t.Errorf("%s was followed: %q", name, data)
		}
		if _, err := tree.Open(name); err == nil {
			t.Errorf("%s was opened", name)
		}
	}
	if _, err := tree.ReadLink("run"); err == nil {
		t.Error("a file is no link")
	}
}

func TestResolve(t *testing.T) {
	s := newSandbox(t)
	s.write("x", "1")
	first := s.commit("one")
	s.git("tag", "v1")
	s.git("tag", "-a", "-m", "annotated", "v1a")
	s.git("branch", "other branch"[:5])
	s.git("update-ref", "refs/heads/-dash", string(first))
	s.write("x", "2")
	second := s.commit("two")
	for _, packed := range []bool{false, true} {
		if packed {
			s.git("pack-refs", "--all")
			s.git("gc", "-q")
		}
		r := s.open()
		for rev, want := range map[string]git.Commit{
			"HEAD": second, "main": second, "v1": first, "v1a": first, "HEAD~1": first, "other": first, "refs/heads/-dash": first,
			"-dash": first, string(first): first, string(first)[:10]: first, "@{0}": second, "HEAD^{/one}": first,
		} {
			if got, err := r.Resolve(t.Context(), rev); got != want {
				t.Errorf("%q is %q, %v", rev, got, err)
			}
		}
		for _, rev := range []string{"", "-h", "--help", "--all", "--output=x", "-", "--", "a b", "x\x00y", "^HEAD", "HEAD..HEAD", "HEAD:x", "\n", "HEAD\nHEAD", "nothing", "--git-dir", "--end-of-options", "../x", "HEAD^{tree}", strings.Repeat("0", 40)} {
			got, err := r.Resolve(t.Context(), rev)
			var unknown *git.UnknownError
			if !errors.As(err, &unknown) || got != "" {
				t.Errorf("%q is %q, %v", rev, got, err)
			}
		}
	}
}

func TestMergeBaseAndMainline(t *testing.T) {
	s := newSandbox(t)
	base := s.commit("base")
	s.git("checkout", "-q", "-b", "topic")
	topic := s.commit("topic")
	s.git("checkout", "-q", "main")
	main := s.commit("main")
	r := s.open()
	if got, err := r.MergeBase(t.Context(), topic, main); got != base {
		t.Errorf("the merge base is %s, %v", got, err)
	}
	if ref, c, err := r.Mainline(t.Context()); ref != "refs/heads/main" || c != main {
		t.Errorf("the mainline is %s at %s, %v", ref, c, err)
	}
	s.git("update-ref", "refs/remotes/origin/trunk", string(topic))
	s.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
	s.git("tag", "main", string(base)) // a tag is no branch
	if ref, c, err := r.Mainline(t.Context()); ref != "refs/remotes/origin/HEAD" || c != topic {
		t.Errorf("the mainline is %s at %s, %v", ref, c, err)
	}
	s.git("checkout", "-q", "--orphan", "alone")
	alone := s.commit("alone")
	if _, err := r.MergeBase(t.Context(), alone, main); err == nil || !strings.Contains(err.Error(), "no history in common") {
		t.Errorf("unrelated histories: %v", err)
	}
	empty := newSandbox(t)
	var unknown *git.UnknownError
	if _, _, err := empty.open().Mainline(t.Context()); !errors.As(err, &unknown) {
		t.Errorf("without a commit: %v", err)
	}
}

func TestPlaces(t *testing.T) {
	s := newSandbox(t)
	s.write("sub dir/new\nline/x", "1")
	c := s.commit("one")
	s.dir = filepath.Join(s.dir, "sub dir", "new\nline")
	r := s.open()
	if r.Folder() != "sub dir/new\nline" || filepath.Join(r.Top(), r.Folder()) != s.dir {
		t.Errorf("%q in %q", r.Folder(), r.Top())
	}
	if data, err := s.tree(r, c, r.Folder()).ReadFile("x"); string(data) != "1" {
		t.Errorf("%q, %v", data, err)
	}
	other := filepath.Join(t.TempDir(), "other tree")
	s.git("worktree", "add", "-q", "--detach", other)
	s.dir = other
	if r := s.open(); r.Folder() != "." || r.Top() != other {
		t.Errorf("a worktree: %q in %q", r.Folder(), r.Top())
	}
	if got, err := s.open().Resolve(t.Context(), "main"); got != c {
		t.Errorf("main seen from a worktree: %s, %v", got, err)
	}
	if _, err := git.Open(t.Context(), t.TempDir(), lookup(nil)); !errors.Is(err, git.ErrNoWorkTree) {
		t.Errorf("outside: %v", err)
	}
	bare := filepath.Join(t.TempDir(), "bare")
	s.git("clone", "-q", "--bare", ".", bare)
	if _, err := git.Open(t.Context(), bare, lookup(nil)); !errors.Is(err, git.ErrNoWorkTree) {
		t.Errorf("a bare repository: %v", err)
	}
}

func TestShallow(t *testing.T) {
	s := newSandbox(t)
	first := s.commit("one")
	s.git("checkout", "-q", "-b", "topic")
	topic := s.commit("two")
	s.git("checkout", "-q", "main")
	clone := &sandbox{t: t, dir: filepath.Join(t.TempDir(), "clone"), env: s.env}
	s.git("clone", "-q", "--depth", "1", "--branch", "topic", "file://"+s.dir, clone.dir)
	r := clone.open()
	if shallow, err := r.Shallow(t.Context()); !shallow || err != nil {
		t.Errorf("shallow: %v, %v", shallow, err)
	}
	var inconclusive *git.InconclusiveError
	if _, err := r.Resolve(t.Context(), string(first)); !errors.As(err, &inconclusive) || !strings.Contains(err.Error(), "is shallow; fetch the rest with") {
		t.Errorf("a commit that was cut off: %v", err)
	}
	if _, _, err := r.Mainline(t.Context()); !errors.As(err, &inconclusive) {
		t.Errorf("a branch that was left out: %v", err)
	}
	if got, err := r.Resolve(t.Context(), "HEAD"); got != topic {
		t.Errorf("what is there: %s, %v", got, err)
	}
	clone.git("fetch", "-q", "--depth", "1", "origin", "main:refs/remotes/origin/main")
	if _, err := r.MergeBase(t.Context(), topic, first); !errors.As(err, &inconclusive) {
		t.Errorf("a merge base that was cut off: %v", err)
	}
}

func TestTimeLimit(t *testing.T) {
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "git"), []byte("#!/bin/sh\nexec sleep 60\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	ctx, stop := context.WithTimeoutCause(t.Context(), 100*time.Millisecond, errors.New("too slow"))
	defer stop()
	start := time.Now()
	_, err := git.Open(ctx, t.TempDir(), lookup(nil))
	if err == nil || !strings.Contains(err.Error(), "git rev-parse: too slow") || time.Since(start) > 10*time.Second {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := git.Open(t.Context(), t.TempDir(), lookup(nil)); err == nil || !strings.Contains(err.Error(), "not installed") {
		t.Errorf("without git: %v", err)
	}
}
