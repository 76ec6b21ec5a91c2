// SPDX-License-Identifier: GPL-2.0-or-later

package cli_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/pulp/pulpmetrics"
	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/lint"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
)

// optional are breakages that leave a whole proposal: the format lets these keys go, or any such
// value stand there.
var optional = []string{
	`delete (alternatives|authors|discussion|example\.notes|links|namespace|parking_lot)`,
	`delete (example|from|load|pii|storage|summarization|visualization)`, // of a draft
	`delete (field\.number|pii\.sanitization)`,                           // not approved yet; nothing to sanitize
	`delete approval\.\d+\.date`,                                         // of what was decided before
	`delete approval\.\d+\.seal`,                                         // of what was turned down
	`delete field\.(fields\.\d+\.)?(absent|label|unit|weights|window)`,
	`delete summarization\.summaries\.\d+\.(by|by\.\d+\.as|population)`,
	`delete visualization\.charts\.\d+\.(day|stack|series\.as)`,
	`typo (example\.payload\.components\.\d+\.name|field\.members\.\d+\.name|summarization\.summaries\.\d+\.id)`,
}

// elsewhere are breakages that are noticed where something else relies on what was broken.
var elsewhere = []string{
	`delete (field|summarization|visualization|summarization\.summaries\.\d+\.by(\.\d+\.as)?)`,
	`typo (field\.fields\.\d+\.name|summarization\.summaries\.\d+\.id)`,
	`TODO field\.fields\.\d+\.pattern`,
}

// exceptions are the breakages that one of the lists names, and whether each line of it was used.
type exceptions struct {
	patterns []*regexp.Regexp
	used     []atomic.Bool
}

func newExceptions(list []string) *exceptions {
	e := &exceptions{used: make([]atomic.Bool, len(list))}
	for _, text := range list {
		e.patterns = append(e.patterns, regexp.MustCompile(`^(`+text+`)$`))
	}
	return e
}

func (e *exceptions) has(b breakage) bool {
	i := slices.IndexFunc(e.patterns, func(p *regexp.Regexp) bool { return p.MatchString(b.how + " " + b.path) })
	if i >= 0 {
		e.used[i].Store(true)
	}
	return i >= 0
}

func (e *exceptions) stale(t *testing.T) {
	for i := range e.used {
		if !e.used[i].Load() {
			t.Errorf("nothing needs the exception %s any more: delete its line", e.patterns[i])
		}
	}
}

// TestBreak breaks every key of every proposal in every way that it can think of. Each time lint
// has to find an error that points at the key that was broken, or at what lacks it.
func TestBreak(t *testing.T) {
	files, err := filepath.Glob("../../proposals/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no proposals: %v", err)
	}
	parser, err := proposal.NewParser()
	if err != nil {
		t.Fatal(err)
	}
	silent, distant := newExceptions(optional), newExceptions(elsewhere)
	t.Run("proposals", func(t *testing.T) {
		for _, file := range files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
				t.Parallel()
				breakFile(t, parser, file, silent, distant)
			})
		}
	})
	silent.stale(t)
	distant.stale(t)
}

func breakFile(t *testing.T, parser *proposal.Parser, file string, silent, distant *exceptions) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	name := "proposals/" + filepath.Base(file)
	fsys := surroundings(t, text)
	fsys[name] = &fstest.MapFile{Data: text}
	if lines := errorLines(t, parser, fsys, name, true); len(lines) > 0 {
		t.Fatalf("there are errors on lines %v before anything is broken", lines)
	}
	for _, b := range breakages(t, text) {
		if _, problems := parser.Proposal(name, b.text); slices.ContainsFunc(problems, b.explains) {
			continue // lint reports every problem of the structure as an error
		}
		fsys[name] = &fstest.MapFile{Data: b.text}
		lines := errorLines(t, parser, fsys, name, strings.HasPrefix(b.path, "approval"))
		switch {
		case len(lines) == 0 && !silent.has(b):
			t.Errorf("%s %s is not noticed", b.how, b.path)
		case len(lines) > 0 && !slices.ContainsFunc(lines, b.meant) && !distant.has(b):
			t.Errorf("%s %s: findings on lines %v, and none on %v", b.how, b.path, lines, b.lines)
		}
	}
}

var config = sync.OnceValue(func() []byte {
	data, err := os.ReadFile("testdata/break.yaml")
	if err != nil {
		panic(err)
	}
	return data
})

// surroundings is the project with as few other proposals as the text refers to.
func surroundings(t *testing.T, text []byte) fstest.MapFS {
	t.Helper()
	fsys := fstest.MapFS{proposal.ProjectFile: {Data: config()}}
	files, err := fs.Glob(pulpmetrics.Registry, "proposals/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := fs.ReadFile(pulpmetrics.Registry, file)
		if err != nil {
			t.Fatal(err)
		}
		id := []byte(strings.TrimSuffix(filepath.Base(file), ".yaml"))
		reads := bytes.Contains(from.Find(text), id) || bytes.Contains(text, []byte("core_xy")) && string(id) == "components"
		if reads || bytes.Contains(from.Find(data), idOf(text)) {
			fsys[file] = &fstest.MapFile{Data: data}
		}
	}
	return fsys
}

var from = regexp.MustCompile(`(?m)^from: .*$`)

func idOf(text []byte) []byte {
	return bytes.TrimPrefix(regexp.MustCompile(`(?m)^id: \w+$`).Find(text), []byte("id: "))
}

