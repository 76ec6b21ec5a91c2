// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"bytes"
	"encoding/hex"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/store/storetest"
)

// held searches everything that a database is made of: the bytes of SQLite's files, the rows of
// all tables of PostgreSQL.
func held(t *testing.T, s *service, text []byte) bool {
	t.Helper()
	path, isSQLite := strings.CutPrefix(s.url, "sqlite:")
	if !isSQLite {
		return storetest.Dumped(t, s.url, strings.ReplaceAll(string(text), "-", ""))
	}
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(bytes.ToLower(data), bytes.ToLower(text)) {
			return true
		}
	}
	return false
}

// remembered reports whether an id is stored, in any spelling.
func remembered(t *testing.T, s *service, text string) bool {
	t.Helper()
	raw, ok := domain.ParseUUID([]byte(text))
	if !ok {
		t.Fatal(text)
	}
	digits := hex.EncodeToString(raw[:])
	if !strings.HasPrefix(s.url, "sqlite:") {
		return held(t, s, []byte(digits)) // hyphens aside; bytea and uuid are shown in hex
	}
	return held(t, s, raw[:]) || held(t, s, []byte(digits)) || held(t, s, []byte(domain.FormatUUID(raw)))
}

func TestForget(t *testing.T) {
	servers.Each(t, func(t *testing.T, url string) {
		s := begin(t, url)
		for day := range 3 {
			s.clock.set(noon.AddDate(0, 0, day))
			for n := range 20 {
				want(t, s.post(typical(id(n))), http.StatusOK, "")
			}
		}
		if !remembered(t, s, id(7)) {
			t.Fatal("the search finds nothing")
		}
		answers := map[string]bool{}
		for _, spelled := range []string{id(7), id(7), strings.ToUpper(id(8)), "%7B" + id(9) + "%7D", "urn:uuid:" + id(10), strings.ReplaceAll(id(11), "-", ""), id(12345)} {
			w := s.ask("DELETE", "/systems/"+spelled, nil)
			want(t, w, http.StatusOK, "Nothing is stored about this system any more.")
			w.Header().Del("Date")
			answers[w.Body.String()] = true
		}
		for n := 7; n <= 11; n++ {
			if remembered(t, s, id(n)) {
				t.Errorf("system %d is still stored", n)
			}
		}
		if !remembered(t, s, id(6)) || len(answers) != 1 {
			t.Errorf("another system was forgotten, or the answers differ: %v", answers)
		}
		want(t, s.post(typical(id(7))), http.StatusOK, "") // it may come back, as a new one
		if !remembered(t, s, id(7)) {
			t.Error("a forgotten system can't report any more")
		}
		want(t, s.ask("DELETE", "/systems/me", nil), http.StatusBadRequest, "This is no id of a system")
	})
}

func TestForgetIsLimited(t *testing.T) {
	s := begin(t, storetest.SQLite(t))
	for range deletionBurst {
		want(t, s.ask("DELETE", "/systems/"+id(1), nil), http.StatusOK, "")
	}
	w := s.ask("DELETE", "/systems/"+id(1), nil)
	want(t, w, http.StatusTooManyRequests, "Too many requests come from your address.")
	if w.Header().Get("Retry-After") != "5" {
		t.Errorf("Retry-After is %q", w.Header().Get("Retry-After"))
	}
	want(t, s.ask("DELETE", "/systems/"+id(1), nil, "Test-Remote", "192.0.2.200:1"), http.StatusOK, "")
}
