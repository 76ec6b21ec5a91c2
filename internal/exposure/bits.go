// SPDX-License-Identifier: GPL-2.0-or-later

package exposure

import (
	"math"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// Law says how bits were worked out.
type Law string

// The laws. The page says why each is what it is.
const (
	FromWeights  Law = "weights"     // of the proposal
	FromShares   Law = "shares"      // weights of the key of a list, which are percents of systems
	Even         Law = "even"        // each of a few values as likely
	Doublings    Law = "doublings"   // each doubling of a number as likely
	Releases     Law = "releases"    // a version: one of 32 as likely
	AllMembers   Law = "all members" // a pattern: each text as likely, since nothing else is said
	Exempt       Law = "identifier"  // not counted
	NothingKnown Law = "unknown"     // the domain isn't closed
)

// releaseBits is what one version tells: as much as one of 32 releases of which each is as common.
const releaseBits = 5

// bits returns what the values of a leaf in one report tell.
func (p *Prover) bits(m *proposal.Proposal, src *proposal.Leaf, d wire.Domain) (float64, Law) {
	one, law := p.one(m, src, d)
	if !m.Field.IsRepeated() || law == FromShares || law == Exempt {
		return one, law
	}
	return one * p.items(m), law
}

// one returns what one value of a leaf tells.
func (p *Prover) one(m *proposal.Proposal, src *proposal.Leaf, d wire.Domain) (float64, Law) {
	switch {
	case d.Kind == wire.Open:
		return 0, NothingKnown
	case d.Format == domain.UUID && !m.Field.IsMessage():
		return 122, Exempt
	case isKey(m, src) && len(src.Weights) > 0:
		return shares(src), FromShares
	case len(src.Weights) > 0:
		return entropy(src), FromWeights
	case d.Kind == wire.Bool:
		return 1, Even
	case d.Kind == wire.Numeric:
		return numberBits(d.Numbers)
	case d.Format == domain.UUID:
		return 122, AllMembers
	case d.Format != 0:
		return releaseBits, Releases
	case d.Pattern != nil:
		return max(0, d.Pattern.Cardinality()), AllMembers
	}
	return math.Log2(float64(max(1, len(d.Texts)))), Even
}

// isKey reports whether a leaf tells the items of a list apart, so that its weights are the shares
// of systems that have such an item, and don't add up to one.
func isKey(m *proposal.Proposal, src *proposal.Leaf) bool {
	return m.Field.IsRepeated() && len(m.Field.KeyNames) == 1 && m.Field.KeyNames[0].V == src.Name.V
}

// entropy returns what a value tells whose weights are known.
func entropy(src *proposal.Leaf) float64 {
	total := 0.0
	for _, w := range src.Weights {
		total += max(0, w.Value.V)
	}
	sum := 0.0
	for _, w := range src.Weights {
		if share := w.Value.V / total; share > 0 {
			sum -= share * math.Log2(share)
		}
	}
	return sum
}

// shares returns what a set of items tells, each of which a share of the systems has.
func shares(src *proposal.Leaf) float64 {
	sum := 0.0
	for _, w := range src.Weights {
		if s := w.Value.V / 100; s > 0 && s < 1 {
			sum -= s*math.Log2(s) + (1-s)*math.Log2(1-s)
		}
	}
	return sum
}

// items returns how many items a list has on average: the shares of its key added up, or else the
// mean of a number up to max_items of which each doubling is as likely.
func (p *Prover) items(m *proposal.Proposal) float64 {
	for _, leaf := range m.Field.Leaves() {
		if isKey(m, leaf) && len(leaf.Weights) > 0 {
			sum := 0.0
			for _, w := range leaf.Weights {
				sum += max(0, w.Value.V) / 100
			}
			return sum
		}
	}
	most := float64(max(2, m.Field.MaxItems.V))
	return (most - 1) / math.Log(most)
}

// numberBits returns what a number tells: each of a list as likely; in a range, each doubling as
// likely, since counts and sizes are small nearly everywhere and large somewhere.
func numberBits(n domain.Numbers) (float64, Law) {
	all := n.Cardinality()
	if values := n.Values(); values != nil || all <= 2 {
		return max(0, all), Even
	}
	return all/2 + math.Log2(all*math.Ln2), Doublings
}
