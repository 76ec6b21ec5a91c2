// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"encoding/binary"
	"unicode/utf8"
)

// dead is the state from which nothing is accepted.
const dead = 0

// An automaton is the minimal deterministic automaton of a finite language
// over classes of code points. It has no loops, and every state but the dead
// one has a higher number than the states that it leads to.
type automaton struct {
	rows   [][]uint16 // class -> state -> state
	accept []bool     // state -> whether the text may end here
	start  uint16
}

// A minimizer numbers states from the last to the first, so that two with the
// same future get the same number.
type minimizer struct {
	subsets []subset
	numbers []int32 // subset -> state; -1 is not known yet
	known   map[string]int32
	accept  []bool
	next    [][]uint16 // state -> class -> state
}

// minimize merges the subsets of equal futures; subset 0 is the start.
func minimize(subsets []subset, classes int) *automaton {
	m := &minimizer{subsets: subsets, numbers: make([]int32, len(subsets)), known: map[string]int32{}}
	for i := range m.numbers {
		m.numbers[i] = -1
	}
	m.number(false, make([]uint16, classes))
	start := m.visit(0)
	return &automaton{rows: transpose(m.next, classes), accept: m.accept, start: uint16(start)}
}

// visit numbers a subset after all that it leads to. It recurses as deep as
// the longest text is long.
func (m *minimizer) visit(i int32) int32 {
	if i < 0 {
		return dead
	}
	if m.numbers[i] < 0 {
		next := make([]uint16, len(m.subsets[i].next))
		for class, target := range m.subsets[i].next {
			next[class] = uint16(m.visit(target))
		}
		m.numbers[i] = m.number(m.subsets[i].accept, next)
	}
	return m.numbers[i]
}

// number returns the state with this future, new or known.
func (m *minimizer) number(accept bool, next []uint16) int32 {
	key := make([]byte, 1, 1+2*len(next))
	if accept {
		key[0] = 1
	}
	for _, target := range next {
		key = binary.LittleEndian.AppendUint16(key, target)
	}
	number, known := m.known[string(key)]
	if !known {
		number = int32(len(m.next))
		m.known[string(key)] = number
		m.accept = append(m.accept, accept)
		m.next = append(m.next, next)
	}
	return number
}

// transpose keeps the lookup of the class off the path from state to state,
// which is what bounds the speed of matching.
func transpose(next [][]uint16, classes int) [][]uint16 {
	rows := make([][]uint16, classes)
	for class := range rows {
		rows[class] = make([]uint16, len(next))
		for state := range next {
			rows[class][state] = next[state][class]
		}
	}
	return rows
}

// asciiClasses returns the classes of the bytes that are code points by
// themselves.
func (a *alphabet) asciiClasses() (classes [utf8.RuneSelf]uint16) {
	for b := range classes {
		classes[b] = a.class(rune(b))
	}
	return classes
}
