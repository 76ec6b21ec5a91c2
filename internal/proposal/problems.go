// SPDX-License-Identifier: GPL-2.0-or-later

package proposal

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/pulp/pulpmetrics/internal/source"
)

// translator says what a validation error means to somebody who wrote YAML and never saw the
// schema, and where.
type translator struct {
	*shape
	root     source.Value
	problems []source.Problem
}

// mostProblems of one file are reported: the first ones explain the others.
const mostProblems = 50

func (t *translator) walk(err *jsonschema.ValidationError) {
	for _, cause := range err.Causes {
		t.walk(cause)
	}
	if len(err.Causes) > 0 || len(t.problems) >= mostProblems {
		return
	}
	at, _ := t.root.Pointer(err.InstanceLocation)
	i := strings.LastIndexByte(err.AbsoluteKeywordLocation, '/')
	part := t.parts[err.AbsoluteKeywordLocation[:max(i, 0)]]
	if part == nil {
		part = t.shape.root
	}
	if strings.HasSuffix(err.AbsoluteKeywordLocation[:max(i, 0)], "/propertyNames") {
		t.add(CodeWrongValue, at.Key.Span, fmt.Sprintf("`%s` can't be a key here", at.Key.V), helpWith(part))
		return
	}
	switch err.AbsoluteKeywordLocation[i+1:] {
	case "additionalProperties":
		t.unknownKeys(at, part)
	case "required":
		t.missingKeys(at, part)
	case "type":
		t.wrongType(at, part)
	default:
		t.wrongValue(at, part, err)
	}
}

func (t *translator) add(code string, span source.Span, message, help string) {
	t.addFix(nil, code, span, message, help)
}

func (t *translator) addFix(fix *source.Fix, code string, span source.Span, message, help string) {
	if len(t.problems) < mostProblems {
		t.problems = append(t.problems, source.Problem{Code: code, Span: span, Message: message, Help: help, Fix: fix})
	}
}

// unknownKeys reports each key of a mapping that the schema doesn't have. (The validator points
// at the mapping.)
func (t *translator) unknownKeys(at source.Entry, part *jsonschema.Schema) {
	known := make([]string, 0, len(part.Properties))
	for key := range part.Properties {
		known = append(known, key)
	}
	slices.Sort(known)
	for _, e := range at.Value.Entries {
		if part.Properties[e.Key.V] == nil && e.Key.V != "" {
			t.addFix(fixKey(at.Value, e.Key, known), CodeUnknownKey, e.Key.Span, fmt.Sprintf("`%s` is not a key of %s", e.Key.V, nameOf(at, part)), Suggest(e.Key.V, known, "the keys here are "))
		}
	}
}

func (t *translator) missingKeys(at source.Entry, part *jsonschema.Schema) {
	for _, key := range part.Required {
		if _, ok := at.Value.Get(key); ok {
			continue
		}
		help := fmt.Sprintf("add `%s:`", key)
		if missing := part.Properties[key]; missing != nil && missing.Description != "" {
			help += ". " + missing.Description
		}
		t.add(CodeMissingKey, pointAt(at), fmt.Sprintf("%s lacks `%s`", nameOf(at, part), key), help)
	}
}

// pointAt returns what a finding about a mapping underlines: its key; its first key, where it is
// an item or the whole file.
func pointAt(at source.Entry) source.Span {
	if at.Key.Set() {
		return at.Key.Span
	}
	if len(at.Value.Entries) > 0 {
		return at.Value.Entries[0].Key.Span
	}
	return at.Value.Span
}

func nameOf(at source.Entry, part *jsonschema.Schema) string {
	if at.Key.Set() {
		return "`" + at.Key.V + "`"
	}
	if part.Title == "" {
		return "this mapping"
	}
	if strings.HasPrefix(part.Title, "A ") {
		return "the file"
	}
	return "this " + strings.ToLower(part.Title)
}

func (t *translator) wrongType(at source.Entry, part *jsonschema.Schema) {
	v := at.Value
	span := v.Span
	if v.Kind == source.Null {
		t.add(CodeWrongType, pointAt(at), nameOf(at, part)+" has no value", "write one, or delete the key. "+part.Description)
		return
	}
	help := part.Description
	if v.Kind != source.Map && v.Kind != source.List && slices.Contains(part.Types, "string") {
		help = fmt.Sprintf("put quotes around it: %q", v.Text)
	}
	if v.Kind == source.List || v.Kind == source.Map {
		span = pointAt(at)
	} else if items, ok := part.Items.(*jsonschema.Schema); ok {
		help = listHelp(v.Text, items) + part.Description
	}
	t.addFix(fixType(v, part), CodeWrongType, span, fmt.Sprintf("%s is %s here; it has to be %s", nameOf(at, part), v.Kind, typesOf(part)), help)
}

