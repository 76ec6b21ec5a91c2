// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var updatePages = flag.Bool("update", false, "write what is generated into the pages")

// TestListed says which line is missing: a target that nobody listed, a page, or what has one.
func TestListed(t *testing.T) {
	list, err := os.ReadFile("targets.go")
	if err != nil {
		t.Fatal(err)
	}
	declared := regexp.MustCompile(`(?m)^var (\w+) = Target\{`)
	files, _ := filepath.Glob("*.go")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declared.FindAllSubmatch(text, -1) {
			if !bytes.Contains(list, []byte("\t\t"+string(m[1])+",\n")) {
				t.Errorf("targets.go lacks the line `%s,` for the target in %s", m[1], file)
			}
		}
	}
	known := append(Names(), Checks()...)
	for _, name := range known {
		page, ok := Page(name)
		if !ok || !strings.HasPrefix(page, "# "+name+"\n\n") {
			t.Errorf("internal/emit/%s.md is missing, or doesn't begin with `# %s`: the page of the target", name, name)
		}
		if first, _, _ := strings.Cut(strings.TrimPrefix(page, "# "+name+"\n\n"), "\n\n"); !strings.HasSuffix(first, ".") {
			t.Errorf("internal/emit/%s.md has to go on with a sentence that sums it up: %q", name, first)
		}
	}
	pages, _ := filepath.Glob("*.md")
	for _, page := range pages {
		if !slices.Contains(known, strings.TrimSuffix(page, ".md")) {
			t.Errorf("%s is the page of nothing", page)
		}
	}
}

// A page is documentation and test. A block marked yaml that begins with an id is a proposal in the project of
// testdata/page.yaml. A block marked with a language and a file is that file, or a part of it, as
// the target of the page makes it. A block marked text is what is found in the project if its
// generated files are from before the proposals.

var block = regexp.MustCompile("(?ms)^```([a-z]+)([^\n]*)\n(.*?)^```$")

