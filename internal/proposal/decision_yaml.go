// SPDX-License-Identifier: GPL-2.0-or-later

package proposal

import (
	"strings"

	"github.com/pulp/pulpmetrics/internal/source"
)

// YAML writes a decision as the lines of an item of `approval`, without its dash. What is unset is
// left out.
func (d *Decision) YAML() []string {
	var lines []string
	add := func(key string, value source.Text, write func(string) string) {
		if value.V != "" {
			lines = append(lines, key+": "+write(value.V))
		}
	}
	bare := func(text string) string { return text }
	add("decision", d.Decision, bare)
	add("date", d.Date, bare)
	if len(d.By) > 0 {
		var by []string
		for _, who := range d.By {
			by = append(by, flow(who.V))
		}
		lines = append(lines, "by: ["+strings.Join(by, ", ")+"]")
	}
	add("reference", d.Reference, plain)
	add("reason", d.Reason, plain)
	add("seal", d.Seal, inQuotes)
	return lines
}

// flow writes an item of a list in brackets.
func flow(text string) string {
	if strings.ContainsAny(text, ",[]{}") {
		return inQuotes(text)
	}
	return plain(text)
}

// YAML writes a signature as the lines of an item of `signatures`, without its dash.
func (s *Signature) YAML() []string {
	lines := []string{"by: " + plain(s.By.V), "signature: |"}
	for line := range strings.SplitSeq(strings.TrimSpace(s.Signature.V), "\n") {
		lines = append(lines, "  "+line)
	}
	return lines
}

// Flow writes a signature as an item of a list in brackets.
func (s *Signature) Flow() string {
	return "{by: " + flow(s.By.V) + ", signature: " + inQuotes(strings.TrimSpace(s.Signature.V)+"\n") + "}"
}
