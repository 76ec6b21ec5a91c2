// SPDX-License-Identifier: GPL-2.0-or-later

package proposal

import (
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"github.com/pulp/pulpmetrics/internal/source"
)

func realFiles(t *testing.T) (paths []string) {
	t.Helper()
	paths, err := filepath.Glob("../../proposals/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no proposals: %v", err)
	}
	return paths
}

func readValue(t *testing.T, path string) source.Value {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	v, problems := source.Parse(data)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return v
}

// The acceptor is of use only if it says yes to files that are right.
func TestAcceptsRealFiles(t *testing.T) {
	p, err := NewParser()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range realFiles(t) {
		if !p.proposal.quick.accept(readValue(t, path)) {
			t.Errorf("%s goes the slow way", path)
		}
	}
}

// And it may never say yes to what the library refuses: here to real files with something
// replaced, dropped, doubled or renamed.
func TestAcceptorNeverAcceptsMore(t *testing.T) {
	p, err := NewParser()
	if err != nil {
		t.Fatal(err)
	}
	var roots []source.Value
	for _, path := range realFiles(t) {
		roots = append(roots, readValue(t, path))
	}
	yes, no := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		root := mutate(t, rapid.SampledFrom(roots).Draw(t, "file"))
		if !p.proposal.quick.accept(root) {
			no++
			return
		}
		yes++
		if err := p.proposal.root.Validate(root.Any()); err != nil {
			t.Fatalf("accepted, and the library says: %v", err)
		}
	})
	if yes == 0 || no == 0 {
		t.Errorf("the changes say nothing: %d accepted, %d refused", yes, no)
	}
}

// mutate returns a copy of v in which one node, chosen on the way down, is another.
func mutate(t *rapid.T, v source.Value) source.Value {
	children := len(v.Items) + len(v.Entries)
	if children == 0 || rapid.IntRange(0, 5).Draw(t, "stop") == 0 {
		return replacement(t, v)
	}
	i := rapid.IntRange(0, children-1).Draw(t, "child")
	if v.Kind == source.List {
		v.Items = append([]source.Value{}, v.Items...)
		v.Items[i] = mutate(t, v.Items[i])
		return v
	}
	v.Entries = append([]source.Entry{}, v.Entries...)
	switch rapid.IntRange(0, 8).Draw(t, "change") {
	case 0:
		v.Entries = append(v.Entries[:i], v.Entries[i+1:]...)
	case 1:
		v.Entries[i].Key.V = rapid.SampledFrom([]string{"", "id", "odd key", "1", "3.21"}).Draw(t, "key")
	default:
		v.Entries[i].Value = mutate(t, v.Entries[i].Value)
	}
	return v
}

func replacement(t *rapid.T, v source.Value) source.Value {
	kind := rapid.SampledFrom([]source.Kind{v.Kind, source.Null, source.Bool, source.Int, source.Float, source.String, source.List, source.Map}).Draw(t, "kind")
	out := source.Value{Kind: kind}
	switch kind {
	case source.Bool:
		out.Text = "true"
	case source.Int:
		out.Text = rapid.SampledFrom([]string{"0", "-1", "1", "7", "536870912", "99999999999999999999"}).Draw(t, "int")
	case source.Float:
		out.Text = rapid.SampledFrom([]string{"0.5", "1.0", "-3.5"}).Draw(t, "float")
	case source.String:
		out.Text = rapid.SampledFrom([]string{"", "x", "approved", "2022-02-03", "2022-13-03", "3.21", "version", "sha256:00", "Ünï"}).Draw(t, "text")
	case source.List:
		for range rapid.IntRange(0, 2).Draw(t, "items") {
			out.Items = append(out.Items, source.Value{Kind: source.String, Text: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "item")})
		}
	}
	return out
}
