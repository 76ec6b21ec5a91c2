// SPDX-License-Identifier: GPL-2.0-or-later

package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/pulp/pulpmetrics/internal/proposal"
)

var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// editor is the other end: a client that keeps what is published.
type editor struct {
	t         testing.TB
	root      string
	conn      *jsonrpc2.Conn
	published chan publishParams
	served    chan bool
}

const config = `format: 1
project: Pulp
message: Analytics
proto: analytics.proto
product: pulpcore
releases:
  core: {"3.21": 2022-09-08, "3.22": 2022-12-18}
namespaces:
  core: {numbers: 1-999}
proposals: [proposals]
sites:
  production: {url: "https://analytics.example.org/", min_age_days: 1}
retention_days: 14
min_cell: 5
approvers:
  - {handle: alice, from: 2022-01-01}
  - {handle: bob, from: 2022-01-01}
quorum: 2
`

const workers = `id: online_workers
title: Workers that are online
status: draft
question: How many workers do people run?
field:
  number: 3
  message: OnlineWorkers
  fields:
    - {name: processes, number: 1, type: uint32, min: 0, max: 1000, unit: "{process}", window: now, description: Worker processes}
summarization:
  summaries:
    - {id: workers_mean, measure: mean, of: processes}
`

func newEditor(t testing.TB, files map[string]string) *editor {
	t.Helper()
	e := &editor{t: t, root: t.TempDir(), published: make(chan publishParams, 1000), served: make(chan bool, 1)}
	for name, text := range files {
		full := filepath.Join(e.root, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ours, theirs := net.Pipe()
	s := &Server{Now: func() time.Time { return today }, Find: find, Page: func(rule string) string { return "# " + rule + "\n\nIts page." }}
	go func() {
		orderly, err := s.Serve(context.Background(), theirs)
		if err != nil {
			t.Error(err)
		}
		e.served <- orderly
	}()
	handler := jsonrpc2.HandlerWithError(func(_ context.Context, _ *jsonrpc2.Conn, req *jsonrpc2.Request) (any, error) {
		var p publishParams
		if err := json.Unmarshal(*req.Params, &p); err != nil {
			t.Error(err)
		}
		e.published <- p
		return nil, nil
	})
	e.conn = jsonrpc2.NewConn(context.Background(), jsonrpc2.NewBufferedStream(ours, jsonrpc2.VSCodeObjectCodec{}), handler)
	t.Cleanup(func() { _ = e.conn.Close() })
	return e
}

func find(folder string) (fs.FS, string, error) {
	for dir := folder; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, proposal.ProjectFile)); err == nil {
			return os.DirFS(dir), dir, nil
		}
		if dir == filepath.Dir(dir) {
			return nil, "", nil
		}
	}
}

func (e *editor) uri(file string) string { return fileURI(filepath.Join(e.root, file)) }

func (e *editor) call(method string, params, result any) {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := e.conn.Call(ctx, method, params, result); err != nil {
		e.t.Fatalf("%s: %v", method, err)
	}
}

func (e *editor) notify(method string, params any) {
	e.t.Helper()
	if err := e.conn.Notify(context.Background(), method, params); err != nil {
		e.t.Fatal(err)
	}
}

func (e *editor) start() {
	e.t.Helper()
	var result map[string]any
	e.call("initialize", initializeParams{RootURI: fileURI(e.root)}, &result)
	e.notify("initialized", map[string]any{})
}

// opens opens a document, and returns the codes of its findings with their places.
func (e *editor) opens(file, text string) string {
	e.t.Helper()
	e.notify("textDocument/didOpen", openParams{document{URI: e.uri(file), Version: 1, Text: text}})
	return e.findings(file)
}

