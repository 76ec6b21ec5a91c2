// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/pii"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

var piiFinding = Rule{Name: "pii-finding", Severity: diag.Error, Firm: true, Proposal: func(p *Pass) {
	for _, f := range p.personal() {
		if p.excepted(f) {
			continue
		}
		p.Report(f.Span, "take it out, and see whether the metric can do without it; `pulpmetrics explain "+f.Class+"` says what is found. An approver can accept it under `pii.exceptions`", "%s looks like personal data: %s, %s", place(f), f.Class, f.Mask)
		p.found[len(p.found)-1].Private = true
		p.found[len(p.found)-1].Severity = p.weight(f)
	}
}}

// place names where a finding stands.
func place(f pii.Finding) string { return "`" + f.Path + "`" }

// weight is how much a finding matters: a draft may still hold what has to go before it is proposed.
func (p *Pass) weight(f pii.Finding) diag.Severity {
	if !p.Checked() || f.Severity < diag.Error {
		return diag.Warning
	}
	return diag.Error
}

// personal returns what the scanner finds in the example and in the words of a proposal. Of a metric
// that calls itself personal nothing more can be said, and no decision can approve it.
func (p *Pass) personal() []pii.Finding {
	if p.scanned {
		return p.private
	}
	p.scanned = true
	if p.Proposal.PII != nil && p.Proposal.PII.Class.V == "personal" && !p.InForce() {
		return nil
	}
	p.private = append(p.inExample(), p.inWords()...)
	return p.private
}

// inExample scans the payload, with what the proposal declares of its leaves.
func (p *Pass) inExample() []pii.Finding {
	if p.Proposal.Example == nil {
		return nil
	}
	found := pii.New(p.declarations()).Value(p.Proposal.Example.Payload)
	for i := range found {
		found[i].Path = "example.payload." + found[i].Path
	}
	return found
}

// prose are the answers in words that are scanned. Handles of authors and approvers are public, and
// so is what `links` names.
func prose(p *proposal.Proposal) map[string]source.Text {
	texts := map[string]source.Text{"title": p.Title, "question": p.Question}
	if p.Example != nil {
		texts["example.notes"] = p.Example.Notes
	}
	if p.Storage != nil {
		texts["storage.description"] = p.Storage.Description
	}
	if p.Load != nil {
		texts["load.description"] = p.Load.Description
	}
	if p.PII != nil {
		texts["pii.description"], texts["pii.sanitization"] = p.PII.Description, p.PII.Sanitization
	}
	if p.Field != nil {
		for _, leaf := range p.Field.Leaves() {
			texts[strings.TrimSuffix("field."+leaf.Name.V, ".")+".description"] = leaf.Description
		}
	}
	return texts
}

func (p *Pass) inWords() []pii.Finding {
	texts := prose(p.Proposal)
	var names []string
	for name := range texts {
		names = append(names, name)
	}
	slices.Sort(names)
	scanner := pii.New(nil)
	var found []pii.Finding
	for _, name := range names {
		found = append(found, scanner.Words(name, texts[name])...)
	}
	return append(found, p.inLists(scanner)...)
}

// inLists scans what was said and considered.
func (p *Pass) inLists(scanner *pii.Scanner) []pii.Finding {
	var found []pii.Finding
	for _, n := range p.Proposal.Discussion {
		found = append(found, scanner.Words("discussion.note", n.Note)...)
	}
	for _, a := range p.Proposal.Alternatives {
		found = append(found, append(scanner.Words("alternatives.title", a.Title), scanner.Words("alternatives.description", a.Description)...)...)
	}
	for _, text := range p.Proposal.ParkingLot {
		found = append(found, scanner.Words("parking_lot", text)...)
	}
	return found
}

// declarations are the leaves of the metric as the scanner wants them. Where a domain is open, or the
// field can't be compiled, nothing is declared.
func (p *Pass) declarations() *pii.Declarations {
	if p.Proposal.Field == nil {
		return nil
	}
	return p.prover().Declarations(p.Proposal)
}

// redact takes personal data out of what other rules say of the same values.
func redact(ds []diag.Diagnostic, found []pii.Finding) {
	for i := range ds {
		for _, f := range found {
			ds[i].Message, ds[i].Help = f.Redact(ds[i].Message), f.Redact(ds[i].Help)
		}
	}
}
