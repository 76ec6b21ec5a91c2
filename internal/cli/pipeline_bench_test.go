// SPDX-License-Identifier: GPL-2.0-or-later

package cli_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/store/storetest"
)

var fleetSizes = flag.String("systems", "50000", "sizes of the fleets that benchmarks summarize, divided by commas")

// benchDay is a day of which everything is summarized.
var benchDay, _ = store.ParseDay("2026-03-02")

// BenchmarkSummarize times `summarize` of one day, as a process of its own, on both databases: all
// summaries of the real proposals, of systems with 6 components each. The bars are 0.5 s and 100 MB
// for 50,000 systems, and 12 s for 1,000,000 (-systems 50000,1000000).
func BenchmarkSummarize(b *testing.B) {
	program := buildProgram(b, "./cmd/pulpmetrics")
	var servers storetest.Server
	b.Cleanup(func() { servers.Stop(b) })
	for _, size := range strings.Split(*fleetSizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			b.Fatal(err)
		}
		for _, engine := range []string{"sqlite", "postgresql"} {
			b.Run(fmt.Sprintf("%s/%d", engine, n), func(b *testing.B) {
				url := storetest.SQLite(b)
				if engine == "postgresql" {
					url = servers.PostgreSQL(b)
				}
				fillFleet(b, url, n, 0)
				summarizeAgain(b, program, url)
			})
		}
	}
}

// BenchmarkSummarizeHostile compares a day on which some systems send as many components as they
// may, and each a name and version of its own, with a day of the same number of items from systems
// that don't.
func BenchmarkSummarizeHostile(b *testing.B) {
	program := buildProgram(b, "./cmd/pulpmetrics")
	for name, hostile := range map[string]int{"usual": 0, "hostile": 1000} {
		b.Run(name, func(b *testing.B) {
			url := storetest.SQLite(b)
			fillFleet(b, url, 20_000-10*hostile, hostile)
			summarizeAgain(b, program, url)
		})
	}
}

func summarizeAgain(b *testing.B, program, url string) {
	var times, cpu []time.Duration
	var peaks []int64
	for b.Loop() {
		took, used, peak := watch(b, program, "summarize", "--db", url, "--now", "2026-03-03T01:00:00Z", "--day", benchDay.String(), "--redo")
		times, cpu, peaks = append(times, took), append(cpu, used), append(peaks, peak)
	}
	b.ReportMetric(median(times).Seconds(), "s-summarize")
	b.ReportMetric(median(cpu).Seconds(), "s-cpu") // of this process: on a busy machine it says more than the clock
	b.ReportMetric(float64(median(peaks))/1e6, "MB-peak")
}

// watch runs a program and returns its wall time, its CPU time and its peak memory in bytes. What the kernel says of
// a child in the end begins with the memory of its parent, which is large here.
func watch(b *testing.B, program string, args ...string) (took, used time.Duration, peak int64) {
	b.Helper()
	var out bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	start := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for {
		select {
		case err := <-done:
			if err != nil {
				b.Fatalf("%v: %v\n%s", args, err, out.String())
			}
			return time.Since(start), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), peak
		case <-time.After(2 * time.Millisecond):
			peak = max(peak, highWater(cmd.Process.Pid))
		}
	}
}

// highWater returns the most memory that a process has had, in bytes; 0 if that isn't known.
func highWater(pid int) int64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kilobytes, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, _ := strconv.ParseInt(kilobytes, 10, 64)
	return n << 10
}

// fillFleet stores a day of reports of systems that were seen before. Hostile ones send 64 components.
func fillFleet(b *testing.B, url string, systems, hostile int) {
	b.Helper()
	ctx := context.Background()
	r, m := storetest.Registry(b, "../..", benchDay.String())
	s, err := store.Open(ctx, url, r, m)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Migrate(ctx, false); err != nil {
		b.Fatal(err)
	}
	if _, err := s.Site(ctx, "production"); err != nil {
		b.Fatal(err)
	}
	decoder, err := report.NewDecoder(m)
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	var first, batch []store.Entry
	for i := range systems + hostile {
		components := 6
		if i >= systems {
			components = 64
		}
		decoded, err := decoder.Decode(fleetReport(random, i, components))
		if err != nil || len(decoded.Findings) > 0 {
			b.Fatal(err, decoded)
		}
		day := benchDay.Start()
		first = append(first, store.Entry{System: decoded.System, Received: day.AddDate(0, 0, -1-random.IntN(3))})
		batch = append(batch, store.NewEntry(decoded, day.Add(time.Hour)))
		if len(batch) == 5000 || i == systems+hostile-1 {
			ingestAll(b, s, first)
			ingestAll(b, s, batch)
			first, batch = first[:0], batch[:0]
		}
	}
}

func ingestAll(b *testing.B, s *store.Store, entries []store.Entry) {
	b.Helper()
	if _, err := s.Ingest(context.Background(), entries); err != nil {
		b.Fatal(err)
	}
}

var fleetNames = []string{"core", "file", "rpm", "container", "python", "ansible", "certguard", "deb", "ostree", "maven", "galaxy", "gem", "cookbook"}

// fleetReport writes a report as an installation sends it.
func fleetReport(r *rand.Rand, n, components int) []byte {
	var id [16]byte
	binary.BigEndian.PutUint64(id[:], r.Uint64())
	binary.BigEndian.PutUint64(id[8:], uint64(n))
	report := protowire.AppendTag(nil, 1, protowire.BytesType)
	report = protowire.AppendString(report, domain.FormatUUID(id))
	for _, number := range []protowire.Number{2, 3} {
		report = protowire.AppendTag(report, number, protowire.BytesType)
		report = protowire.AppendBytes(report, numbers(uint64(1+r.IntN(8)), uint64(1+r.IntN(3))))
	}
	for i := range components {
		name, version := fleetNames[i%len(fleetNames)], fmt.Sprintf("3.%d.%d", 20+r.IntN(1+r.IntN(40)), r.IntN(1+r.IntN(9)))
		if components > len(fleetNames) {
			name, version = fmt.Sprintf("x%d_%d", n, i), fmt.Sprintf("%d.%d.%d", n, i, r.IntN(1000))
		}
		item := protowire.AppendTag(nil, 1, protowire.BytesType)
		item = protowire.AppendTag(protowire.AppendString(item, name), 2, protowire.BytesType)
		report = protowire.AppendTag(report, 4, protowire.BytesType)
		report = protowire.AppendBytes(report, protowire.AppendString(item, version))
	}
	report = protowire.AppendTag(report, 5, protowire.VarintType)
	report = protowire.AppendVarint(report, uint64(100000+10000*r.IntN(6)+r.IntN(20)))
	report = protowire.AppendTag(report, 6, protowire.BytesType)
	return protowire.AppendBytes(report, numbers(uint64(r.IntN(1+r.IntN(2000))), uint64(r.IntN(9)), uint64(r.IntN(4)), uint64(r.IntN(6)), uint64(r.IntN(3))))
}

func numbers(values ...uint64) []byte {
	var b []byte
	for i, v := range values {
		b = protowire.AppendVarint(protowire.AppendTag(b, protowire.Number(i+1), protowire.VarintType), v)
	}
	return b
}
