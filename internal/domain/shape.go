// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import "regexp/syntax"

// impossible is the width of what nothing matches.
var impossible = width{none: true}

// A width is the least and greatest length, in code points, of what a syntax
// tree matches; it is exact up to the limit where it saturates.
type width struct {
	min, max int
	none     bool // nothing matches at all
}

// saturated bounds counts that multiply, far above every limit.
const saturated = 1 << 24

// widthOf measures a tree without unbounded repetition.
func widthOf(re *syntax.Regexp) width {
	switch re.Op {
	case syntax.OpNoMatch:
		return impossible
	case syntax.OpLiteral:
		return literalWidth(re.Rune)
	case syntax.OpCharClass:
		if len(clip(re.Rune)) == 0 {
			return impossible
		}
		return width{min: 1, max: 1}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return width{min: 1, max: 1}
	case syntax.OpCapture:
		return widthOf(re.Sub[0])
	case syntax.OpQuest:
		return widthOf(re.Sub[0]).times(0, 1)
	case syntax.OpRepeat:
		return widthOf(re.Sub[0]).times(re.Min, re.Max)
	case syntax.OpConcat:
		return concatWidth(re.Sub)
	case syntax.OpAlternate:
		return alternateWidth(re.Sub)
	}
	return width{}
}

// literalWidth refuses surrogates, which no valid UTF-8 encodes.
func literalWidth(runes []rune) width {
	for _, r := range runes {
		if isSurrogate(r) {
			return impossible
		}
	}
	return width{min: len(runes), max: len(runes)}
}

func (w width) times(least, most int) width {
	switch {
	case most == 0, w.none && least == 0:
		return width{}
	case w.none:
		return impossible
	}
	return width{min: min(w.min*least, saturated), max: min(w.max*most, saturated)}
}

func concatWidth(subs []*syntax.Regexp) width {
	var sum width
	for _, sub := range subs {
		w := widthOf(sub)
		if w.none {
			return impossible
		}
		sum.min = min(sum.min+w.min, saturated)
		sum.max = min(sum.max+w.max, saturated)
	}
	return sum
}

func alternateWidth(subs []*syntax.Regexp) width {
	union := impossible
	for _, sub := range subs {
		w := widthOf(sub)
		switch {
		case w.none:
		case union.none:
			union = w
		default:
			union.min, union.max = min(union.min, w.min), max(union.max, w.max)
		}
	}
	return union
}

// expandedSize counts the nodes and literal runes of a tree with its counted
// repetitions written out, which is what an automaton is built from.
func expandedSize(re *syntax.Regexp) int {
	size := 1
	if re.Op == syntax.OpLiteral {
		size += len(re.Rune)
	}
	for _, sub := range re.Sub {
		size = min(size+expandedSize(sub), saturated)
	}
	if re.Op == syntax.OpRepeat {
		size = min(size*max(re.Max, 1), saturated)
	}
	return size
}

// find returns the first node, in the order of the text, that is wanted.
func find(re *syntax.Regexp, wanted func(*syntax.Regexp) bool) *syntax.Regexp {
	if wanted(re) {
		return re
	}
	for _, sub := range re.Sub {
		if found := find(sub, wanted); found != nil {
			return found
		}
	}
	return nil
}

func isUnbounded(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpStar, syntax.OpPlus:
		return true
	case syntax.OpRepeat:
		return re.Max < 0
	}
	return false
}
