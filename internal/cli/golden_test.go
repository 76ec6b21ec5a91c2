// SPDX-License-Identifier: GPL-2.0-or-later

package cli_test

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// golden unpacks the reports of testdata/golden into a folder: golden DIR.
func golden(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: golden DIR")
	}
	ts.Check(os.MkdirAll(ts.MkAbs(args[0]), 0o755))
	files, err := filepath.Glob("../../testdata/golden/reports/*.gz")
	ts.Check(err)
	for _, file := range files {
		in, err := os.Open(file)
		ts.Check(err)
		unzipped, err := gzip.NewReader(in)
		ts.Check(err)
		data, err := io.ReadAll(unzipped)
		ts.Check(err)
		ts.Check(in.Close())
		ts.Check(os.WriteFile(filepath.Join(ts.MkAbs(args[0]), strings.TrimSuffix(filepath.Base(file), ".gz")), data, 0o644))
	}
}
