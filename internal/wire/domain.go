// SPDX-License-Identifier: GPL-2.0-or-later

// Package wire turns proposals into what travels: descriptors of messages, and the closed domain
// of each leaf. In flow typed proposals; out come compiled domains, and the problems of those
// that are open or contradict themselves.
package wire

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// Codes of the problems of domains.
const (
	CodeClosedDomain = "closed-domain"
	CodeDomainFits   = "domain-fits"
	CodePattern      = "pattern"
)

// Kind is the kind of values of a leaf.
type Kind uint8

// The kinds. Open is the kind of a leaf whose domain is not closed.
const (
	Open Kind = iota
	Bool
	Numeric
	Text
	Enum
)

// Domain is the compiled domain of a leaf. The zero Domain is open, and holds nothing.
type Domain struct {
	Kind    Kind
	Numbers domain.Numbers    // of Kind Numeric
	Pattern *domain.Pattern   // of Kind Text, or nil
	Format  domain.Format     // of Kind Text, or none
	Texts   []string          // of Kind Text: every member, sorted; or of Enum: the names
	Enum    []proposal.Member // of Kind Enum
}

// Compiler compiles domains. Patterns that occur more than once are compiled once. The zero
// Compiler is ready, and can be used by many goroutines.
type Compiler struct{ patterns sync.Map } // string to compiledPattern

type compiledPattern struct {
	pattern *domain.Pattern
	err     error
}

// Domain compiles the domain of a leaf. With problems, the domain is Open.
func (c *Compiler) Domain(leaf *proposal.Leaf) (Domain, []source.Problem) {
	b := builder{compiler: c, leaf: leaf}
	d := b.build()
	if len(b.problems) > 0 {
		return Domain{}, b.problems
	}
	return d, nil
}

func (c *Compiler) pattern(expr string) (*domain.Pattern, error) {
	if found, ok := c.patterns.Load(expr); ok {
		p := found.(compiledPattern)
		return p.pattern, p.err
	}
	p, err := domain.CompilePattern(expr)
	c.patterns.Store(expr, compiledPattern{p, err})
	return p, err
}

// Contains reports whether a value of a payload lies in the domain.
func (d Domain) Contains(v source.Value) bool {
	switch d.Kind {
	case Bool:
		return v.Kind == source.Bool
	case Numeric:
		n, ok := Number(v)
		return ok && d.Numbers.Contains(n)
	case Text, Enum:
		return v.Kind == source.String && d.ContainsText(v.Text)
	}
	return false
}

// ContainsText reports whether a string lies in the domain.
func (d Domain) ContainsText(s string) bool {
	switch {
	case d.Pattern != nil:
		return d.Pattern.MatchString(s)
	case d.Format != 0:
		return d.Format.MatchString(s)
	}
	_, found := slices.BinarySearch(d.Texts, s)
	return found
}

// Sample returns a member of the domain as payloads spell it: a bool, a domain.Number or a
// string; nil if it is open.
func (d Domain) Sample(r *rand.Rand) any {
	switch {
	case d.Kind == Bool:
		return r.IntN(2) == 0
	case d.Kind == Numeric:
		return d.Numbers.Sample(r)
	case d.Pattern != nil:
		return d.Pattern.Sample(r)
	case d.Format != 0:
		return d.Format.Sample(r)
	case len(d.Texts) > 0:
		return d.Texts[r.IntN(len(d.Texts))]
	}
	return nil
}

// String says in words what the domain holds.
func (d Domain) String() string {
	switch {
	case d.Kind == Bool:
		return "true or false"
	case d.Kind == Numeric:
		return numbersText(d.Numbers)
	case d.Pattern != nil:
		return fmt.Sprintf("text that matches `%s`, at most %d characters", d.Pattern, d.Pattern.MaxLen())
	case d.Format != 0:
		return fmt.Sprintf("a %s, at most %d characters", d.Format, d.Format.MaxLen())
	case len(d.Texts) > 0:
		return "one of " + list(d.Texts)
	}
	return "anything"
}

func numbersText(n domain.Numbers) string {
	if values := n.Values(); values != nil {
		var texts []string
		for _, v := range values {
			texts = append(texts, v.String())
		}
		return "one of " + list(texts)
	}
	least, greatest, _ := n.Bounds()
	return fmt.Sprintf("a number from %s to %s", least, greatest)
}

func list(items []string) string {
	out := ""
	for i, item := range items {
		if i > 0 {
			out += ", "
		}
		out += item
	}
	return out
}
