// SPDX-License-Identifier: GPL-2.0-or-later

package proposal

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/pulp/pulpmetrics/internal/source"
)

// Seal is the pair of digests of a proposal, each "sha256:" and 64 hexadecimal digits.
type Seal struct {
	Full    string // over everything that is decided: what a decision carries
	Machine string // over what machines read alone: it changes when what is collected does
}

// sealed is what is remembered of the canonical form, which itself is too long to keep for every
// proposal: its digests or, for a derived metric, the form, since the metrics that it reads enter.
type sealed struct {
	full, machine [sha256.Size]byte
	canonical     *Canonical
}

func newSealed(root source.Value, derived bool) sealed {
	c := NewCanonical(root)
	if derived {
		return sealed{canonical: &c}
	}
	return sealed{full: sha256.Sum256(c.Full), machine: sha256.Sum256(c.Machine)}
}

// Seal returns the seal of the proposal. The machine digests of the metrics that it is derived
// from are asked for by id; false means that there is none, and then there is no seal.
func (p *Proposal) Seal(machine func(id string) (string, bool)) (Seal, bool) {
	if p.seal.canonical == nil {
		return Seal{format(p.seal.full), format(p.seal.machine)}, p.ID.Set()
	}
	c, ok := p.seal.canonical.With(p.From, machine)
	return c.Seal(), ok
}

// Seal returns the digests of the forms.
func (c Canonical) Seal() Seal {
	return Seal{format(sha256.Sum256(c.Full)), format(sha256.Sum256(c.Machine))}
}

// With returns the forms with what a derived metric reads: a line for each, its id and its machine
// digest, in the order of `from`. False means that one of them has no digest.
func (c Canonical) With(from []source.Text, machine func(id string) (string, bool)) (Canonical, bool) {
	var lines []byte
	for _, id := range from {
		digest, ok := machine(id.V)
		if !ok {
			return c, false
		}
		lines = append(lines, "\n"+id.V+" "+digest...)
	}
	return Canonical{append(append([]byte{}, c.Full...), lines...), append(append([]byte{}, c.Machine...), lines...)}, true
}

func format(digest [sha256.Size]byte) string { return "sha256:" + hex.EncodeToString(digest[:]) }