func TestPages(t *testing.T) {
	for _, name := range append(Names(), Checks()...) {
		t.Run(name, func(t *testing.T) {
			page, _ := Page(name)
			project := pageProject(t)
			for _, m := range block.FindAllStringSubmatch(page, -1) {
				if m[1] == "yaml" && strings.HasPrefix(m[3], "id: ") {
					id, _, _ := strings.Cut(strings.TrimPrefix(m[3], "id: "), "\n")
					project["proposals/"+id+".yaml"] = &fstest.MapFile{Data: []byte(m[3])}
				}
			}
			in := loadInput(t, project)
			files, err := Generate(in)
			if err != nil {
				t.Fatal(err)
			}
			blocks := block.FindAllStringSubmatchIndex(page, -1)
			slices.Reverse(blocks)
			for _, m := range blocks {
				file, is := strings.TrimSpace(page[m[4]:m[5]]), page[m[6]:m[7]]
				var should string
				switch {
				case page[m[2]:m[3]] == "text":
					should = driftFromNothing(t, files)
				case file == "" || page[m[2]:m[3]] == "yaml":
					continue
				case strings.Contains(string(files[file]), is):
					continue
				default:
					should = string(files[file])
				}
				if *updatePages {
					page = page[:m[6]] + should + page[m[7]:]
				} else if diff := cmp.Diff(is, should); diff != "" {
					t.Errorf("block %s (-page +got):\n%s", file, diff)
				}
			}
			if *updatePages {
				if err := os.WriteFile(name+".md", []byte(page), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func pageProject(t *testing.T) fstest.MapFS {
	t.Helper()
	config, err := os.ReadFile("testdata/page.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{"pulpmetrics.yaml": {Data: config}, "proposals/README": {}}
}

// driftFromNothing is what check says of the .proto file where the others are up to date, and it
// is from before there were proposals.
func driftFromNothing(t *testing.T, files Files) string {
	t.Helper()
	before, err := Generate(loadInput(t, pageProject(t)), "proto")
	if err != nil {
		t.Fatal(err)
	}
	folder := folderOf(files)
	for name, data := range before {
		folder[name] = &fstest.MapFile{Data: data}
	}
	changes, err := Compare(folder, files, true)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := diag.Text(&out, Drift(changes, "gen"), diag.Style{Width: 100}); err != nil {
		t.Fatal(err)
	}
	return strings.TrimRight(out.String(), "\n") + "\n"
}

func folderOf(files Files) fstest.MapFS {
	folder := fstest.MapFS{}
	for name, data := range files {
		folder[name] = &fstest.MapFile{Data: data}
	}
	return folder
}

// TestSameBytes: the same input gives the same bytes, and every file says that it was generated.
func TestSameBytes(t *testing.T) {
	for name := range subjects(t) {
		var runs [2]Files
		for i := range runs {
			files, err := Generate(subjects(t)[name])
			if err != nil && name != "empty" {
				t.Fatal(err)
			}
			runs[i] = files
		}
		if diff := cmp.Diff(runs[0], runs[1]); diff != "" {
			t.Errorf("%s: two runs differ:\n%s", name, diff)
		}
	}
}

// TestGeneratedIsFresh holds the files that are checked in against the proposals.
func TestGeneratedIsFresh(t *testing.T) {
	in := subjects(t)["real"]
	files, err := Generate(in)
	if err != nil {
		t.Fatal(err)
	}
	changes, err := Compare(os.DirFS(filepath.Join("..", "..", "gen")), files, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range Drift(changes, "gen") {
		t.Errorf("%s %s: %s\n%s", d.File, d.Message, d.Help, d.Diff)
	}
}

func TestCompare(t *testing.T) {
	marked := func(text string) []byte { return []byte("// " + Marker + "\n" + text) }
	folder := fstest.MapFS{
		"same": {Data: marked("a")}, "changed": {Data: marked("a\nb\n")}, "stale/old": {Data: marked("a\n")}, "kept": {Data: []byte("a")},
		"own": {Data: []byte("a\n")}, "link": {Data: []byte("same"), Mode: fs.ModeSymlink}, "dir/x": {Data: marked("a")},
		"late": {Data: append(bytes.Repeat([]byte("\n"), 600), marked("a")...)}, ".hidden/x": {Data: marked("a")},
		"project/pulpmetrics.yaml": {}, "project/gen/x": {Data: marked("a")}, "stale.lnk": {Data: []byte("same"), Mode: fs.ModeSymlink},
	}
	files := Files{
		"same": marked("a"), "changed": marked("b\nc\nd\n"), "own": marked("b\n"), "link": marked("a"), "dir": marked("b"), "new": marked("a\n"),
	}
	changes, err := Compare(folder, files, true)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, d := range Drift(changes, "gen") {
		fmt.Fprintf(&got, "%s %s; %s\n%s", d.File, d.Message, d.Help, d.Diff)
	}
	want := strings.ReplaceAll(`gen/changed is not what the proposals make: 2 lines to add, 1 to remove; run "pulpmetrics generate", and commit what it writes
--- a/gen/changed
+++ b/gen/changed
@@ -1,3 +1,4 @@
 // MARKER
-a
 b
+c
+d
gen/dir stands where a generated file belongs, and is no file; move it away, and run "pulpmetrics generate"
gen/dir/x was generated, and nothing makes it any more; run "pulpmetrics generate", which deletes it
--- a/gen/dir/x
+++ /dev/null
@@ -1,2 +0,0 @@
-// MARKER
-a
\ No newline at end of file
gen/link stands where a generated file belongs, and is a link; move it away, and run "pulpmetrics generate"
gen/new is missing: the proposals make 2 lines; run "pulpmetrics generate", and commit what it writes
--- /dev/null
+++ b/gen/new
@@ -0,0 +1,2 @@
+// MARKER
+a
gen/own stands where a generated file belongs, and is without the line that marks what pulpmetrics generated; move it away, and run "pulpmetrics generate"
--- a/gen/own
+++ b/gen/own
@@ -1 +1,2 @@
-a
+// MARKER
+b
gen/stale/old was generated, and nothing makes it any more; run "pulpmetrics generate", which deletes it
--- a/gen/stale/old
+++ /dev/null
@@ -1,2 +0,0 @@
-// MARKER
-a
`, "MARKER", Marker)
	if diff := cmp.Diff(strings.ReplaceAll(want, `"`, "`"), got.String()); diff != "" {
		t.Errorf("drift (-want +got):\n%s", diff)
	}
	if changes, err = Compare(fstest.MapFS{}, Files{"x": marked("a")}, true); err != nil || len(changes) != 1 || changes[0].State != Missing {
		t.Errorf("in an empty folder: %v, %v", changes, err)
	}
}
