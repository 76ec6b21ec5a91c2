// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	_ "embed"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// phonePlans has a line for each calling code: the code, the lengths that national numbers have,
// and the expression that they match. It is written by TestPhonePlans from the data of
// libphonenumber, whose package takes 8 ms whenever a program starts that links it, and the same
// again for its dependencies; this costs nothing until a number is looked at.
//
//go:embed phone_plans.txt
var phonePlans string

// plan is what is known of the numbers of one calling code.
type plan struct {
	lengths uint32 // bit n: a national number has n digits
	pattern func() *regexp.Regexp
}

var plans = sync.OnceValue(func() map[string]plan {
	all := map[string]plan{}
	for _, line := range strings.Split(strings.TrimSpace(phonePlans), "\n") {
		fields := strings.Fields(line)
		if len(fields) != 3 || fields[0] == "#" {
			continue
		}
		p := plan{pattern: sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:` + fields[2] + `)$`) })}
		for _, n := range strings.Split(fields[1], ",") {
			length, _ := strconv.Atoi(n)
			p.lengths |= 1 << length
		}
		all[fields[0]] = p
	}
	return all
})

// international reports whether digits behind a + are a number of some country: of a length that
// numbers there have, if they are grouped as people write them, or else one that is given out.
func international(digits string, grouped bool) bool {
	for n := 1; n <= 3 && n < len(digits); n++ {
		p, ok := plans()[digits[:n]]
		if !ok {
			continue
		}
		national := digits[n:]
		possible := len(national) < 32 && p.lengths&(1<<len(national)) != 0
		if possible && (grouped || p.pattern().MatchString(national)) {
			return true
		}
		if rest, ok := strings.CutPrefix(national, "0"); ok && grouped && p.lengths&(1<<len(rest)) != 0 { // +44 (0)20 …
			return true
		}
	}
	return false
}
