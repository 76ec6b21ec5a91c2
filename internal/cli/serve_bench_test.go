// SPDX-License-Identifier: GPL-2.0-or-later

package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pulp/pulpmetrics/internal/store/storetest"
)

// hammering is how long one measurement of BenchmarkReceive takes.
const hammering = 5 * time.Second

// BenchmarkReceive posts reports of new systems over 8 connections to the service, a process of its
// own beside this one, and waits for each answer. The bar on two cores is 5,000 reports a second
// with a p99 of 25 ms on SQLite; us-fsync is the median time in which the same disk makes 4 kB
// durable, which no acknowledged report can undercut. us-cpu/report is what the service itself takes,
// whatever else the machine does.
func BenchmarkReceive(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkReceive(b, storetest.SQLite(b)) })
	b.Run("postgresql", func(b *testing.B) { benchmarkReceive(b, storetest.NewOwn(b).URL) })
}

func benchmarkReceive(b *testing.B, url string) {
	d := startDaemon(b, copyProject(b), url)
	var rates, p50s, p99s []float64
	stored := 0
	for round := 0; b.Loop(); round++ {
		h := startHammer(8, round*10_000_000, d.dialer)
		time.Sleep(hammering)
		h.end()
		if len(h.others) > 0 || len(h.acked) == 0 {
			b.Fatal(len(h.acked), h.others)
		}
		stored += len(h.acked)
		rates = append(rates, float64(len(h.acked))/hammering.Seconds())
		p50s, p99s = append(p50s, h.milliseconds(50)), append(p99s, h.milliseconds(99))
	}
	d.terminate()
	usage := d.cmd.ProcessState.SysUsage().(*syscall.Rusage)
	b.ReportMetric(median(rates), "reports/s")
	b.ReportMetric(median(p50s), "ms-p50")
	b.ReportMetric(median(p99s), "ms-p99")
	b.ReportMetric(float64(usage.Maxrss)/1e3, "MB-peak")
	b.ReportMetric(float64(time.Duration(usage.Utime.Nano()+usage.Stime.Nano()).Microseconds())/float64(stored), "us-cpu/report")
	folder := b.TempDir()
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		folder = filepath.Dir(path)
	}
	b.ReportMetric(fsyncTime(b, folder), "us-fsync")
}

// milliseconds returns a percentile of the times to an answer.
func (h *hammer) milliseconds(percent int) float64 {
	median(h.took) // sorts
	return float64(h.took[len(h.took)*percent/100].Microseconds()) / 1000
}

// fsyncTime returns the median time to write 4 kB and have them on the disk, in microseconds.
func fsyncTime(b *testing.B, folder string) float64 {
	f, err := os.CreateTemp(folder, "fsync")
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var times []time.Duration
	for i := range 500 {
		start := time.Now()
		if _, err := f.WriteAt(make([]byte, 4096), int64(i)*4096); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(start))
	}
	return float64(median(times).Nanoseconds()) / 1000
}
