// SPDX-License-Identifier: GPL-2.0-or-later

package wire_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/pulp/pulpmetrics/internal/wire"
)

func TestReadProtoRefuses(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"syntax":      {"syntax = \"proto2\";\nmessage A {\n  optional uint32 = 1;\n}\n", "x.proto:3:19: syntax error: unexpected '='"},
		"number":      {"syntax = \"proto2\";\nmessage A {\n  optional uint32 a = 0;\n}\n", "x.proto:3:23: "},
		"twice":       {"syntax = \"proto2\";\nmessage A { optional uint32 a = 1; optional uint32 b = 1; }\n", "x.proto:2:56: "},
		"unknown":     {"syntax = \"proto2\";\nmessage A {\n  optional B b = 1;\n}\n", "x.proto:3:12: field A.b: unknown type B"},
		"import":      {"syntax = \"proto2\";\n\nimport \"google/protobuf/timestamp.proto\";\n", "x.proto:3:1: it imports \"google/protobuf/timestamp.proto\""},
		"extension":   {"syntax = \"proto2\";\nmessage A { extensions 5 to 9; }\nextend A { optional uint32 b = 5; }\n", "x.proto:3:1: it extends A: write the fields into the message itself"},
		"nested":      {"syntax = \"proto2\";\nmessage A { extensions 5 to 9; extend A { optional uint32 b = 5; } }\n", "x.proto:2:32: it extends A"},
		"open":        {"syntax = \"proto2\";\nmessage A {", "x.proto:2:"},
		"text":        {"a: 1\n", "x.proto:1:"},
		"bytes":       {"\x00\xff\xfe", "x.proto:1:2: this is not valid UTF-8"},
		"escape":      {"\"\\\x99", "x.proto:1:3: this is not valid UTF-8"},
		"unended":     {"syntax = \"proto2\";\nmessage A { option x = \"\n", "x.proto:2:"},
		"deep":        {strings.Repeat("message A {", 1000), "x.proto:1:1111: more than 100 levels of brackets inside each other"},
		"large":       {strings.Repeat("// \n", 1<<19), "x.proto: the file is larger than 1024 KiB"},
		"own option":  {"syntax = \"proto2\";\nmessage A { option (mine) = 1; }\n", "x.proto:2:"},
		"own import":  {"syntax = \"proto2\";\nimport \"x.proto\";\n", "x.proto:2:1: it imports"},
		"proto4":      {"syntax = \"proto4\";\n", "x.proto:1:10: "},
		"enum values": {"syntax = \"proto2\";\nenum E { A = 1; B = 1; }\n", "x.proto:2:"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := wire.ReadProto("x.proto", []byte(test.text))
			var wrong *wire.ProtoError
			if !errors.As(err, &wrong) || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s…", err, test.want)
			}
		})
	}
}

func TestReadProtoAccepts(t *testing.T) {
	deep := "syntax = \"proto2\";\n" + strings.Repeat("message A {", 30) + strings.Repeat("}", 30)
	for name, text := range map[string]string{
		"empty":    "",
		"brackets": "syntax = \"proto2\";\n// " + strings.Repeat("{", 200) + "\n/* " + strings.Repeat("[", 200) + " */\nmessage A { optional string a = 1 [default = \"" + strings.Repeat("({<", 100) + "\"]; }",
		"deep":     deep,
		"ranges":   "syntax = \"proto2\";\nmessage A { reserved 5 to max; extensions 2 to 4; }\nenum E { A1 = 1; reserved 2 to max; }",
	} {
		f, err := wire.ReadProto("x.proto", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if breaks := wire.Breaking(f, f); len(breaks) > 0 {
			t.Errorf("%s breaks itself: %v", name, breaks)
		}
	}
}

// FuzzReadProto holds reading to this: it never panics, takes memory in proportion to the file,
// says where it fails, and what it accepts goes on where it stopped.
func FuzzReadProto(f *testing.F) {
	for _, seed := range []string{
		"syntax = \"proto2\";\nmessage A {\n  required string a = 1 [json_name = \"b\", default = \"c\"];\n  oneof o { uint32 d = 2; }\n  map<string, int64> m = 3;\n  reserved 5 to 9, 12;\n  reserved \"x\";\n  enum E { V = 1; reserved 2 to max; }\n  optional E e = 4;\n  optional group G = 13 { }\n}\n",
		"syntax = \"proto3\";\npackage a.b;\nmessage A { repeated double a = 1; optional bytes b = 2; }\nservice S { rpc R(A) returns (stream A); }\n",
		"edition = \"2023\";\noption features.json_format = LEGACY_BEST_EFFORT;\nmessage A { int32 a = 1 [features.field_presence = IMPLICIT]; }\n",
		"import \"a\"; extend A { }", "message A { extensions 1 to max; option (a).b = { c: [1, 2] d < > }; }",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		file, err := wire.ReadProto("x.proto", data)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20+uint64(len(data))*4096 {
			t.Errorf("%d bytes of memory for %d bytes", used, len(data))
		}
		var wrong *wire.ProtoError
		if err != nil {
			if !errors.As(err, &wrong) || wrong.Message == "" {
				t.Errorf("%v says nothing", err)
			}
			return
		}
		if breaks := wire.Breaking(file, file); len(breaks) > 0 {
			t.Errorf("it breaks itself: %v", breaks)
		}
	})
}
