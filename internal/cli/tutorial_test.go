// SPDX-License-Identifier: GPL-2.0-or-later

package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const tutorialFile = "../../docs/tutorial.md"

// A block of the tutorial: ```yaml FILE writes a file, ```console runs commands.
var tutorialBlock = regexp.MustCompile("(?ms)^```(yaml|console)([^\n]*)\n(.*?)^```$")

// TestTutorial does what docs/tutorial.md tells a reader to do, from an empty folder to the end, and
// holds what is printed against what stands there. -update writes it.
func TestTutorial(t *testing.T) {
	text, err := os.ReadFile(tutorialFile)
	if err != nil {
		t.Fatal(err)
	}
	shell := newShell(t)
	page, at, ran := "", 0, 0
	for _, m := range tutorialBlock.FindAllSubmatchIndex(text, -1) {
		kind, name, body := string(text[m[2]:m[3]]), strings.TrimSpace(string(text[m[4]:m[5]])), string(text[m[6]:m[7]])
		if kind == "yaml" {
			if err := os.WriteFile(filepath.Join(shell.dir, filepath.FromSlash(name)), []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		var out strings.Builder
		for _, command := range commands(body) {
			fmt.Fprintf(&out, "$ %s\n%s", command, shell.run(t, command))
			ran++
		}
		page += string(text[at:m[6]]) + out.String()
		at = m[7]
	}
	page += string(text[at:])
	if ran < 10 {
		t.Errorf("only %d commands were run", ran)
	}
	if *update {
		if err := os.WriteFile(tutorialFile, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(text), page); diff != "" {
		t.Errorf("the tutorial (-page +printed):\n%s", diff)
	}
}

// commands returns what stands behind the prompts of a block, with the lines that go on with a
// backslash or inside quotes.
func commands(block string) []string {
	var out []string
	open := false
	for line := range strings.Lines(block) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case open:
			out[len(out)-1] += "\n" + line
		case strings.HasPrefix(line, "$ "):
			out = append(out, line[2:])
		default:
			continue // output
		}
		whole := out[len(out)-1]
		open = strings.HasSuffix(whole, `\`) || strings.Count(whole, "'")%2 == 1
	}
	return out
}

// shell runs commands in one folder, on a day that doesn't change.
type shell struct {
	dir string
	env []string
}

func newShell(t *testing.T) *shell {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin, home := t.TempDir(), t.TempDir()
	if err := os.Symlink(self, filepath.Join(bin, "program")); err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf("#!/bin/bash\nexec -a pulpmetrics %s/program --now %s \"$@\"\n", bin, now.Format("2006-01-02T15:04:05Z"))
	if err := os.WriteFile(filepath.Join(bin, "pulpmetrics"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	day := now.Format("2006-01-02T15:04:05Z")
	return &shell{dir: t.TempDir(), env: []string{
		"PATH=" + bin + string(filepath.ListSeparator) + os.Getenv("PATH"), "HOME=" + home, "COLUMNS=80", "LC_ALL=C.UTF-8", "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=Carol", "GIT_AUTHOR_EMAIL=carol@example.org", "GIT_COMMITTER_NAME=Carol", "GIT_COMMITTER_EMAIL=carol@example.org",
		"GIT_AUTHOR_DATE=" + day, "GIT_COMMITTER_DATE=" + day,
	}}
}

// run returns what a command prints. Only the program itself may have an exit status other than 0.
func (s *shell) run(t *testing.T, command string) string {
	t.Helper()
	cmd := exec.Command("bash", "-c", command)
	cmd.Dir, cmd.Env = s.dir, s.env
	out, err := cmd.CombinedOutput()
	if err != nil && !strings.HasPrefix(command, "pulpmetrics ") {
		t.Fatalf("%s: %v\n%s", command, err, out)
	}
	return strings.TrimRight(regexp.MustCompile(`[ \t]+\n`).ReplaceAllString(string(out), "\n"), "\n") + map[bool]string{true: "\n", false: ""}[len(out) > 0]
}
