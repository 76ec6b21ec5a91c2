// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"bufio"
	"bytes"

	"github.com/pulp/pulpmetrics/internal/source"
)

// yaml scans documents of YAML, each a record. One that can't be read is scanned line by line,
// where keys still say what the values beside them are.
func (r *run) yaml(data []byte) (records int64, err error) {
	w := r.worker()
	for _, document := range bytes.Split(append([]byte("\n"), data...), []byte("\n---")) {
		if len(bytes.TrimSpace(document)) == 0 {
			continue
		}
		records++
		rec := r.record(records)
		root, problems := source.Parse(document)
		if len(problems) > 0 || root.Kind != source.Map && root.Kind != source.List {
			if records == 1 {
				return r.lines(bufio.NewReader(bytes.NewReader(data)), 1)
			}
			w.text(document, rec)
		} else {
			walk := &walker{worker: w, rec: rec}
			walk.tree(root, 0, w.declarations)
		}
		if err := r.emit(rec.done()); err != nil {
			return records, err
		}
	}
	return records, nil
}

// text scans lines as one record.
func (w *worker) text(data []byte, rec *record) {
	for _, line := range bytes.Split(data, []byte{'\n'}) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			w.line(string(line), rec)
		}
	}
}

// tree walks over values that were read already. What is found gets the span of its value.
func (w *walker) tree(v source.Value, context Context, d *Declarations) {
	switch v.Kind {
	case source.Map:
		w.frames = append(w.frames, frame{context: context, declarations: d})
		for _, e := range v.Entries {
			before := len(w.rec.findings)
			f := w.top()
			f.key = w.keyOf([]byte(e.Key.V))
			w.checkKey(f)
			w.place(before, e.Key.Span)
			w.tree(e.Value, f.says(), w.declaredUnder(f))
		}
		w.close()
	case source.List:
		w.frames = append(w.frames, frame{list: true, context: context, declarations: d})
		for i, item := range v.Items {
			w.top().index = i
			w.tree(item, context, d)
		}
		w.top().index = len(v.Items)
		w.close()
	case source.Int, source.Float, source.String:
		before := len(w.rec.findings)
		if v.Kind == source.String {
			w.string([]byte(v.Text), traits(v.Text), context, d)
		} else {
			w.numeral([]byte(v.Text), context, d)
		}
		w.place(before, v.Span)
	}
}

// place says where the findings from a number on stand.
func (w *walker) place(from int, span source.Span) {
	for i := from; i < len(w.rec.findings); i++ {
		w.rec.findings[i].Span = span
	}
}
