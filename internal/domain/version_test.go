// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// ascending lists versions in the order of PEP 440, equal ones on one line.
var ascending = [][]string{
	{""},
	{"latest"},
	{"v1.0"},
	{"0"},
	{"0.9.0.9"},
	{"1.dev0", "1.0.dev", "1.0.0-DEV0", "0!1.0_dev_0"},
	{"1.0.dev456"},
	{"1.0a1.dev1"},
	{"1.0a1", "1.0.alpha-1", "1a1", "1.0-A1"},
	{"1.0a2.dev456"},
	{"1.0a12.dev456"},
	{"1.0a12"},
	{"1.0a12.post1"},
	{"1.0b1.dev456"},
	{"1.0b2", "1.0beta2"},
	{"1.0b2.post345.dev456"},
	{"1.0b2.post345", "1.0b2-345", "1.0b2rev345"},
	{"1.0b10"},
	{"1.0rc1.dev456"},
	{"1.0rc1", "1.0c1", "1.0pre1", "1.0.preview.1"},
	{"1.0rc2"},
	{"1", "1.0", "1.0.0", "01.00"},
	{"1.0+gabcd", "1.0.0+gabcd"},
	{"1.0+gabcde"},
	{"1.0.post456.dev34"},
	{"1.0.post456", "1.0-456", "1.0.r456"},
	{"1.0.15"},
	{"1.1.dev1"},
	{"1.1"},
	{"1.9"},
	{"1.10"},
	{"3.20.3.dev"},
	{"3.20.3.dev0+g1f2e3d4"},
	{"3.20.3"},
	{"3.21.0rc1"},
	{"3.21.0"},
	{"2024.12.31"},
	{"1!0.1"},
	{"1!2.0"},
	{"2!0.dev0"},
}

func TestCompare(t *testing.T) {
	for i, left := range ascending {
		for j, right := range ascending {
			want := min(max(i-j, -1), 1)
			for _, a := range left {
				for _, b := range right {
					if got := Compare(a, b); got != want {
						t.Errorf("Compare(%q, %q) = %d, want %d", a, b, got, want)
					}
				}
			}
		}
	}
}

func TestParseVersion(t *testing.T) {
	tests := []struct {
		text string
		want PEP440
	}{
		{"3.21.0", PEP440{Release: []int64{3, 21, 0}}},
		{"2!1.0RC3-4.DEV5+g00ff", PEP440{Epoch: 2, Release: []int64{1, 0}, Pre: "rc", PreN: 3, HasPost: true, PostN: 4, HasDev: true, DevN: 5, Local: "g00ff"}},
		{"3.20.3.dev", PEP440{Release: []int64{3, 20, 3}, HasDev: true}},
		{"1.0a-1", PEP440{Release: []int64{1, 0}, Pre: "a", PreN: 1}},
		{"1b--1", PEP440{Release: []int64{1}, Pre: "b", HasPost: true, PostN: 1}},
		{"1.post", PEP440{Release: []int64{1}, HasPost: true}},
		{"999999999999999999", PEP440{Release: []int64{999999999999999999}}},
	}
	for _, test := range tests {
		got, ok := ParseVersion(test.text)
		if diff := cmp.Diff(test.want, got); diff != "" || !ok {
			t.Errorf("%s: ok %v, %s", test.text, ok, diff)
		}
	}
	if got, ok := ParseVersion("1.0.x"); ok || !cmp.Equal(got, PEP440{}) {
		t.Errorf("1.0.x is %+v", got)
	}
}

func TestParts(t *testing.T) {
	tests := []struct {
		v    string
		n    int
		want string
	}{
		{"3.21.0rc1", 2, "3.21"}, {"3.21.0", 1, "3"}, {"3.21", 2, "3.21"}, {"3.21", 3, "3.21"}, {"3.21.0", 3, "3.21.0"},
		{"3", 2, "3"}, {"3.21", 0, ""}, {"3.21", -1, ""}, {"", 2, ""}, {"3.20.3.dev0", 3, "3.20.3"},
	}
	for _, test := range tests {
		if got := Parts(test.v, test.n); got != test.want {
			t.Errorf("Parts(%q, %d) = %q, want %q", test.v, test.n, got, test.want)
		}
	}
}

