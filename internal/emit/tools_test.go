// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulp/pulpmetrics"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// debianPython is the Python that python3-protobuf is installed for.
const debianPython = "/usr/bin/python3"

// tool returns a program that only CI has to have: there a test fails without it, elsewhere it is
// skipped.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil && name == debianPython {
		err = exec.Command(name, "-c", "import google.protobuf").Run()
	}
	switch {
	case err == nil:
		return path
	case os.Getenv("CI") == "true":
		t.Fatalf("%s is missing: %v", name, err)
	}
	t.Skipf("%s is missing: %v", name, err)
	return ""
}

// silent runs a program that must succeed and have nothing to say on standard error; it returns
// what is on standard output.
func silent(t *testing.T, cmd *exec.Cmd) []byte {
	t.Helper()
	var warnings strings.Builder
	cmd.Stderr = &warnings
	out, err := cmd.Output()
	if err != nil || warnings.Len() > 0 {
		t.Fatalf("%v: %v\n%s%s", cmd.Args, err, out, warnings.String())
	}
	return out
}

// subjects are the projects that the generated files are tried with.
func subjects(t *testing.T) map[string]*Input {
	t.Helper()
	return map[string]*Input{
		"real":       loadInput(t, pulpmetrics.Registry),
		"everything": loadInput(t, os.DirFS("testdata/everything")),
		"empty":      {Registry: loadInput(t, pulpmetrics.Registry).Registry, Message: &wire.Message{Name: "Empty", File: "empty.proto"}},
	}
}

// generateInto runs a target and writes its files into a new folder.
func generateInto(t *testing.T, in *Input, target string) string {
	t.Helper()
	files, err := Generate(in, target)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, data := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
