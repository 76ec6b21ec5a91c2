// SPDX-License-Identifier: GPL-2.0-or-later

package lsp

import (
	"cmp"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/lint"
	"github.com/pulp/pulpmetrics/internal/plan"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// schemaOf is what the schema says of a document.
func (h *handler) schemaOf(doc *openFile) *key {
	if doc.file == proposal.ProjectFile {
		return h.project
	}
	return h.proposals
}

// hover explains what is under the cursor: the findings there with the pages of their rules, what a
// name leads to, and what the key means.
func (h *handler) hover(params placeParams) *hover {
	p, doc := h.document(params.Document.URI)
	if p == nil {
		return nil
	}
	place := doc.place(params.Position)
	var parts []string
	seen := map[string]bool{}
	for _, d := range h.found(p, doc) {
		at := source.Span{Start: place, End: place}
		if !d.Span.IsZero() && d.Span.Contains(at) && !seen[d.Rule] {
			seen[d.Rule] = true
			parts = append(parts, h.Page(d.Rule))
		}
	}
	if target := p.named(doc, params.Position); target != nil {
		parts = append(parts, target.page)
	}
	if word, start := doc.wordAt(params.Position); word != "" {
		line := doc.line(params.Position.Line)
		behind := line[:start] + strings.TrimSuffix(word, ":") + ": " // as if the cursor stood behind the key
		if c := doc.atKey(params.Position.Line, behind); c.value && len(c.path) > 0 {
			if k := h.schemaOf(doc).at(c.path); k != nil && c.path[len(c.path)-1] == word {
				parts = append(parts, k.page(word))
			}
		}
	}
	parts = append(parts, h.keyAround(doc, params.Position, parts)...)
	if len(parts) == 0 {
		return nil
	}
	return &hover{Contents: markup{"markdown", strings.Join(parts, "\n\n---\n\n")}}
}

// keyAround explains the key that a value belongs to, where nothing else is known.
func (h *handler) keyAround(doc *openFile, p position, known []string) []string {
	c := doc.at(p)
	if len(known) > 0 || !c.value {
		return nil
	}
	for i := len(c.path); i > 0; i-- {
		if k := h.schemaOf(doc).at(c.path[:i]); k != nil && c.path[i-1] != "[]" && k.Description != "" {
			return []string{k.page(c.path[i-1])}
		}
	}
	return nil
}

// target is what a name leads to.
type target struct {
	file string
	span source.Span
	page string
}

// named finds what the word under the cursor names: a metric, a leaf, a summary or a named key.
func (p *project) named(doc *openFile, at position) *target {
	word, _ := doc.wordAt(at)
	word = strings.Trim(word, ".-")
	if word == "" {
		return nil
	}
	r := p.registry
	own := p.proposal(doc.file)
	if ref, ok := plan.Resolve(r, own, word); ok {
		if ref.Leaf.Name.Set() || ref.Metric.ID.V != word {
			return &target{ref.Metric.Path, ref.Leaf.Here(), "**" + ref.Metric.ID.V + "." + ref.Leaf.Name.V + "**\n\n" + cmp.Or(ref.Leaf.Description.V, ref.Metric.Title.V)}
		}
	}
	if m := r.Metric(word); m != nil && m.ID.Set() {
		return &target{m.Path, m.ID.Span, "**" + m.ID.V + "**: " + m.Title.V + " (" + m.Status.V + ")\n\n" + m.Question.V}
	}
	if s, ok := r.Summary(word); ok {
		return &target{s.Proposal.Path, s.Summary.ID.Span, "**" + word + "**: a summary of `" + s.Proposal.ID.V + "`, " + s.Summary.Measure.V}
	}
	for _, k := range r.Project.Keys {
		if k.Key.V == word {
			return &target{proposal.ProjectFile, k.Key.Span, "**" + word + "**: the key of `" + k.Value.Path.V + "`, named in " + proposal.ProjectFile}
		}
	}
	return nil
}

// define finds where the name under the cursor leads.
func (h *handler) define(params placeParams) []location {
	p, doc := h.document(params.Document.URI)
	if p == nil {
		return nil
	}
	t := p.named(doc, params.Position)
	if t == nil {
		return nil
	}
	return []location{{p.uri(t.file), p.text(t.file).span(t.span)}}
}

// Kinds of code actions.
const (
	kindFix    = "quickfix"
	kindFixAll = "source.fixAll"
)

// actions offers the fixes of the findings that a range touches, and all that can't be wrong.
func (h *handler) actions(params actionParams) []codeAction {
	p, doc := h.document(params.Document.URI)
	if p == nil {
		return nil
	}
	from, to := doc.place(params.Range.Start), doc.place(params.Range.End)
	out := []codeAction{}
	for _, d := range h.found(p, doc) {
		if d.Fix == nil || to.Before(d.Span.Start) || d.Span.End.Before(from) {
			continue
		}
		out = append(out, codeAction{Title: capital(d.Fix.Title), Kind: kindFix, IsPreferred: !d.Fix.Unsure,
			Diagnostics: []diagnostic{doc.diagnostic(d)}, Edit: workspaceEdit{map[string][]textEdit{doc.uri: doc.edits(d.Fix.Edits)}}})
	}
	if all := h.fixAll(p, doc); all != nil {
		out = append(out, *all)
	}
	return out
}

func capital(s string) string {
	if s == "" || s[0] >= 0x80 {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func (t *text) edits(edits []source.Edit) []textEdit {
	out := []textEdit{}
	for _, e := range edits {
		out = append(out, textEdit{t.span(e.Span), e.Text})
	}
	return out
}

// fixAll does what `lint --fix` would do to the document; nil if that is nothing.
func (h *handler) fixAll(p *project, doc *openFile) *codeAction {
	m := &lint.Mender{Parser: p.parser, Now: h.Now(),
		Read:   func(file string) ([]byte, error) { return []byte(p.text(file).data), nil },
		Wanted: func(d diag.Diagnostic) bool { return d.File == doc.file && d.File != proposal.ProjectFile },
	}
	found := h.found(p, doc)
	if !hasSure(found) {
		return nil
	}
	_, _, changes, err := m.Mend(p.registry, lint.Run(p.registry, h.Now()))
	if err != nil || len(changes) == 0 {
		return nil
	}
	last := uint32(len(doc.lines) - 1)
	whole := span{End: position{last, units(doc.line(last))}}
	return &codeAction{Title: "Mend what can't be anything else", Kind: kindFixAll,
		Edit: workspaceEdit{map[string][]textEdit{doc.uri: {{whole, string(changes[0].After)}}}}}
}

func hasSure(found []diag.Diagnostic) bool {
	for _, d := range found {
		if d.Fix != nil && !d.Fix.Unsure {
			return true
		}
	}
	return false
}
