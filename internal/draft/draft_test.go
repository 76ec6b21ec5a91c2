// SPDX-License-Identifier: GPL-2.0-or-later

package draft

import (
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

var update = flag.Bool("update", false, "write the drafts into testdata")

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestMarkdown(t *testing.T) {
	for _, name := range []string{"old", "template", "form"} {
		t.Run(name, func(t *testing.T) {
			a, notes := Markdown(read(t, "testdata/"+name+".md"))
			a.ID, a.Number = "postgresql_version", 12
			if a.Title == "" {
				a.Title = "A title"
			}
			got := string(a.YAML("../schema/proposal.schema.json")) + "\n# -- notes --\n# " + strings.Join(notes, "\n# ") + "\n"
			if *update {
				if err := os.WriteFile("testdata/"+name+".yaml", []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(read(t, "testdata/"+name+".yaml")), got); diff != "" {
				t.Errorf("draft (-want +got):\n%s", diff)
			}
			checkKept(t, string(read(t, "testdata/"+name+".md")), []byte(got))
		})
	}
}

var word = regexp.MustCompile(`[\pL\pN]+`)

// checkKept holds that every word below a heading, and of every heading that is no question, is in the
// file, as often as in the document.
func checkKept(t interface {
	Helper()
	Errorf(string, ...any)
}, document string, file []byte) {
	t.Helper()
	root, problems := source.Parse(file)
	if len(problems) > 0 {
		t.Errorf("no YAML: %v\n%s", problems, file)
		return
	}
	had := map[string]int{}
	for _, line := range strings.Split(string(file), "\n") {
		if strings.HasPrefix(line, "#") {
			for _, w := range word.FindAllString(line, -1) {
				had[w]++
			}
		}
	}
	var walk func(v source.Value)
	walk = func(v source.Value) {
		for _, w := range word.FindAllString(v.Text, -1) {
			had[w]++
		}
		for _, e := range v.Entries {
			walk(e.Value)
		}
		for _, item := range v.Items {
			walk(item)
		}
	}
	walk(root)
	for _, p := range pieces([]byte(document)) {
		text := p.body
		if q, behind := question(p.heading); q == qNone {
			text += " " + p.heading
		} else {
			text += " " + behind
		}
		if cleaned(p.body) == "" && emptyOption.MatchString(normal(p.heading)) || strings.TrimSpace(p.body) == "_No response_" {
			continue
		}
		for _, w := range word.FindAllString(text, -1) {
			if had[w]--; had[w] < 0 {
				t.Errorf("lost `%s`, below `%s`:\n%s", w, p.heading, file)
				return
			}
		}
	}
}

// drawDocument draws a document of questions, some twice and some missing, and of what is none.
func drawDocument(t *rapid.T) string {
	var asked []string
	for heading := range headings() {
		asked = append(asked, heading)
	}
	slices.Sort(asked)
	asked = append(asked, "Is this approved/not-approved?", "How can we sanitize this output? By hand", "Something else", "Title", "Option 1", "tags: `x`")
	text := rapid.SampledFrom([]string{"No.", "words of an answer", "3.21", "- one\n- two\n  more", "* 2022-01-02: said\n* loose", "```\n# code\n```", "> quoted\n> # heading", "Setext\n===", "Under\n---", "# ", "yes: no # maybe", "a  b", "\ttab", "<!-- hint -->", "é\u202e\u2028x", "_No response_ not", "1. first", "| a | b |"})
	var b strings.Builder
	for range rapid.IntRange(0, 8).Draw(t, "parts") {
		if rapid.Bool().Draw(t, "heading") {
			b.WriteString(strings.Repeat("#", rapid.IntRange(1, 6).Draw(t, "level")) + " " + rapid.SampledFrom(asked).Draw(t, "asked") + "\n")
		} else {
			b.WriteString("\n" + text.Draw(t, "text") + "\n\n")
		}
	}
	return b.String()
}

// Whatever headings there are, nothing is lost, and what comes out is a draft.
func TestNothingLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		document := drawDocument(t)
		a, _ := Markdown([]byte(document))
		a.ID = "x"
		checkKept(t, document, a.YAML(""))
	})
}

