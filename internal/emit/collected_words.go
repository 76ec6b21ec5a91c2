// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"fmt"
	"strings"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// domainWords says as a sentence which values a leaf may have.
func domainWords(leaf *wire.Leaf) string {
	d := leaf.Domain
	switch {
	case d.Kind == wire.Bool:
		return "True or false."
	case d.Kind == wire.Numeric:
		return numberWords(leaf)
	case d.Kind == wire.Enum:
		return "One of the following:"
	case d.Pattern != nil:
		return fmt.Sprintf("At most %d characters, and only what %s matches from start to end.", d.Pattern.MaxLen(), code(d.Pattern.String()))
	case d.Format != 0:
		return fmt.Sprintf("%s; at most %d characters.", formatWords[d.Format], d.Format.MaxLen())
	}
	return "One of " + list(coded(d.Texts)) + "."
}

var formatWords = map[domain.Format]string{
	domain.Version: "A version as PEP 440 has it, such as `3.21.0`, without any free text",
	domain.Release: "Exactly three numbers with dots between them, such as `3.21.0`",
	domain.UUID:    "A UUID, which is 32 hexadecimal digits in one of the usual spellings",
}

func numberWords(leaf *wire.Leaf) string {
	kind := "number"
	if leaf.Type != "float" && leaf.Type != "double" {
		kind = "whole number"
	}
	values := leaf.Domain.Numbers.Values()
	if values == nil {
		least, greatest, _ := leaf.Domain.Numbers.Bounds()
		return fmt.Sprintf("A %s from %s to %s.", kind, least, greatest)
	}
	var texts []string
	for _, v := range values {
		texts = append(texts, v.String()+inBytes(leaf.Source.Unit.V, v))
	}
	return "Only " + list(texts) + "."
}

// inBytes says how much a number of bytes is, where it is a round one.
func inBytes(unit string, n domain.Number) string {
	bytes, ok := n.Uint64()
	if unit != "By" || !ok || bytes == 0 {
		return ""
	}
	prefix := 0
	for bytes%1024 == 0 && prefix < len("KMGTPE") {
		bytes, prefix = bytes/1024, prefix+1
	}
	if prefix == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d %ciB)", bytes, "KMGTPE"[prefix-1])
}

func coded(texts []string) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = code(text)
	}
	return out
}

// unitWords says in what a quantity is measured, and over what time.
func unitWords(leaf *proposal.Leaf) string {
	var words []string
	if unit := leaf.Unit.V; unit != "" {
		name := strings.Trim(unit, "{}")
		if full, ok := map[string]string{"By": "byte", "s": "second", "%": "percent", "1": "none"}[unit]; ok {
			name = full
		}
		words = append(words, "Unit: "+prose(name)+".")
	}
	if window := leaf.Window.V; window != "" && window != "now" {
		words = append(words, "Over the last "+prose(window)+".")
	}
	return strings.Join(words, " ")
}

// publishedWords says in one sentence what is published of a metric.
func publishedWords(p *proposal.Proposal) string {
	var parts []string
	for i := range p.Summaries() {
		parts = append(parts, summaryWords(&p.Summaries()[i]))
	}
	if len(parts) == 0 {
		return "It has no summary of its own."
	}
	return capital(strings.Join(parts, "; ")) + "."
}

func summaryWords(s *proposal.Summary) string {
	text := map[string]string{
		"systems": "the number of systems", "mean": "the mean of " + code(s.Of.V), "sum": "the sum of " + code(s.Of.V),
		"quantiles": "quantiles of " + code(s.Of.V), "ratio": "all " + code(s.Numerator.V) + " over all " + code(s.Denominator.V),
	}[s.Measure.V]
	var keys []string
	for _, k := range s.By {
		keys = append(keys, code(k.Field.V)+classWords[k.As.Name])
	}
	if len(keys) > 0 {
		text += " by " + list(keys)
	}
	var conditions []string
	for _, c := range s.Where {
		conditions = append(conditions, code(c.Field.V))
	}
	if len(conditions) > 0 {
		text += ", for some values of " + list(conditions)
	}
	return text
}

var classWords = map[string]string{
	"x": " (its first part)", "xy": " (its first two parts)", "log2": " (in powers of two)",
	proposal.ClassEdges: " (in classes)", "postgresql": " (as people write it)",
}
