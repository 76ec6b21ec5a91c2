// SPDX-License-Identifier: GPL-2.0-or-later

package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/pulp/pulpmetrics/internal/govern"
)

// The benchmarks time whole processes, since start-up is part of what people wait for. Each pair
// is run in turn, so that a noisy machine disturbs both; the reported figures are medians.

// buildProgram builds a package of the module and returns the program.
func buildProgram(b *testing.B, pkg string) string {
	b.Helper()
	bin := filepath.Join(b.TempDir(), "program")
	cmd := exec.Command("go", "build", "-o", bin, pkg)
	cmd.Dir = filepath.Join("..", "..")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("go build %s: %v\n%s", pkg, err, out)
	}
	return bin
}

// spend runs a program and returns its wall time and its peak memory in bytes.
func spend(b *testing.B, dir, bin string, args ...string) (time.Duration, int64) {
	b.Helper()
	cmd := exec.Command(bin, args...)
	cmd.Dir = dir
	start := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%s %v: %v\n%s", bin, args, err, out)
	}
	return time.Since(start), cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
}

func median[T ~int64 | ~float64](values []T) T {
	slices.Sort(values)
	return values[len(values)/2]
}

// BenchmarkVersion compares `version` with a program that links the same packages and does
// nothing. The bar is a ratio of 1.2.
func BenchmarkVersion(b *testing.B) {
	program, empty := buildProgram(b, "./cmd/pulpmetrics"), buildProgram(b, "./internal/cli/testdata/emptymain")
	var ours, theirs []time.Duration
	for b.Loop() {
		for range 20 {
			took, _ := spend(b, ".", program, "version")
			ours = append(ours, took)
			took, _ = spend(b, ".", empty)
			theirs = append(theirs, took)
		}
	}
	b.ReportMetric(float64(median(ours))/float64(median(theirs)), "x-empty")
	b.ReportMetric(float64(median(ours).Microseconds())/1000, "ms-version")
}

// BenchmarkLintReal times `lint` of the real proposals. The bar is 60 ms.
func BenchmarkLintReal(b *testing.B) {
	program := buildProgram(b, "./cmd/pulpmetrics")
	var times []time.Duration
	for b.Loop() {
		took, _ := spend(b, filepath.Join("..", ".."), program, "lint")
		times = append(times, took)
	}
	b.ReportMetric(float64(median(times).Microseconds())/1000, "ms-lint")
}

// BenchmarkLint10000 lints 10,000 proposals of the size of components.yaml, a file each, and
// compares with only parsing the same files into nodes on the same cores. The bars are a ratio of
// 2 and 400 MB.
func BenchmarkLint10000(b *testing.B) {
	program, dir := buildProgram(b, "./cmd/pulpmetrics"), b.TempDir()
	manyProposals(b, dir, 10_000)
	files, _ := filepath.Glob(filepath.Join(dir, "proposals", "*.yaml"))
	var ours, theirs []time.Duration
	var peaks []int64
	for b.Loop() {
		took, peak := spend(b, dir, program, "lint")
		ours, peaks = append(ours, took), append(peaks, peak)
		theirs = append(theirs, parseAll(b, files))
	}
	b.ReportMetric(float64(median(ours))/float64(median(theirs)), "x-yaml")
	b.ReportMetric(median(ours).Seconds(), "s-lint")
	b.ReportMetric(float64(median(peaks))/1e6, "MB-peak")
}

// BenchmarkGenerate1000 writes everything that follows from 1,000 metrics of the size of
// components.yaml into an empty folder. The bar is a second.
func BenchmarkGenerate1000(b *testing.B) {
	program, dir := buildProgram(b, "./cmd/pulpmetrics"), b.TempDir()
	manyProposals(b, dir, 1000)
	var times []time.Duration
	for b.Loop() {
		if err := os.RemoveAll(filepath.Join(dir, "gen")); err != nil {
			b.Fatal(err)
		}
		took, _ := spend(b, dir, program, "generate")
		times = append(times, took)
	}
	b.ReportMetric(median(times).Seconds(), "s-generate")
}

// parseAll parses files into yaml.v3 nodes on all cores.
func parseAll(b *testing.B, files []string) time.Duration {
	start := time.Now()
	next := make(chan string)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for file := range next {
				var node yaml.Node
				data, err := os.ReadFile(file)
				if err == nil {
					err = yaml.Unmarshal(data, &node)
				}
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	for _, file := range files {
		next <- file
	}
	close(next)
	workers.Wait()
	return time.Since(start)
}

// manyProposals writes a project of n metrics, each a copy of components.yaml under names and
// numbers of its own.
func manyProposals(b *testing.B, dir string, n int) {
	b.Helper()
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			b.Fatal(err)
		}
		return string(data)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	config := read("pulpmetrics.yaml")
	config = regexp.MustCompile(`(?m)^legacy:\n(  - .*\n)+`).ReplaceAllString(config, "legacy: []\n")
	config = strings.NewReplacer("1-999", "1-99999999", "path: components.version", "path: components_0.version").Replace(config)
	write("pulpmetrics.yaml", config)
	if err := os.Mkdir(filepath.Join(dir, "proposals"), 0o700); err != nil {
		b.Fatal(err)
	}
	proposal := read("proposals/components.yaml")
	for i := range n {
		text := strings.NewReplacer(
			"id: components\n", fmt.Sprintf("id: components_%d\n", i), "\n    components:\n", fmt.Sprintf("\n    components_%d:\n", i),
			"number: 4\n", fmt.Sprintf("number: %d\n", 20_000+i), "message: Component\n", fmt.Sprintf("message: Component%d\n", i),
			"components_xyz", fmt.Sprintf("c%d_xyz", i), "components_xy", fmt.Sprintf("c%d_xy", i),
			"      label: required\n", "", "legacy: true", "by: [bmbouter, dkliban]",
		).Replace(proposal)
		_, digests, err := govern.Form([]byte(text), nil)
		if err != nil {
			b.Fatal(err)
		}
		text = anySeal.ReplaceAllString(text, digests.Full)
		write(fmt.Sprintf("proposals/components_%d.yaml", i), text)
	}
}
