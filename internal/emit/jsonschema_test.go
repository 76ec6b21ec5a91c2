// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"
	"pgregory.net/rapid"

	"github.com/pulp/pulpmetrics"
	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/wire"
)

func schemaOf(t *testing.T, in *Input, name string) *jsonschema.Schema {
	t.Helper()
	files, err := generateJSONSchema(in)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.CompileString(name, string(files[name]))
	if err != nil {
		t.Fatalf("%v\n%s", err, files[name])
	}
	if schema.Draft != jsonschema.Draft2020 || !strings.HasPrefix(schema.Comment+string(files[name]), "{\n  \"$schema\"") {
		t.Errorf("%s doesn't say which draft it is", name)
	}
	return schema
}

// reread returns a value as encoding/json reads it, without rounding.
func reread(t failer, v any) any {
	text, err := encodeJSON(v, "")
	if err != nil {
		t.Fatalf("%v", err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	var out any
	if err := decoder.Decode(&out); err != nil {
		t.Fatalf("%v", err)
	}
	return out
}

// snake spells the names of a report as the .proto file has them.
func snake(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, value := range v {
			var spelled strings.Builder
			for _, r := range name {
				if 'A' <= r && r <= 'Z' {
					spelled.WriteByte('_')
				}
				spelled.WriteString(strings.ToLower(string(r)))
			}
			out[spelled.String()] = snake(value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = snake(item)
		}
		return out
	}
	return v
}

func TestExamplesPassSchema(t *testing.T) {
	for _, test := range []struct {
		schema string
		in     *Input
		fields int
	}{
		{"analytics.schema.json", loadInput(t, pulpmetrics.Registry), 6},
		{"inventory.schema.json", loadInput(t, inventory()), 5},
	} {
		schema := schemaOf(t, test.in, test.schema)
		example, err := exampleReport(test.in.Message, (*wire.Field).Stored)
		if err != nil {
			t.Fatal(err)
		}
		report := reread(t, example)
		if got := len(report.(map[string]any)); got != test.fields {
			t.Errorf("%s: the example has %d fields, want %d", test.schema, got, test.fields)
		}
		if err := schema.Validate(report); err != nil {
			t.Errorf("%s: %#v", test.schema, err)
		}
		if err := schema.Validate(snake(report)); err != nil {
			t.Errorf("%s, in the other spelling: %#v", test.schema, err)
		}
	}
}

const anID = `"systemId": "01234567-89ab-cdef-0123-456789abcdef"`

func TestSchema(t *testing.T) {
	schema := schemaOf(t, loadInput(t, inventory()), "inventory.schema.json")
	for _, test := range []struct {
		report string
		pass   bool
	}{
		{`{` + anID + `}`, true},
		{`{"system_id": "{0123456789ABCDEF0123456789abcdef}"}`, true},
		{`{}`, false},
		{`{` + anID + `, "system_id": "01234567-89ab-cdef-0123-456789abcdef"}`, false},
		{`{` + anID + `, "unknown": 1}`, false},
		{`{` + anID + `, "spoons": 1}`, false},
		{`{` + anID + `, "forks": 1}`, false},
		{`{` + anID + `, "lids": false, "oldJars": "-5"}`, true},
		{`{` + anID + `, "lids": "false"}`, false},
		{`{` + anID + `, "lids": null}`, false},
		{`{` + anID + `, "shelves": []}`, true},
		{`{` + anID + `, "shelves": {"label": "a"}}`, false},
		{`{` + anID + `, "shelves": [{}]}`, false},
		{`{` + anID + `, "shelves": [{"label": "a"}, {"label": "b"}, {"label": "c"}, {"label": "d"}]}`, true},
		{`{` + anID + `, "shelves": [{"label": "a"}, {"label": "b"}, {"label": "c"}, {"label": "d"}, {"label": "e"}]}`, false},
		{`{` + anID + `, "shelves": [{"label": "a", "shelfKind": "SHELF_KIND_ATTIC"}, {"label": "b", "shelf_kind": 2}]}`, true},
		{`{` + anID + `, "shelves": [{"label": "a", "shelfKind": "attic"}]}`, false},
		{`{` + anID + `, "shelves": [{"label": "a", "shelfKind": 3}]}`, false},
		{`{` + anID + `, "shelves": [{"label": "a", "shelfKind": 1, "shelf_kind": 1}]}`, false},
		{`{` + anID + `, "shelves": [{"label": "a", "other": 1}]}`, false},
		{`{` + anID + `, "shelves": [{"label": "a", "tilt": "1.5"}]}`, false},
		{`{` + anID + `, "jamKinds": {"kindCount": 4294967295}}`, true},
		{`{` + anID + `, "jamKinds": {"kindCount": 4294967296}}`, false},
		{`{` + anID + `, "jam_kinds": {"kind_count": 1.5}}`, false},
	} {
		if err := schema.Validate(reread(t, json.RawMessage(test.report))); (err == nil) != test.pass {
			t.Errorf("%s: %v", test.report, err)
		}
	}
}

// reportWith returns a report that holds one value of one leaf, and nothing else that isn't
// required.
func reportWith(f *wire.Field, leaf *wire.Leaf, value any) object {
	report := object{}
	if f.Name != "system_id" {
		report = append(report, member{"system_id", "01234567-89ab-cdef-0123-456789abcdef"})
	}
	if f.Message == "" {
		return append(report, member{f.Name, value})
	}
	message := object{{leaf.Name, value}}
	for _, other := range f.Leaves {
		if other.Required && other.Name != leaf.Name {
			message = append(message, member{other.Name, sampled(&other, rand.New(rand.NewPCG(1, 1)))})
		}
	}
	if f.Repeated {
		return append(report, member{f.Name, []any{message}})
	}
	return append(report, member{f.Name, message})
}

// sampled returns a member of a domain as JSON has it.
func sampled(leaf *wire.Leaf, r *rand.Rand) any {
	switch v := leaf.Domain.Sample(r).(type) {
	case domain.Number:
		if v.IsInteger() && leaf.Type != "double" && r.IntN(2) == 0 {
			return v.String()
		}
		return json.Number(v.String())
	case string:
		if leaf.Domain.Kind == wire.Enum {
			return wire.EnumValue(leaf.Enum, v)
		}
		return v
	default:
		return v
	}
}

// mutated changes a value a little, so that it often leaves the domain.
func mutated(t *rapid.T, v any) any {
	switch v := v.(type) {
	case string:
		runes := []rune(v)
		at := rapid.IntRange(0, len(runes)).Draw(t, "at")
		cut := rapid.IntRange(at, min(at+2, len(runes))).Draw(t, "cut")
		added := rapid.StringOfN(rapid.RuneFrom([]rune("aZ09.-+_!{}: \n|é²xg")), 0, 3, -1).Draw(t, "added")
		return string(runes[:at]) + added + string(runes[cut:])
	case json.Number:
		numbers := []string{"-" + string(v), string(v) + "0", string(v) + ".5", "18446744073709551616", "1e3", "-6"}
		numbers = slices.DeleteFunc(numbers, func(s string) bool { return !json.Valid([]byte(s)) })
		return json.Number(rapid.SampledFrom(numbers).Draw(t, "number"))
	}
	return rapid.SampledFrom([]any{"true", 1, nil, []any{}}).Draw(t, "other")
}

// allowed is what the schema has to say of a value.
func allowed(leaf *wire.Leaf, v any) bool {
	whole := leaf.Type != "float" && leaf.Type != "double"
	switch v := v.(type) {
	case bool:
		return leaf.Domain.Kind == wire.Bool
	case json.Number:
		n, ok := parseNumber(string(v))
		exact, _ := new(big.Rat).SetString(string(v))
		return ok && leaf.Domain.Kind == wire.Numeric && leaf.Domain.Numbers.Contains(n) && (!whole || exact.IsInt())
	case string:
		switch leaf.Domain.Kind {
		case wire.Numeric:
			n, ok := parseNumber(v)
			return ok && whole && n.String() == v && leaf.Domain.Numbers.Contains(n)
		case wire.Enum:
			return slices.ContainsFunc(leaf.Domain.Texts, func(m string) bool { return wire.EnumValue(leaf.Enum, m) == v })
		case wire.Text:
			return leaf.Domain.ContainsText(v)
		}
	}
	return false
}

func parseNumber(s string) (domain.Number, bool) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return domain.Int(n), true
	}
	if n, err := strconv.ParseUint(s, 10, 64); err == nil {
		return domain.Uint(n), true
	}
	f, err := strconv.ParseFloat(s, 64)
	return domain.Float(f), err == nil
}

