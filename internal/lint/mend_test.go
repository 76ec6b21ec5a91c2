// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
)

// bench is a project that files are mended in.
type bench struct {
	parser   *proposal.Parser
	files    fstest.MapFS
	registry *registry.Registry
	found    []diag.Diagnostic
}

// sharedParser is made once: compiling the schema takes longer than mending a file.
var sharedParser = sync.OnceValues(proposal.NewParser)

func newBench(t testing.TB, files map[string]string) *bench {
	t.Helper()
	config, err := os.ReadFile("testdata/pulpmetrics.yaml")
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{files: fstest.MapFS{proposal.ProjectFile: {Data: config}}}
	for name, text := range files {
		b.files["proposals/"+name+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	if b.parser, err = sharedParser(); err != nil {
		t.Fatal(err)
	}
	if b.registry, err = registry.Load(b.files, b.parser); err != nil {
		t.Fatal(err)
	}
	b.found = Run(b.registry, today)
	return b
}

// mend mends the project, and returns it as it is then.
func (b *bench) mend(t testing.TB) (*bench, []Mended) {
	t.Helper()
	m := &Mender{Parser: b.parser, Now: today, Read: func(file string) ([]byte, error) { return fs.ReadFile(b.files, file) }}
	r, found, changes, err := m.Mend(b.registry, b.found)
	if err != nil {
		t.Fatal(err)
	}
	after := &bench{parser: b.parser, files: fstest.MapFS{}, registry: r, found: found}
	for name, file := range b.files {
		after.files[name] = file
	}
	for _, change := range changes {
		if !bytes.Equal(change.Before, b.files[change.File].Data) {
			t.Errorf("%s was not read as it is", change.File)
		}
		after.files[change.File] = &fstest.MapFile{Data: change.After}
	}
	return after, changes
}

func errorsIn(ds []diag.Diagnostic, file string) int {
	n := 0
	for _, d := range ds {
		if d.File == file && d.Severity == diag.Error {
			n++
		}
	}
	return n
}

// neighbours are there while files are mended, and have no findings.
var neighbours = map[string]string{
	"export_count": "id: export_count\ntitle: Number of exports\nstatus: draft\nquestion: How many exports does an installation make in a month?\nfield: {number: 12, type: uint32, min: 0, max: 1000, unit: '{export}', window: now, description: Number of exports}\n",
}

// checkMended holds what is mended to its promises.
func checkMended(t testing.TB, data []byte) {
	files := map[string]string{"a": string(data)}
	for name, text := range neighbours {
		files[name] = text
	}
	before := newBench(t, files)
	after, changes := before.mend(t)
	for name := range files {
		file := "proposals/" + name + ".yaml"
		if was, is := errorsIn(before.found, file), errorsIn(after.found, file); is > was {
			t.Errorf("%s had %d errors, and has %d:\n%s", file, was, is, after.files[file].Data)
		}
	}
	again := newBench(t, map[string]string{"a": string(after.files["proposals/a.yaml"].Data), "export_count": neighbours["export_count"]})
	if diff := cmp.Diff(again.found, after.found); diff != "" {
		t.Errorf("what was found in memory is not what there is (-there +memory):\n%s", diff)
	}
	if _, more := again.mend(t); len(more) > 0 {
		t.Errorf("mending again changes %s:\n%s\n%s", more[0].File, more[0].Before, more[0].After)
	}
	for _, d := range before.found {
		if unreadable(d) && d.File == "proposals/a.yaml" && len(changes) > 0 {
			t.Errorf("a file that can't be read was changed: %s", d.Message)
		}
	}
	for _, change := range changes {
		if change.File != "proposals/a.yaml" {
			t.Errorf("%s has nothing to mend", change.File)
		}
		_, was := source.Parse(change.Before)
		if _, problems := source.Parse(change.After); len(problems) > len(was) {
			t.Errorf("no YAML: %v\n%s", problems, change.After)
		}
		if was, is := comments(change.Before), comments(change.After); !slices.Equal(was, is) {
			t.Errorf("comments were %q, and are %q:\n%s\n%s", was, is, change.Before, change.After)
		}
	}
}

// comments lists the comments of a file, sorted; none of one that can't be parsed.
func comments(data []byte) []string {
	var doc yaml.Node
	if yaml.Unmarshal(data, &doc) != nil {
		return nil
	}
	var list []string
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		for _, text := range []string{n.HeadComment, n.LineComment, n.FootComment} {
			for line := range strings.Lines(text) {
				if line = strings.TrimSpace(line); line != "" {
					list = append(list, line)
				}
			}
		}
		for _, child := range n.Content {
			walk(child)
		}
	}
	walk(&doc)
	slices.Sort(list)
	return list
}

// slips are proposals with something to mend, and something that only looks so.
var slips = []string{
	"id: a\ntitle: T\nstatus: Draft\nqestion: How many are there of this kind of thing? # x\nauthors: carol\nversion: {since: [3.22, \"3.21\"]}\n",
	"id: a\nid: b\nstaus: draft\n",
	"id: a\ntitle: T\nstatus: draft\nquestion: x\nload: {acceptable: yes, description: \"1\"}\nfield: {nummber: 12, type: uint32}\n",
	"{id: a, title: T, statuss: draft, authors: x#y, links: https://example.org}\n",
	"id: a\ntitle: T\nstatus: draft\nquestion: x\nlint:\n  ignore:\n    - {rule: answer, path: title, reason: long}\n    - rule: links\n      path: title\n      reason: longer\n",
	"\xef\xbb\xbfid: a\r\ntitle: T # é\r\nstatus: approved\r\n",
	"id: a\ntitle: T\nstatus: |\n  Draft\nauthors: 'carol'\nquestion: >-\n  x\n",
	"id: a\nversion: {since: 3.21, removed: 3.22}\n",
	"id: a\nstatus: draft\ntitel: *x\n",
	"id: a\ntitle: T\nstatus: draft\nquestion: |\n  ## What question will this help us answer?\n  How many are there of this kind of thing?\nload:\n  description: \"## Will gathering or storing it be an unacceptable burden on Pulp?\\nNo, it is one query.\"\n",
	"id: a\nvisualization: {charts: [{title: x, kind: stacked area, summary: a, top: \"3\"}]}\n",
}

func TestMend(t *testing.T) {
	for _, text := range slips {
		checkMended(t, []byte(text))
	}
	_, changes := newBench(t, map[string]string{"a": slips[0]}).mend(t)
	want := "id: a\ntitle: T\nstatus: draft\nquestion: How many are there of this kind of thing? # x\nauthors: [carol]\nversion: {since: [\"3.21\", \"3.22\"]}\n"
	if len(changes) != 1 || string(changes[0].After) != want {
		t.Errorf("%+v, want %q", changes, want)
	}
}

// Of two fixes of which one makes things worse, the other is made all the same.
func TestMendPiecemeal(t *testing.T) {
	// The slip hides that the number is taken: as `number`, it makes the neighbour invalid.
	text := "id: a\ntitle: T\nstatus: Draft\nquestion: How many are there of this kind of thing?\nfield: {numbr: 12, type: uint32, min: 0, max: 9, unit: '{x}', window: now, description: Number of things}\n"
	files := map[string]string{"a": text, "export_count": neighbours["export_count"]}
	after, _ := newBench(t, files).mend(t)
	if want := strings.Replace(text, "Draft", "draft", 1); string(after.files["proposals/a.yaml"].Data) != want {
		t.Errorf("%s", after.files["proposals/a.yaml"].Data)
	}
	checkMended(t, []byte(text))
}

func FuzzMend(f *testing.F) {
	for _, text := range slips {
		f.Add([]byte(text))
	}
	paths, _ := filepath.Glob("../../proposals/*.yaml")
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(bytes.ReplaceAll(data, []byte("description"), []byte("descripton")))
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkMended(t, data) })
}
