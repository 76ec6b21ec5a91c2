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
