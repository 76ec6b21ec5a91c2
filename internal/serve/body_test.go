// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/pulp/pulpmetrics/internal/store/storetest"
)

// dribbled is a request with a body of unknown length, which comes a byte at a time.
func dribbled(data []byte) *http.Request {
	r, _ := http.NewRequest(http.MethodPost, "/", iotest.OneByteReader(bytes.NewReader(data)))
	return r
}

func TestBodies(t *testing.T) {
	for _, limit := range []int{1, 100, smallBody - 1, smallBody, smallBody + 1, 3 * smallBody} {
		b := newBodies(limit)
		for _, length := range []int{0, 1, limit - 1, limit, limit + 1, limit + smallBody} {
			sent := []byte(strings.Repeat("abcdefg", length/7+1)[:length])
			var got []byte
			err := b.read(dribbled(sent), func(data []byte) { got = bytes.Clone(data) })
			if length > limit {
				if !errors.Is(err, errTooLong) || got != nil {
					t.Errorf("%d of %d bytes: %v", length, limit, err)
				}
				continue
			}
			if err != nil || !bytes.Equal(got, sent) {
				t.Errorf("%d of %d bytes: %v, %d came", length, limit, err, len(got))
			}
		}
		if len(b.large) != largeAtOne {
			t.Errorf("memory for %d long bodies is lost", largeAtOne-len(b.large))
		}
	}
}

// TestCrowded reads as many long bodies as there is memory for, and one more.
func TestCrowded(t *testing.T) {
	b := newBodies(2 * smallBody)
	long := make([]byte, smallBody+1)
	var nested func(n int) error
	nested = func(n int) (inner error) {
		err := b.read(dribbled(long), func([]byte) { inner = nested(n + 1) })
		if n < largeAtOne && err != nil {
			t.Errorf("body %d: %v", n, err)
		}
		return errors.Join(err, inner)
	}
	if err := nested(0); !errors.Is(err, errCrowded) {
		t.Error(err)
	}
	s := begin(t, storetest.SQLite(t))
	for range largeAtOne {
		<-s.bodies.large
	}
	w := s.post(append(typical(id(1)), text(nil, 77, make([]byte, 2*smallBody))...))
	want(t, w, http.StatusServiceUnavailable, "Too many long reports come at once.")
	want(t, s.post(typical(id(1))), http.StatusOK, "") // usual ones don't need that memory
}

// FuzzReceive posts bytes. Whatever they are, the answer is 200 or 400, and the log is of one line.
func FuzzReceive(f *testing.F) {
	f.Add(typical(id(1)))
	f.Add(typical(id(1), component("ostree", "1.0.0"))[:150])
	f.Add([]byte("<html>"))
	s := begin(f, storetest.SQLite(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		s.journal.reset()
		r, _ := http.NewRequest(http.MethodPost, "/", io.NopCloser(bytes.NewReader(data)))
		if w := serveRequest(s, r); w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if lines := strings.Count(s.journal.String(), "\n"); lines != 1 {
			t.Errorf("%d lines:\n%s", lines, s.journal)
		}
	})
}