// The schema allows exactly what the domain of each leaf holds.
func TestSchemaAgreesWithDomains(t *testing.T) {
	in := loadInput(t, inventory())
	schema := schemaOf(t, in, "inventory.schema.json")
	for i := range in.Message.Fields {
		f := &in.Message.Fields[i]
		for n := range f.Leaves {
			leaf := &f.Leaves[n]
			if !f.Stored() {
				continue
			}
			t.Run(f.Path(leaf), func(t *testing.T) {
				outside := 0
				rapid.Check(t, func(t *rapid.T) {
					value := sampled(leaf, rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)))
					if err := schema.Validate(reread(t, reportWith(f, leaf, value))); err != nil {
						t.Fatalf("%v is a member: %v", value, err)
					}
					value = mutated(t, value)
					want := allowed(leaf, value)
					if !want {
						outside++
					}
					if err := schema.Validate(reread(t, reportWith(f, leaf, value))); (err == nil) != want {
						t.Fatalf("%#v: allowed %v, schema says %v", value, want, err)
					}
				})
				if outside == 0 {
					t.Error("no value was ever outside")
				}
			})
		}
	}
}

// A pattern in the common subset means what it meant in RE2.
func TestECMAPattern(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{`[a-z][a-z0-9_]{0,49}`, `[a-z](?:[0-9_a-z]){0,49}`},
		{`^a\.b$`, `(?:)a\.b(?:)`},
		{`(?i)k`, "[Kk\u212a]"},
		{`.{2}`, `(?:[^\n]){2}`},
		{`(?s:.)?`, `(?:[\s\S])?`},
		{`(?P<n>ab|c)`, `(?:(?:ab|c))`},
		{`[\x{D800}-\x{DFFF}]`, `[^\s\S]`},
		{`[\]\-^\\]`, `[\-\\-\^]`},
		{`\t|é`, "[\\x09é]"},
	} {
		if diff := cmp.Diff(test.want, ecmaPattern(test.in)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.in, diff)
		}
	}
}

