// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// payloads returns JSON lines of reports such as installations send, about n bytes of them.
func payloads(n int) []byte {
	r := rand.New(rand.NewPCG(3, 4))
	names := []string{"core", "file", "rpm", "container", "python", "ansible", "certguard", "deb", "ostree"}
	var b bytes.Buffer
	for b.Len() < n {
		fmt.Fprintf(&b, `{"system_id":"%08x-9c4e-4d7a-b2fe-%012x","online_content_apps":{"processes":%d,"hosts":%d},"online_workers":{"processes":%d,"hosts":%d},"components":[`,
			r.Uint32(), r.Uint64()>>16, r.IntN(20), r.IntN(4), r.IntN(60), r.IntN(8))
		for i, name := range names[:3+r.IntN(len(names)-3)] {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"name":"%s","version":"%d.%d.%d"}`, name, r.IntN(4), r.IntN(120), r.IntN(30))
		}
		fmt.Fprintf(&b, `],"postgresql_version":%d,"rbac_stats":{"users":%d,"groups":%d,"domains":%d,"custom_access_policies":%d,"custom_roles":%d}}`+"\n",
			130000+r.IntN(16), r.IntN(300), r.IntN(40), r.IntN(10), r.IntN(4), r.IntN(9))
	}
	return b.Bytes()
}

// rate runs something over data and returns how many MB a second it gets through.
func rate(data []byte, do func([]byte)) float64 {
	start := time.Now()
	do(data)
	return float64(len(data)) / 1e6 / time.Since(start).Seconds()
}

func decodeOnly(data []byte) {
	for _, line := range bytes.Split(data, []byte{'\n'}) {
		var v any
		_ = json.Unmarshal(line, &v)
	}
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// BenchmarkScan compares scanning JSON lines with only decoding them, in one run. The bar is a ratio
// of 1 with one goroutine, and of 2 with two where there are two cores. Nothing is declared, so that
// every value is looked at.
func BenchmarkScan(b *testing.B) {
	data := payloads(8 << 20)
	s := New(nil)
	scanWith := func(workers int) func([]byte) {
		return func(data []byte) {
			_, err := s.Scan(Job{Workers: workers}, bytes.NewReader(data), func([]Finding) error { return nil })
			if err != nil {
				b.Error(err)
			}
		}
	}
	var decoded, one, two []float64
	for b.Loop() {
		previous := runtime.GOMAXPROCS(1)
		decoded = append(decoded, rate(data, decodeOnly))
		one = append(one, rate(data, scanWith(1)))
		runtime.GOMAXPROCS(previous)
		two = append(two, rate(data, scanWith(2)))
	}
	b.ReportMetric(median(decoded), "MB/s-decode")
	b.ReportMetric(median(one), "MB/s-one")
	b.ReportMetric(median(two), "MB/s-two")
	b.ReportMetric(median(one)/median(decoded), "x-one")
	b.ReportMetric(median(two)/median(decoded), "x-two")
}

// Memory doesn't grow with the input: a scan of sixteen times as much takes no more at its peak.
func TestConstantMemory(t *testing.T) {
	peak := func(n int) uint64 {
		s := New(nil)
		var most uint64
		var m runtime.MemStats
		in := io.LimitReader(&endless{data: payloads(1 << 20)}, int64(n))
		_, err := s.Scan(Job{Workers: 2}, &sampled{in, func() {
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
		}}, func([]Finding) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		return most
	}
	small, large := peak(2<<20), peak(32<<20)
	if large > 2*small+(32<<20) {
		t.Errorf("the heap grows from %d to %d bytes", small, large)
	}
}

// endless repeats its data.
type endless struct {
	data []byte
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.data[e.at:])
	e.at = (e.at + n) % len(e.data)
	return n, nil
}

// sampled calls look before every read.
type sampled struct {
	io.Reader
	look func()
}

func (s *sampled) Read(p []byte) (int, error) {
	s.look()
	return s.Reader.Read(p)
}

// A line of several MB, and one that is no JSON, are scanned in bounded memory and time.
func TestLongLines(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	line := io.MultiReader(strings.NewReader(`{"a":["`), io.LimitReader(&endless{data: []byte("abcdefghij klmnop ")}, 4<<20), strings.NewReader(` ann@example.org"],"mail":"ann@example.org"}`+"\n"+`{"mail":"ann@example.org"}`))
	var found []Finding
	_, err := New(nil).Scan(Job{Workers: 2}, line, func(f []Finding) error {
		found = append(found, f...)
		return nil
	})
	if err != nil || len(found) != 3 {
		t.Fatalf("%d findings, %v", len(found), err)
	}
	if found[0].Path != "a[0]" || found[1].Path != "mail" || found[2].Record != 2 {
		t.Errorf("found %+v", found)
	}
}
