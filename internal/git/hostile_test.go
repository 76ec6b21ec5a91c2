// SPDX-License-Identifier: GPL-2.0-or-later

package git_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulp/pulpmetrics/internal/git"
)

// trap makes a program that leaves a file behind if it is ever run.
func (s *sandbox) trap() (program, trace string) {
	dir := s.t.TempDir()
	program, trace = filepath.Join(dir, "trap"), filepath.Join(dir, "sprung")
	s.must(os.WriteFile(program, []byte("#!/bin/sh\necho \"$0 $*\" >>'"+trace+"'\n"), 0o755))
	return program, trace
}

// hooks are all that git knows.
var hooks = strings.Fields(`applypatch-msg pre-applypatch post-applypatch pre-commit pre-merge-commit prepare-commit-msg
	commit-msg post-commit pre-rebase post-checkout post-merge pre-push pre-receive update proc-receive post-receive
	post-update reference-transaction push-to-checkout pre-auto-gc post-rewrite sendemail-validate fsmonitor-watchman post-index-change`)

// look does everything that the package can do.
func look(t *testing.T, r *git.Repository) error {
	t.Helper()
	c, err := r.Resolve(t.Context(), "HEAD")
	if err != nil {
		return err
	}
	_, _, mainErr := r.Mainline(t.Context())
	_, baseErr := r.MergeBase(t.Context(), c, c)
	tree, err := r.Tree(t.Context(), c, ".")
	if err != nil {
		return err
	}
	defer tree.Close()
	walkErr := fs.WalkDir(tree, ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			_, err = tree.ReadFile(name)
		}
		return err
	})
	blobs := r.Blobs(t.Context())
	defer blobs.Close()
	logErr := r.Log(t.Context(), c, func(e *git.Entry) error {
		for _, f := range e.Files {
			if _, err := blobs.Read(f.Object); err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(mainErr, baseErr, walkErr, logErr)
}

func TestHostileConfiguration(t *testing.T) {
	s := newSandbox(t)
	program, trace := s.trap()
	s.write(".gitattributes", "* filter=evil diff=evil text=auto\n")
	s.write("x", "1")
	s.commit("one")
	for key, value := range map[string]string{
		"core.fsmonitor": program, "core.hooksPath": filepath.Join(s.dir, "hooks"), "core.pager": program, "core.editor": program,
		"core.askPass": program, "core.sshCommand": program, "core.gitProxy": program, "core.alternateRefsCommand": program,
		"core.attributesFile": filepath.Join(s.dir, ".gitattributes"), "core.untrackedCache": "true", "core.preloadIndex": "true",
		"diff.external": program, "diff.evil.textconv": program, "diff.evil.command": program,
		"filter.evil.smudge": program, "filter.evil.clean": program, "filter.evil.process": program, "filter.evil.required": "true",
		"credential.helper": program, "gpg.program": program, "sequence.editor": program, "log.showSignature": "true",
		"pager.rev-parse": program, "pager.ls-tree": program, "pager.cat-file": program,
		"alias.rev-parse": "!" + program, "alias.cat-file": "!" + program, "alias.ls-tree": "!" + program, "alias.merge-base": "!" + program,
		"uploadpack.packObjectsHook": program, "interactive.diffFilter": program, "trace2.eventTarget": trace, "trace2.normalTarget": trace,
		"protocol.allow": "always", "protocol.ext.allow": "always", "protocol.file.allow": "always",
		"log.follow": "true", "log.mailmap": "true", "mailmap.file": "/dev/zero", "diff.renames": "copies", "diff.orderFile": "/dev/zero",
		"i18n.logOutputEncoding": "UTF-16", "format.pretty": "oneline", "log.diffMerges": "off", "diff.ignoreSubmodules": "all", "log.date": "raw",
		"alias.diff-tree": "!" + program, "alias.rev-list": "!" + program, "diff.trustExitCode": "true",
		"color.ui": "always", "column.ui": "always", "core.quotePath": "false", "core.precomposeUnicode": "true", "core.ignoreCase": "true",
	} {
		s.git("config", "--local", key, value)
	}
	for _, dir := range []string{"hooks", ".git/hooks"} {
		for _, hook := range hooks {
			s.must(os.MkdirAll(filepath.Join(s.dir, dir), 0o755))
			s.must(os.WriteFile(filepath.Join(s.dir, dir, hook), []byte("#!/bin/sh\nexec '"+program+"' "+hook+"\n"), 0o755))
		}
	}
	if err := look(t, s.open()); err != nil {
		t.Error(err)
	}
	notSprung(t, trace)
}

func notSprung(t *testing.T, trace string) {
	t.Helper()
	if data, err := os.ReadFile(trace); err == nil {
		t.Errorf("the repository ran something: %s", data)
	}
}

// TestHostileRemote: a partial clone whose missing objects would be fetched by a program of the
// repository's choice.
func TestHostileRemote(t *testing.T) {
	s := newSandbox(t)
	program, trace := s.trap()
	s.write("x", "1")
	s.commit("one")
	blob := s.git("rev-parse", "HEAD:x")
	for _, vars := range []map[string]string{nil, {"GIT_ALLOW_PROTOCOL": "ext:file"}} {
		for _, remote := range []string{"ext::" + program + " %S", "file://" + s.dir, s.dir, "ssh://example.invalid/x"} {
			for key, value := range map[string]string{
				"core.repositoryFormatVersion": "1", "extensions.partialClone": "origin", "remote.origin.promisor": "true",
				"remote.origin.url": remote, "remote.origin.uploadpack": program, "remote.origin.vcs": "",
				"protocol.ext.allow": "always", "protocol.file.allow": "always", "core.sshCommand": program,
			} {
				s.git("config", "--local", key, value)
			}
			s.git("config", "--local", "--unset-all", "remote.origin.vcs")
			_ = os.Remove(filepath.Join(s.dir, ".git", "objects", blob[:2], blob[2:]))
			r, err := git.Open(t.Context(), s.dir, lookup(vars))
			s.must(err)
			var inconclusive *git.InconclusiveError
			if err := look(t, r); !errors.As(err, &inconclusive) || !strings.Contains(err.Error(), "is partial") {
				t.Errorf("%s: %v", remote, err)
			}
			notSprung(t, trace)
		}
	}
}

// TestHostileEnvironment: what a hook of another repository, or whoever starts the program, set.
func TestHostileEnvironment(t *testing.T) {
	s, other := newSandbox(t), newSandbox(t)
	program, trace := s.trap()
	s.write("x", "1")
	c := s.commit("mine")
	other.commit("other")
	vars := map[string]string{"GIT_EXTERNAL_DIFF": program, "GIT_SSH_COMMAND": program, "GIT_PAGER": program, "GIT_EDITOR": program, "PAGER": program}
	for _, key := range []string{"GIT_DIR", "GIT_COMMON_DIR"} {
		vars[key] = filepath.Join(other.dir, ".git")
	}
	vars["GIT_WORK_TREE"], vars["GIT_INDEX_FILE"], vars["GIT_OBJECT_DIRECTORY"], vars["GIT_NAMESPACE"] = other.dir, "/dev/null", "/nowhere", "x"
	vars["GIT_CONFIG_COUNT"], vars["GIT_CONFIG_KEY_0"], vars["GIT_CONFIG_VALUE_0"], vars["GIT_EXEC_PATH"] = "1", "core.fsmonitor", program, "/nowhere"
	r, err := git.Open(t.Context(), s.dir, lookup(vars))
	s.must(err)
	if got, err := r.Resolve(t.Context(), "HEAD"); got != c {
		t.Errorf("HEAD is %s, %v", got, err)
	}
	if err := look(t, r); err != nil {
		t.Error(err)
	}
	notSprung(t, trace)
}

// TestRewritten: replacements and grafts make other history out of what is there.
func TestRewritten(t *testing.T) {
	s := newSandbox(t)
	s.write("x", "approved")
	first := s.commit("one")
	s.write("x", "something else")
	second := s.commit("two")
	s.git("replace", string(first), string(second))
	s.must(os.MkdirAll(filepath.Join(s.dir, ".git/info"), 0o755))
	s.must(os.WriteFile(filepath.Join(s.dir, ".git/info/grafts"), []byte(string(second)+"\n"), 0o644))
	r := s.open()
	if data, err := s.tree(r, first, ".").ReadFile("x"); string(data) != "approved" {
		t.Errorf("a replaced commit holds %q, %v", data, err)
	}
	if got, err := r.MergeBase(t.Context(), first, second); got != first {
		t.Errorf("across a graft the merge base is %q, %v", got, err)
	}
}

// TestEmbedded: a bare repository among the files of another one, which git would take for the
// repository that its folder belongs to.
func TestEmbedded(t *testing.T) {
	s := newSandbox(t)
	program, trace := s.trap()
	s.commit("one")
	inner := filepath.Join(s.dir, "proposals")
	s.git("init", "-q", "--bare", inner)
	s.must(os.WriteFile(filepath.Join(inner, "config"), []byte("[core]\nrepositoryformatversion = 0\nbare = false\nworktree = /\nfsmonitor = "+program+"\n"), 0o644))
	if r, err := git.Open(t.Context(), inner, lookup(nil)); !errors.Is(err, git.ErrNoWorkTree) {
		t.Errorf("%v, %v", r, err)
	}
	notSprung(t, trace)
}

// TestHostileTree: names that no file system has.
func TestHostileTree(t *testing.T) {
	s := newSandbox(t)
	s.write("x", "1")
	s.commit("one")
	blob := s.git("rev-parse", "HEAD:x")
	raw := func(names ...string) string {
		var b strings.Builder
		for _, name := range names {
			b.WriteString("100644 " + name + "\x00")
			for i := 0; i < len(blob); i += 2 {
				b.WriteByte(hexByte(blob[i:]))
			}
		}
		file := filepath.Join(t.TempDir(), "tree")
		s.must(os.WriteFile(file, []byte(b.String()), 0o644))
		return s.git("hash-object", "-t", "tree", "-w", "--literally", file)
	}
	commit := s.git("commit-tree", "-m", "odd", raw("..", ".", "../../etc/passwd", "/abs", "a//b", "ok", "ok", "ok/below", "\xff\xfe"))
	tree := s.tree(s.open(), git.Commit(commit), ".")
	entries, err := tree.ReadDir(".")
	s.must(err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got := strings.Join(names, " "); got != "ok \xff\xfe" {
		t.Errorf("the tree holds %q", got)
	}
}

func hexByte(s string) byte {
	digit := func(c byte) byte { return byte(strings.IndexByte("0123456789abcdef", c)) }
	return digit(s[0])<<4 | digit(s[1])
}
