// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
)

// The limits of subset construction. A pattern beyond them is refused: a
// domain that needs more is better written as a list of values.
const (
	maxStates = 1 << 13 // states of the automaton
	maxCells  = 1 << 20 // states times classes
	maxWork   = 1 << 23 // instructions visited in all, a fraction of a second
)

// A subset is a state of the deterministic automaton: the consuming
// instructions that a thread may be at, and whether one may have matched.
type subset struct {
	pcs    []uint32 // sorted
	accept bool
	next   []int32 // class -> state; -1 is dead
}

// A determinizer turns a program without loops into subsets.
type determinizer struct {
	prog   *syntax.Prog
	alpha  *alphabet
	states []subset
	known  map[string]int32
	work   int
	stack  []uint32
	mark   []int // instruction -> the closure that visited it last
	round  int
}

// determinize returns the states of a program; state 0 is the start. The
// error is TooComplex.
func determinize(prog *syntax.Prog, alpha *alphabet) ([]subset, *PatternError) {
	d := &determinizer{prog: prog, alpha: alpha, known: map[string]int32{}, mark: make([]int, len(prog.Inst))}
	d.state([]uint32{uint32(prog.Start)})
	for i := 0; i < len(d.states); i++ {
		d.expand(i)
		if err := d.exceeded(); err != nil {
			return nil, err
		}
	}
	return d.states, nil
}

func (d *determinizer) exceeded() *PatternError {
	switch {
	case len(d.states) > maxStates, len(d.states)*len(d.alpha.spans) > maxCells:
		return tooComplex("its automaton has too many states")
	case d.work > maxWork:
		return tooComplex("it has too many ways to match")
	}
	return nil
}

// expand fills in the transitions of state i.
func (d *determinizer) expand(i int) {
	targets := make([][]uint32, len(d.alpha.spans))
	for _, pc := range d.states[i].pcs {
		for _, class := range d.alpha.sets[d.alpha.setOf[pc]] {
			targets[class] = append(targets[class], d.prog.Inst[pc].Out)
			d.work++
		}
	}
	next := make([]int32, len(targets))
	for class, pcs := range targets {
		next[class] = d.state(pcs)
		if d.exceeded() != nil {
			return
		}
	}
	d.states[i].next = next
}

// state returns the number of the state that is reached at pcs, new or known;
// -1 is the dead state.
func (d *determinizer) state(pcs []uint32) int32 {
	if len(pcs) == 0 {
		return -1
	}
	s := d.closure(pcs)
	key := s.key()
	number, known := d.known[key]
	if !known {
		number = int32(len(d.states))
		d.known[key] = number
		d.states = append(d.states, s)
	}
	return number
}

func (s *subset) key() string {
	key := make([]byte, 1, 1+4*len(s.pcs))
	if s.accept {
		key[0] = 1
	}
	for _, pc := range s.pcs {
		key = binary.LittleEndian.AppendUint32(key, pc)
	}
	return string(key)
}

// closure follows the instructions that consume nothing.
func (d *determinizer) closure(pcs []uint32) subset {
	var s subset
	d.round++
	d.stack = append(d.stack[:0], pcs...)
	for len(d.stack) > 0 {
		pc := d.stack[len(d.stack)-1]
		d.stack = d.stack[:len(d.stack)-1]
		d.work++
		if d.mark[pc] != d.round {
			d.mark[pc] = d.round
			d.visit(pc, &s)
		}
	}
	slices.Sort(s.pcs)
	return s
}

func (d *determinizer) visit(pc uint32, s *subset) {
	inst := &d.prog.Inst[pc]
	switch {
	case consumes(inst.Op):
		s.pcs = append(s.pcs, pc)
	case inst.Op == syntax.InstMatch:
		s.accept = true
	case inst.Op == syntax.InstAlt, inst.Op == syntax.InstAltMatch:
		d.stack = append(d.stack, inst.Out, inst.Arg)
	case inst.Op == syntax.InstCapture, inst.Op == syntax.InstNop:
		d.stack = append(d.stack, inst.Out)
	}
}
