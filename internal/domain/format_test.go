// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"encoding/hex"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestFormatNames(t *testing.T) {
	var names []string
	for f := Version; f <= UUID; f++ {
		back, ok := ParseFormat(f.String())
		if back != f || !ok {
			t.Errorf("ParseFormat(%q) = %v, %v", f, back, ok)
		}
		names = append(names, f.String())
	}
	slices.Sort(names)
	if diff := cmp.Diff(names, Formats()); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{"", "Version", "semver"} {
		if f, ok := ParseFormat(name); ok || f != 0 {
			t.Errorf("ParseFormat(%q) = %v", name, f)
		}
	}
}

const canonical = "01234567-89ab-4cde-8f01-23456789abcd"

func TestFormatMatch(t *testing.T) {
	bare := strings.ReplaceAll(canonical, "-", "")
	tests := []struct {
		format  Format
		in, out []string
	}{
		{Version,
			[]string{
				"0", "3.21", "3.21.0", "3.20.3.dev", "3.20.3.dev0+g1f2e3d4", "2.0.0a6", "3.21.0rc1", "1!2.0", "1.0.post1",
				"1.0-1", "1.0RC-1", "1.0.a.1", "1.0_beta_2", "1.0preview", "1.0c3", "1.0r2", "1.0.Rev.3", "1.0a-", "1.0a--1",
				"1.0a1.post2.dev3", "1.0POST.dev", "1.0+gabcd", "001.02", "123456789012345678", "1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1",
			},
			[]string{
				"", "v1.0", " 1.0", "1.0 ", "1.", ".1", "1..0", "1.0-", "1.0+", "1.0+g", "1.0+g123", "1.0+g12G4", "1.0+gABCD", "1.0+1234",
				"1.0+local", "1.0+gabcd.d2024", "1!", "!1", "1!!2", "1.0!2", "1.0dev1a2", "1.0.post1rc1", "1.0alph", "latest", "1.0.x",
				"1234567890123456789", "1.0a1234567890123456789", "1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1", "1.0+g" + strings.Repeat("a", 28), "1.0poſt1", "1.0\n", "١.٠",
			}},
		{Release,
			[]string{"3.21.0", "0.0.0", "999999999.1.1", "01.2.3"},
			[]string{"", "3.21", "3.21.0.1", "3..0", ".1.2", "1.2.", "1.2.3rc1", "1234567890.0.0", "1.2.3 ", "1,2,3", "-1.2.3", "1.2.3.", "999999999.999999999.9999999999"}},
		{UUID,
			[]string{
				canonical, strings.ToUpper(canonical), bare, "{" + canonical + "}", "{" + bare + "}", "urn:uuid:" + canonical, "uuid:" + bare,
				"urn:" + bare, "urn:uuid:{" + canonical + "}", "{urn:uuid:" + bare + "}",
			},
			[]string{
				"", bare[1:], bare + "0", canonical + "-", "{" + canonical, canonical + "}", "{{" + canonical + "}}", "urn:urn:" + bare,
				"URN:UUID:" + canonical, "0123456-789ab-4cde-8f01-23456789abcd", strings.Replace(canonical, "c", "g", 1),
				strings.Replace(canonical, "-", "", 1), "0123-4567-89ab-4cde-8f01-2345-6789-abcd", "urn:uuid:", "}" + canonical + "{",
				strings.Repeat("-", 36), strings.Repeat("\x1a", 32), strings.Repeat("@", 32),
			}},
		{0, nil, []string{"", "3.21.0"}},
	}
	for _, test := range tests {
		for _, s := range test.in {
			if !test.format.MatchString(s) || !test.format.Match([]byte(s)) {
				t.Errorf("%v does not match %q", test.format, s)
			}
		}
		for _, s := range test.out {
			if test.format.MatchString(s) || test.format.Match([]byte(s)) {
				t.Errorf("%v matches %q", test.format, s)
			}
		}
	}
}

func TestFormatExtremes(t *testing.T) {
	want := map[Format][2]int{Version: {1, 32}, Release: {5, 29}, UUID: {32, 47}, 0: {0, 0}}
	for f, lengths := range want {
		if f.MinLen() != lengths[0] || f.MaxLen() != lengths[1] {
			t.Errorf("%v: lengths %d to %d, want %v", f, f.MinLen(), f.MaxLen(), lengths)
		}
		if f != 0 && !f.MatchString(f.Widest()) {
			t.Errorf("%v: the widest %q is no member", f, f.Widest())
		}
	}
}

func TestFormatSamples(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for f := Version; f <= UUID; f++ {
		seen := map[string]bool{}
		for range 20000 {
			s := f.Sample(r)
			if !f.MatchString(s) {
				t.Fatalf("%v: sample %q is no member", f, s)
			}
			seen[s] = true
		}
		if len(seen) < 5000 {
			t.Errorf("%v: only %d samples differ", f, len(seen))
		}
	}
	if Format(0).Sample(r) != "" {
		t.Error("the zero Format has a sample")
	}
}

func TestUUIDRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var id [16]byte
		copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		text := FormatUUID(id)
		for _, spelling := range []string{text, hex.EncodeToString(id[:]), strings.ToUpper(text), "urn:uuid:{" + text + "}"} {
			if back, ok := ParseUUID([]byte(spelling)); !ok || back != id {
				t.Fatalf("ParseUUID(%q) = %x, %v", spelling, back, ok)
			}
		}
	})
}

func FuzzUUID(f *testing.F) {
	f.Add(canonical)
	f.Add("{urn:uuid:" + strings.ReplaceAll(canonical, "-", "") + "}")
	oracle := regexp.MustCompile(`^(?i)[0-9a-f]{32}$|^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	f.Fuzz(func(t *testing.T, s string) {
		id, ok := ParseUUID([]byte(s))
		stripped := strings.ReplaceAll(strings.ReplaceAll(s, "urn:", ""), "uuid:", "")
		stripped = strings.Trim(stripped, "{}")
		if ok && !oracle.MatchString(stripped) || !ok && oracle.MatchString(s) {
			t.Fatalf("ParseUUID(%q) is %v", s, ok)
		}
		if want := strings.ToLower(strings.ReplaceAll(stripped, "-", "")); ok && hex.EncodeToString(id[:]) != want {
			t.Fatalf("ParseUUID(%q) = %x, want %s", s, id, want)
		}
	})
}
