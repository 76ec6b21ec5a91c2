// SPDX-License-Identifier: GPL-2.0-or-later

package store_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/store/storetest"
)

// TestForget searches everything that the database is made of for the id of a system.
func TestForget(t *testing.T) {
	servers.Each(t, func(t *testing.T, url string) {
		ctx := context.Background()
		s := open(t, url)
		var system [16]byte
		for _, day := range storetest.Days()[:2] {
			entries := goldenEntries(t, s.Message(), day, nil)
			system = entries[1].System
			if _, err := s.Ingest(ctx, entries); err != nil {
				t.Fatal(err)
			}
		}
		if !found(t, s, url, system) {
			t.Fatal("the id is not there to begin with: the search finds nothing")
		}
		for range 2 { // the same answer whether it is there or not
			if err := s.Forget(ctx, system); err != nil {
				t.Fatal(err)
			}
		}
		if found(t, s, url, system) {
			t.Error("the id is still there")
		}
		held, err := s.Held(ctx)
		if err != nil || len(held) != 2 {
			t.Errorf("held days %v, %v", held, err)
		}
	})
}

// found searches the files of SQLite byte by byte, and every row of every table of PostgreSQL.
func found(t *testing.T, s *store.Store, url string, system [16]byte) bool {
	t.Helper()
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		files, err := filepath.Glob(path + "*")
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(data, system[:]) || bytes.Contains(data, []byte(hex.EncodeToString(system[:]))) {
				return true
			}
		}
		return false
	}
	return storetest.Dumped(t, url, hex.EncodeToString(system[:]))
}
