// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"fmt"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// commentColumns is the width that comments are folded at.
const commentColumns = 100

// protoComment writes a text as line comments behind an indent, folded, with a blank comment line
// between paragraphs; nothing for an empty text. Line comments hold any text: there is nothing in
// it that could end them.
func protoComment(indent, text string) string {
	var b strings.Builder
	for i, p := range paragraphs(text) {
		if i > 0 {
			b.WriteString(indent + "//\n")
		}
		for _, item := range p {
			folded := diag.Wrap(item, commentColumns-len(indent)-len("// "))
			for line := range strings.SplitSeq(folded, "\n") {
				b.WriteString(indent + "// " + strings.TrimSpace(line) + "\n")
			}
		}
	}
	return b.String()
}

// paragraphs splits a Markdown text at blank lines, and each paragraph before the items of a list.
// What could change how a terminal or an editor shows the text is written out.
func paragraphs(text string) (all [][]string) {
	open := false
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.Join(strings.Fields(diag.Printable(line)), " ")
		item := strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "* ")
		switch {
		case line == "":
			open = false
		case !open:
			all, open = append(all, []string{line}), true
		case item:
			all[len(all)-1] = append(all[len(all)-1], line)
		default:
			last := all[len(all)-1]
			last[len(last)-1] += " " + line
		}
	}
	return all
}

var singlesOut = map[string]string{
	"none":           "it can't tell one installation from another",
	"in_combination": "in combination with other values it could tell one installation from others",
	"alone":          "it tells one installation from all others",
}

// fieldComment says why a metric is asked for, what it says about people, from which release on it
// is sent, and where all of it was decided.
func (in *Input) fieldComment(f *wire.Field) string {
	p := f.Metric
	parts := []string{p.Question.V}
	if p.PII != nil {
		parts = append(parts, fmt.Sprintf("Personal data: %s; %s.", p.PII.Class.V, singlesOut[p.PII.SinglesOut.V]))
	}
	last := fmt.Sprintf("See %s.", p.Path)
	if since := p.Since(); since != "" {
		last = fmt.Sprintf("Since %s %s. ", in.Registry.Project.Component(p.NamespaceName()), since) + last
	}
	if p.Version != nil && p.Version.Removed.Set() {
		last = fmt.Sprintf("No longer sent from %s on. ", p.Version.Removed.V) + last
	}
	if p.Status.V == proposal.Suspended {
		last = "Suspended: what is sent is dropped. " + last
	}
	return strings.Join(append(parts, last), "\n\n")
}

func messageComment(f *wire.Field) string {
	if !f.Repeated {
		return fmt.Sprintf("What `%s` holds.", f.Name)
	}
	text := fmt.Sprintf("One item of `%s`, which holds at most %d", f.Name, f.MaxItems)
	for i, at := range f.Key {
		text += map[bool]string{true: ", no two with the same `", false: "` and `"}[i == 0] + f.Leaves[at].Name
	}
	if len(f.Key) > 0 {
		text += "`"
	}
	return text + "."
}

// leafComment says what a leaf is and, in a paragraph of its own, what it can hold, in which unit
// and over what time. What reads the file back tells them apart by that; see wire.Skeletons.
func leafComment(leaf *wire.Leaf) string {
	var facts []string
	if leaf.Enum == "" && leaf.Type != "bool" {
		facts = append(facts, leaf.Domain.String())
	}
	if leaf.Source.Unit.Set() {
		facts = append(facts, "in "+leaf.Source.Unit.V)
	}
	if w := leaf.Source.Window; w.Set() && w.V != "now" {
		facts = append(facts, "over "+w.V)
	}
	text := strings.TrimRight(strings.TrimSpace(leaf.Source.Description.V), ".")
	if len(facts) == 0 {
		return text + "."
	}
	return text + ".\n\nValues: " + strings.Join(facts, ", ") + "."
}
