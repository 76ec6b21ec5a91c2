// SPDX-License-Identifier: GPL-2.0-or-later

package proposal

import (
	"os"
	"testing"
)

func BenchmarkCanonical(b *testing.B) {
	data, err := os.ReadFile("../../proposals/components.yaml")
	if err != nil {
		b.Fatal(err)
	}
	p, err := NewParser()
	if err != nil {
		b.Fatal(err)
	}
	root, _ := p.read(p.proposal, data)
	b.ReportAllocs()
	for b.Loop() {
		newSealed(root, false)
	}
}
