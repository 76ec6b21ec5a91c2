// SPDX-License-Identifier: GPL-2.0-or-later

// Package exposure says what a metric could give away. In flow a registry and its message; out come,
// for each leaf, the reason why it can or can't carry personal data, and how many bits it tells of
// the installation that sends it.
package exposure

import (
	_ "embed"
	"slices"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/pii"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// Page explains the proof and the arithmetic, as Markdown.
//
//go:embed exposure.md
var Page string

// Proof is why a leaf can or can't carry personal data.
type Proof string

// The proofs.
const (
	Proved     Proof = "proved"     // its values are few, or numbers, and none is personal data
	Bounded    Proof = "bounded"    // its values match a pattern or a format
	Identifier Proof = "identifier" // it is the random identifier of the system, and nothing else
	Unproved   Proof = "open"       // it can hold anything
)

// Leaf is one scalar of a metric, and what it could give away.
type Leaf struct {
	Metric *proposal.Proposal
	Source *proposal.Leaf
	Path   string // metric.leaf, or the metric of a scalar
	Proof  Proof
	Domain string // in words
	Widest string // of Bounded: a longest value
	// Samples is how many values of a Bounded leaf were drawn and shown to the detectors; Found are
	// the classes that they found in samples, or in the values of a list; Admits are more classes of
	// which the leaf lets some value through, however unlikely.
	Samples int
	Found   []string
	Admits  []string
	Bits    float64 // that a value tells; of a list, the values of all its items
	Law     Law     // how the bits were worked out
	// Category is the key of Fideslang's taxonomy of data, and Mozilla the number of Mozilla's
	// category, 1 to 4.
	Category string
	Mozilla  int
}

// Prover works out what leaves could give away. It can be used by many goroutines.
type Prover struct {
	compiler wire.Compiler
	scanner  *pii.Scanner
}

// NewProver returns a prover.
func NewProver() *Prover { return &Prover{scanner: pii.New(nil)} }

// Metric returns the leaves of a metric, in the order of the file; none if it is derived.
func (p *Prover) Metric(m *proposal.Proposal) []Leaf {
	leaves, domains := p.weigh(m)
	for i := range leaves {
		p.look(&leaves[i], domains[i])
		leaves[i].Category, leaves[i].Mozilla = category(leaves[i])
	}
	return leaves
}

// Weigh is Metric without what detectors find, which takes most of the time.
func (p *Prover) Weigh(m *proposal.Proposal) []Leaf {
	leaves, _ := p.weigh(m)
	return leaves
}

func (p *Prover) weigh(m *proposal.Proposal) (leaves []Leaf, domains []wire.Domain) {
	if m.Field == nil {
		return nil, nil
	}
	for _, src := range m.Field.Leaves() {
		l, d := p.leaf(m, src)
		leaves, domains = append(leaves, l), append(domains, d)
	}
	return leaves, domains
}

func (p *Prover) leaf(m *proposal.Proposal, src *proposal.Leaf) (Leaf, wire.Domain) {
	d, problems := p.compiler.Domain(src)
	l := Leaf{Metric: m, Source: src, Path: m.ID.V, Domain: d.String(), Proof: Proved}
	if m.Field.IsMessage() {
		l.Path += "." + src.Name.V
	}
	switch {
	case len(problems) > 0:
		l.Proof, l.Domain = Unproved, "its domain isn't closed"
	case d.Format == domain.UUID && !m.Field.IsMessage() && m.Field.Label.V == proposal.Required:
		l.Proof = Identifier
	case d.Format != 0:
		l.Proof, l.Widest = Bounded, d.Format.Widest()
	case d.Pattern != nil:
		l.Proof, l.Widest = Bounded, d.Pattern.Widest()
	}
	l.Bits, l.Law = p.bits(m, src, d)
	return l, d
}

// InForce returns the leaves of every metric that is collected or will be: approved, and not retired on a
// day, YYYY-MM-DD.
func (p *Prover) InForce(r *registry.Registry, day string) []Leaf { return inForce(r, day, p.Metric) }

func inForce(r *registry.Registry, day string, leavesOf func(*proposal.Proposal) []Leaf) []Leaf {
	var leaves []Leaf
	for _, m := range r.Proposals {
		if m.Status.V == proposal.Approved && r.Lifecycle(m, day) != registry.Retired {
			leaves = append(leaves, leavesOf(m)...)
		}
	}
	return leaves
}

// Sum adds up the bits of leaves, without those of identifiers: telling systems apart is what they
// are for, and they are never published.
func Sum(leaves []Leaf) float64 {
	sum := 0.0
	for _, l := range leaves {
		if l.Proof != Identifier {
			sum += l.Bits
		}
	}
	return sum
}

// Finds reports whether detectors found a class in the leaf's values.
func (l *Leaf) Finds(class string) bool { return slices.Contains(l.Found, class) }

// Carries returns every class that values of the leaf could be of.
func (l *Leaf) Carries() []string { return append(slices.Clone(l.Found), l.Admits...) }
