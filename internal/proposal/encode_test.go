// SPDX-License-Identifier: GPL-2.0-or-later

package proposal

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pulp/pulpmetrics/internal/source"
)

// drawText draws texts with what YAML could read as something else.
func drawText(t *rapid.T) string {
	part := rapid.SampledFrom([]string{"a", "word", " ", "  ", "\n", "\n\n", "\t", "#", " # ", ": ", ":", "- ", "[", "]", "{", "}", ",", "'", "\"", "|", ">", "\\", "%", "@", "`", "yes", "no", "null", "~", "1", "3.10", "é", "日", "\u202e", "\u2028", "\x00", "\x7f", "---", "...", "!x", "&a", "*b", "?"})
	return strings.Join(rapid.SliceOfN(part, 0, 8).Draw(t, "parts"), "")
}

func drawValue(t *rapid.T, depth int) source.Value {
	kinds := []source.Kind{source.String, source.String, source.Int, source.Bool}
	if depth > 0 {
		kinds = append(kinds, source.Map, source.List, source.Map, source.List)
	}
	switch kind := rapid.SampledFrom(kinds).Draw(t, "kind"); kind {
	case source.Map:
		return drawMap(t, depth-1)
	case source.List:
		v := source.Value{Kind: kind}
		for range rapid.IntRange(0, 3).Draw(t, "items") {
			v.Items = append(v.Items, drawValue(t, depth-1))
		}
		return v
	case source.Int:
		return source.Value{Kind: kind, Text: rapid.SampledFrom([]string{"0", "-3", "12345678901234567890"}).Draw(t, "number")}
	case source.Bool:
		return source.Value{Kind: kind, Text: rapid.SampledFrom([]string{"true", "false"}).Draw(t, "bool")}
	}
	return source.Value{Kind: source.String, Text: drawText(t)}
}

func drawMap(t *rapid.T, depth int) source.Value {
	v := source.Value{Kind: source.Map}
	for _, key := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"id", "name", "3.21", "a b", "yes", "key: x", "#"}), 0, 4, rapid.ID).Draw(t, "keys") {
		v.Entries = append(v.Entries, source.Entry{Key: source.Text{V: key}, Value: drawValue(t, depth)})
	}
	return v
}

// What is written is read as the same; comments say nothing.
func TestEncode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		root := drawMap(t, 3)
		root.Entries = append(root.Entries, source.Entry{Key: source.Text{V: "last"}, Value: source.Value{Kind: source.String, Text: "x"}})
		data := Encode(root, map[string]string{"last": drawText(t), "": drawText(t)}, "../schema.json")
		read, problems := source.Parse(data)
		if len(problems) > 0 {
			t.Fatalf("%v\n%s", problems, data)
		}
		if !source.Same(root, read) {
			t.Errorf("wrote %+v\nread %+v\n%s", root, read, data)
		}
	})
}