func TestFormatPatterns(t *testing.T) {
	pieces := rapid.SampledFrom([]string{"1", "0", "3.21.0", "123456789", "1!", ".", "-", "_", "a", "B", "rc", "Pre", "post", "r", "DEV", "+g", "abcd", "urn:", "uuid:", "{", "}",
		"0123456789abcdef0123456789ABCDEF", "01234567-89ab-cdef-0123-456789abcdef", "-0123", "", "\n", "v", "é"})
	for _, name := range domain.Formats() {
		format, _ := domain.ParseFormat(name)
		text := fmt.Sprintf(`{"type": "string", "maxLength": %d, "pattern": %q}`, format.MaxLen(), anchored(formatPatterns[format]))
		schema := jsonschema.MustCompileString(name, text)
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				s := strings.Join(rapid.SliceOfN(pieces, 1, 7).Draw(t, "pieces"), "")
				if got, want := schema.Validate(s) == nil, format.MatchString(s); got != want {
					t.Fatalf("%q: schema says %v, the format %v", s, got, want)
				}
			})
		})
	}
}

func TestDecimalPattern(t *testing.T) {
	for _, test := range []struct{ least, greatest, want string }{
		{"0", "9", "[0-9]"}, {"0", "0", "0"}, {"0", "100", "[0-9]|[1-9][0-9]|100"}, {"7", "7", "7"},
		{"0", "4095", "[0-9]|[1-9][0-9]{1,2}|[1-3][0-9]{3}|40[0-8][0-9]|409[0-5]"},
		{"-5", "-3", "-(?:[3-5])"}, {"-5", "5", "-(?:[1-5])|[0-5]"},
	} {
		if got := decimalPattern(test.least, test.greatest); got != test.want {
			t.Errorf("%s to %s: %s, want %s", test.least, test.greatest, got, test.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.OneOf(rapid.Int64Range(-1200, 1200), rapid.Int64())
		least, greatest, n := some.Draw(t, "least"), some.Draw(t, "greatest"), some.Draw(t, "n")
		least, greatest = min(least, greatest), max(least, greatest)
		text := func(n int64) string { return strconv.FormatInt(n, 10) }
		schema := jsonschema.MustCompileString("s", fmt.Sprintf(`{"pattern": %q}`, anchored(decimalPattern(text(least), text(greatest)))))
		for _, n := range []int64{n, least, greatest, least - 1, greatest + 1} {
			if got, want := schema.Validate(text(n)) == nil, least <= n && n <= greatest; got != want {
				t.Fatalf("%d in %d to %d: %v", n, least, greatest, got)
			}
		}
	})
}
