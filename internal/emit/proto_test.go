// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/descriptorpb"
	"pgregory.net/rapid"

	"github.com/pulp/pulpmetrics/internal/source"
)

// sameDescriptor holds what a compiler made of the .proto file against the message.
func sameDescriptor(t *testing.T, in *Input, compiled []byte) {
	t.Helper()
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(compiled, &set); err != nil || len(set.File) != 1 {
		t.Fatalf("%d files: %v", len(set.File), err)
	}
	got := set.File[0]
	got.SourceCodeInfo, got.Syntax = nil, nil // absent or "proto2", which is the same
	dropJSONNames(got.MessageType)
	got.ProtoReflect().SetUnknown(nil) // buf notes there what it has read
	if diff := cmp.Diff(in.Message.Descriptor(), got, protocmp.Transform()); diff != "" {
		t.Errorf("descriptor (-ours +theirs):\n%s", diff)
	}
}

func TestProtoc(t *testing.T) {
	protoc := tool(t, "protoc")
	for name, in := range subjects(t) {
		t.Run(name, func(t *testing.T) {
			dir := generateInto(t, in, "proto")
			sameDescriptor(t, in, silent(t, exec.Command(protoc, "-I", dir, "--descriptor_set_out=/dev/stdout", in.Message.File)))
		})
	}
}

// What buf's linter would rather have otherwise is as installations send it: no package, required
// fields; and enums without a zero, so that an absent value is never a known one.
const bufConfig = `{"version": "v2", "lint": {"use": ["STANDARD"], "except": ["PACKAGE_DEFINED", "FIELD_NOT_REQUIRED",
	"ENUM_FIRST_VALUE_ZERO", "ENUM_ZERO_VALUE_SUFFIX"]}}`

func TestBuf(t *testing.T) {
	buf := tool(t, "buf")
	for name, in := range subjects(t) {
		t.Run(name, func(t *testing.T) {
			dir := generateInto(t, in, "proto")
			run := func(args ...string) []byte {
				cmd := exec.Command(buf, args...)
				cmd.Dir = dir
				return silent(t, cmd)
			}
			sameDescriptor(t, in, run("build", "-o", "-#format=binpb"))
			run("lint", "--config", bufConfig)
			if diff := run("format", "-d", filepath.Join(dir, in.Message.File)); len(diff) > 0 {
				t.Errorf("buf would format it so:\n%s", diff)
			}
		})
	}
}

func TestProtoComments(t *testing.T) {
	text, err := protoText(subjects(t)["everything"])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"  // Does a comment hold */ this, /* this, `this`", "  // - an item of a list, and an ünïcödé one",
		"  // Personal data: none; in combination with other values it could", "  // No longer sent from 1.1 on. Since everything 1.0. See proposals/numbers.yaml.\n",
		"    // An int32 */.\n    //\n    // Values: a number from -2147483648 to 2147483647, in By, over 24h.\n", "  // Suspended: what is sent is dropped. Since everything 1.0.",
		"  // One item of `kinds`, which holds at most 5, no two with the same `name` and `mode`.\n", "  reserved 8;\n  reserved \"old_8\";\n  reserved 12;\n",
		"    // Slow */ \"mode\"\n    //\n    // Since 1.1.\n    MODE_SLOW = 20;\n", "    reserved 5;\n    reserved 7;\n    reserved 8;\n    reserved \"former\";\n    reserved \"gone\";\n",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the file lacks %q", want)
		}
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if words := strings.Fields(line); len([]rune(line)) > commentColumns && len(words) > 3 {
			t.Errorf("a line of %d characters: %s", len([]rune(line)), line)
		}
	}
}

// TestProtoHoldsAnyText puts random texts where people write, and reads the file back.
func TestProtoHoldsAnyText(t *testing.T) {
	in := subjects(t)["real"]
	field := in.Message.Fields[0].Metric
	before := field.Question
	defer func() { field.Question = before }()
	rapid.Check(t, func(t *rapid.T) {
		field.Question = source.Text{V: rapid.OneOf(rapid.String(), rapid.StringMatching("([*/\\\\\"'`\n\r\t{}; -]|\x00|\u2028|\u202e){0,40}")).Draw(t, "question")}
		if _, err := Generate(in, "proto", "go", "python"); err != nil {
			t.Fatal(err)
		}
	})
}

func TestProtoTemplateOfOnesOwn(t *testing.T) {
	in := subjects(t)["real"]
	for _, test := range []struct{ template, want string }{
		{"// {{.Marker}}\nsyntax = \"proto2\";\nmessage {{.Name}} {}", "`Analytics.system_id = 1, LABEL_REQUIRED TYPE_STRING` is missing"},
		{"// {{.Marker}}\nsyntax = \"proto3\";\nmessage X { string x = 1; }", "`X.x = 1, LABEL_OPTIONAL TYPE_STRING` should not be there"},
		{"// {{.Marker}}\nimport \"/etc/passwd\";", "it can't import /etc/passwd"},
		{"// {{.Marker}}\nmessage {", "can't be read: analytics.proto:2:9"},
		{"{{.Nothing}}", "can't evaluate field Nothing"},
		{"{{", "unclosed action"},
	} {
		in.Overrides = fstest.MapFS{protoTemplate: {Data: []byte(test.template)}}
		_, err := Generate(in, "proto")
		if err == nil || !regexp.MustCompile(test.want).MatchString(err.Error()) {
			t.Errorf("%q: %v, want %s", test.template, err, test.want)
		}
	}
}

func TestUnmarkedTemplate(t *testing.T) {
	in := subjects(t)["empty"]
	in.Overrides = fstest.MapFS{protoTemplate: {Data: []byte(`syntax = "proto2"; message Empty {}`)}}
	if _, err := Generate(in, "proto"); err == nil || !strings.Contains(err.Error(), "lack the mark") {
		t.Errorf("a file without the mark: %v", err)
	}
}
