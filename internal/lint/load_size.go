// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// mostBytesADay is how much one metric may send from all installations together and still be called an
// acceptable burden: a gigabyte.
const mostBytesADay = 1e9

var loadSize = Rule{Name: "load-size", Severity: diag.Warning, Proposal: func(p *Pass) {
	l := p.Proposal.Load
	if l == nil || !p.open() { // words that were decided on stay
		return
	}
	example, err := wire.Encode(p.Proposal)
	if err != nil || len(example) == 0 {
		return // another rule has reported it
	}
	size := float64(len(example))
	for _, m := range statedSize.FindAllStringSubmatch(l.Description.V, -1) {
		if said := bytesSaid(m); said < size && !strings.Contains(l.Description.V, "at least") {
			p.Report(l.Description.Span, "say how much it really is, or send less", "the answer speaks of %s, and the example takes %s in each report", m[0], sized(size))
			return
		}
	}
	fleet := float64(p.Registry.Project.Installations.V)
	if total := size * fleet; total > mostBytesADay && l.Acceptable.V {
		p.Report(l.Acceptable.Span, "send less: classes instead of numbers, counts instead of lists", "%s a day is no acceptable burden: that is the example of %s from each of %.0f installations", sized(total), sized(size), fleet)
	}
}}

var statedSize = regexp.MustCompile(`(?i)\b([0-9]+(?:\.[0-9]+)?) ?(bytes?|b|kb|kib|mb|mib|gb|gib)\b`)

func bytesSaid(m []string) float64 {
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return math.Inf(1)
	}
	switch strings.ToLower(m[2]) {
	case "kb":
		return n * 1e3
	case "kib":
		return n * (1 << 10)
	case "mb":
		return n * 1e6
	case "mib":
		return n * (1 << 20)
	case "gb":
		return n * 1e9
	case "gib":
		return n * (1 << 30)
	}
	return n
}

// sized writes a number of bytes for people.
func sized(n float64) string {
	for _, unit := range []struct {
		size float64
		name string
	}{{1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}} {
		if n >= unit.size {
			return fmt.Sprintf("%.1f %s", n/unit.size, unit.name)
		}
	}
	return fmt.Sprintf("%.0f bytes", n)
}
