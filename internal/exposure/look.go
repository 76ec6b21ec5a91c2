// SPDX-License-Identifier: GPL-2.0-or-later

package exposure

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/pii"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// samples is how many values of a leaf are drawn. They are the same every time.
const samples = 500

// probes are personal data of every class that a value alone can show, in several spellings: a
// pattern that one of them matches can hold its class, however rarely a sample shows it.
var probes = strings.Fields(`alice@example.com alice.miller@mail.example.org a@b.de worker-1.example.org pulp3.lab.example.com
	www.example.com db.internal buildbox7 web-01 ip-10-0-0-5 49007@pulp3 10.0.0.5 192.168.1.7 203.0.113.77 2001:db8::17 fe80::1 00:1b:44:11:3a:b7
	00-1B-44-11-3A-B7 001b.4411.3ab7 001b44113ab7 0189c7f2-7b1a-7c3e-8d2f-1a2b3c4d5e6f 0189c7f27b1a7c3e8d2f1a2b3c4d5e6f
	/home/alice/x C:\Users\alice\x https://alice:hunter2@example.com/ postgresql://pulp:s3cr3t@db.example.com/pulp +14155552671 415-555-2671
	4915112345678 4111111111111111 4111-1111-1111-1111 DE89370400440532013000 de89370400440532013000 078-05-1120 529.982.247-25
	AKIAIOSFODNN7EXAMPLE ghp_abcdefghijklmnopqrstuvwxyz0123456789 52.520008,13.404954 jdoe alice Springfield`)

// look shows values of a leaf to the detectors: every one of a list, or samples and probes of a
// pattern or a format.
func (p *Prover) look(l *Leaf, d wire.Domain) {
	if l.Proof == Identifier || d.Kind != wire.Text && d.Kind != wire.Enum {
		return
	}
	if l.Proof == Proved {
		l.Found = slices.DeleteFunc(p.classes(l, d.Texts), func(class string) bool { return class == "free_text" })
		return
	}
	l.Samples = samples
	if d.Format == domain.Version || d.Format == domain.Release {
		return // what is declared to be a version is one
	}
	var drawn, admitted []string
	r := rand.New(rand.NewPCG(1, 2))
	for range samples {
		drawn = append(drawn, d.Sample(r).(string))
	}
	for _, probe := range probes {
		if d.ContainsText(probe) {
			admitted = append(admitted, probe)
		}
	}
	l.Found = p.classes(l, drawn)
	l.Admits = slices.DeleteFunc(p.classes(l, admitted), l.Finds)
}

// classes returns what detectors find in values of a leaf, sorted.
func (p *Prover) classes(l *Leaf, values []string) []string {
	var classes []string
	for _, v := range values {
		leaf := pii.Leaf{Path: strings.Split(l.Path, "."), Text: v}
		for _, f := range p.scanner.Leaves("", 1, []pii.Leaf{leaf}) {
			if !slices.Contains(classes, f.Class) {
				classes = append(classes, f.Class)
			}
		}
	}
	slices.Sort(classes)
	return classes
}
