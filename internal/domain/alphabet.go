// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"regexp/syntax"
	"slices"
	"sort"
	"unicode"
	"unicode/utf8"
)

// A span is a range of code points, both ends included.
type span struct{ lo, hi rune }

const (
	firstSurrogate = 0xD800
	lastSurrogate  = 0xDFFF
)

func isSurrogate(r rune) bool { return firstSurrogate <= r && r <= lastSurrogate }

// clip turns the pairs of a character class, sorted or not, into sorted spans
// that neither overlap nor touch surrogates.
func clip(pairs []rune) []span {
	var spans []span
	for i := 0; i+1 < len(pairs); i += 2 {
		lo, hi := max(pairs[i], 0), min(pairs[i+1], utf8.MaxRune)
		spans = appendSpan(spans, lo, min(hi, firstSurrogate-1))
		spans = appendSpan(spans, max(lo, lastSurrogate+1), hi)
	}
	slices.SortFunc(spans, func(a, b span) int { return int(a.lo - b.lo) })
	return merge(spans)
}

func appendSpan(spans []span, lo, hi rune) []span {
	if lo > hi {
		return spans
	}
	return append(spans, span{lo, hi})
}

// merge joins sorted spans that overlap or touch.
func merge(spans []span) []span {
	merged := spans[:0]
	for _, s := range spans {
		if n := len(merged); n > 0 && s.lo <= merged[n-1].hi+1 {
			merged[n-1].hi = max(merged[n-1].hi, s.hi)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

// spansOf returns the code points that an instruction consumes.
func spansOf(inst *syntax.Inst) []span {
	if len(inst.Rune) != 1 {
		return clip(inst.Rune)
	}
	r := inst.Rune[0]
	pairs := []rune{r, r}
	if syntax.Flags(inst.Arg)&syntax.FoldCase != 0 {
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			pairs = append(pairs, f, f)
		}
	}
	return clip(pairs)
}

// An alphabet splits all code points into classes that no instruction of a
// program tells apart. Class 0 is what no instruction consumes.
type alphabet struct {
	spans   [][]span // class -> its code points, sorted; class 0 is left empty
	sets    [][]int  // set of an instruction -> the classes it is made of, sorted
	setOf   []int    // instruction -> its set
	starts  []rune   // first code points of the elementary intervals, sorted
	classes []uint16 // interval -> class, parallel to starts
}

// newAlphabet reads the instructions of a program.
func newAlphabet(prog *syntax.Prog) *alphabet {
	a := &alphabet{setOf: make([]int, len(prog.Inst))}
	distinct := a.collect(prog)
	a.cut(distinct)
	a.sets = make([][]int, len(distinct))
	a.classify(distinct)
	return a
}

// collect numbers the distinct sets of code points of a program, the empty one
// first. The copies of a repetition share their runes: one look is enough.
func (a *alphabet) collect(prog *syntax.Prog) [][]span {
	distinct := [][]span{nil} // set 0 is empty
	numbers, copies := map[string]int{"": 0}, map[*rune]int{}
	for pc := range prog.Inst {
		inst := &prog.Inst[pc]
		if !consumes(inst.Op) || len(inst.Rune) == 0 {
			continue
		}
		number, known := copies[&inst.Rune[0]]
		if !known {
			spans := spansOf(inst)
			if number, known = numbers[spansKey(spans)]; !known {
				number = len(distinct)
				numbers[spansKey(spans)] = number
				distinct = append(distinct, spans)
			}
			copies[&inst.Rune[0]] = number
		}
		a.setOf[pc] = number
	}
	return distinct
}

func consumes(op syntax.InstOp) bool {
	switch op {
	case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
		return true
	}
	return false
}

func spansKey(spans []span) string {
	ends := make([]rune, 0, 2*len(spans))
	for _, s := range spans {
		ends = append(ends, s.lo, s.hi)
	}
	return string(ends) // no end is a surrogate: the encoding is one to one
}

// cut finds where any set starts or ends.
func (a *alphabet) cut(sets [][]span) {
	a.starts = []rune{0}
	for _, set := range sets {
		for _, s := range set {
			a.starts = append(a.starts, s.lo, s.hi+1)
		}
	}
	slices.Sort(a.starts)
	a.starts = slices.Compact(a.starts)
}

// classify groups the intervals by the sets that contain them.
func (a *alphabet) classify(sets [][]span) {
	a.spans = make([][]span, 1)
	a.classes = make([]uint16, len(a.starts))
	known := map[string]uint16{string(make([]byte, (len(sets)+7)/8)): 0}
	for i, lo := range a.starts {
		signature := membership(sets, lo)
		class, seen := known[string(signature)]
		if !seen {
			class = uint16(len(a.spans))
			known[string(signature)] = class
			a.spans = append(a.spans, nil)
			a.join(class, signature)
		}
		a.classes[i] = class
		if class != 0 { // the last interval is always of class 0
			a.spans[class] = append(a.spans[class], span{lo, a.starts[i+1] - 1})
		}
	}
}

// membership returns one bit for each set that contains r.
func membership(sets [][]span, r rune) []byte {
	signature := make([]byte, (len(sets)+7)/8)
	for n, set := range sets {
		i := sort.Search(len(set), func(i int) bool { return set[i].hi >= r })
		if i < len(set) && set[i].lo <= r {
			signature[n/8] |= 1 << (n % 8)
		}
	}
	return signature
}

// join adds a class to the sets of its signature.
func (a *alphabet) join(class uint16, signature []byte) {
	for n := range a.sets {
		if signature[n/8]&(1<<(n%8)) != 0 {
			a.sets[n] = append(a.sets[n], int(class))
		}
	}
}

// class returns the class of a code point.
func (a *alphabet) class(r rune) uint16 {
	i := sort.Search(len(a.starts), func(i int) bool { return a.starts[i] > r })
	if i == 0 {
		return 0
	}
	return a.classes[i-1]
}
