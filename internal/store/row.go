// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/pulp/pulpmetrics/internal/dialect"
	"github.com/pulp/pulpmetrics/internal/domain"
)

// Row is a row of a summary.
type Row struct {
	Day     Day
	Summary string
	Key     string // a JSON list with a value for each of plan.Query.KeyNames
	Value   domain.Number
	Systems int64 // behind the value
	// What the value was made of, as dialect.Cell says. Published rows don't have it.
	Total, Weight, Largest domain.Number
}

// EncodeKey returns a key as JSON. The same values give the same text.
func EncodeKey(values []any) (string, error) {
	if values == nil {
		values = []any{}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(values); err != nil {
		return "", err
	}
	return string(bytes.TrimSpace(b.Bytes())), nil
}

// DecodeKey returns the values of a key: string, bool, int64, uint64 or float64.
func DecodeKey(key string) ([]any, error) {
	dec := json.NewDecoder(bytes.NewReader([]byte(key)))
	dec.UseNumber()
	var values []any
	if err := dec.Decode(&values); err != nil {
		return nil, fmt.Errorf("the key %q: %w", key, err)
	}
	for i, v := range values {
		if n, ok := v.(json.Number); ok {
			values[i] = keyNumber(n.String())
		}
	}
	return values, nil
}

func keyNumber(text string) any {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	if n, err := strconv.ParseUint(text, 10, 64); err == nil {
		return n
	}
	f, _ := strconv.ParseFloat(text, 64)
	return f
}

// RowOf returns a cell as a row.
func RowOf(day Day, c dialect.Cell) (Row, error) {
	key, err := EncodeKey(c.Key)
	return Row{day, c.Query.ID, key, c.Value, c.Systems, c.Total, c.Weight, c.Largest}, err
}

// parseNumber reads what the driver has for a column of Kind Number.
func parseNumber(v any) (domain.Number, error) {
	switch v := v.(type) {
	case nil:
		return domain.Number{}, nil
	case int64:
		return domain.Int(v), nil
	case float64:
		return domain.Float(v), nil
	case []byte:
		return parseNumber(string(v))
	case string:
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			return domain.Int(n), nil
		}
		if n, err := strconv.ParseUint(v, 10, 64); err == nil {
			return domain.Uint(n), nil
		}
		f, err := strconv.ParseFloat(v, 64)
		return domain.Float(f), err
	}
	return domain.Number{}, fmt.Errorf("a number is %T", v)
}
