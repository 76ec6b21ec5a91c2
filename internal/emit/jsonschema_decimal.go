// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"fmt"
	"strings"
)

// decimalPattern matches the integers from least to greatest as decimal text, without leading
// zeros. The arguments are such text themselves, of any size.
func decimalPattern(least, greatest string) string {
	below, negative := strings.CutPrefix(least, "-")
	if !negative {
		return naturalPattern(least, greatest)
	}
	if above, ok := strings.CutPrefix(greatest, "-"); ok {
		return "-(?:" + naturalPattern(above, below) + ")"
	}
	return "-(?:" + naturalPattern("1", below) + ")|" + naturalPattern("0", greatest)
}

// naturalPattern does the same from 0 on: one alternative or more for the shortest and the longest
// numbers, one for all the lengths between them.
func naturalPattern(least, greatest string) string {
	short, long := len(least), len(greatest)
	if short == long {
		return strings.Join(sameLength(least, greatest), "|")
	}
	choices := sameLength(least, strings.Repeat("9", short))
	if long-short > 1 {
		choices = append(choices, "[1-9]"+anyDigits(short, long-2))
	}
	choices = append(choices, sameLength("1"+strings.Repeat("0", long-1), greatest)...)
	return strings.Join(choices, "|")
}

// sameLength matches the numbers between two of the same length.
func sameLength(least, greatest string) []string {
	if least == "" {
		return []string{""}
	}
	low, high, rest := least[0], greatest[0], len(least)-1
	if low == high {
		return prefixed(low, sameLength(least[1:], greatest[1:]))
	}
	var below, above []string
	if strings.Trim(least[1:], "0") != "" {
		below = prefixed(low, sameLength(least[1:], strings.Repeat("9", rest)))
		low++
	}
	if strings.Trim(greatest[1:], "9") != "" {
		above = prefixed(high, sameLength(strings.Repeat("0", rest), greatest[1:]))
		high--
	}
	if low <= high {
		below = append(below, digits(low, high)+anyDigits(rest, rest))
	}
	return append(below, above...)
}

func prefixed(digit byte, patterns []string) []string {
	for i := range patterns {
		patterns[i] = string(digit) + patterns[i]
	}
	return patterns
}

func digits(low, high byte) string {
	if low == high {
		return string(low)
	}
	return fmt.Sprintf("[%c-%c]", low, high)
}

func anyDigits(fewest, most int) string {
	switch {
	case most == 0:
		return ""
	case fewest == most && most == 1:
		return "[0-9]"
	case fewest == most:
		return fmt.Sprintf("[0-9]{%d}", most)
	}
	return fmt.Sprintf("[0-9]{%d,%d}", fewest, most)
}