func FuzzMarkdown(f *testing.F) {
	for _, name := range []string{"old", "template", "form"} {
		data, err := os.ReadFile("testdata/" + name + ".md")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, _ := Markdown(data)
		a.ID, a.Title = "x", "T"
		if _, problems := source.Parse(a.YAML("")); len(problems) > 0 && len(data) < source.MaxBytes/16 && problems[0].Code != source.CodeLimits {
			t.Errorf("%v\n%s", problems, a.YAML(""))
		}
	})
}

// A message of two counts is a whole draft, and clean but for what only people can say.
func TestLeaves(t *testing.T) {
	a := Answers{ID: "task_queue", Title: "Tasks", Number: 12, Question: "How many tasks wait?"}
	for _, text := range []string{
		`name: waiting, min: 0, max: 100000, unit: "{task}", window: now, description: Tasks that wait, example: 3, summarize: mean`,
		`{name: running, min: 0, max: 100000, unit: "{task}", window: now, description: Tasks that run, example: 2, summarize: mean}`,
	} {
		l, err := ParseLeaf(text)
		if err != nil {
			t.Fatal(err)
		}
		a.Leaves = append(a.Leaves, l)
	}
	want := `id: task_queue
title: Tasks
status: draft
question: How many tasks wait?

example:
  payload: {task_queue: {waiting: 3, running: 2}}

field:
  number: 12
  message: TaskQueue
  fields:
    - name: waiting
      number: 1
      type: uint32
      min: 0
      max: 100000
      unit: "{task}"
      window: now
      description: Tasks that wait
    - name: running
      number: 2
      type: uint32
      min: 0
      max: 100000
      unit: "{task}"
      window: now
      description: Tasks that run

summarization:
  summaries:
    - {id: task_queue_waiting_mean, measure: mean, of: waiting}
    - {id: task_queue_running_mean, measure: mean, of: running}

visualization:
  charts:
    - {title: Tasks, kind: line, summaries: [task_queue_waiting_mean, task_queue_running_mean]}
`
	got := string(a.YAML(""))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("draft (-want +got):\n%s", diff)
	}
	parser, err := proposal.NewParser()
	if err != nil {
		t.Fatal(err)
	}
	if _, problems := parser.Proposal("x", []byte(got)); len(problems) > 0 {
		t.Error(problems)
	}
}

func TestParseLeaf(t *testing.T) {
	for text, want := range map[string]string{
		"name: a, min: 0, max: 10":           "uint32",
		"name: a, min: 0, max: 5000000000":   "uint64",
		"name: a, min: -1, max: 10":          "int64",
		"name: a, min: 0.5, max: 10":         "double",
		"name: a, values: [0, 1, 8]":         "uint32",
		"name: a, values: [x, y]":            "string",
		"name: a, format: version":           "string",
		"name: a, type: int32, min: 0":       "int32",
		"name: a, enum: E, members: []":      "",
		"name: a, description: Nothing else": "",
	} {
		l, err := ParseLeaf(text)
		if err != nil || l.text("type") != want {
			t.Errorf("%s is %q, want %q: %v", text, l.text("type"), want, err)
		}
	}
	for _, bad := range []string{"", "{", "a: b: c", "summarize: median, name: a", "example: 1", "&x y"} {
		if _, err := ParseLeaf(bad); err == nil {
			t.Errorf("%q is taken for a leaf", bad)
		}
	}
}

func TestIDFrom(t *testing.T) {
	for title, want := range map[string]string{"Versions of PostgreSQL": "versions_of_postgresql", "  3 Things!": "things", "": "", strings.Repeat("word ", 40): strings.TrimSuffix(strings.Repeat("word_", 13), "_"), strings.Repeat("x", 99): ""} {
		if got := IDFrom(title); got != want {
			t.Errorf("%q is %q, want %q", title, got, want)
		}
	}
}
