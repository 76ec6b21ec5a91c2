// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"encoding/json"
	"strings"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// leafText says in words what a leaf is: for an enum, also what its members are.
func leafText(leaf *wire.Leaf) string {
	text := sentence(leaf.Source.Description.V)
	for _, m := range leaf.Domain.Enum {
		if m.Description.Set() {
			text += " " + wire.EnumValue(leaf.Enum, m.Name.V) + ": " + sentence(m.Description.V)
		}
	}
	return strings.TrimSpace(text)
}

// domainSchema returns the keys of a schema that allows what the domain of a leaf holds.
func domainSchema(leaf *wire.Leaf) object {
	d := leaf.Domain
	switch d.Kind {
	case wire.Bool:
		return object{{"type", "boolean"}}
	case wire.Numeric:
		return numberSchema(leaf)
	case wire.Enum:
		return enumSchema(leaf)
	case wire.Text:
		return textSchema(d)
	}
	return object{{"not", object{}}}
}

func enumSchema(leaf *wire.Leaf) object {
	var values []any
	for _, m := range leaf.Domain.Enum {
		values = append(values, wire.EnumValue(leaf.Enum, m.Name.V))
	}
	for _, m := range leaf.Domain.Enum {
		values = append(values, m.Number.V)
	}
	return object{{"enum", values}}
}

func textSchema(d wire.Domain) object {
	length := 0
	pattern := ""
	switch {
	case d.Pattern != nil:
		pattern, length = ecmaPattern(d.Pattern.String()), d.Pattern.MaxLen()
	case d.Format != 0:
		pattern, length = formatPatterns[d.Format], d.Format.MaxLen()
	default:
		return object{{"enum", d.Texts}}
	}
	return object{{"type", "string"}, {"maxLength", length}, {"pattern", anchored(pattern)}}
}

// formatPatterns hold exactly the members of each format that are no longer than its greatest
// length. A test compares the two.
var formatPatterns = map[domain.Format]string{
	domain.Version: `(?:[0-9]{1,18}!)?[0-9]{1,18}(?:\.[0-9]{1,18})*` +
		`(?:[._-]?(?:` + anyCase("alpha", "a", "beta", "b", "rc", "c", "preview", "pre") + `)[._-]?[0-9]{0,18})?` +
		`(?:-[0-9]{1,18}|[._-]?(?:` + anyCase("post", "rev", "r") + `)[._-]?[0-9]{0,18})?` +
		`(?:[._-]?` + anyCase("dev") + `[._-]?[0-9]{0,18})?(?:\+g[0-9a-f]{4,40})?`,
	domain.Release: `[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}`,
	domain.UUID: `(?:urn:(?:uuid:)?|uuid:(?:urn:)?)?` + uuidPattern +
		`|(?:(?:urn:(?:uuid:)?|uuid:(?:urn:)?)?\{|\{(?:urn:(?:uuid:)?|uuid:(?:urn:)?)|urn:\{uuid:|uuid:\{urn:)` + uuidPattern + `\}`,
}

const uuidPattern = `(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})`

// anyCase matches lower-case words in any case.
func anyCase(words ...string) string {
	var choices []string
	for _, word := range words {
		var b strings.Builder
		for _, r := range word {
			b.WriteString("[" + strings.ToUpper(string(r)) + string(r) + "]")
		}
		choices = append(choices, b.String())
	}
	return strings.Join(choices, "|")
}

// numberSchema allows integers as numbers and in decimal, as proto JSON does; other numbers only
// as numbers, since no schema can say how large the number in a text is.
func numberSchema(leaf *wire.Leaf) object {
	n := leaf.Domain.Numbers
	whole := leaf.Type != "float" && leaf.Type != "double"
	if values := n.Values(); values != nil {
		return object{{"enum", listed(values, whole)}}
	}
	least, greatest, _ := n.Bounds()
	bounds := object{{"minimum", json.Number(least.String())}, {"maximum", json.Number(greatest.String())}}
	if !whole {
		return append(object{{"type", "number"}}, bounds...)
	}
	return append(append(object{{"type", []string{"integer", "string"}}}, bounds...),
		member{"pattern", anchored(decimalPattern(least.String(), greatest.String()))})
}

func listed(values []domain.Number, whole bool) []any {
	var all []any
	for _, v := range values {
		all = append(all, json.Number(v.String()))
	}
	for i := 0; whole && i < len(values); i++ {
		all = append(all, values[i].String())
	}
	return all
}