// findings waits for what is published of a file.
func (e *editor) findings(file string) string {
	e.t.Helper()
	for {
		select {
		case p := <-e.published:
			if p.URI != e.uri(file) {
				continue
			}
			var out []string
			for _, d := range p.Diagnostics {
				out = append(out, fmt.Sprintf("%s %d:%d-%d:%d", d.Code, d.Range.Start.Line, d.Range.Start.Character, d.Range.End.Line, d.Range.End.Character))
			}
			return strings.Join(out, ", ")
		case <-time.After(30 * time.Second):
			e.t.Fatalf("nothing is published of %s", file)
		}
	}
}

// replaces types a text over a piece of a document.
func (e *editor) replaces(file string, from, to position, with string) string {
	e.t.Helper()
	e.notify("textDocument/didChange", map[string]any{
		"textDocument":   document{URI: e.uri(file), Version: 2},
		"contentChanges": []any{map[string]any{"range": span{from, to}, "text": with}},
	})
	return e.findings(file)
}

func (e *editor) completes(file string, at position) map[string]completionItem {
	e.t.Helper()
	var items []completionItem
	e.call("textDocument/completion", placeParams{document{URI: e.uri(file)}, at}, &items)
	out := map[string]completionItem{}
	for _, item := range items {
		out[item.Label] = item
	}
	return out
}

const half = `id: task_queue
title: "😀 Tasks in the queue"
status: Draft # 😀
question: Do people have enough workers?
fie
`

// One session, from the first message to the last.
func TestSession(t *testing.T) {
	e := newEditor(t, map[string]string{proposal.ProjectFile: config, "proposals/online_workers.yaml": workers, "proposals/task_queue.yaml": "id: task_queue\n"})
	if err := e.conn.Call(context.Background(), "textDocument/hover", placeParams{}, nil); err == nil || !strings.Contains(err.Error(), "-32002") {
		t.Errorf("a question before the beginning is answered: %v", err)
	}
	e.start()
	const file = "proposals/task_queue.yaml"

	// Half a document has its findings, and so has every change; columns are UTF-16 code units.
	if got := e.opens(file, half); !strings.HasPrefix(got, "syntax ") {
		t.Errorf("half typed: %s", got)
	}
	if items := e.completes(file, position{4, 3}); items["field"].TextEdit == nil || items["field"].TextEdit.NewText != "field:" || items["title"].Label != "" {
		t.Errorf("keys at the top: %v", items)
	}
	if got := e.replaces(file, position{4, 0}, position{4, 3}, "field: {number: "); !strings.HasPrefix(got, "syntax ") {
		t.Errorf("a bracket is open: %s", got)
	}
	if items := e.completes(file, position{4, 16}); items["4"].Detail != "the next free number of core" {
		t.Errorf("numbers: %v", items)
	}
	if got := e.replaces(file, position{4, 0}, position{5, 0}, "links: [https://example.org/] # 😀\n"); got != "wrong-value 2:8-2:13" {
		t.Errorf("findings: %s", got)
	}
	if got := e.replaces(file, position{2, 0}, position{2, 0}, "# 😀😀\n"); got != "wrong-value 3:8-3:13" {
		t.Errorf("after a line above: %s", got)
	}
	if got := e.replaces(file, position{1, 7}, position{1, 10}, "😀 é"); got != "wrong-value 3:8-3:13" {
		t.Errorf("after an edit of what takes two units: %s", got)
	}

	// What is under the cursor is explained.
	var h hover
	e.call("textDocument/hover", placeParams{document{URI: e.uri(file)}, position{3, 10}}, &h)
	if !strings.Contains(h.Contents.Value, "# wrong-value") || h.Contents.Kind != "markdown" {
		t.Errorf("hover: %+v", h)
	}
	e.call("textDocument/hover", placeParams{document{URI: e.uri(file)}, position{3, 2}}, &h)
	if !strings.Contains(h.Contents.Value, "**status**") || !strings.Contains(h.Contents.Value, "`not-approved`") {
		t.Errorf("hover over a key: %+v", h)
	}

	// The fix that is offered, made, is the end of the finding.
	var actions []codeAction
	e.call("textDocument/codeAction", actionParams{document{URI: e.uri(file)}, span{position{3, 9}, position{3, 9}}}, &actions)
	if len(actions) != 2 || actions[0].Kind != kindFix || actions[1].Kind != kindFixAll || !actions[0].IsPreferred {
		t.Fatalf("actions: %+v", actions)
	}
	edit := actions[0].Edit.Changes[e.uri(file)][0]
	if got := e.replaces(file, edit.Range.Start, edit.Range.End, edit.NewText); got != "" {
		t.Errorf("after the fix: %s", got)
	}

	// Where a name leads, in another file.
	e.replaces(file, position{5, 0}, position{6, 0}, "from: [online_workers]\nsummarization:\n  summaries:\n    - {id: x, measure: mean, of: online_workers.processes}\n")
	var places []location
	e.call("textDocument/definition", placeParams{document{URI: e.uri(file)}, position{8, 45}}, &places)
	if len(places) != 1 || places[0].URI != e.uri("proposals/online_workers.yaml") || places[0].Range.Start != (position{8, 13}) {
		t.Errorf("definition: %+v", places)
	}
	e.call("textDocument/definition", placeParams{document{URI: e.uri(file)}, position{5, 10}}, &places)
	if len(places) != 1 || places[0].Range.Start != (position{0, 4}) {
		t.Errorf("definition of a metric: %+v", places)
	}

	// The end.
	e.notify("textDocument/didClose", openParams{document{URI: e.uri(file)}})
	if got := e.findings(file); got != "" {
		t.Errorf("after it was closed: %s", got)
	}
	e.call("shutdown", nil, nil)
	e.notify("exit", nil)
	if orderly := <-e.served; !orderly {
		t.Error("the server thinks that the editor hung up")
	}
}

