// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strconv"
	"strings"
)

// string looks at a text under the present path.
func (w *walker) string(text []byte, t Traits, context Context, d *Declarations) {
	bounded := false
	if d != nil && d.Leaf != nil && d.Leaf.Holds(string(text)) {
		switch d.Leaf.Meaning {
		case Closed:
			return
		case Identifier:
			w.rec.own(string(text))
			return
		}
		bounded = true
	}
	if context.any(SaysSystemID) && w.rec.own(string(text)) {
		return
	}
	if !w.worth(t, len(text), context) {
		return
	}
	w.leaf(leaf{text: string(text), traits: t, context: context, whole: true, bounded: bounded, prose: w.prose})
}

// numeric is what the path has to say before a number is looked at: most numbers are valid
// telephone numbers somewhere, and one in ten could be that of a card.
const numeric = SaysPhone | SaysCard | SaysAddress | SaysHost | SaysNationalID | SaysLatitude | SaysLongitude

// numeral looks at a number under the present path.
func (w *walker) numeral(digits []byte, context Context, d *Declarations) {
	if d != nil && d.Leaf != nil && d.Leaf.Meaning != Open && len(digits) < 40 && d.Leaf.Holds(string(digits)) {
		return
	}
	if len(digits) > 64 {
		return
	}
	if f := w.top(); f != nil && f.list && context.any(SaysPosition) && len(f.numbers) < 4 {
		f.numbers = append(f.numbers, string(digits))
	}
	if !context.any(numeric) || context.any(SaysMeasure) && !context.any(SaysPhone|SaysCard) {
		return
	}
	text := plainDigits(string(digits))
	w.leaf(leaf{text: text, traits: traits(text), context: context, number: true, whole: true})
}

// piece looks at a part of a text that is too long to be looked at as a whole.
func (w *walker) piece(text []byte, t Traits) {
	plain := string(unquote(nil, text))
	w.leaf(leaf{text: plain, traits: t | traits(plain)})
}

// leaf has a value inspected, and notes what is found.
func (w *walker) leaf(l leaf) {
	path, known := "", false
	at := func() string {
		if !known {
			path, known = w.path(), true
		}
		return path
	}
	embedded := func(text string) string {
		if w.nested >= mostNested {
			return text
		}
		return w.fragments(text, at(), w.nested+1, w.rec)
	}
	for _, f := range w.inspect(l, embedded) {
		w.note(f, at(), l.context)
	}
}

// note keeps a finding. Half of a position waits for the other half.
func (w *walker) note(f found, path string, context Context) {
	finding := w.rec.finding(f, path)
	top := w.top()
	if f.class != "geo" || top == nil || top.list || !context.any(SaysLatitude|SaysLongitude) || context.any(SaysPosition) {
		w.rec.add(finding)
		return
	}
	top.halves |= context & (SaysLatitude | SaysLongitude)
	top.pending = append(top.pending, finding)
	if name := strings.ToLower(top.key.name); strings.Contains(name, "itude") {
		top.halves |= SaysLatitude | SaysLongitude
	}
	if top.halves&SaysLatitude != 0 && top.halves&SaysLongitude != 0 {
		for _, p := range top.pending {
			w.rec.add(p)
		}
		top.pending = nil
	}
}

func (w *walker) top() *frame {
	if len(w.frames) == 0 {
		return nil
	}
	return &w.frames[len(w.frames)-1]
}

// close ends the innermost list or mapping. A list of two numbers may be a position.
func (w *walker) close() {
	f := w.top()
	if n := len(f.numbers); f.list && n == f.index && (n == 2 || n == 3) {
		text := strings.Join(f.numbers[:2], ",")
		s := &Subject{Text: text, Traits: traits(text), Context: SaysPosition}
		if hits := pairs(s); len(hits) > 0 {
			w.frames = w.frames[:len(w.frames)-1]
			w.rec.add(w.rec.finding(found{class: geo.Class, mask: maskOf(text), raw: text}, w.path()))
			return
		}
	}
	w.frames = w.frames[:len(w.frames)-1]
}

// checkKey looks at a key itself: some maps have people's names for keys.
func (w *walker) checkKey(f *frame) {
	k := f.key
	if f.context.any(SaysUserMap | SaysHostMap) {
		if hits := w.inspect(leaf{text: k.name, traits: traits(k.name), context: f.context & (SaysUserMap | SaysHostMap), whole: true}, nil); len(hits) > 0 {
			f.key = &key{name: k.name, own: k.own, generic: true, hits: hits}
			k = f.key
		}
	}
	for _, hit := range k.hits {
		w.rec.add(w.rec.finding(hit, w.path()))
	}
}

// path returns where the walk is, such as workers[0].name. A key that is personal data itself is
// masked.
func (w *walker) path() string {
	var b strings.Builder
	b.WriteString(w.prefix)
	for i := range w.frames {
		f := &w.frames[i]
		switch {
		case f.list:
			b.WriteString("[" + strconv.Itoa(f.index) + "]")
		case f.key != nil:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(f.key.shown())
		}
	}
	return b.String()
}

// shown returns a key as it may be printed.
func (k *key) shown() string {
	if len(k.name) > mostKeyBytes {
		return maskOf(k.name)
	}
	name := k.name
	for _, f := range k.hits {
		if f.raw == "" || !strings.Contains(name, f.raw) {
			return f.mask
		}
		name = strings.ReplaceAll(name, f.raw, f.mask)
	}
	return name
}
