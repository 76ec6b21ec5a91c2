// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

var update = flag.Bool("update", false, "write what is generated")

// TestPhonePlans holds the table of calling codes against the library that it is made from.
func TestPhonePlans(t *testing.T) {
	collection, err := phonenumbers.MetadataCollection()
	if err != nil {
		t.Fatal(err)
	}
	patterns, lengths := map[string][]string{}, map[string]map[int]bool{}
	for _, m := range collection.GetMetadata() {
		code := strconv.Itoa(int(m.GetCountryCode()))
		desc := m.GetGeneralDesc()
		if lengths[code] == nil {
			lengths[code] = map[int]bool{}
		}
		for _, n := range desc.GetPossibleLength() {
			lengths[code][int(n)] = true
		}
		if p := strings.Join(strings.Fields(desc.GetNationalNumberPattern()), ""); !slices.Contains(patterns[code], p) {
			patterns[code] = append(patterns[code], p)
		}
	}
	var b strings.Builder
	for _, code := range slices.Sorted(maps.Keys(patterns)) {
		var all []string
		for _, n := range slices.Sorted(maps.Keys(lengths[code])) {
			all = append(all, strconv.Itoa(n))
		}
		slices.Sort(patterns[code])
		fmt.Fprintf(&b, "%s %s %s\n", code, strings.Join(all, ","), strings.Join(patterns[code], "|"))
	}
	if *update {
		if err := os.WriteFile("phone_plans.txt", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if b.String() != phonePlans {
		t.Error("phone_plans.txt is not what the library has: go test ./internal/pii -run TestPhonePlans -update")
	}
}

// What the library takes for a valid number, the table does; what it takes for none because its
// length occurs nowhere, the table doesn't either.
func TestPhonePlansAgree(t *testing.T) {
	for region := range phonenumbers.GetSupportedRegions() {
		n := phonenumbers.GetExampleNumber(region)
		if n == nil {
			continue
		}
		digits := strings.TrimPrefix(phonenumbers.Format(n, phonenumbers.E164), "+")
		if !international(digits, false) {
			t.Errorf("the table doesn't know the example of %s", region)
		}
		for _, wrong := range []string{digits + "0000000", digits[:4]} {
			other, err := phonenumbers.Parse("+"+wrong, "ZZ")
			if err == nil && phonenumbers.IsPossibleNumber(other) {
				continue
			}
			if international(wrong, false) {
				t.Errorf("the table takes %s for a number, and the library doesn't", wrong)
			}
		}
	}
}
