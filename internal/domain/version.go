// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// PEP440 is a version taken apart. Numbers that are left out are 0, as in
// PEP 440: 3.20.3.dev is 3.20.3.dev0.
type PEP440 struct {
	Epoch   int64
	Release []int64 // as written; zeros at the end do not count in comparisons
	Pre     string  // a, b or rc; "" is none
	PreN    int64
	HasPost bool
	PostN   int64
	HasDev  bool
	DevN    int64
	Local   string // without the plus; "" is none
}

// ParseVersion takes a member of [Version] apart; false if s is none.
func ParseVersion(s string) (PEP440, bool) {
	b := []byte(s)
	parts, ok := scanVersion(b)
	if !ok {
		return PEP440{}, false
	}
	return PEP440{
		Epoch:   decimal(parts.epoch.of(b)),
		Release: decimals(parts.release.of(b)),
		Pre:     stageName(parts.stage),
		PreN:    decimal(parts.pre.of(b)),
		HasPost: parts.hasPost,
		PostN:   decimal(parts.post.of(b)),
		HasDev:  parts.hasDev,
		DevN:    decimal(parts.dev.of(b)),
		Local:   string(parts.local.of(b)),
	}, true
}

func stageName(stage byte) string {
	switch stage {
	case 'a':
		return "a"
	case 'b':
		return "b"
	case 'r':
		return "rc"
	}
	return ""
}

// decimal reads at most maxDigits digits; none are 0.
func decimal(digits []byte) int64 {
	n := int64(0)
	for _, c := range digits {
		n = n*10 + int64(c-'0')
	}
	return n
}

// decimals reads numbers with dots between them.
func decimals(dotted []byte) []int64 {
	numbers := make([]int64, 1, 4)
	for _, c := range dotted {
		last := len(numbers) - 1
		if c == '.' {
			numbers = append(numbers, 0)
			continue
		}
		numbers[last] = numbers[last]*10 + int64(c-'0')
	}
	return numbers
}

// Compare returns -1, 0 or 1 as PEP 440 orders a before, with or after b.
// Spellings of one version, such as 1.0 and 1.0.0, compare as 0. What is not a
// member of [Version] comes before all that is, ordered by its text.
func Compare(a, b string) int {
	left, leftOK := ParseVersion(a)
	right, rightOK := ParseVersion(b)
	switch {
	case leftOK && rightOK:
		return left.Compare(right)
	case leftOK:
		return 1
	case rightOK:
		return -1
	}
	return strings.Compare(a, b)
}

// Compare returns -1, 0 or 1 as PEP 440 orders v before, with or after w.
func (v PEP440) Compare(w PEP440) int {
	return cmp.Or(
		cmp.Compare(v.Epoch, w.Epoch),
		slices.Compare(significant(v.Release), significant(w.Release)),
		cmp.Compare(v.preRank(), w.preRank()),
		cmp.Compare(v.PreN, w.PreN),
		cmp.Compare(v.postRank(), w.postRank()),
		cmp.Compare(v.devRank(), w.devRank()),
		strings.Compare(v.Local, w.Local),
	)
}

// significant drops the zeros at the end.
func significant(release []int64) []int64 {
	n := len(release)
	for n > 0 && release[n-1] == 0 {
		n--
	}
	return release[:n]
}

// preRank orders a bare development release before the pre-releases, and
// everything without a pre-release after them.
func (v PEP440) preRank() int {
	switch {
	case v.Pre == "a":
		return 1
	case v.Pre == "b":
		return 2
	case v.Pre == "rc":
		return 3
	case v.HasDev && !v.HasPost:
		return 0
	}
	return 4
}

// postRank orders versions without a post-release first.
func (v PEP440) postRank() int64 {
	if !v.HasPost {
		return -1
	}
	return v.PostN
}

// devRank orders versions without a development release last.
func (v PEP440) devRank() int64 {
	if !v.HasDev {
		return math.MaxInt64
	}
	return v.DevN
}

// Parts returns the first n parts of v that dots divide: 2 of 3.21.0rc1 are
// 3.21. A version with no more than n parts is returned whole; n below 1 gives
// "". It looks at dots only, and does not allocate.
func Parts(v string, n int) string {
	if n < 1 {
		return ""
	}
	for i := range len(v) {
		if v[i] != '.' {
			continue
		}
		if n--; n == 0 {
			return v[:i]
		}
	}
	return v
}