// errorLines returns the lines of the errors about a file. A seal notices nearly every change: without
// seals, the other rules have to notice by themselves.
func errorLines(t *testing.T, parser *proposal.Parser, fsys fs.FS, name string, seals bool) (lines []int) {
	t.Helper()
	r, err := registry.Load(fsys, parser)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range lint.Run(r, now) {
		if d.Severity == diag.Error && d.File == name && (seals || d.Rule != "seal") {
			lines = append(lines, int(d.Span.Start.Line))
		}
	}
	return slices.Compact(lines)
}

// breakage is a proposal with one key broken, and the lines that a finding may point at.
type breakage struct {
	how, path string
	text      []byte
	lines     [][2]int // from and to, both inclusive
}

func (b breakage) meant(line int) bool {
	return slices.ContainsFunc(b.lines, func(r [2]int) bool { return r[0] <= line && line <= r[1] })
}

func (b breakage) explains(p source.Problem) bool { return b.meant(int(p.Span.Start.Line)) }

// breaker collects the breakages of one file.
type breaker struct {
	text   []byte
	starts []int // offset of each line
	list   []breakage
	seen   map[string]bool
}

func breakages(t *testing.T, text []byte) []breakage {
	t.Helper()
	root, problems := source.Parse(text)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	b := &breaker{text: text, starts: []int{0}, seen: map[string]bool{}}
	for i, c := range text {
		if c == '\n' {
			b.starts = append(b.starts, i+1)
		}
	}
	b.walk("", source.Span{}, root)
	return b.list
}

// walk breaks every key of a value, but for weights: they are estimates, not answers. The parent is where the key stands that holds the value.
func (b *breaker) walk(path string, parent source.Span, v source.Value) {
	for i, e := range v.Entries {
		at := strings.TrimPrefix(path+"."+e.Key.V, ".")
		b.entry(at, parent, v, i)
		if e.Key.V != "weights" {
			b.walk(at, e.Key.Span, e.Value)
		}
	}
	for i, item := range v.Items {
		key := parent
		if len(item.Entries) > 0 {
			key = item.Entries[0].Key.Span
		}
		b.walk(fmt.Sprintf("%s.%d", path, i), key, item)
	}
}

var word = regexp.MustCompile(`^[a-z]+([_-][a-z]+)*$`)

func (b *breaker) entry(path string, parent source.Span, v source.Value, i int) {
	e := v.Entries[i]
	key, colon, end := b.offset(e.Key.Span.Start), b.offset(e.Key.Span.End)+1, b.offset(e.Value.Span.End)
	here := [][2]int{{int(e.Key.Span.Start.Line), int(e.Value.Span.End.Line)}}
	put := func(how, value string) { b.add(how, path, here, colon, end, value) }
	put("empty", "")
	put("TODO", " TODO")
	if e.Value.Kind == source.Map {
		put("list", " [wrong, type]")
	} else {
		put("mapping", " {wrong: type}")
	}
	if e.Value.Kind == source.String {
		put("blank", ` ""`)
	}
	b.add("typo in key", path, here, colon-1, colon, "x:")
	if e.Value.Kind == source.String && word.MatchString(e.Value.Text) {
		b.add("typo", path, here, end, end, "x")
	}
	b.remove(path, parent, v, i, key, end)
}

// remove deletes a key with its value. What lacks it then is its mapping; the status is what asks
// for answers.
func (b *breaker) remove(path string, parent source.Span, v source.Value, i, key, end int) {
	lines := [][2]int{{1, 3}} // where the first keys and the status stand
	if parent != (source.Span{}) {
		lines = append(lines, [2]int{int(parent.Start.Line), int(v.Span.End.Line)})
	}
	lines = append(lines, b.near()...)
	start := b.starts[v.Entries[i].Key.Span.Start.Line-1]
	switch before := string(b.text[start:key]); {
	case b.text[b.offset(v.Span.Start)] == '{':
		rest := b.text[end:]
		switch trimmed := bytes.TrimLeft(rest, " \n"); {
		case trimmed[0] == ',':
			end += len(rest) - len(bytes.TrimLeft(trimmed[1:], " \n"))
		case i > 0:
			key = b.offset(v.Entries[i-1].Value.Span.End)
		}
		b.add("delete", path, lines, key, end, "")
	case strings.TrimSpace(before) == "":
		newline := bytes.IndexByte(b.text[end:], '\n')
		b.add("delete", path, lines, start, end+newline+1, "")
	case len(v.Entries) > 1:
		b.add("delete", path, lines, key, b.offset(v.Entries[1].Key.Span.Start), "")
	default:
		b.add("delete", path, lines, key, end, "{}")
	}
}

// near is where the answers are asked for: the line of the status.
func (b *breaker) near() (lines [][2]int) {
	for i := range b.starts {
		if bytes.HasPrefix(b.text[b.starts[i]:], []byte("status:")) {
			lines = append(lines, [2]int{i, i + 1})
		}
	}
	return lines
}

var index = regexp.MustCompile(`\.\d+`)

// add keeps a breakage; of items of one list that are broken in one way, the first.
func (b *breaker) add(how, path string, lines [][2]int, from, to int, with string) {
	kind := how + " " + index.ReplaceAllString(path, "")
	if b.seen[kind] {
		return
	}
	b.seen[kind] = true
	text := slices.Concat(b.text[:from], []byte(with), b.text[to:])
	b.list = append(b.list, breakage{how, path, text, lines})
}

func (b *breaker) offset(p source.Pos) int {
	at := b.starts[p.Line-1]
	for range p.Column - 1 {
		_, size := utf8.DecodeRune(b.text[at:])
		at += size
	}
	return at
}
