// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"testing/iotest"
)

// FuzzScan scans any bytes, whole and byte by byte: it neither panics nor hangs, finds the same
// however the bytes come, and no finding holds a value of the input that its class could be.
func FuzzScan(f *testing.F) {
	for _, r := range corpus(f) {
		f.Add([]byte(r.record))
	}
	f.Add([]byte("{\"a\": [1, 2\n{\"b\": 1}\n"))
	f.Add([]byte("{\n\"a\": {\n'b': (1, None)}}"))
	f.Add([]byte("a: 1\nb:\n  - ann@example.org\n---\nc: 2\n"))
	s := New(nil)
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<14 {
			return
		}
		var whole, bytewise []Finding
		_, err := s.Scan(Job{Source: "f", Workers: 2}, bytes.NewReader(data), func(found []Finding) error { whole = append(whole, found...); return nil })
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Scan(Job{Source: "f", Workers: 1}, iotest.OneByteReader(bytes.NewReader(data)), func(found []Finding) error { bytewise = append(bytewise, found...); return nil })
		if err != nil || len(whole) != len(bytewise) {
			t.Fatalf("%d findings, and %d byte by byte: %v", len(whole), len(bytewise), err)
		}
		for _, found := range whole {
			if len(found.raw) >= 8 && found.Class != Unscanned && strings.Trim(found.raw, "*.@:-/+\\,_ …") != "" && strings.Contains(found.Mask, found.raw) {
				t.Errorf("the mask %q shows %q", found.Mask, found.raw)
			}
			if _, err := json.Marshal(found); err != nil {
				t.Error(err)
			}
		}
	})
}
