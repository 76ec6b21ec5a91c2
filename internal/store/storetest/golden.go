// SPDX-License-Identifier: GPL-2.0-or-later

package storetest

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// Days are the days of the golden reports.
func Days() []string {
	return []string{"2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"}
}

// Golden returns a file of testdata/golden, such as reports/2026-03-02.pb, from a package at
// internal/NAME.
func Golden(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "testdata", "golden", filepath.FromSlash(name)+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(unzipped)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Registry returns a project in a folder and its message as of a day, YYYY-MM-DD.
func Registry(t testing.TB, folder, day string) (*registry.Registry, *wire.Message) {
	t.Helper()
	parser, err := proposal.NewParser()
	if err != nil {
		t.Fatal(err)
	}
	r, err := registry.Load(os.DirFS(folder), parser)
	if err != nil || len(r.Problems) > 0 {
		t.Fatal(err, r.Problems)
	}
	m, err := wire.Compile(r, day)
	if err != nil {
		t.Fatal(err)
	}
	return r, m
}
