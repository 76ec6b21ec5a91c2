// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"math/big"
	"strings"
)

// leaf is one value in front of the scanner, with all that is known of its place.
type leaf struct {
	text    string
	traits  Traits
	context Context
	number  bool
	whole   bool
	bounded bool
	prose   bool // nobody chose these words for a field: classes that only the path tells don't apply
}

// inspector asks every detector about texts. It is used by one goroutine.
type inspector struct {
	detectors  []Detector
	unfiltered bool // asks detectors without their prefilters, which must change nothing
}

// worth reports whether any detector could find something.
func (in *inspector) worth(t Traits, n int, c Context) bool {
	if in.unfiltered || mayUnwrap(t, n) {
		return true
	}
	for i := range in.detectors {
		if in.detectors[i].Needs(t, n, c) {
			return true
		}
	}
	return false
}

// inspect returns what the detectors find in a value and in everything that is encoded in it.
// Embedded is given each text that may hold JSON; it looks at that, and returns what is left.
func (in *inspector) inspect(l leaf, embedded func(text string) string) []found {
	return in.layers(l, mostLayers, nil, embedded)
}

// mostTexts is how many texts are taken out of one value, on all layers.
const mostTexts = 64

func (in *inspector) layers(l leaf, depth int, seen map[string]bool, embedded func(string) string) []found {
	if l.traits.any(High) {
		l.text = fold(l.text)
		l.traits = traits(l.text)
	}
	if embedded != nil && l.traits.any(Bracket) && strings.ContainsAny(l.text, "{[") {
		rest := embedded(l.text)
		if strings.TrimSpace(rest) == "" {
			return nil
		}
		l.whole = l.whole && rest == l.text
		l.text = rest
	}
	all := in.pieces(l)
	if depth == 0 || !mayUnwrap(l.traits, len(l.text)) {
		return all
	}
	inside := unwrap(l.text, l.traits)
	if seen == nil && len(inside) > 0 {
		seen = map[string]bool{l.text: true}
	}
	for _, inner := range inside {
		if seen[inner.text] || len(seen) > mostTexts {
			continue
		}
		seen[inner.text] = true
		next := l
		next.text, next.traits, next.whole = inner.text, traits(inner.text), l.whole && inner.whole
		for _, f := range in.layers(next, depth-1, seen, embedded) {
			if !contains(all, f) {
				all = append(all, f)
			}
		}
	}
	return all
}

// pieceBytes and pieceOverlap are how much of a long text is looked at at once, and again with the
// next piece: what a detector does takes at most the square of it.
const (
	pieceBytes   = 2 << 10
	pieceOverlap = 256
)

// pieces asks the detectors about a text, a piece at a time, with what pairs in it say.
func (in *inspector) pieces(l leaf) []found {
	if len(l.text) <= pieceBytes {
		return in.piece(l, nil)
	}
	var all []found
	rest := l.text
	for l.whole = false; len(rest) > 0; {
		l.text = rest[:min(len(rest), pieceBytes)]
		l.traits = traits(l.text)
		all = in.piece(l, all)
		if len(rest) <= pieceBytes || len(all) >= mostFindings {
			break
		}
		rest = rest[pieceBytes-pieceOverlap:]
	}
	return all
}

func (in *inspector) piece(l leaf, all []found) []found {
	for _, f := range in.detect(l) {
		if all == nil || !contains(all, f) {
			all = append(all, f)
		}
	}
	if l.traits.any(Equals|Colon) && !l.prose {
		for _, f := range in.pairs(l) {
			if !contains(all, f) {
				all = append(all, f)
			}
		}
	}
	return all
}

func contains(list []found, f found) bool {
	for _, o := range list {
		if o.class == f.class && (o.mask == f.mask || o.raw == f.raw) {
			return true
		}
	}
	return false
}

// detect asks the detectors about one text.
func (in *inspector) detect(l leaf) []found {
	s := &Subject{Text: l.text, Traits: l.traits, Context: l.context, Number: l.number, Whole: l.whole && !l.prose, Bounded: l.bounded}
	var all []found
	for i := range in.detectors {
		d := &in.detectors[i]
		if !in.unfiltered && !d.Needs(l.traits, len(l.text), l.context) {
			continue
		}
		for _, h := range d.Find(s) {
			all = append(all, found{class: d.Class, hit: h, mask: maskOf(h.of(l.text)), raw: h.of(l.text)})
		}
	}
	return settle(all)
}

// plainDigits writes a number without a fraction as its digits: 4e+15 is 4000000000000000.
func plainDigits(text string) string {
	if !strings.ContainsAny(text, ".eE") {
		return strings.TrimPrefix(text, "+")
	}
	if len(text) > 40 {
		return text
	}
	if i := strings.IndexAny(text, "eE"); i >= 0 && len(text)-i > 4 {
		return text // far too large to be anybody's
	}
	n, ok := new(big.Rat).SetString(text)
	if !ok || !n.IsInt() {
		return text
	}
	return n.Num().String()
}
