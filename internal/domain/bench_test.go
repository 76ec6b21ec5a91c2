// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"strings"
	"testing"
)

// hot lists what a decoder checks again and again.
func hot(t testing.TB) map[string]func() bool {
	name := mustCompile(t, `[a-z][a-z0-9_]{0,49}`)
	dotted := mustCompile(t, `([a-z0-9]{1,20}\.){0,5}[a-z]{2,10}`)
	letters := mustCompile(t, `\pL{1,50}`)
	container, long := []byte("container"), []byte(strings.Repeat("a", 50))
	wrong, host, greek := []byte("Not-A-Name"), []byte("content.apps.example"), []byte("αβγδεζηθ")
	version, dev, release := []byte("3.21.0"), []byte("3.20.3.dev0+g1f2e3d4"), []byte("3.21.0")
	uuid, text := []byte(canonical), strings.Repeat("a", 50)
	sizes := must(Values(Int(0), Int(1), Int(8), Int(64), Int(512), Int(4096)))
	count := must(Integers(Int(0), Int(1_000_000)))
	return map[string]func() bool{
		"Pattern/container":       func() bool { return name.Match(container) },
		"Pattern/50 letters":      func() bool { return name.Match(long) },
		"Pattern/string":          func() bool { return name.MatchString(text) },
		"Pattern/outside":         func() bool { return !name.Match(wrong) },
		"Pattern/dotted":          func() bool { return dotted.Match(host) },
		"Pattern/greek":           func() bool { return letters.Match(greek) },
		"Version/final":           func() bool { return Version.Match(version) },
		"Version/dev and local":   func() bool { return Version.Match(dev) },
		"Version/string":          func() bool { return Version.MatchString("3.20.3.dev0+g1f2e3d4") },
		"Release":                 func() bool { return Release.Match(release) },
		"UUID":                    func() bool { return UUID.Match(uuid) },
		"UUID/parse":              func() bool { _, ok := ParseUUID(uuid); return ok },
		"Numbers/list":            func() bool { return sizes.Contains(Uint(512)) },
		"Numbers/range":           func() bool { return count.Contains(Int(512)) },
		"Parts":                   func() bool { return Parts("3.21.0rc1", 2) == "3.21" },
		"Pattern/greek as string": func() bool { return letters.MatchString("αβγδεζηθ") },
	}
}

func TestHotPathsDoNotAllocate(t *testing.T) {
	for name, match := range hot(t) {
		if !match() {
			t.Errorf("%s: wrong answer", name)
		}
		if n := testing.AllocsPerRun(100, func() { match() }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkHot(b *testing.B) {
	for name, match := range hot(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				match()
			}
		})
	}
}

func BenchmarkCompilePattern(b *testing.B) {
	for _, expr := range exercised {
		b.Run(expr, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := CompilePattern(expr); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
