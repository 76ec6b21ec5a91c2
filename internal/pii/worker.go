// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"slices"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/domain"
)

// worker looks at records, one after the other. It is used by one goroutine.
type worker struct {
	inspector
	declarations *Declarations
	prose        bool
	keys         map[string]*key
	scratch      []byte
}

// mostKeys is how many keys a worker remembers: reports have a few dozen.
const mostKeys = 1 << 12

// keyOf returns what a key says. Names are remembered, since they come again and again.
func (w *worker) keyOf(name []byte) *key {
	if k, ok := w.keys[string(name)]; ok {
		return k
	}
	if len(w.keys) >= mostKeys {
		clear(w.keys)
	}
	k := newKey(string(name))
	for _, f := range w.inspect(leaf{text: k.name, traits: traits(k.name)}, nil) {
		if !slices.Contains(keyless, f.class) {
			k.hits = append(k.hits, f)
		}
	}
	w.keys[k.name] = k
	return k
}

// keyless are classes that a key alone can't show.
var keyless = []string{"person_name", "free_text"}

// record collects what is found in one record.
type record struct {
	source   string
	number   int64
	findings []Finding
	systems  [][16]byte // its own identifiers
}

// own keeps the identifier of the system that the record is about: finding it is no finding.
// It is false if the text is no identifier.
func (r *record) own(text string) bool {
	id, ok := domain.ParseUUID([]byte(text))
	if ok {
		r.systems = append(r.systems, id)
	}
	return ok
}

func (r *record) finding(f found, path string) Finding {
	severity := diag.Error
	for _, d := range detectors() {
		if d.Class == f.class {
			severity = d.Severity
		}
	}
	return Finding{Source: r.source, Record: r.number, Path: path, Class: f.class, Severity: severity, Mask: f.mask, raw: f.raw}
}

// mostFindings is how many findings of one record are kept.
const mostFindings = 1000

func (r *record) add(f Finding) {
	if len(r.findings) >= mostFindings || slices.ContainsFunc(r.findings, func(o Finding) bool {
		return o.Path == f.Path && o.Class == f.Class && o.Mask == f.Mask
	}) {
		return
	}
	r.findings = append(r.findings, f)
}

// unscanned notes what could not be looked at.
func (r *record) unscanned(why, help string) {
	r.add(NotScanned(r.source, r.number, why, help))
}

// done returns the findings of the record, without those of its own identifier.
func (r *record) done() []Finding {
	return slices.DeleteFunc(r.findings, func(f Finding) bool {
		if f.Class != "uuid" {
			return false
		}
		id, ok := domain.ParseUUID([]byte(f.raw))
		return ok && slices.Contains(r.systems, id)
	})
}
