// SPDX-License-Identifier: GPL-2.0-or-later

package lsp

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// memory is a project in memory.
func memory() fs.FS {
	return fstest.MapFS{proposal.ProjectFile: {Data: []byte(config)}, "proposals/online_workers.yaml": {Data: []byte(workers)}}
}

// A place is where it was after it went to the editor and back, and an edit there is one of it alone.
func TestPositions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.StringOf(rapid.SampledFrom([]rune{'a', 'é', '日', '😀', ' ', '\u0301'})), 1, 5).Draw(t, "lines")
		doc := newText(strings.Join(lines, "\n"))
		line := rapid.IntRange(1, len(lines)).Draw(t, "line")
		column := rapid.IntRange(1, len([]rune(lines[line-1]))+1).Draw(t, "column")
		place := source.Pos{Line: int32(line), Column: int32(column)}
		there := doc.position(place)
		if back := doc.place(there); back != place {
			t.Errorf("%v is %v, and %v again, in %q", place, there, back, lines)
		}
		want, err := source.Apply([]byte(doc.data), []source.Edit{{Span: source.Span{Start: place, End: place}, Text: "X"}})
		if err != nil {
			t.Fatal(err)
		}
		if got := doc.change(&span{there, there}, "X"); got.data != string(want) {
			t.Errorf("%q, want %q", got.data, want)
		}
	})
}
