// SPDX-License-Identifier: GPL-2.0-or-later

package wire_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/pulp/pulpmetrics"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// TestImportOfTheWire imports the message that installations send, and holds each draft against the
// proposal that describes the same field.
func TestImportOfTheWire(t *testing.T) {
	data, err := os.ReadFile("testdata/analytics.proto")
	if err != nil {
		t.Fatal(err)
	}
	skeletons, problems, err := wire.Skeletons("analytics.proto", data, "", "Analytics")
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	parser, err := proposal.NewParser()
	if err != nil {
		t.Fatal(err)
	}
	real, err := registry.Load(pulpmetrics.Registry, parser)
	if err != nil {
		t.Fatal(err)
	}
	for i := range skeletons {
		p := readDraft(t, parser, &skeletons[i])
		q := real.Metric(p.ID.V)
		if q == nil {
			t.Errorf("%s is no metric", p.ID.V)
			continue
		}
		sameField(t, p.ID.V, p.Field, q.Field)
	}
	if len(skeletons) != 6 {
		t.Errorf("%d drafts", len(skeletons))
	}
	if q := skeletons[0].Question; q != "How many installations are there?" {
		t.Errorf("the question is %q", q)
	}
	if d := skeletons[4].Description; d != "PostgreSQL's server_version_num" {
		t.Errorf("the description is %q", d)
	}
}

// TestImportOfWhatIsGenerated holds drafts of our own message against the proposals that it was
// generated from: what was written comes back, and nothing of what generate added.
func TestImportOfWhatIsGenerated(t *testing.T) {
	data, err := os.ReadFile("../../gen/analytics.proto")
	if err != nil {
		t.Fatal(err)
	}
	skeletons, problems, err := wire.Skeletons("analytics.proto", data, "", "Analytics")
	if err != nil || len(problems) > 0 || len(skeletons) == 0 {
		t.Fatal(err, problems)
	}
	parser, err := proposal.NewParser()
	if err != nil {
		t.Fatal(err)
	}
	real, err := registry.Load(pulpmetrics.Registry, parser)
	if err != nil {
		t.Fatal(err)
	}
	words := func(text string) string { return strings.TrimSuffix(strings.Join(strings.Fields(text), " "), ".") }
	for i := range skeletons {
		s := &skeletons[i]
		p := real.Metric(s.ID)
		question, _, _ := strings.Cut(p.Question.V, "\n\n")
		if words(s.Question) != words(question) {
			t.Errorf("%s asks %q, and the proposal %q", s.ID, s.Question, question)
		}
		drafted := s.Leaves
		if s.Message == "" {
			drafted = []proposal.SkeletonLeaf{s.SkeletonLeaf}
		}
		for j, leaf := range p.Field.Leaves() {
			if got, want := drafted[j].Description, words(leaf.Description.V); got != want || got == "" {
				t.Errorf("%s.%s: %q, and the proposal has %q", s.ID, leaf.Name.V, got, want)
			}
		}
	}
}

// TestImportedComments holds what becomes of comments that people wrote.
func TestImportedComments(t *testing.T) {
	tests := []struct{ comment, question, description string }{
		{"// How many?", "How many?", ""},
		{"// How many?\n//\n// And why.\n// See proposals/x.yaml for more", "How many?", ""},
		{"// How many,\n// and where?\n//\n// More", "How many,\nand where?", ""},
		{"// Workers\n//\n// of a host", "", "Workers of a host"},
		{"// Workers.\n//\n// Values: a number from 0 to 1.", "", "Workers"},
		{"// How many?\n//\n// Suspended: what is sent is dropped. See proposals/a.yaml.\n//\n// Workers.", "How many?", "Workers"},
	}
	for _, tt := range tests {
		skeletons, _, err := wire.Skeletons("a.proto", []byte("syntax = \"proto2\";\nmessage A {\n"+tt.comment+"\noptional int32 a = 1; }"), "", "")
		if err != nil || len(skeletons) != 1 {
			t.Fatal(tt.comment, err)
		}
		if s := skeletons[0]; s.Question != tt.question || s.Description != tt.description {
			t.Errorf("%q: %q, %q", tt.comment, s.Question, s.Description)
		}
	}
}

func readDraft(t *testing.T, parser *proposal.Parser, s *proposal.Skeleton) *proposal.Proposal {
	t.Helper()
	p, problems := parser.Proposal("proposals/"+s.ID+".yaml", s.YAML("../schema/proposal.schema.json"))
	for _, problem := range problems {
		if problem.Code != proposal.CodeMissingKey {
			t.Fatalf("%s: %s\n%s", problem.Code, problem.Message, s.YAML(""))
		}
	}
	if p == nil || p.Field == nil || p.Status.V != proposal.Draft || p.ID.V != s.ID || p.Question.V != "" && strings.TrimSpace(p.Question.V) != strings.TrimSpace(s.Question) {
		t.Fatalf("%+v is read as %+v", s, p)
	}
	return p
}

