// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"embed"
	"fmt"
	"slices"
	"strings"
)

// Targets returns every target, in the order in which they are listed.
func Targets() []Target {
	return []Target{
		protoTarget,
		python,
		golang,
		jsonSchema,
		sqlTarget,
		docs,
	}
}

// Names returns the names of all targets, in that order.
func Names() []string {
	var names []string
	for _, t := range Targets() {
		names = append(names, t.Name)
	}
	return names
}

// choose returns the targets of the given names, or all of them. A name that there isn't is an error.
func choose(names []string) ([]Target, error) {
	all := Targets()
	if len(names) == 0 {
		return all, nil
	}
	var chosen []Target
	for _, name := range names {
		i := slices.IndexFunc(all, func(t Target) bool { return t.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no target %q; the targets are %s", name, strings.Join(Names(), ", "))
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

//go:embed *.md
var pages embed.FS

// Page returns the Markdown page of a target, and whether there is one.
func Page(name string) (string, bool) {
	text, err := pages.ReadFile(name + ".md")
	return string(text), err == nil
}
