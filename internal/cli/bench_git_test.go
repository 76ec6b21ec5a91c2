// SPDX-License-Identifier: GPL-2.0-or-later

package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pulp/pulpmetrics/internal/govern"
)

// gitEnv is the environment of a git command that makes the same commits on every machine.
var gitEnv = []string{
	"PATH=" + os.Getenv("PATH"), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
	"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.org",
	"GIT_AUTHOR_DATE=2026-11-01T12:00:00Z", "GIT_COMMITTER_DATE=2026-11-01T12:00:00Z",
}

// gitIn runs a git command with an input, and returns its answer and the time that it took.
func gitIn(b *testing.B, dir, in string, args ...string) (string, time.Duration) {
	b.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env, cmd.Stdin = dir, gitEnv, strings.NewReader(in)
	start := time.Now()
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("git %v: %v", args, err)
	}
	return string(out), time.Since(start)
}

// BenchmarkCheckBase1000 checks 1,000 proposals of which 200 changed what they collect, each by a new
// decision, against HEAD. What the git commands alone take is measured beside it, and taken off. The
// bar is a ratio of 1.5 to `lint`.
func BenchmarkCheckBase1000(b *testing.B) {
	program, dir := buildProgram(b, "./cmd/pulpmetrics"), b.TempDir()
	manyProposals(b, dir, 1000)
	gitIn(b, dir, "", "init", "-q", "-b", "main")
	gitIn(b, dir, "", "add", "-A")
	gitIn(b, dir, "", "commit", "-q", "-m", "one")
	gitIn(b, dir, "", "gc", "-q")
	for i := range 200 {
		amend(b, filepath.Join(dir, "proposals", fmt.Sprintf("components_%d.yaml", 5*i)))
	}
	now := []string{"--now", "2026-11-24T12:00:00Z"}
	var ours, theirs, git []time.Duration
	for b.Loop() {
		for range 3 {
			took, _ := spend(b, dir, program, append(now, "check", "--base", "HEAD")...)
			ours = append(ours, took)
			took, _ = spend(b, dir, program, append(now, "lint")...)
			theirs = append(theirs, took)
			git = append(git, gitAlone(b, dir))
		}
	}
	check, lint, alone := median(ours), median(theirs), median(git)
	b.ReportMetric(float64(check-alone)/float64(lint), "x-lint")
	b.ReportMetric(check.Seconds(), "s-check")
	b.ReportMetric(lint.Seconds(), "s-lint")
	b.ReportMetric(alone.Seconds(), "s-git")
}

// amend widens what a proposal collects, and appends the decision.
func amend(b *testing.B, file string) {
	b.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	text := strings.Replace(string(data), "max_items: 64", "max_items: 65", 1)
	_, digests, err := govern.Form([]byte(text), nil)
	if err != nil || text == string(data) {
		b.Fatal("nothing was amended", err)
	}
	decision := fmt.Sprintf("approval:\n  - decision: approved\n    date: 2026-11-02\n    by: [bmbouter, dkliban]\n    reference: meeting\n    seal: \"%s\"\n", digests.Full)
	head, list, _ := strings.Cut(text, "\napproval:\n")
	end := strings.Index(list, "\n\n")
	if end < 0 {
		end = len(list) - 1
	}
	text = head + "\napproval:\n" + list[:end+1] + strings.TrimPrefix(decision, "approval:\n") + list[end+1:]
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
}

// gitAlone is how long the commands take that a check runs.
func gitAlone(b *testing.B, dir string) time.Duration {
	var total time.Duration
	run := func(in string, args ...string) string {
		out, took := gitIn(b, dir, in, args...)
		total += took
		return out
	}
	for _, args := range [][]string{{"--is-inside-work-tree"}, {"--show-toplevel"}, {"--show-prefix"}, {"--verify", "HEAD^{commit}"}, {"--verify", "HEAD^{tree}"}, {"--verify", "HEAD"}, {"--is-shallow-repository"}} {
		run("", append([]string{"rev-parse"}, args...)...)
	}
	run("", "merge-base", "HEAD", "HEAD")
	var objects strings.Builder
	for line := range strings.Lines(run("", "ls-tree", "-r", "-l", "HEAD")) {
		objects.WriteString(strings.Fields(line)[2] + "\n")
	}
	run(objects.String(), "cat-file", "--batch")
	run(run("", "rev-list", "--topo-order", "--reverse", "HEAD"), "diff-tree", "--stdin", "--root", "-r", "-c", "-M", "--raw", "-z")
	run(objects.String(), "cat-file", "--batch") // the history reads what proposals were
	return total
}

// BenchmarkHistory10000 tells the history of 500 metrics over 10,000 commits, each of which changes
// what one of them collects. The bar is 3 seconds.
func BenchmarkHistory10000(b *testing.B) {
	program, dir := buildProgram(b, "./cmd/pulpmetrics"), b.TempDir()
	gitIn(b, dir, "", "init", "-q", "-b", "main")
	gitIn(b, dir, manyCommits(b, 500, 10_000), "fast-import", "--quiet")
	gitIn(b, dir, "", "reset", "-q", "--hard")
	gitIn(b, dir, "", "gc", "-q")
	var times []time.Duration
	var peaks []int64
	for b.Loop() {
		took, peak := spend(b, dir, program, "history")
		times, peaks = append(times, took), append(peaks, peak)
	}
	b.ReportMetric(median(times).Seconds(), "s-history")
	b.ReportMetric(float64(median(peaks))/1e6, "MB-peak")
}

// manyCommits is the input of fast-import for a history.
func manyCommits(b *testing.B, metrics, commits int) string {
	b.Helper()
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			b.Fatal(err)
		}
		return string(data)
	}
	proposal := read("proposals/components.yaml")
	var out bytes.Buffer
	file := func(name, text string) {
		fmt.Fprintf(&out, "M 100644 inline %s\ndata %d\n%s\n", name, len(text), text)
	}
	for i := range commits {
		at := 1_700_000_000 + 60*i
		fmt.Fprintf(&out, "commit refs/heads/main\nauthor A <a@example.org> %d +0000\ncommitter A <a@example.org> %d +0000\ndata 1\nx\n", at, at)
		if i == 0 {
			file("pulpmetrics.yaml", read("pulpmetrics.yaml"))
		}
		id := (i * 7919) % metrics
		file(fmt.Sprintf("proposals/m%d.yaml", id), strings.NewReplacer("id: components\n", fmt.Sprintf("id: m%d\n", id),
			"number: 4\n", fmt.Sprintf("number: %d\n", id+10), "max_items: 64", fmt.Sprintf("max_items: %d", 64+i/metrics)).Replace(proposal))
	}
	return out.String()
}
