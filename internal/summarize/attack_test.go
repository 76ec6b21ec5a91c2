// SPDX-License-Identifier: GPL-2.0-or-later

package summarize

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/plan"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/store/storetest"
)

// The attacker knows the proposals, and so everything that a system could send: an atom is one such
// thing. It knows how many systems are behind each published row, which cells were folded into it,
// and which cells are empty. From sums and differences of all that it tries to work out how many
// systems are in a small cell. It shares no code with what publishes.
type attacker struct {
	atoms []*machine
	rows  [][]uint64 // known sums over atoms, reduced: each has a pivot that no other has
	pivot []int
}

// learn adds a row, unless it follows from the others.
func (a *attacker) learn(row []uint64) {
	row = a.reduce(row)
	at := slices.IndexFunc(row, func(v uint64) bool { return v != 0 })
	if at < 0 {
		return
	}
	scale := power(row[at], field-2)
	for i := range row {
		row[i] = row[i] * scale % field
	}
	a.rows, a.pivot = append(a.rows, row), append(a.pivot, at)
}

// field is a prime whose products fit into 64 bits.
const field = 2147483647

func power(base, n uint64) uint64 {
	result := uint64(1)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			result = result * base % field
		}
		base = base * base % field
	}
	return result
}

// reduce subtracts known rows until nothing is left that they could explain.
func (a *attacker) reduce(row []uint64) []uint64 {
	row = slices.Clone(row)
	for i, known := range a.rows {
		if times := row[a.pivot[i]]; times != 0 {
			for j, v := range known {
				row[j] = (row[j] + (field-times)*v) % field
			}
		}
	}
	return row
}

// knows reports whether a sum over atoms follows from what was learnt.
func (a *attacker) knows(row []uint64) bool {
	return !slices.ContainsFunc(a.reduce(row), func(v uint64) bool { return v != 0 })
}

// world is everything that a system of the small project can be, each with the cells it is in.
type world struct {
	registry *registry.Registry
	queries  []plan.Query
	atoms    []*machine
	cells    []map[string]bool // of each atom: "summary key"
}

func newWorld(t *testing.T) *world {
	t.Helper()
	r, _ := storetest.Registry(t, "testdata/small", testDay.String())
	queries, err := plan.Queries(r, testDay.String())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{registry: r, queries: queries}
	versions := []any{nil, "3.20.0", "3.20.1", "3.21.0", "4.0.0"}
	for _, tier := range []any{nil, 1, 2, 3} {
		for _, x := range []any{nil, 1, 2, 3} { // what is absent is 0
			for _, core := range versions {
				for _, other := range versions[:3] {
					for age := range int64(3) {
						w.atoms = append(w.atoms, w.atom(age, tier, x, core, other))
					}
				}
			}
		}
	}
	for _, s := range w.atoms {
		w.cells = append(w.cells, map[string]bool{})
		for i := range queries {
			_, members := expect(&queries[i], []*machine{s}, 1, testDay)
			for key, who := range members {
				if len(who) > 0 {
					w.cells[len(w.cells)-1][queries[i].ID+" "+key] = true
				}
			}
		}
	}
	return w
}

func (w *world) atom(age int64, tier, x, core, other any) *machine {
	s := &machine{age: age, sent: map[*proposal.Leaf]any{}, here: map[*proposal.Proposal]bool{}, items: map[*proposal.Proposal][]listItem{}}
	set := func(metric, leaf string, v any) {
		p := w.registry.Metric(metric)
		if n, ok := v.(int); ok {
			s.here[p] = true
			at := &p.Field.Leaf
			if leaf != "" {
				at = p.Field.LeafNamed(leaf)
			}
			s.sent[at] = domain.Int(int64(n))
		}
	}
	set("tier", "", tier)
	set("load", "x", x)
	if x != nil {
		set("load", "y", x.(int)*x.(int)*4-6)
	}
	parts := w.registry.Metric("parts")
	for name, version := range map[string]any{"core": core, "other": other} {
		if version != nil {
			s.items[parts] = append(s.items[parts], listItem{parts.Field.LeafNamed("name"): name, parts.Field.LeafNamed("version"): version})
		}
	}
	return s
}

// publishes returns the published rows of systems, the cells in each, and all cells with the number of
// systems in them.
func (w *world) publishes(t *rapid.T, fleet []*machine, minCell int64) ([]*family, map[string]int64) {
	var exact []store.Row
	counts := map[string]int64{}
	for i := range w.queries {
		rows, members := expect(&w.queries[i], fleet, 1, testDay)
		exact = append(exact, rows...)
		for key, who := range members {
			counts[w.queries[i].ID+" "+key] = int64(len(who))
		}
	}
	persistent := int64(0)
	for _, s := range fleet {
		if s.age >= 1 {
			persistent++
		}
	}
	z := &Summarizer{Queries: w.queries, minAge: 1, minCell: minCell}
	all, err := z.fold(persistent, exact)
	if err != nil {
		t.Fatal(err)
	}
	return all, counts
}

// TestNothingFollows draws fleets, publishes their day, and lets the attacker look for small cells.
func TestNothingFollows(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		minCell := rapid.Int64Range(2, 6).Draw(t, "min_cell")
		fleet := w.drawFleet(t)
		all, counts := w.publishes(t, fleet, minCell)
		a := w.attack(all, counts)
		for cell, n := range counts {
			if n > 0 && n < minCell && a.knows(a.sum(w, map[string]bool{cell: true})) {
				t.Fatalf("the %d systems in %s follow from what is published:\n%s", n, cell, published(all))
			}
		}
	})
}

// drawFleet draws systems: most of them alike, so that some cells are large and some are small.
func (w *world) drawFleet(t *rapid.T) []*machine {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	kinds := rapid.IntRange(1, 40).Draw(t, "kinds")
	var pool []*machine
	for range kinds {
		pool = append(pool, w.atoms[r.IntN(len(w.atoms))])
	}
	var fleet []*machine
	for range rapid.IntRange(1, 150).Draw(t, "systems") {
		copied := *pool[min(r.IntN(kinds), r.IntN(kinds))]
		fleet = append(fleet, &copied)
	}
	return fleet
}

// attack learns everything that is published.
func (w *world) attack(all []*family, counts map[string]int64) *attacker {
	a := &attacker{}
	for i, s := range w.atoms { // atoms that would be in an empty cell don't occur
		occurs := true
		for cell := range w.cells[i] {
			occurs = occurs && counts[cell] > 0
		}
		if occurs {
			a.atoms = append(a.atoms, s)
		}
	}
	for _, f := range all {
		for _, b := range f.blocks {
			cells := map[string]bool{}
			for _, i := range b.cells {
				cells[f.query.ID+" "+f.cells[i].text] = true
			}
			a.learn(a.sum(w, cells))
		}
	}
	return a
}

// sum returns which atoms are in cells.
func (a *attacker) sum(w *world, cells map[string]bool) []uint64 {
	row := make([]uint64, len(a.atoms))
	for i, s := range a.atoms {
		in := w.cells[slices.Index(w.atoms, s)]
		for cell := range cells {
			if in[cell] {
				row[i]++
			}
		}
	}
	return row
}

func published(all []*family) string {
	var lines []string
	for _, f := range all {
		for _, b := range f.blocks {
			n := int64(0)
			var of []string
			for _, i := range b.cells {
				n += f.cells[i].systems
				of = append(of, fmt.Sprintf("%s=%d", f.cells[i].text, f.cells[i].systems))
			}
			lines = append(lines, fmt.Sprintf("%s %v: %d, of %s", f.query.ID, b.key, n, strings.Join(of, " ")))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