func TestCompletion(t *testing.T) {
	tests := []struct {
		name, text string // the cursor is at |
		want       []string
		never      []string
	}{
		{"enum", "status: |", []string{"draft", "withdrawn"}, []string{"title"}},
		{"nested keys", "pii:\n  |", []string{"class", "sanitization"}, []string{"title"}},
		{"keys that are there", "pii:\n  class: none\n  |", []string{"singles_out"}, []string{"class"}},
		{"nested enum", "pii:\n  class: |", []string{"pseudonymous"}, nil},
		{"keys in braces", "pii: {class: none, |", []string{"singles_out"}, []string{"class"}},
		{"enum in braces", "summarization: {summaries: [{id: x, measure: |", []string{"quantiles"}, nil},
		{"item of a list", "summarization:\n  summaries:\n    - |", []string{"measure", "by"}, nil},
		{"second key of an item", "summarization:\n  summaries:\n    - id: x\n      |", []string{"measure"}, []string{"id"}},
		{"own leaves and others", "field:\n  message: M\n  fields:\n    - {name: one, number: 1}\nsummarization:\n  summaries:\n    - {id: x, measure: mean, of: |", []string{"online_workers.processes"}, nil},
		{"keys of a summary", "summarization:\n  summaries:\n    - {id: x, measure: systems, by: [|", []string{"age_days", "online_workers.processes"}, nil},
		{"metrics", "from: [|", []string{"online_workers"}, nil},
		{"metrics in lines", "from:\n  - |", []string{"online_workers"}, nil},
		{"rules", "lint:\n  ignore:\n    - {rule: |", []string{"answer"}, []string{"seal"}},
		{"releases", "version: {since: [|", []string{"3.22"}, nil},
		{"numbers inside", "field:\n  message: M\n  fields:\n    - name: a\n      number: |", []string{"1"}, nil},
		{"bool", "load: {acceptable: |", []string{"true"}, nil},
		{"in a text", "question: |-\n  How many |", nil, []string{"title", "status"}},
		{"after a text", "question: |-\n  How many\n  title: x\n|", []string{"status"}, []string{"question"}},
		{"chart", "visualization:\n  charts:\n    - kind: |", []string{"stacked_area"}, nil},
	}
	e := newEditor(t, map[string]string{proposal.ProjectFile: config, "proposals/online_workers.yaml": workers})
	e.start()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			at := strings.LastIndex(test.text, "|")
			text := test.text[:at] + test.text[at+1:]
			file := "proposals/" + strings.ReplaceAll(test.name, " ", "_") + ".yaml"
			e.opens(file, text)
			before := text[:at]
			line := strings.Count(before, "\n")
			items := e.completes(file, position{uint32(line), uint32(len(before) - strings.LastIndex(before, "\n") - 1)})
			for _, want := range test.want {
				if items[want].Label == "" {
					t.Errorf("no `%s` among %d: %v", want, len(items), items)
				}
			}
			for _, never := range test.never {
				if items[never].Label != "" {
					t.Errorf("`%s` can't stand there", never)
				}
			}
		})
	}
}

