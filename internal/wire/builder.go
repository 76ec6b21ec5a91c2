// SPDX-License-Identifier: GPL-2.0-or-later

package wire

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// builder compiles one leaf's domain and collects what is wrong with it.
type builder struct {
	compiler *Compiler
	leaf     *proposal.Leaf
	problems []source.Problem
}

func (b *builder) report(code string, span source.Span, help, format string, args ...any) {
	b.problems = append(b.problems, source.Problem{Code: code, Span: span, Message: fmt.Sprintf(format, args...), Help: help})
}

// name is what messages call the leaf.
func (b *builder) name() string {
	if b.leaf.Name.Set() {
		return "`" + b.leaf.Name.V + "`"
	}
	return "the field"
}

func (b *builder) build() Domain {
	leaf := b.leaf
	switch {
	case leaf.Enum.Set():
		b.onlyFor("an enum", "type", "min", "max", "format", "pattern", "values")
		return b.enum()
	case !leaf.Type.Set():
		b.report(CodeClosedDomain, leaf.Here(), "add `type`, or `enum` and `members`", "%s has no type", b.name())
		return Domain{}
	case len(leaf.Members) > 0:
		b.report(CodeDomainFits, leaf.Type.Span, "replace `type` by the name of the enum, such as `enum: StorageBackend`", "%s has members and no `enum`", b.name())
		return Domain{}
	case leaf.Type.V == "bool":
		b.onlyFor("a bool", "min", "max", "format", "pattern", "values")
		return Domain{Kind: Bool}
	case leaf.Type.V == "string":
		b.onlyFor("a string", "min", "max")
		return b.text()
	}
	b.onlyFor("a number", "format", "pattern")
	return b.number()
}

// onlyFor reports the keys that don't go with the leaf's type.
func (b *builder) onlyFor(what string, keys ...string) {
	for _, key := range keys {
		if span := spanOf(b.leaf, key); !span.IsZero() {
			b.report(CodeDomainFits, span, "delete `"+key+"`", "`%s` doesn't go with %s, which is %s", key, b.name(), what)
		}
	}
}

// spanOf returns where the value of one of the keys of a domain stands.
func spanOf(leaf *proposal.Leaf, key string) source.Span {
	switch key {
	case "type":
		return leaf.Type.Span
	case "min":
		return leaf.Min.Span
	case "max":
		return leaf.Max.Span
	case "format":
		return leaf.Format.Span
	case "pattern":
		return leaf.Pattern.Span
	}
	if len(leaf.Values) == 0 {
		return source.Span{}
	}
	return leaf.Values[0].Span.To(leaf.Values[len(leaf.Values)-1].Span)
}

func (b *builder) enum() Domain {
	if len(b.leaf.Members) == 0 {
		b.report(CodeClosedDomain, b.leaf.Enum.Span, "list the values under `members`, each with a name and a number from 1", "the enum `%s` has no members", b.leaf.Enum.V)
	}
	d := Domain{Kind: Enum, Enum: b.leaf.Members}
	numbers := map[int64]string{}
	for _, m := range b.leaf.Members {
		if slices.Contains(d.Texts, m.Name.V) {
			b.report(CodeDomainFits, m.Name.Span, "give each member a name of its own", "the enum has two members named `%s`", m.Name.V)
		}
		if other, taken := numbers[m.Number.V]; taken {
			b.report(CodeDomainFits, m.Number.Span, "give it a number that was never used", "`%s` and `%s` both have the number %d", other, m.Name.V, m.Number.V)
		}
		numbers[m.Number.V] = m.Name.V
		d.Texts = append(d.Texts, m.Name.V)
	}
	slices.Sort(d.Texts)
	return d
}

const closeString = "add `values`, a `format` (version, release, uuid) or a `pattern`: a field that can't hold personal data can't leak it"

func (b *builder) text() Domain {
	leaf, ways := b.leaf, 0
	for _, set := range []bool{len(leaf.Values) > 0, leaf.Format.Set(), leaf.Pattern.Set()} {
		if set {
			ways++
		}
	}
	switch {
	case ways == 0:
		b.report(CodeClosedDomain, leaf.Here(), closeString, "%s can hold any text", b.name())
	case ways > 1:
		b.report(CodeDomainFits, leaf.Here(), "keep one of `values`, `format` and `pattern`", "%s has more than one domain", b.name())
	case len(leaf.Values) > 0:
		return b.texts()
	case leaf.Format.Set():
		f, _ := domain.ParseFormat(leaf.Format.V)
		return Domain{Kind: Text, Format: f}
	}
	if ways != 1 {
		return Domain{}
	}
	p, err := b.compiler.pattern(leaf.Pattern.V)
	var bad *domain.PatternError
	if errors.As(err, &bad) {
		b.report(CodePattern, characterAt(leaf.Pattern, bad.Offset), bad.Help, "the pattern of %s: %s", b.name(), bad.Message)
	}
	return Domain{Kind: Text, Pattern: p}
}

