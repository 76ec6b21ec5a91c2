// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import "github.com/pulp/pulpmetrics/internal/source"

// Value looks at a value that was read already, such as the example of a proposal. Findings have
// its spans.
func (s *Scanner) Value(v source.Value) []Finding {
	w := &walker{worker: s.worker(), rec: &record{}}
	w.tree(v, 0, s.declarations)
	return w.rec.done()
}

// Words looks at what people wrote about something. The path is where it stands.
func (s *Scanner) Words(path string, text source.Text) []Finding {
	w := s.worker()
	w.prose = true
	rec := &record{}
	w.text([]byte(text.V), rec)
	found := rec.done()
	for i := range found {
		found[i].Path, found[i].Span = path, text.Span
	}
	return found
}

// Leaf is one scalar of a serialized report.
type Leaf struct {
	Path   []string // names, or numbers of what nobody proposed
	Text   string   // or the decimal digits of a number
	Number bool
}

// Leaves looks at one serialized report. Name is how findings name where it came from, and n counts
// reports from 1.
func (s *Scanner) Leaves(name string, n int64, leaves []Leaf) []Finding {
	w := &walker{worker: s.worker(), rec: &record{source: name, number: n}}
	for _, l := range leaves {
		w.frames = w.frames[:0]
		context, d := Context(0), s.declarations
		for _, name := range l.Path {
			w.frames = append(w.frames, frame{context: context, key: w.keyOf([]byte(name))})
			context, d = w.top().says(), d.under(name)
		}
		if l.Number {
			w.numeral([]byte(l.Text), context, d)
		} else {
			w.string([]byte(l.Text), traits(l.Text), context, d)
		}
	}
	return w.rec.done()
}