// Documents that are none of a project's, or of no project, are nobody's business.
func TestOutside(t *testing.T) {
	e := newEditor(t, map[string]string{proposal.ProjectFile: config, "proposals/online_workers.yaml": workers})
	e.start()
	elsewhere := t.TempDir()
	for _, uri := range []string{fileURI(filepath.Join(elsewhere, "x.yaml")), "untitled:1", "https://example.org/x.yaml", "file:", "%zz", e.uri("README.yaml"), e.uri("proposals/deep/x.yaml"), e.uri("../x.yaml")} {
		e.notify("textDocument/didOpen", openParams{document{URI: uri, Text: "status: x\n"}})
		e.notify("textDocument/didChange", map[string]any{"textDocument": document{URI: uri}, "contentChanges": []any{map[string]any{"text": "status: y\n"}}})
		var h *hover
		e.call("textDocument/hover", placeParams{document{URI: uri}, position{0, 2}}, &h)
		if h != nil {
			t.Errorf("%s: %+v", uri, h)
		}
		e.notify("textDocument/didClose", openParams{document{URI: uri}})
	}
	if got := e.opens("proposals/online_workers.yaml", workers); got != "" {
		t.Errorf("after all that: %s", got)
	}
	for len(e.published) > 0 {
		if p := <-e.published; len(p.Diagnostics) > 0 {
			t.Errorf("%+v", p)
		}
	}
}

// What changes on the disk, or in another document, changes what is found here.
func TestNeighbours(t *testing.T) {
	e := newEditor(t, map[string]string{proposal.ProjectFile: config, "proposals/online_workers.yaml": workers})
	e.start()
	file := "proposals/other.yaml"
	text := "id: other\ntitle: Other things\nstatus: draft\nquestion: How many of the others are there?\nfield: {number: 3, type: bool, description: Whether there are others}\n"
	if got := e.opens(file, text); got != "unique-number 4:16-4:17" {
		t.Errorf("with the number of another: %s", got)
	}
	if err := os.Remove(filepath.Join(e.root, "proposals/online_workers.yaml")); err != nil {
		t.Fatal(err)
	}
	e.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": e.uri("proposals/online_workers.yaml"), "type": 3}}})
	if got := e.findings(file); got != "" {
		t.Errorf("after the other is gone: %s", got)
	}
	if got := e.opens(proposal.ProjectFile, strings.Replace(config, "1-999", "5-999", 1)); got != "" {
		t.Errorf("the project: %s", got)
	}
	e.notify("textDocument/didChange", map[string]any{"textDocument": document{URI: e.uri(file)}, "contentChanges": []any{map[string]any{"text": text}}})
	if got := e.findings(file); got != "number-range 4:16-4:17" {
		t.Errorf("with other ranges: %s", got)
	}
}

// pipe is a stream that says what it is told, and forgets what it hears.
type pipe struct {
	io.Reader
	io.Writer
}

func (pipe) Close() error { return nil }

