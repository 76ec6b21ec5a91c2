// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// mutations are what becomes of values on their way into a report. The value is what stands under
// the key v of a record; classes that only a key tells are left out, as they have no such rows.
var mutations = map[string]func(string) string{
	"percent":        url.PathEscape,
	"percent twice":  func(v string) string { return url.QueryEscape(url.PathEscape(everyByte(v))) },
	"base64":         func(v string) string { return base64.StdEncoding.EncodeToString([]byte(v)) },
	"base64url":      func(v string) string { return base64.RawURLEncoding.EncodeToString([]byte(v)) },
	"full-width":     wide,
	"invisible":      func(v string) string { return strings.Join(strings.Split(v, ""), "\u200b") },
	"JSON in a text": func(v string) string { return encode(map[string]any{"x": []string{v}}) },
	"twice JSON":     func(v string) string { return encode(map[string]string{"y": encode(map[string]string{"x": v})}) },
	"in words":       func(v string) string { return "the value was " + v + " as it seems" },
	"in quotes":      func(v string) string { return "got \"" + v + "\", expected another" },
	"in brackets":    func(v string) string { return "(" + v + ")" },
	"with spaces":    func(v string) string { return "  " + v + "\n" },
	"escaped":        func(v string) string { return strings.Trim(encode(v), `"`) },
	"capitals":       strings.ToUpper,
	"small letters":  strings.ToLower,
}

// cased are the classes in which capitals and small letters mean the same.
var cased = []string{"email", "hostname", "ipv4", "ipv6", "mac", "uuid", "iban", "phone", "credit_card", "national_id", "-"}

// everyByte percent-encodes all that is no letter or digit.
func everyByte(v string) string {
	return strings.NewReplacer("-", "%2D", ".", "%2E", ":", "%3A", "@", "%40", "_", "%5F").Replace(v)
}

func wide(v string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r + 0xfee0
		}
		return r
	}, v)
}

func encode(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}

// leastMutated is how much is found of what was found before it was changed.
const leastMutated = 0.97

func TestMutations(t *testing.T) {
	s := New(nil)
	for name, mutate := range mutations {
		have, found := 0, 0
		var missed []string
		for _, r := range corpus(t) {
			var record struct{ V string }
			if r.class == "-" || json.Unmarshal([]byte(r.record), &record) != nil || record.V == "" || !slices.Contains(classesOf(scan(t, s, "m", r.record)), r.class) {
				continue
			}
			if changesCase := name == "capitals" || name == "small letters"; changesCase && (!slices.Contains(cased, r.class) || strings.Contains(record.V, "=")) {
				continue // base64 and keys mean something else then
			}
			have++
			changed := encode(map[string]string{"v": mutate(record.V)})
			if slices.Contains(classesOf(scan(t, s, "m", changed)), r.class) {
				found++
			} else {
				missed = append(missed, r.class+" "+changed)
			}
		}
		t.Logf("%-16s %.3f (%d of %d)", name, float64(found)/float64(have), found, have)
		if float64(found) < leastMutated*float64(have) {
			t.Errorf("%s: %d of %d, and the floor is %.2f:\n%s", name, found, have, leastMutated, strings.Join(missed, "\n"))
		}
	}
}

// What is no personal data doesn't become any by being encoded.
func TestMutationsOfNegatives(t *testing.T) {
	s := New(nil)
	for name, mutate := range mutations {
		if name == "in words" || name == "in quotes" {
			continue // which can say what a value is
		}
		wrong, n := 0, 0
		var all []string
		for _, r := range corpus(t) {
			var record struct{ V string }
			if r.class != "-" || json.Unmarshal([]byte(r.record), &record) != nil || record.V == "" || len(scan(t, s, "m", r.record)) > 0 {
				continue
			}
			n++
			changed := encode(map[string]string{"v": mutate(record.V)})
			if got := classesOf(scan(t, s, "m", changed)); len(got) > 0 {
				wrong++
				all = append(all, changed+" "+strings.Join(got, ","))
			}
		}
		t.Logf("%-16s %d wrong in %d", name, wrong, n)
		if wrong*heldWrong > n {
			t.Errorf("%s: %d wrong in %d:\n%s", name, wrong, n, strings.Join(all, "\n"))
		}
	}
}

// A prefilter never hides what the detector alone finds.
func TestPrefilters(t *testing.T) {
	rows := corpus(t)
	contexts := []string{"v", "hostname", "email", "phone", "ip", "mac", "card", "ssn", "username", "full_name", "label", "description", "lat", "location", "token", "user", "worker", "uuid", "iban", "city"}
	rapid.Check(t, func(t *rapid.T) {
		text := rows[rapid.IntRange(0, len(rows)-1).Draw(t, "row")].record
		var record struct{ V string }
		if json.Unmarshal([]byte(text), &record) == nil && record.V != "" {
			text = record.V
		}
		from := rapid.IntRange(0, len(text)).Draw(t, "from")
		text = text[from:rapid.IntRange(from, len(text)).Draw(t, "to")] + rapid.StringMatching(`[-a-zA-Z0-9.@:/ =+(){}"_]{0,12}`).Draw(t, "tail")
		k := newKey(rapid.SampledFrom(contexts).Draw(t, "key"))
		number := strings.Trim(text, "0123456789") == ""
		for _, whole := range []bool{true, false} {
			s := &Subject{Text: text, Traits: traits(text), Context: k.own, Whole: whole, Number: number && whole}
			for _, d := range detectors() {
				if !d.Needs(s.Traits, len(text), k.own) && len(d.Find(s)) > 0 {
					t.Errorf("the prefilter of %s hides %q under %s (whole: %v)", d.Class, text, k.name, whole)
				}
			}
		}
	})
}