func TestCompareIsAnOrder(t *testing.T) {
	all := slices.Concat(ascending...)
	genVersion := rapid.OneOf(rapid.SampledFrom(all), rapid.StringMatching(`[0-2](\.[0-2]){0,2}(rc[0-2])?(\.post[01])?(\.dev[01])?`))
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := genVersion.Draw(t, "a"), genVersion.Draw(t, "b"), genVersion.Draw(t, "c")
		if Compare(a, b) != -Compare(b, a) {
			t.Fatalf("%q and %q: not antisymmetric", a, b)
		}
		if Compare(a, b) <= 0 && Compare(b, c) <= 0 && Compare(a, c) > 0 {
			t.Fatalf("%q, %q, %q: not transitive", a, b, c)
		}
	})
}

// pep440 is appendix B of PEP 440, without the leading v and the space around,
// and with the local part that Version has.
var (
	pep440 = regexp.MustCompile(`^(?i:(?:([0-9]+)!)?([0-9]+(?:\.[0-9]+)*)` +
		`([-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?([0-9]+)?)?` +
		`((?:-([0-9]+))|(?:[-_.]?(post|rev|r)[-_.]?([0-9]+)?))?` +
		`([-_.]?(dev)[-_.]?([0-9]+)?)?)(\+g[0-9a-f]{4,40})?$`)
	tooManyDigits = regexp.MustCompile(`^[^+]*[0-9]{19}`)
	asciiOnly     = regexp.MustCompile(`^[\x00-\x7f]*$`)
)

func inPEP440(s string) bool {
	return len(s) <= 32 && pep440.MatchString(s) && !tooManyDigits.MatchString(s) && asciiOnly.MatchString(s)
}

func TestVersionAgreesWithPEP440(t *testing.T) {
	pieces := []string{
		"1", "0", "23", ".", "-", "_", "!", "+", "+g", "abcd", "a", "alpha", "B", "beta", "rc", "c", "pre", "preview",
		"post", "Rev", "r", "dev", "DEV", "1.0", "v", " ", "12345678901234567",
	}
	rapid.Check(t, func(t *rapid.T) {
		s := "1" + strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 7).Draw(t, "pieces"), "")
		if got, want := Version.MatchString(s), inPEP440(s); got != want {
			t.Fatalf("Version matches %q: %v, want %v", s, got, want)
		}
	})
}

func FuzzVersion(f *testing.F) {
	for _, s := range slices.Concat(ascending...) {
		f.Add(s, "1.0a--1.dev")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if got, want := Version.MatchString(a), inPEP440(a); got != want {
			t.Fatalf("Version matches %q: %v, want %v", a, got, want)
		}
		agreeOnParts(t, a)
		if Compare(a, b) != -Compare(b, a) || Compare(a, a) != 0 {
			t.Fatalf("%q and %q: not antisymmetric", a, b)
		}
	})
}

// agreeOnParts compares what is parsed with the groups of the expression.
func agreeOnParts(t *testing.T, s string) {
	t.Helper()
	v, ok := ParseVersion(s)
	if !ok {
		return
	}
	g := pep440.FindStringSubmatch(s)
	zeros := func(s string) int64 { return decimal([]byte(s)) }
	stage := map[string]string{"alpha": "a", "a": "a", "beta": "b", "b": "b", "c": "rc", "rc": "rc", "pre": "rc", "preview": "rc", "": ""}
	want := PEP440{
		Epoch: zeros(g[1]), Release: decimals([]byte(g[2])), Pre: stage[strings.ToLower(g[4])], PreN: zeros(g[5]),
		HasPost: g[6] != "", PostN: zeros(g[7] + g[9]), HasDev: g[10] != "", DevN: zeros(g[12]), Local: strings.TrimPrefix(g[13], "+"),
	}
	if diff := cmp.Diff(want, v); diff != "" {
		t.Fatalf("%q: %s", s, diff)
	}
}
