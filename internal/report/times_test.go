// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

func TestTimes(t *testing.T) {
	times, err := NewTimes(strings.NewReader("seq\treceived_at\tmore\r\n0\t2026-03-02T00:00:00.5Z\tx\r\n1\t2026-03-02T01:00:00+01:00\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"2026-03-02T00:00:00.5Z", "2026-03-02T00:00:00Z"} {
		at, err := times.Next()
		if err != nil || at.UTC().Format(time.RFC3339Nano) != want {
			t.Errorf("%v, %v, want %s", at, err, want)
		}
	}
	if _, err := times.Next(); !errors.Is(err, io.EOF) {
		t.Error("after the last one:", err)
	}
}

// FuzzTimes: whatever stands in a table, it is times or an error that names a line, and no value.
func FuzzTimes(f *testing.F) {
	for _, seed := range []string{"", "received_at\n2026-03-02T00:00:00Z\n", "a\treceived_at\n\t\n1\t2026-02-30T00:00:00Z", "received_at\n\xff\n", "received_at\r\n2026-03-02T24:00:00Z\r\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		times, err := NewTimes(strings.NewReader(string(data)))
		if err != nil {
			return
		}
		for n := 0; ; n++ {
			at, err := times.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				if !strings.HasPrefix(err.Error(), "line ") {
					t.Fatalf("an error without a line: %v", err)
				}
				break
			}
			if n > len(data) || at.Year() < 0 || at.Year() > 9999 {
				t.Fatalf("time %d is %v", n, at)
			}
		}
	})
}