func sameField(t *testing.T, id string, got, want *proposal.Field) {
	t.Helper()
	label := func(l *proposal.Leaf) string { return strings.Replace(l.Label.V, proposal.Optional, "", 1) }
	if got.Number.V != want.Number.V || label(&got.Leaf) != label(&want.Leaf) || got.Message.V != want.Message.V {
		t.Errorf("%s: %+v, and the proposal has %+v", id, got, want)
	}
	leaves, wanted := got.Leaves(), want.Leaves()
	if len(leaves) != len(wanted) {
		t.Fatalf("%s has %d leaves, and the proposal %d", id, len(leaves), len(wanted))
	}
	for i, l := range leaves {
		w := wanted[i]
		if l.Name.V != w.Name.V || l.Number.V != w.Number.V || l.Type.V != w.Type.V || label(l) != label(w) {
			t.Errorf("%s.%s: %+v, and the proposal has %+v", id, l.Name.V, l, w)
		}
	}
}

func TestImportProblems(t *testing.T) {
	tests := []struct{ body, want string }{
		{`map<string, int32> m = 1;`, "1:27 `m` is a map"},
		{`oneof o { int32 a = 1; }`, "1:37 `a` is part of a oneof"},
		{`optional group G = 1 { optional int32 a = 1; }`, "1:27 `g` is a group"},
		{`optional bytes b = 1;`, "1:27 `b` holds bytes"},
		{`optional x.Y b = 1;`, "1:27 `b` is of a type of another file, `x.Y`"},
		{`repeated int32 b = 1;`, "1:27 `b` is a list of scalars"},
		{`optional M b = 1; message M { optional M c = 2; }`, "1:57 `b.c` is a message inside a message"},
		{`optional M b = 1; message M { repeated int32 c = 2; }`, "1:57 `b.c` is a list inside a message"},
		{`optional M b = 1; optional M c = 2; message M { optional int32 d = 1; }`, "1:45 `c` is of the type `M`, which `b` has declared"},
		{`optional E b = 1; enum E { E_A = 0; E_B = 1; }`, "1:54 `E_A` has the number 0"},
		{`optional E b = 1; enum E { option allow_alias = true; E_B = 1; E_C = 1; }`, "1:90 `E_C` is another name of the number 1"},
		{`optional E b = 1; enum E { B = 1; }`, "1:54 `B` becomes `E_B`"},
		{`optional int32 ` + strings.Repeat("a", 65) + ` = 1;`, "1:27 `" + strings.Repeat("a", 65) + "` has a name of more"},
		{`reserved 4 to 6;`, "1:36 `A` reserves the numbers 4 to 6"},
		{`extensions 4;`, "1:38 `A` leaves the number 4 to extensions"},
		{`} extend A { optional int32 e = 4;`, "1:40 `e` extends `A`"},
	}
	for _, tt := range tests {
		text := `syntax="proto2";message A{` + tt.body + `}`
		_, problems, err := wire.Skeletons("a.proto", []byte(text), "A", "")
		if err != nil {
			t.Errorf("%s: %v", tt.body, err)
			continue
		}
		found := false
		var all []string
		for _, p := range problems {
			text := fmt.Sprintf("%d:%d %s", p.Span.Start.Line, p.Span.Start.Column, p.Message)
			all = append(all, text)
			found = found || strings.HasPrefix(text, tt.want) && p.Help != "" && p.Code == wire.CodeImport
		}
		if !found {
			t.Errorf("%s: %q, want %q", tt.body, all, tt.want)
		}
	}
	for _, text := range []string{"", "message", `syntax = "proto2"; enum E { A = 1; }`, strings.Repeat("{", 200), `message A { optional int32 a = 1; optional int32 b = 1; }`, string(make([]byte, 2<<20))} {
		_, _, err := wire.Skeletons("a.proto", []byte(text), "", "A")
		var bad *wire.ProtoError
		if !errors.As(err, &bad) {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

// FuzzSkeletons holds any .proto to this: what is read of it becomes drafts that can be read again,
// with the same names and numbers, and a place in the file for each problem.
func FuzzSkeletons(f *testing.F) {
	data, err := os.ReadFile("testdata/analytics.proto")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data))
	f.Add("syntax = \"proto3\"; package a; message M { optional E e = 1; enum E { E_A = 0; E_B = 2; /* two\n\x01: # */ } map<int32,int32> m = 3; reserved 5 to max; }")
	f.Add("edition = \"2023\"; message M { message N { uint32 a = 1; } N n = 3; oneof o { bytes b = 4; } extensions 9; } extend M { string s = 9; }")
	parser, err := proposal.NewParser()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		skeletons, problems, err := wire.Skeletons("a.proto", []byte(text), "", "M")
		var bad *wire.ProtoError
		if err != nil && !errors.As(err, &bad) {
			t.Fatal(err)
		}
		for _, p := range problems {
			if p.Message == "" || p.Help == "" {
				t.Fatalf("%+v", p)
			}
		}
		for i := range skeletons {
			s := &skeletons[i]
			p := readDraft(t, parser, s)
			if p.Field.Number.V != s.Number || len(p.Field.Fields) != len(s.Leaves) {
				t.Fatalf("%+v is read as %+v", s, p.Field)
			}
			for j, l := range p.Field.Fields {
				if w := s.Leaves[j]; l.Name.V != w.Name || l.Number.V != w.Number || l.Type.V != w.Type || l.Description.V != w.Description {
					t.Fatalf("%+v is read as %+v", w, l)
				}
			}
		}
	})
}