// listHelp says how the list that is missing around a scalar is written.
func listHelp(text string, items *jsonschema.Schema) string {
	if slices.Contains(items.Types, "string") {
		return fmt.Sprintf("put it in brackets: `[%s]`. ", text)
	}
	return "begin each item with a hyphen. "
}

func typesOf(part *jsonschema.Schema) string {
	names := map[string]string{"string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false", "object": "a mapping of keys", "array": "a list"}
	var out []string
	for _, t := range part.Types {
		out = append(out, names[t])
	}
	return strings.Join(out, " or ")
}

var schemaError = regexp.MustCompile(` \[[^\]]*\]$`)

func (t *translator) wrongValue(at source.Entry, part *jsonschema.Schema, err *jsonschema.ValidationError) {
	span := at.Value.Span
	if at.Value.Kind == source.Map || at.Value.Kind == source.List || span.Start == span.End {
		span = pointAt(at)
	}
	if len(part.Enum) > 0 {
		var allowed []string
		for _, value := range part.Enum {
			allowed = append(allowed, fmt.Sprint(value))
		}
		t.addFix(SuggestFix(source.Text{V: at.Value.Text, Span: span}, allowed), CodeWrongValue, span, fmt.Sprintf("`%s` is not a value of %s", at.Value.Text, nameOf(at, part)), Suggest(at.Value.Text, allowed, "write one of "))
		return
	}
	message := fmt.Sprintf("%s: %s", nameOf(at, part), schemaError.ReplaceAllString(err.Message, ""))
	switch {
	case strings.HasSuffix(err.AbsoluteKeywordLocation, "/minLength"):
		message = nameOf(at, part) + " is empty"
	case strings.HasSuffix(err.AbsoluteKeywordLocation, "/pattern"):
		message = fmt.Sprintf("`%s` doesn't have the form of %s", at.Value.Text, nameOf(at, part))
	case strings.HasSuffix(err.AbsoluteKeywordLocation, "/format"):
		message = fmt.Sprintf("`%s` is not a valid %s", at.Value.Text, map[string]string{"date": "date", "uri": "URL"}[formatOf(err)])
	case strings.HasSuffix(err.AbsoluteKeywordLocation, "/minimum"):
		message = fmt.Sprintf("%s is %s; the least it can be is %s", nameOf(at, part), at.Value.Text, part.Minimum.RatString())
	case strings.HasSuffix(err.AbsoluteKeywordLocation, "/maximum"):
		message = fmt.Sprintf("%s is %s; the most it can be is %s", nameOf(at, part), at.Value.Text, part.Maximum.RatString())
	case strings.HasSuffix(err.AbsoluteKeywordLocation, "/maxLength"):
		message = fmt.Sprintf("%s is longer than %d characters", nameOf(at, part), part.MaxLength)
	case strings.HasSuffix(err.AbsoluteKeywordLocation, "/uniqueItems"):
		message = nameOf(at, part) + " lists something twice"
	case strings.HasSuffix(err.AbsoluteKeywordLocation, "/const") && len(part.Constant) > 0:
		message = fmt.Sprintf("%s is `%s`; it has to be `%v`", nameOf(at, part), at.Value.Text, part.Constant[0])
	case strings.HasSuffix(err.AbsoluteKeywordLocation, "/minItems"):
		message = nameOf(at, part) + " is an empty list"
	}
	t.add(CodeWrongValue, span, message, helpWith(part))
}

var quoted = regexp.MustCompile(`'([a-z-]+)'$`)

func formatOf(err *jsonschema.ValidationError) string {
	if m := quoted.FindStringSubmatch(err.Message); m != nil {
		return m[1]
	}
	return ""
}

// helpWith describes a part, with an example where it is short enough to be read in a sentence.
func helpWith(part *jsonschema.Schema) string {
	if len(part.Examples) == 0 {
		return part.Description
	}
	switch example := part.Examples[0].(type) {
	case map[string]any:
		return part.Description
	case []any:
		if len(example) > 0 {
			if _, nested := example[0].(map[string]any); nested {
				return part.Description
			}
		}
	}
	return fmt.Sprintf("%s For example: %v", part.Description, part.Examples[0])
}
