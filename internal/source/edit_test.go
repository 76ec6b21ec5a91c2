// SPDX-License-Identifier: GPL-2.0-or-later

package source

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAppend(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"to a list", "a: 1\nl:\n  - {x: 1}   # one\n\nz: 2\n", "a: 1\nl:\n  - {x: 1}   # one\n  - x: 2\n    y: 3\n\nz: 2\n"},
		{"to a list without indentation", "l:\n- x: 1\nz: 2\n", "l:\n- x: 1\n- x: 2\n  y: 3\nz: 2\n"},
		{"behind a block", "l:\n  - x: |\n      text\n", "l:\n  - x: |\n      text\n  - x: 2\n    y: 3\n"},
		{"to an empty list", "l: []  # none yet\nz: 2\n", "l:\n  - x: 2\n    y: 3  # none yet\nz: 2\n"},
		{"to nothing", "l:\nz: 2\n", "l:\n  - x: 2\n    y: 3\nz: 2\n"},
		{"to no key", "a: 1\n", "a: 1\n\nl:\n  - x: 2\n    y: 3\n"},
		{"without a last line break", "l:\n  - x: 1", "l:\n  - x: 1\n  - x: 2\n    y: 3\n"},
		{"to no key, without a last line break", "a: 1", "a: 1\n\nl:\n  - x: 2\n    y: 3\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root, _ := Parse([]byte(test.in))
			edit, err := Append([]byte(test.in), root, "l", []string{"x: 2", "y: 3"})
			if err != nil {
				t.Fatal(err)
			}
			got, err := Apply([]byte(test.in), []Edit{edit})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("edited (-want +got):\n%s", diff)
			}
			checkAppended(t, got, root)
		})
	}
}

// checkAppended holds that the list now has one more item, and everything else is as it was.
func checkAppended(t *testing.T, edited []byte, before Value) {
	t.Helper()
	after, problems := Parse(edited)
	if len(problems) > 0 {
		t.Fatalf("the edited file has problems: %v", problems)
	}
	old, _ := before.Get("l")
	list, _ := after.Get("l")
	if len(list.Items) != len(old.Items)+1 {
		t.Errorf("%d items, there were %d", len(list.Items), len(old.Items))
	}
	for _, e := range before.Entries {
		if now, _ := after.Get(e.Key.V); e.Key.V != "l" && now.Text != e.Value.Text {
			t.Errorf("%s was %q and is %q", e.Key.V, e.Value.Text, now.Text)
		}
	}
}

func TestAppendRefuses(t *testing.T) {
	for _, in := range []string{"l: [{x: 1}]\n", "l: text\n", "l: {a: 1}\n"} {
		root, _ := Parse([]byte(in))
		if edit, err := Append([]byte(in), root, "l", []string{"x: 2"}); err == nil {
			t.Errorf("%q: got %v, want an error", in, edit)
		}
	}
}

func TestApply(t *testing.T) {
	at := func(l1, c1, l2, c2 int32) Span { return Span{Pos{l1, c1}, Pos{l2, c2}} }
	data := []byte("é: one\nb: two\n")
	got, err := Apply(data, []Edit{{at(2, 4, 2, 7), "2"}, {at(1, 4, 1, 7), "1"}, {at(2, 1, 2, 1), "# c\n"}})
	if want := "é: 1\n# c\nb: 2\n"; err != nil || string(got) != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	for name, edits := range map[string][]Edit{
		"overlap":   {{at(1, 1, 1, 5), ""}, {at(1, 4, 1, 7), ""}},
		"outside":   {{at(9, 1, 9, 2), ""}},
		"column":    {{at(1, 1, 1, 99), ""}},
		"backwards": {{at(2, 3, 1, 1), ""}},
	} {
		if got, err := Apply(data, edits); err == nil {
			t.Errorf("%s: got %q, want an error", name, got)
		}
	}
}

// FuzzAppend holds that appending to any readable file gives one that is readable, or an error.
func FuzzAppend(f *testing.F) {
	for _, seed := range []string{"a: 1\n", "l:\n  - 1\n", "l: []", "l:\n", "a: {l: [1]}\nl:\n- - 1\n", "l:\n  - |\n   x\n\n\n# c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		root, problems := Parse([]byte(in))
		if len(problems) > 0 || root.Kind != Map || strings.HasPrefix(in, "{") {
			return
		}
		edit, err := Append([]byte(in), root, "l", []string{"x: 2", "y: 3"})
		if err != nil {
			return
		}
		got, err := Apply([]byte(in), []Edit{edit})
		if err != nil {
			t.Fatalf("%v", err)
		}
		checkAppended(t, got, root)
	})
}
