// SPDX-License-Identifier: GPL-2.0-or-later

package report_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pulp/pulpmetrics"
	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/report"
)

var update = flag.Bool("update", false, "write the output into the pages")

var block = regexp.MustCompile("(?ms)^```(python|text)\n(.*?)^```$")

// TestPages runs the examples of each page: a bad report, exactly what is printed, a good one.
func TestPages(t *testing.T) {
	v, _ := verifier(t, pulpmetrics.Registry)
	for _, kind := range report.Kinds() {
		page, ok := report.Page(kind)
		if !ok || !strings.HasPrefix(page, "# "+kind+"\n\n") {
			t.Errorf("internal/report/%s.md has to be there, and to begin with `# %s`", kind, kind)
			continue
		}
		blocks := block.FindAllStringSubmatchIndex(page, -1)
		if len(blocks) != 3 {
			t.Fatalf("%s has %d blocks", kind, len(blocks))
		}
		part := func(i int) string { return page[blocks[i][4]:blocks[i][5]] }
		bad := verify(t, v, []byte(part(0)))
		if !slices.ContainsFunc(bad.Diagnostics, func(d diag.Diagnostic) bool { return d.Rule == kind }) {
			t.Errorf("%s: the bad example has no such finding", kind)
		}
		if good := verify(t, v, []byte(part(2))); len(good.Diagnostics) > 0 || good.Reports == 0 {
			t.Errorf("%s: the good example has findings: %v", kind, good.Diagnostics)
		}
		var out bytes.Buffer
		if err := diag.Text(&out, bad.Diagnostics, diag.Style{Width: 90}); err != nil {
			t.Fatal(err)
		}
		got := strings.ReplaceAll(strings.TrimRight(out.String(), "\n")+"\n", "file:", "pulp.log:")
		if *update {
			page = page[:blocks[1][4]] + got + page[blocks[1][5]:]
			if err := os.WriteFile(kind+".md", []byte(page), 0o644); err != nil {
				t.Fatal(err)
			}
		} else if diff := cmp.Diff(part(1), got); diff != "" {
			t.Errorf("%s: output (-page +got):\n%s", kind, diff)
		}
	}
	files, _ := filepath.Glob("*.md")
	for _, file := range files {
		if !slices.Contains(report.Kinds(), strings.TrimSuffix(file, ".md")) {
			t.Errorf("%s is the page of no kind of finding", file)
		}
	}
}
