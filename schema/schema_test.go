// SPDX-License-Identifier: GPL-2.0-or-later

package schema_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/pulp/pulpmetrics/schema"
)

// Editors complete and explain from the schema: every key says what it is, and how it looks.
func TestEveryKeyIsExplained(t *testing.T) {
	for name, text := range map[string][]byte{"proposal": schema.Proposal, "project": schema.Project} {
		t.Run(name, func(t *testing.T) {
			var root map[string]any
			if err := json.Unmarshal(text, &root); err != nil {
				t.Fatal(err)
			}
			if keys := walk(t, "", root); keys < 20 {
				t.Errorf("only %d keys were looked at", keys)
			}
		})
	}
}

// walk looks at a part of a schema, and returns how many keys it saw.
func walk(t *testing.T, path string, part map[string]any) int {
	for _, key := range []string{"title", "description", "examples"} {
		if part[key] == nil && !(path == "" && key == "examples") {
			t.Errorf("%s lacks `%s`", path, key)
		}
	}
	checkExamples(t, path, part)
	seen := 1
	down := func(step string, child any) {
		if child, ok := child.(map[string]any); ok {
			seen += walk(t, path+step, child)
		}
	}
	if properties, ok := part["properties"].(map[string]any); ok {
		for key, child := range properties {
			down("."+key, child)
		}
	}
	down("[]", part["items"])
	down(".*", part["additionalProperties"])
	return seen
}

// An example has to be one.
func checkExamples(t *testing.T, path string, part map[string]any) {
	examples, _ := part["examples"].([]any)
	if len(examples) == 0 {
		return
	}
	text, err := json.Marshal(part)
	if err != nil {
		t.Fatal(err)
	}
	s, err := jsonschema.CompileString("part.json", string(text))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	for _, example := range examples {
		if err := s.Validate(example); err != nil {
			t.Errorf("%s: %v is no example: %v", path, example, err)
		}
	}
	if slices.ContainsFunc(examples, func(e any) bool { return fmt.Sprint(e) == "" }) {
		t.Errorf("%s: an example is empty", path)
	}
}