// serve speaks bytes to a server, which must come to an end.
func serve(t testing.TB, data []byte) {
	t.Helper()
	s := &Server{Now: func() time.Time { return today }, Find: func(string) (fs.FS, string, error) { return memory(), "/p", nil }, Page: func(string) string { return "" }}
	done := make(chan error, 1)
	go func() { _, err := s.Serve(context.Background(), pipe{bytes.NewReader(data), io.Discard}); done <- err }()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatalf("still speaking: %q", data)
	}
}

func message(method, params string) string {
	text := fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q,"params":%s}`, method, params)
	return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(text), text)
}

func note(method, params string) string {
	text := fmt.Sprintf(`{"jsonrpc":"2.0","method":%q,"params":%s}`, method, params)
	return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(text), text)
}

// FuzzProtocol speaks nonsense to the server.
func FuzzProtocol(f *testing.F) {
	start := message("initialize", "{}")
	open := note("textDocument/didOpen", `{"textDocument":{"uri":"file:///p/proposals/a.yaml","text":"id: a\nstatus: Draft\nfield: {"}}`)
	for _, text := range []string{"", "Content-Length: 99999999999\r\n\r\n{", "Content-Length: -1\r\n\r\n", "Content-Length: x\r\n\r\n", "\r\n\r\n", start, start + open,
		start + open + message("textDocument/hover", `{"textDocument":{"uri":"file:///p/proposals/a.yaml"},"position":{"line":4294967295,"character":4294967295}}`),
		start + open + note("textDocument/didChange", `{"textDocument":{"uri":"file:///p/proposals/a.yaml"},"contentChanges":[{"range":{"start":{"line":9,"character":9},"end":{"line":1,"character":1}},"text":"\ud83d"}]}`) + message("textDocument/completion", `{"textDocument":{"uri":"file:///p/proposals/a.yaml"},"position":{"line":2,"character":8}}`),
		start + open + message("textDocument/codeAction", `{"textDocument":{"uri":"file:///p/proposals/a.yaml"},"range":{}}`) + message("shutdown", "null") + note("exit", "null"),
		message("initialize", "[]") + message("x", "1") + note("textDocument/didOpen", "null")} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) { serve(t, data) })
}

// FuzzDocument sends documents and edits that can be anything, and asks for everything at every place.
func FuzzDocument(f *testing.F) {
	f.Add(workers, "x", uint32(3), uint32(4), uint32(5), uint32(6))
	f.Add(half, "😀", uint32(1), uint32(8), uint32(1), uint32(9))
	f.Add("a: {b: [", "]", uint32(0), uint32(8), uint32(9), uint32(9))
	f.Add("- - x: |\n  \t'", ":", uint32(0), uint32(1), uint32(0), uint32(2))
	f.Fuzz(func(t *testing.T, text, with string, a, b, c, d uint32) {
		uri, _ := json.Marshal("file:///p/proposals/a.yaml")
		quote := func(s string) string { q, _ := json.Marshal(s); return string(q) }
		doc := fmt.Sprintf(`"textDocument":{"uri":%s,"text":%s}`, uri, quote(text))
		place := fmt.Sprintf(`{%s,"position":{"line":%d,"character":%d}}`, doc, c%20, d%80)
		serve(t, []byte(message("initialize", "{}")+note("textDocument/didOpen", "{"+doc+"}")+
			note("textDocument/didChange", fmt.Sprintf(`{%s,"contentChanges":[{"range":{"start":{"line":%d,"character":%d},"end":{"line":%d,"character":%d}},"text":%s}]}`, doc, a, b, c, d, quote(with)))+
			message("textDocument/hover", place)+message("textDocument/completion", place)+message("textDocument/definition", place)+
			message("textDocument/codeAction", fmt.Sprintf(`{%s,"range":{"start":{"line":0,"character":0},"end":{"line":%d,"character":%d}}}`, doc, c, d))))
	})
}
