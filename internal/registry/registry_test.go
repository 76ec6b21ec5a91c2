// SPDX-License-Identifier: GPL-2.0-or-later

package registry_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pulp/pulpmetrics"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
)

func load(t *testing.T, fsys fs.FS) (*registry.Registry, error) {
	t.Helper()
	parser, err := proposal.NewParser()
	if err != nil {
		t.Fatal(err)
	}
	return registry.Load(fsys, parser)
}

const config = `format: 1
releases:
  core: {"3.21": 2022-09-08, "3.22": 2022-12-18}
namespaces:
  core: {numbers: 1-9}
proposals: [proposals]
`

// project makes a project of proposals, each named by its first line.
func project(proposals ...string) fstest.MapFS {
	files := fstest.MapFS{proposal.ProjectFile: {Data: []byte(config)}}
	for _, text := range proposals {
		id := strings.TrimPrefix(strings.SplitN(text, "\n", 2)[0], "id: ")
		files["proposals/"+id+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func TestLifecycle(t *testing.T) {
	r, _ := load(t, project(
		"id: sent\nstatus: approved\nversion: {since: [\"3.22\"]}\n",
		"id: patched\nstatus: approved\nversion: {since: [\"3.21.5\"]}\n",
		"id: old\nstatus: approved\nversion: {since: [\"3.21\"], removed: \"3.22\"}\nretired: 2024-01-01\n",
		"id: planned\nstatus: approved\nversion: {since: [\"3.23\"]}\n",
		"id: draft\nstatus: draft\nversion: {since: [\"3.21\"]}\n",
		"id: derived\nstatus: approved\nfrom: [sent, old]\n",
	))
	tests := []struct {
		id, day string
		want    registry.Lifecycle
	}{
		{"sent", "2022-12-17", registry.Planned},
		{"sent", "2022-12-18", registry.Collecting},
		{"patched", "2022-09-08", registry.Collecting},
		{"old", "2022-10-01", registry.Collecting},
		{"old", "2022-12-18", registry.Deprecated},
		{"old", "2024-01-01", registry.Retired},
		{"planned", "2030-01-01", registry.Planned},
		{"draft", "2030-01-01", registry.None},
		{"derived", "2022-10-01", registry.Planned},
		{"derived", "2022-12-18", registry.Deprecated},
		{"derived", "2024-06-01", registry.Retired},
	}
	for _, test := range tests {
		if got := r.Lifecycle(r.Metric(test.id), test.day); got != test.want {
			t.Errorf("%s on %s is %q, want %q", test.id, test.day, got, test.want)
		}
	}
}

func TestNextNumber(t *testing.T) {
	r, _ := load(t, project("id: a\nfield: {number: 3}\n", "id: b\nstatus: withdrawn\nfield: {number: 7}\n"))
	if n, ok := r.NextNumber("core"); n != 8 || !ok {
		t.Errorf("got %d, %v; want 8, above what a withdrawn metric used", n, ok)
	}
	r, _ = load(t, project("id: a\nfield: {number: 9}\n"))
	if n, ok := r.NextNumber("core"); ok {
		t.Errorf("got %d from a range that is used up", n)
	}
}

// A project is read through its folder only: neither a link nor a folder's name leads out of it.
func TestNothingOutsideIsRead(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret.yaml")
	root := filepath.Join(dir, "project")
	must(t, os.MkdirAll(filepath.Join(root, "proposals"), 0o700))
	must(t, os.WriteFile(secret, []byte("id: secret\n"), 0o600))
	must(t, os.WriteFile(filepath.Join(root, proposal.ProjectFile), []byte(strings.Replace(config, "[proposals]", "[proposals, ..]", 1)), 0o600))
	must(t, os.Symlink(secret, filepath.Join(root, "proposals", "link.yaml")))
	must(t, os.Symlink("nowhere", filepath.Join(root, "proposals", "dangling.yaml")))
	inside, err := os.OpenRoot(root)
	must(t, err)
	r, err := load(t, inside.FS())
	must(t, err)
	if len(r.Proposals) != 0 {
		t.Errorf("read %s", r.Proposals[0].Path)
	}
	found := map[string]bool{}
	for _, p := range r.Problems {
		if p.Code == registry.CodeFile {
			found[p.File] = true
		}
	}
	for _, file := range []string{"proposals/link.yaml", "proposals/dangling.yaml", proposal.ProjectFile} {
		if !found[file] {
			t.Errorf("nothing is said about %s: %v", file, r.Problems)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestRealRegistryIsClean(t *testing.T) {
	r, err := load(t, pulpmetrics.Registry)
	must(t, err)
	if len(r.Problems) > 0 || len(r.Proposals) < 10 {
		t.Errorf("%d proposals, problems %v", len(r.Proposals), r.Problems)
	}
}
