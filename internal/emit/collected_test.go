// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"io/fs"
	"maps"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"pgregory.net/rapid"

	"github.com/pulp/pulpmetrics"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// loadInput loads a project and compiles it as of Day.
func loadInput(t testing.TB, fsys fs.FS) *Input {
	t.Helper()
	parser, err := proposal.NewParser()
	if err != nil {
		t.Fatal(err)
	}
	r, err := registry.Load(fsys, parser)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Problems {
		t.Fatalf("%s:%d: %s (%s)", p.File, p.Span.Start.Line, p.Message, p.Help)
	}
	m, err := wire.Compile(r, Day(r))
	if err != nil {
		t.Fatal(err)
	}
	return &Input{Registry: r, Message: m}
}

func collectedText(t testing.TB, in *Input) string {
	t.Helper()
	files, err := generateDocs(in)
	if err != nil {
		t.Fatal(err)
	}
	return string(files["docs/collected.md"])
}

// inventory is a project with a metric in every state, and a leaf of every kind.
func inventory() fstest.MapFS {
	files := fstest.MapFS{"pulpmetrics.yaml": {Data: []byte(inventoryProject)}}
	for _, text := range strings.Split(inventoryProposals, "---\n") {
		id, _, _ := strings.Cut(strings.TrimPrefix(text, "id: "), "\n")
		files["proposals/"+id+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

const inventoryProject = `
format: 1
project: Larder
message: Inventory
proto: inventory.proto
product: larder
releases:
  core: {"1.0": 2024-01-10, "1.1": 2024-06-20, "1.2": 2025-02-01}
  jam: {"5.0": 2024-09-09}
namespaces:
  core: {numbers: 1-99}
  jam: {numbers: 100-199, component: larder-jam}
proposals: [proposals]
sites:
  main: {url: "https://larder.example.org/", min_age_days: 1, gate: {path: shelves.release, format: release}}
retention_days: 1
min_cell: 3
approvers: [{handle: ada, from: 2024-01-01}]
quorum: 1
docs:
  turn_off: "Set ` + "`REPORT = no`" + `."
  deletion: Write to larder@example.org.
`

const inventoryProposals = `id: system_id
title: Identifier
status: approved
question: How many are there?
example: {payload: {system_id: 01234567-89ab-cdef-0123-456789abcdef}}
version: {since: ["1.0"]}
field: {number: 1, type: string, label: required, format: uuid, description: Random identifier}
approval: [{decision: approved, date: 2024-01-01, by: [ada]}]
---
id: shelves
title: "Shelves | with <b>all</b> their ` + "`kinds`" + `"
status: approved
question: |
  What do shelves hold?

  - <script>alert(1)</script>
  - jars

  ` + "```" + `
  never closed
example:
  payload:
    shelves:
      - {label: top, release: 1.0.0, made_in: 1.0rc1, jars_held: 8, weight_of_all: 18446744073709551615, is_full: true, shelf_kind: cold_room, tilt: -0.5, depth: -3, grade: b}
storage: {gathered: runtime, description: "Counted | by <i>hand</i>"}
load: {acceptable: true, description: None.}
pii: {class: none, singles_out: none, description: It is about shelves, sanitization: Nothing to do}
version: {since: ["1.1", "1.0.3"]}
field:
  number: 2
  label: repeated
  message: Shelf
  max_items: 4
  key: [label]
  fields:
    - {name: label, number: 1, type: string, label: required, pattern: '(?i)[a-z|]{1,4}|\pN\.?', description: What is written on it}
    - {name: release, number: 2, type: string, format: release, description: Release that made it}
    - {name: made_in, number: 3, type: string, format: version, description: Version that made it}
    - {name: jars_held, number: 4, type: uint32, values: [0, 1, 8, 64], unit: "{jar}", window: now, description: Jars}
    - {name: weight_of_all, number: 5, type: uint64, min: 7, max: 18446744073709551615, unit: By, window: 24h, description: Weight}
    - {name: is_full, number: 6, type: bool, description: Whether it is full}
    - name: shelf_kind
      number: 7
      enum: ShelfKind
      members:
        - {name: cold_room, number: 1, description: In the cold}
        - {name: attic, number: 2, description: Under the roof, since: "1.2"}
      description: Kind of the shelf
    - {name: tilt, number: 8, type: double, min: -1.5, max: 2, description: How far it tilts}
    - {name: depth, number: 9, type: sint64, min: -1203, max: 45, description: How deep it is}
    - {name: grade, number: 10, type: string, values: [a, b], description: Its grade}
    - {name: size, number: 11, type: uint64, values: [0, 1024, 1073741824], unit: By, description: Its size}
summarization:
  summaries:
    - {id: shelves_by_label, measure: systems, by: [label, {field: release, as: xy}], where: [{field: is_full, eq: true}]}
    - {id: jars_mean, measure: mean, of: jars_held, by: [label]}
approval: [{decision: approved, date: 2024-05-05, by: [ada], reference: "meeting of the <pantry>"}]
---
id: old_jars
title: Old jars
status: approved
question: How old are jars?
example: {payload: {old_jars: 4}}
version: {since: ["1.0"], removed: "1.2"}
retired: 2099-01-01
field: {number: 3, type: int32, min: -5, max: 5, description: Years}
approval: [{decision: approved, date: 2024-01-01, by: [ada]}]
---
id: spoons
title: Spoons
status: suspended
question: How many spoons are there?
example: {payload: {spoons: 4}}
version: {since: ["1.1"]}
field: {number: 4, type: uint32, min: 0, max: 9, description: Spoons}
approval:
  - {decision: approved, date: 2024-02-02, by: [ada]}
  - {decision: suspended, date: 2024-08-08, by: [ada], reason: Some spoons had names on them}
---
id: forks
title: Forks
status: approved
question: How many forks were there?
version: {since: ["1.0"], removed: "1.1"}
retired: 2025-01-01
field: {number: 5, type: uint32, min: 0, max: 9, description: Forks}
approval: [{decision: approved, date: 2024-01-01, by: [ada]}]
---
id: lids
title: Lids
status: approved
question: Are there lids?
example: {payload: {lids: true}}
version: {since: ["1.3"]}
field: {number: 6, type: bool, description: Whether there are lids}
approval: [{decision: approved, date: 2024-01-01, by: [ada]}]
---
id: jam_kinds
title: Kinds of jam
namespace: jam
status: approved
question: How many kinds of jam?
example: {payload: {jam_kinds: {kind_count: 3}}}
version: {since: ["5.0"]}
field: {number: 100, message: Jam, fields: [{name: kind_count, number: 1, type: uint32, min: 0, max: 4294967295, description: Kinds}]}
approval: [{decision: approved, date: 2024-01-01, by: [ada]}]
---
id: larders
title: Number of larders
status: approved
question: How many larders keep reporting?
from: [system_id]
pii: {class: none, singles_out: none, description: A count of systems}
summarization: {summaries: [{id: larders_by_age, measure: systems, by: [age_days]}]}
approval: [{decision: approved, date: 2024-01-01, by: [ada]}]
---
id: lids_share
title: Share of lids
status: approved
question: How many have lids?
from: [lids]
summarization: {summaries: [{id: lids_share, measure: systems, by: [lids]}]}
approval: [{decision: approved, date: 2024-01-01, by: [ada]}]
---
id: idea
title: An idea
status: draft
question: What if?
`

func TestCollected(t *testing.T) {
	got := collectedText(t, loadInput(t, inventory()))
	const golden = "testdata/collected.md"
	if *updatePages {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got); -update writes it:\n%s", golden, diff)
	}
	if strings.Contains(got, "An idea") {
		t.Error("a draft is on the page")
	}
}

func TestCollectedMentionsEveryLeaf(t *testing.T) {
	in := loadInput(t, pulpmetrics.Registry)
	page := collectedText(t, in)
	for i := range in.Message.Fields {
		f := &in.Message.Fields[i]
		at := strings.Index(page, "### "+f.Metric.Title.V+"\n")
		if at < 0 {
			t.Errorf("%s has no section", f.Name)
			continue
		}
		section, _, _ := strings.Cut(page[at+1:], "\n### ")
		for _, leaf := range f.Leaves {
			description := fold(leaf.Source.Description.V)
			if !strings.Contains(section, "\n- `"+leaf.Name+"`: ") || !strings.Contains(fold(section), description) {
				t.Errorf("%s: the section doesn't say what it is", f.Path(&leaf))
			}
		}
	}
	for _, line := range strings.Split(page, "\n") {
		if utf8.RuneCountInString(line) > columns && !strings.HasPrefix(line, "|") {
			t.Errorf("wider than %d columns: %s", columns, line)
		}
	}
}

// A user's own template takes the place of the built-in one.
func TestCollectedOverride(t *testing.T) {
	in := loadInput(t, inventory())
	in.Overrides = fstest.MapFS{"docs/collected.md.tmpl": {Data: []byte("# {{.Project}}\n{{range .Collected}}\n- {{.ID}}{{end}}\n")}}
	if got, want := collectedText(t, in), "<!-- "+Marker+" -->\n\n# Larder\n\n- system_id\n- shelves\n- jam_kinds\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A project without releases, docs or metrics has a page too.
func TestCollectedOfNothing(t *testing.T) {
	project, _, _ := strings.Cut(inventoryProject, "docs:")
	files := fstest.MapFS{"pulpmetrics.yaml": {Data: []byte(project)}, "proposals/README": {}}
	if got := collectedText(t, loadInput(t, files)); !strings.Contains(got, "Nothing is sent yet.") {
		t.Error(got)
	}
}

// The page speaks of the day of the newest release, whatever namespace it is of.
func TestDay(t *testing.T) {
	if got := Day(loadInput(t, inventory()).Registry); got != "2025-02-01" {
		t.Errorf("Day is %q", got)
	}
	if got := Day(&registry.Registry{Project: &proposal.Project{}}); got != "" {
		t.Errorf("Day of nothing is %q", got)
	}
}

// outlineOf lists the headings outside quotes, and whatever HTML there is.
func outlineOf(t failer, page string) (headings, html []string) {
	source := []byte(page)
	err := ast.Walk(goldmark.DefaultParser().Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Heading:
			if entering && n.Parent().Kind() == ast.KindDocument {
				headings = append(headings, string(n.Lines().Value(source)))
			}
		case *ast.RawHTML:
			if entering {
				html = append(html, string(n.Segments.Value(source)))
			}
		case *ast.HTMLBlock:
			if entering {
				html = append(html, string(n.Lines().Value(source)))
			}
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return headings, html
}

type failer interface {
	Fatalf(format string, args ...any)
}

// Whatever proposals say, it makes neither HTML nor sections of the page.
func TestCollectedIsInert(t *testing.T) {
	files := inventory()
	want, _ := outlineOf(t, collectedText(t, loadInput(t, files)))
	fragments := []string{"<script>", "</b>", "<!-- ", "<?x", "<https://a.b>", "```", "~~~", "# H", "===", "---", "- a", "1. b", "|", "`", "``", "    c",
		"\n", "\n\n", "\n\n\n", " ", "\\", "[a]: b", "*", "> q", "&lt;", "word", strings.Repeat("word ", 25), "<", "é"}
	hostile := rapid.Custom(func(t *rapid.T) string {
		return "w" + strings.Join(rapid.SliceOfN(rapid.SampledFrom(fragments), 0, 12).Draw(t, "fragments"), "")
	})
	rapid.Check(t, func(t *rapid.T) {
		in := loadInputOnce(files)
		p := in.Registry.Metric("shelves")
		p.Question.V = hostile.Draw(t, "question")
		p.Storage.Description.V, p.PII.Sanitization.V = hostile.Draw(t, "storage"), hostile.Draw(t, "pii")
		in.Message.Fields[1].Leaves[0].Source.Description.V = hostile.Draw(t, "leaf")
		p.Approval[0].Reference.V = hostile.Draw(t, "reference")
		in.Registry.Metric("spoons").Approval[1].Reason.V = hostile.Draw(t, "reason")
		page, err := generateDocs(in)
		if err != nil {
			t.Fatal(err)
		}
		headings, html := outlineOf(t, string(page["docs/collected.md"]))
		if diff := cmp.Diff(want, headings); diff != "" {
			t.Fatalf("headings (-want +got):\n%s\n%s", diff, page["docs/collected.md"])
		}
		if len(html) != 1 || !strings.HasPrefix(html[0], "<!-- "+Marker) {
			t.Fatalf("HTML: %q", html)
		}
	})
}

// loadInputOnce loads what is known to load.
func loadInputOnce(files fstest.MapFS) *Input {
	parser, _ := proposal.NewParser()
	r, _ := registry.Load(maps.Clone(files), parser)
	m, _ := wire.Compile(r, Day(r))
	return &Input{Registry: r, Message: m}
}

func TestCode(t *testing.T) {
	for _, test := range []struct{ in, want string }{{"a", "`a`"}, {"a`b", "``a`b``"}, {"`", "`` ` ``"}} {
		if got := code(test.in); got != test.want {
			t.Errorf("code(%q) is %s, want %s", test.in, got, test.want)
		}
	}
}