// characterAt returns the place of one character of a text, or the whole text where the file spells
// it in another way, with escapes or over several lines.
func characterAt(text source.Text, offset int) source.Span {
	start, length := text.Span.Start, int32(utf8.RuneCountInString(text.V))
	if offset < 0 || int32(offset) >= length || start.Line != text.Span.End.Line {
		return text.Span
	}
	switch text.Span.End.Column - start.Column {
	case length:
	case length + 2:
		start.Column++ // the quote
	default:
		return text.Span
	}
	start.Column += int32(offset)
	return source.Span{Start: start, End: source.Pos{Line: start.Line, Column: start.Column + 1}}
}

func (b *builder) texts() Domain {
	d := Domain{Kind: Text}
	for _, v := range b.leaf.Values {
		if v.Kind != source.String {
			b.report(CodeDomainFits, v.Span, fmt.Sprintf("put quotes around it: %q", v.Text), "%s is a string, and this value is %s", b.name(), v.Kind)
		}
		d.Texts = append(d.Texts, v.Text)
	}
	slices.Sort(d.Texts)
	return d
}

func (b *builder) number() Domain {
	leaf := b.leaf
	limits := limitsOf(leaf.Type.V)
	least, hasMin := b.bound(leaf.Min, limits)
	greatest, hasMax := b.bound(leaf.Max, limits)
	if len(leaf.Values) > 0 {
		b.onlyFor("a number with `values`", "min", "max")
		return b.classes(limits)
	}
	switch noMin, noMax := leaf.Min.Span.IsZero(), leaf.Max.Span.IsZero(); {
	case noMin && noMax:
		b.report(CodeClosedDomain, leaf.Here(), "add `min` and `max`, or the size classes under `values`", "%s can be any number", b.name())
	case noMin:
		b.report(CodeClosedDomain, leaf.Here(), "add `min`: the smallest number that makes sense", "%s has no lower limit", b.name())
	case noMax:
		b.report(CodeClosedDomain, leaf.Here(), "add `max`: more than any real installation has", "%s has no upper limit", b.name())
	}
	if !hasMin || !hasMax {
		return Domain{}
	}
	if greatest.Compare(least) < 0 {
		b.report(CodeDomainFits, leaf.Max.Span, "write the smaller one under `min`", "%s has a `max` below its `min`", b.name())
		return Domain{}
	}
	var numbers domain.Numbers
	var err error
	if limits.integer {
		numbers, err = domain.Integers(least, greatest)
	} else {
		numbers, err = domain.Reals(least, greatest)
	}
	if err != nil {
		b.report(CodeDomainFits, leaf.Max.Span, "correct `min` and `max`", "the range of %s: %v", b.name(), err)
	}
	return Domain{Kind: Numeric, Numbers: numbers}
}

// bound reads one end of a range, and reports it if the type can't hold it.
func (b *builder) bound(v source.Value, limits limits) (domain.Number, bool) {
	if v.Span.IsZero() {
		return domain.Number{}, false
	}
	n, ok := Number(v)
	if ok && limits.hold(n) {
		return n, true
	}
	b.report(CodeDomainFits, v.Span, limits.words(b.leaf.Type.V), "%s is not a %s", v.Text, b.leaf.Type.V)
	return n, false
}

func (b *builder) classes(limits limits) Domain {
	var numbers []domain.Number
	for _, v := range b.leaf.Values {
		n, ok := b.bound(v, limits)
		if !ok {
			continue
		}
		if len(numbers) > 0 && n.Compare(numbers[len(numbers)-1]) <= 0 {
			b.report(CodeDomainFits, v.Span, "write the values from the smallest to the largest, each once", "the values of %s do not ascend", b.name())
			return Domain{}
		}
		numbers = append(numbers, n)
	}
	set, err := domain.Values(numbers...)
	if err != nil && len(b.problems) == 0 {
		b.report(CodeDomainFits, b.leaf.Here(), "correct the values", "the values of %s: %v", b.name(), err)
	}
	return Domain{Kind: Numeric, Numbers: set}
}
