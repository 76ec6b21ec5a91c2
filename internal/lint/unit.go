// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

// Words in a name that say that a number is a time or a size, and the unit that it likely has.
func unitOf(word string) string {
	switch singular(word) {
	case "byte", "size", "memory", "disk", "storage", "volume", "capacity", "ram":
		return "By"
	case "second", "duration", "time", "latency", "age", "uptime", "delay", "elapsed":
		return "s"
	case "millisecond":
		return "ms"
	case "minute":
		return "min"
	case "hour":
		return "h"
	case "day":
		return "d"
	}
	return ""
}

var unit = Rule{Name: "unit", Severity: diag.Error, Proposal: func(p *Pass) {
	if !p.open() || p.Proposal.Field == nil { // what was decided on stays
		return
	}
	for _, leaf := range p.Proposal.Field.Leaves() {
		if !leaf.IsNumber() {
			continue
		}
		name := leaf.Name.V
		if !leaf.Name.Set() {
			name = p.Proposal.ID.V
		}
		likely := likelyUnit(name)
		switch {
		case likely == "":
		case !leaf.Unit.Set():
			p.Report(leaf.Here(), "add `unit: "+likely+"`, or the one that it has, in UCUM", "`%s` is a quantity by its name, and has no unit", name)
		case !leaf.Window.Set():
			p.Report(leaf.Here(), "add `window: now`, or the time that it is about, such as 24h", "`%s` doesn't say when, or over which time", name)
		}
	}
}}

func likelyUnit(name string) string {
	words := strings.Split(name, "_")
	slices.Reverse(words) // the last word says most: disk_read_time is a time
	for _, word := range words {
		if u := unitOf(word); u != "" && !slices.Contains(words, "count") && !slices.Contains(words, "version") {
			return u
		}
	}
	return ""
}

// numeric reports whether a leaf is a number with bounds, rather than classes or codes.
func numeric(leaf *proposal.Leaf) bool { return leaf.IsNumber() && len(leaf.Values) == 0 }
