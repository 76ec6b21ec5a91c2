// SPDX-License-Identifier: GPL-2.0-or-later

package site

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// describeSummary says in one line what a summary works out.
func describeSummary(s *proposal.Summary) string {
	what := map[string]string{
		"systems": "number of systems", "mean": "mean of `" + s.Of.V + "`", "sum": "sum of `" + s.Of.V + "`",
		"quantiles": "quantiles of `" + s.Of.V + "`", "ratio": "`" + s.Numerator.V + "` over `" + s.Denominator.V + "`",
	}[s.Measure.V]
	text := fmt.Sprintf("`%s`: %s", s.ID.V, what)
	for i, k := range s.By {
		text += []string{", ", " by "}[btoi(i == 0)] + describeKey(k)
	}
	if s.Population.V == "all" {
		text += "; over all systems, also those seen for the first time"
	}
	if s.Within.Set() {
		text += "; refines `" + s.Within.V + "`"
	}
	if s.Uncharted.Set() {
		text += ". Not charted: " + inline(s.Uncharted.V)
	}
	return text
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func describeKey(k proposal.Key) string {
	switch k.As.Name {
	case "":
		return "`" + k.Field.V + "`"
	case proposal.ClassEdges:
		return "`" + k.Field.V + "` in classes"
	}
	return "`" + k.Field.V + "` as " + k.As.Name
}

// describeChart says in one line what a chart shows.
func describeChart(c *proposal.Chart) string {
	text := fmt.Sprintf("**%s**: %s of %s", inline(c.Title.V), strings.ReplaceAll(c.Kind.V, "_", " "), code(c.Shows()))
	for _, part := range []struct {
		name string
		key  proposal.Key
	}{{"series", c.Series}, {"one chart for each", c.Facet}, {"along", c.X}} {
		if part.key.Set() {
			text += ", " + part.name + " " + describeKey(part.key)
		}
	}
	if c.Day.Set() {
		text += ", on the latest day"
	}
	return text
}

// describeDecision says in one line what was decided, when, and by whom.
func describeDecision(d *proposal.Decision) string {
	text := "**" + d.Decision.V + "**"
	if d.Date.Set() {
		text += " on " + d.Date.V
	}
	if len(d.By) > 0 {
		text += " by " + joinTexts(d.By)
	}
	if d.Legacy.V {
		text += ", before this toolkit"
	} else if len(d.By) > 0 {
		text += ", " + rests(d)
	}
	for _, why := range []source.Text{d.Reference, d.Reason} {
		if why.Set() {
			text += ": " + inline(why.V)
		}
	}
	return text
}

// rests says what speaks for a decision. Whether signatures verify takes the keys of a revision.
func rests(d *proposal.Decision) string {
	if len(d.Signatures) == 0 {
		return "asserted"
	}
	var signers []string
	for _, s := range d.Signatures {
		signers = append(signers, s.By.V)
	}
	return "signed by " + strings.Join(signers, ", ") + " (`pulpmetrics seal` verifies)"
}

func owners(p *proposal.Proposal) []source.Text {
	if len(p.Owners) > 0 {
		return p.Owners
	}
	return p.Authors
}

func texts(list []source.Text) []string {
	var out []string
	for _, t := range list {
		out = append(out, inline(t.V))
	}
	return out
}

func joinTexts(list []source.Text) string { return strings.Join(texts(list), ", ") }

// code lists names as code.
func code(list []source.Text) string {
	var out []string
	for _, t := range list {
		out = append(out, "`"+t.V+"`")
	}
	return strings.Join(out, ", ")
}

// block returns an answer as the paragraphs that it is.
func block(t source.Text) string { return strings.TrimSpace(t.V) }

// inline folds a text into one line.
func inline(s string) string { return strings.Join(strings.Fields(s), " ") }

// cell makes a text fit into a cell of a Markdown table.
func cell(s string) string { return strings.ReplaceAll(inline(s), "|", `\|`) }

// indentJSON writes a payload as JSON, its keys in the order of the file; a mapping without
// mappings of its own takes one line.
func indentJSON(v source.Value) string {
	var b strings.Builder
	writeJSON(&b, v, "")
	return b.String()
}

func writeJSON(b *strings.Builder, v source.Value, indent string) {
	switch {
	case v.Kind == source.Map && (indent == "" || nested(v)):
		writeItems(b, "{", "}", len(v.Entries), indent, func(i int) {
			fmt.Fprintf(b, "%s: ", quote(v.Entries[i].Key.V))
			writeJSON(b, v.Entries[i].Value, indent+"  ")
		})
	case v.Kind == source.Map:
		b.WriteByte('{')
		for i, e := range v.Entries {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(b, "%s: ", quote(e.Key.V))
			writeJSON(b, e.Value, indent+"  ")
		}
		b.WriteByte('}')
	case v.Kind == source.List:
		writeItems(b, "[", "]", len(v.Items), indent, func(i int) { writeJSON(b, v.Items[i], indent+"  ") })
	case v.Kind == source.String:
		b.WriteString(quote(v.Text))
	case v.Kind == source.Null:
		b.WriteString("null")
	default:
		b.WriteString(v.Text)
	}
}

func writeItems(b *strings.Builder, open, shut string, n int, indent string, item func(int)) {
	b.WriteString(open)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n" + indent + "  ")
		item(i)
	}
	b.WriteString("\n" + indent + shut)
}

func nested(v source.Value) bool {
	for _, e := range v.Entries {
		if e.Value.Kind == source.Map || e.Value.Kind == source.List {
			return true
		}
	}
	return false
}

func quote(s string) string {
	out, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(out)
}
