// SPDX-License-Identifier: GPL-2.0-or-later

package lsp

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pulp/pulpmetrics/internal/lint"
	"github.com/pulp/pulpmetrics/internal/plan"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

// complete lists what can stand at the cursor: keys that aren't there yet, values to choose from, and
// the names of metrics, leaves, summaries, rules and numbers.
func (h *handler) complete(params placeParams) []completionItem {
	p, doc := h.document(params.Document.URI)
	if p == nil {
		return nil
	}
	c := doc.at(params.Position)
	k := h.schemaOf(doc).at(c.path)
	word, start := doc.wordAt(params.Position)
	from := position{params.Position.Line, units(doc.line(params.Position.Line)[:start])}
	w := &wordList{from: from, to: params.Position, word: word}
	if !c.value && k != nil && len(k.Properties) > 0 {
		w.keys(k, c.written)
		return w.items
	}
	if c.value || k != nil && len(k.Properties) == 0 {
		h.values(w, p, doc, c, k)
	}
	return w.items
}

// wordList collects completions of one word.
type wordList struct {
	items    []completionItem
	from, to position
	word     string
}

func (w *wordList) add(label, insert, detail, page string, kind int) {
	item := completionItem{Label: label, Kind: kind, Detail: detail, FilterText: label, SortText: fmt.Sprintf("%04d", len(w.items)),
		TextEdit: &textEdit{span{w.from, w.to}, insert}}
	if page != "" {
		item.Documentation = &markup{"markdown", page}
	}
	w.items = append(w.items, item)
}

// keys lists the keys of a mapping: those that it must have first.
func (w *wordList) keys(k *key, written map[string]bool) {
	var names []string
	for name := range k.Properties {
		if !written[name] || name == w.word {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if must := slices.Contains(k.Required, a); must != slices.Contains(k.Required, b) {
			return map[bool]int{true: -1, false: 1}[must]
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		child := k.Properties[name]
		w.add(name, child.insert(name), child.Title, child.page(name), kindField)
	}
}

// values lists what a key can be.
func (h *handler) values(w *wordList, p *project, doc *openFile, c cursor, k *key) {
	if k != nil {
		for _, choice := range k.choices() {
			w.add(choice, choice, "", "", kindValue)
		}
	}
	steps := slices.DeleteFunc(slices.Clone(c.path), func(step string) bool { return step == "[]" })
	if len(steps) == 0 {
		return
	}
	own := p.proposal(doc.file)
	switch path := strings.Join(steps, "."); {
	case path == "field.number", path == "field.fields.number":
		w.number(p, own, path)
	case path == "namespace":
		for _, n := range p.registry.Project.Namespaces {
			w.add(n.Key.V, n.Key.V, n.Value.Numbers.V, "", kindValue)
		}
	case path == "from", path == "legacy":
		for _, id := range p.registry.IDs() {
			w.add(id, id, p.registry.Metric(id).Title.V, "", kindReference)
		}
	case path == "lint.ignore.rule":
		for _, rule := range lint.Rules() {
			if !rule.Firm {
				w.add(rule.Name, rule.Name, lint.Gist(rule.Name), h.Page(rule.Name), kindReference)
			}
		}
	case path == "version.since", path == "version.removed":
		w.releases(p, own)
	case path == "field.key":
		w.leaves(own, "")
	case strings.HasPrefix(path, "summarization.summaries."):
		w.summaryValue(p, own, strings.TrimPrefix(path, "summarization.summaries."))
	case strings.HasPrefix(path, "visualization.charts."):
		w.chartValue(p, own, strings.TrimPrefix(path, "visualization.charts."))
	case steps[0] == "keys" && steps[len(steps)-1] == "path", steps[0] == "sites" && steps[len(steps)-1] == "path":
		w.paths(p, nil)
	}
}

// number offers the next free one.
func (w *wordList) number(p *project, own *proposal.Proposal, path string) {
	if path == "field.number" {
		namespace := proposal.CoreNamespace
		if own != nil {
			namespace = own.NamespaceName()
		}
		if n, ok := p.registry.NextNumber(namespace); ok {
			text := strconv.FormatInt(n, 10)
			w.add(text, text, "the next free number of "+namespace, "", kindValue)
		}
		return
	}
	highest := int64(0)
	if own != nil && own.Field != nil {
		for i := range own.Field.Fields {
			highest = max(highest, own.Field.Fields[i].Number.V)
		}
		for _, n := range own.Field.Reserved {
			highest = max(highest, n.V)
		}
	}
	text := strconv.FormatInt(highest+1, 10)
	w.add(text, text, "the next free number of the message", "", kindValue)
}

// newest is how many releases are offered, the newest first.
const newest = 20

func (w *wordList) releases(p *project, own *proposal.Proposal) {
	namespace := proposal.CoreNamespace
	if own != nil {
		namespace = own.NamespaceName()
	}
	list := slices.Clone(p.registry.Project.ReleaseDates(namespace))
	slices.Reverse(list)
	for _, release := range list[:min(len(list), newest)] {
		w.add(release.Key.V, strconv.Quote(release.Key.V), release.Value.V, "", kindValue)
	}
}

func (w *wordList) leaves(own *proposal.Proposal, prefix string) {
	if own == nil || own.Field == nil {
		return
	}
	for i := range own.Field.Fields {
		leaf := &own.Field.Fields[i]
		w.add(prefix+leaf.Name.V, prefix+leaf.Name.V, leaf.Description.V, "", kindReference)
	}
	if !own.Field.IsMessage() {
		w.add(own.ID.V, own.ID.V, own.Title.V, "", kindReference)
	}
}

// paths lists the leaves of the proposal first, then those of all others.
func (w *wordList) paths(p *project, own *proposal.Proposal) {
	w.leaves(own, "")
	for _, id := range p.registry.IDs() {
		if other := p.registry.Metric(id); own == nil || id != own.ID.V {
			w.leaves(other, id+".")
		}
	}
}

func (w *wordList) summaryValue(p *project, own *proposal.Proposal, name string) {
	switch name {
	case "by", "by.field":
		w.paths(p, own)
		w.add(plan.AgeDays, plan.AgeDays, "days since the system was first seen", "", kindReference)
		for _, k := range p.registry.Project.Keys {
			w.add(k.Key.V, k.Key.V, k.Value.Path.V, "", kindReference)
		}
	case "of", "numerator", "denominator", "where.field":
		w.paths(p, own)
	case "by.as":
		w.classes("xy", "x", "log2")
	case "within":
		w.summaries(own)
	}
}

func (w *wordList) classes(names ...string) {
	for _, name := range names {
		w.add(name, name, "", "", kindValue)
	}
}

func (w *wordList) summaries(own *proposal.Proposal) {
	if own == nil {
		return
	}
	for i := range own.Summaries() {
		s := &own.Summaries()[i]
		w.add(s.ID.V, s.ID.V, s.Measure.V, "", kindReference)
	}
}

func (w *wordList) chartValue(p *project, own *proposal.Proposal, name string) {
	switch name {
	case "summary", "summaries":
		w.summaries(own)
	case "series", "facet", "x", "series.field", "facet.field", "x.field":
		if own == nil {
			return
		}
		known := map[string]bool{}
		resolved := plan.Of(p.registry, own)
		for _, s := range resolved.Summaries {
			for _, k := range s.Keys {
				if !known[k.Name] {
					known[k.Name] = true
					w.add(k.Name, k.Name, "a key of "+s.ID.V, "", kindReference)
				}
			}
		}
	case "series.as", "facet.as", "x.as":
		w.classes("xy", "x", "log2", "postgresql")
	}
}
