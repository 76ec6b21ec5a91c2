// SPDX-License-Identifier: GPL-2.0-or-later

package source_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pulp/pulpmetrics/internal/source"
)

func TestAppendIn(t *testing.T) {
	tests := []struct{ name, data, want string }{
		{"block", "id: a\nx:\n  - k: v # c\n\n  - k: w\nz: 1\n", "id: a\nx:\n  - k: v # c\n    s:\n      - by: b\n        n: |\n          1\n          2\n\n  - k: w\nz: 1\n"},
		{"last without a break", "x:\n- k: v", "x:\n- k: v\n  s:\n    - by: b\n      n: |\n        1\n        2\n"},
		{"second", "x:\n- k: v\n  s:\n  - by: a\n    n: 1\n- k: w\n", "x:\n- k: v\n  s:\n  - by: a\n    n: 1\n  - by: b\n    n: |\n      1\n      2\n- k: w\n"},
		{"behind a folded text", "x:\n  - k: >-\n      v\n      w\n\n  - k: u\n", "x:\n  - k: >-\n      v\n      w\n    s:\n      - by: b\n        n: |\n          1\n          2\n\n  - k: u\n"},
		{"braces", "x: [{k: v}, {k: w}]\n", "x: [{k: v, s: [{by: b, n: \"1\\n2\\n\"}]}, {k: w}]\n"},
		{"braces over two lines", "x:\n  - {k: v,\n     l: w}\n", "x:\n  - {k: v,\n     l: w, s: [{by: b, n: \"1\\n2\\n\"}]}\n"},
		{"brackets", "x:\n  - {k: v, s: [{by: a}]}\n", "x:\n  - {k: v, s: [{by: a}, {by: b, n: \"1\\n2\\n\"}]}\n"},
		{"brackets in a block", "x:\n  - k: v\n    s: [{by: a}]\n", "x:\n  - k: v\n    s: [{by: a}, {by: b, n: \"1\\n2\\n\"}]\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root, problems := source.Parse([]byte(test.data))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			edit, err := source.AppendIn([]byte(test.data), root, "x", 0, "s", []string{"by: b", "n: |", "  1", "  2"}, `{by: b, n: "1\n2\n"}`)
			if err != nil {
				t.Fatal(err)
			}
			got, err := source.Apply([]byte(test.data), []source.Edit{edit})
			if diff := cmp.Diff(test.want, string(got)); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
	for _, data := range []string{"x: 1\n", "x: []\n", "x: [1]\n", "y: 1\n", "x:\n  - k: v\n    s: 1\n"} {
		root, _ := source.Parse([]byte(data))
		if _, err := source.AppendIn([]byte(data), root, "x", 0, "s", []string{"by: b"}, "{by: b}"); err == nil {
			t.Errorf("%q was appended to", data)
		}
	}
}
