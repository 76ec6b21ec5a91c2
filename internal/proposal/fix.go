// SPDX-License-Identifier: GPL-2.0-or-later

package proposal

import (
	"regexp"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/pulp/pulpmetrics/internal/source"
)

// fixKey writes the key that was meant, unless it is there already.
func fixKey(in source.Value, key source.Text, known []string) *source.Fix {
	fix := SuggestFix(key, known)
	if fix == nil {
		return nil
	}
	if _, taken := in.Get(fix.Edits[0].Text); taken {
		return nil
	}
	return fix
}

// fixType writes a scalar in the form of the type that it has to have, where its text says that
// it is one: a number in quotes, a version without them, one word where a list is asked for.
func fixType(v source.Value, part *jsonschema.Schema) *source.Fix {
	if text, ok := typed(v, part); ok {
		return &source.Fix{Title: "write `" + text + "`", Edits: []source.Edit{{Span: v.Span, Text: text}}}
	}
	return nil
}

// oneWord is a text that needs no quotes in brackets.
var oneWord = regexp.MustCompile(`^[A-Za-z]([A-Za-z0-9_./:@~-]*[A-Za-z0-9_./@~-])?$`)

// bare writes a word without quotes where it needs none.
func bare(word string) string {
	if oneWord.MatchString(word) && !yamlWords[strings.ToLower(word)] {
		return word
	}
	return inQuotes(word)
}

func typed(v source.Value, part *jsonschema.Schema) (string, bool) {
	if v.Kind == source.Map || v.Kind == source.List || v.Kind == source.Null {
		return "", false
	}
	switch {
	case slices.Contains(part.Types, "array"):
		items, ok := part.Items.(*jsonschema.Schema)
		if !ok || !slices.Contains(items.Types, "string") {
			return "", false
		}
		item, ok := asText(v)
		return "[" + item + "]", ok
	case slices.Contains(part.Types, "string"):
		return asText(v)
	case slices.Contains(part.Types, "boolean"):
		return asBool(v)
	case slices.Contains(part.Types, "integer"), slices.Contains(part.Types, "number"):
		return v.Text, v.Kind == source.String && wholeNumber.MatchString(v.Text)
	}
	return "", false
}

var wholeNumber = regexp.MustCompile(`^(0|-?[1-9][0-9]{0,17})$`)

// asText writes a scalar as a text that YAML reads as nothing else.
func asText(v source.Value) (string, bool) {
	if v.Kind == source.String {
		return v.Text, oneWord.MatchString(v.Text) && !yamlWords[strings.ToLower(v.Text)]
	}
	return inQuotes(v.Text), true
}

// asBool writes what people write for true and false as YAML does.
func asBool(v source.Value) (string, bool) {
	if v.Kind != source.String {
		return "", false
	}
	switch strings.ToLower(v.Text) {
	case "yes", "true", "on":
		return "true", true
	case "no", "false", "off":
		return "false", true
	}
	return "", false
}
