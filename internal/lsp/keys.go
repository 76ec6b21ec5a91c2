// SPDX-License-Identifier: GPL-2.0-or-later

package lsp

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// key is what the schema says of one key.
type key struct {
	Title       string          `json:"title"`
	Description string          `json:"description"`
	Type        any             `json:"type"`
	Enum        []any           `json:"enum"`
	Examples    []any           `json:"examples"`
	Properties  map[string]*key `json:"properties"`
	Required    []string        `json:"required"`
	Items       *key            `json:"items"`
	Extra       any             `json:"additionalProperties"`
}

func parseKeys(schema []byte) (*key, error) {
	k := &key{}
	if err := json.Unmarshal(schema, k); err != nil {
		return nil, fmt.Errorf("the schema can't be read: %w", err)
	}
	return k, nil
}

// at follows a path of keys; nil where it leaves the schema.
func (k *key) at(path []string) *key {
	for _, step := range path {
		switch {
		case k == nil:
			return nil
		case step == "[]":
			k = k.Items
		case k.Properties[step] != nil:
			k = k.Properties[step]
		default:
			k = k.extra()
		}
	}
	return k
}

// extra is what the schema says of keys that are the author's own.
func (k *key) extra() *key {
	if _, ok := k.Extra.(map[string]any); !ok {
		return nil
	}
	data, err := json.Marshal(k.Extra)
	if err != nil {
		return nil
	}
	extra, err := parseKeys(data)
	if err != nil {
		return nil
	}
	return extra
}

// is reports whether the key's value can be of a type.
func (k *key) is(name string) bool {
	switch t := k.Type.(type) {
	case string:
		return t == name
	case []any:
		return slices.Contains(t, any(name))
	}
	return false
}

// choices are the values that can be chosen from.
func (k *key) choices() []string {
	var out []string
	for _, v := range k.Enum {
		out = append(out, fmt.Sprint(v))
	}
	if k.is("boolean") {
		out = append(out, "true", "false")
	}
	return out
}

// page explains the key, in Markdown.
func (k *key) page(name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**", name)
	if k.Title != "" && !strings.EqualFold(k.Title, name) {
		fmt.Fprintf(&b, ": %s", k.Title)
	}
	fmt.Fprintf(&b, "\n\n%s", k.Description)
	if choices := k.choices(); len(choices) > 0 {
		fmt.Fprintf(&b, "\n\nOne of `%s`.", strings.Join(choices, "`, `"))
	}
	for i, example := range k.Examples {
		text, err := json.Marshal(example)
		if i == 0 && err == nil {
			fmt.Fprintf(&b, "\n\nFor example: `%s`", text)
		}
	}
	return b.String()
}

// insert is what is inserted for a key: what stands behind it depends on its type.
func (k *key) insert(name string) string {
	if k.is("object") && len(k.Properties) > 0 {
		return name + ":"
	}
	return name + ": "
}
