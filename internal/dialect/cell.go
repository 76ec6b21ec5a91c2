// SPDX-License-Identifier: GPL-2.0-or-later

package dialect

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/plan"
)

// Cell is one row of a summary.
type Cell struct {
	Query   *plan.Query
	Key     []any // a string, bool, int64, uint64 or float64 for each of plan.Query.KeyNames
	Value   domain.Number
	Systems int64 // behind the value
	// What the value was made of: the sum of a mean or of a ratio's numerator, the sum of a ratio's
	// denominator, and the largest value of one system, without its sign.
	Total, Weight, Largest domain.Number
}

// Read returns the cells of one row of the result. Whole numbers are int64, texts string or []byte.
func (s *Statement) Read(values []any) ([]Cell, error) { return s.read(values) }

// key returns the key that the first columns of a row hold.
func key(q *plan.Query, values []any) ([]any, error) {
	if len(values) < len(q.Terms) {
		return nil, errColumns
	}
	out := make([]any, len(q.Terms))
	for i, t := range q.Terms {
		v, err := keyValue(t, values[i])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.ID, err)
		}
		out[i] = v
	}
	return out, nil
}

// keyValue returns a value as rows have it.
func keyValue(t plan.Term, v any) (any, error) {
	switch v := v.(type) {
	case []byte:
		return keyText(t, string(v)), nil
	case string:
		return keyText(t, v), nil
	case int64:
		if !t.IsAge() && t.Ref.Leaf.Type.V == "bool" {
			return v != 0, nil
		}
		return v, nil
	case bool, float64:
		return v, nil
	}
	return nil, fmt.Errorf("a key is %T", v)
}

// keyText returns a text, or the number that a class or a Wide column spells as one.
func keyText(t plan.Term, text string) any {
	if !t.IsAge() && !t.Ref.Leaf.IsNumber() {
		return text
	}
	if digits := strings.TrimLeft(text, "0"); len(text) == wideDigits && digits != "" {
		text = digits
	} else if len(text) == wideDigits {
		text = "0"
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	if n, err := strconv.ParseUint(text, 10, 64); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		return f
	}
	return text
}

func countCell(q *plan.Query, values []any) ([]Cell, error) {
	k, err := key(q, values)
	if err != nil {
		return nil, err
	}
	n, ok := values[len(values)-1].(int64)
	if !ok {
		return nil, errColumns
	}
	if n == 0 {
		return nothing(q), nil
	}
	return []Cell{{Query: q, Key: k, Value: domain.Int(n), Systems: n}}, nil
}

// nothing returns the cells of a summary that no system takes part in: without keys there is one, 0
// of 0 systems, as the first site had it.
func nothing(q *plan.Query) []Cell {
	if len(q.Terms) > 0 {
		return nil
	}
	return []Cell{{Query: q}}
}

// taggedCell reads a row whose first column says which summary it is of.
func taggedCell(queries []*plan.Query, values []any) ([]Cell, error) {
	tag, ok := values[0].(int64)
	if !ok || tag < 0 || tag >= int64(len(queries)) {
		return nil, errColumns
	}
	return countCell(queries[tag], values[1:])
}

// total is a sum, exact where it is one of whole numbers.
type total struct {
	exact *big.Int // nil for reals
	real  float64
}

// readTotal reads the columns of a sum.
func readTotal(s sum, values []any) (total, error) {
	first, err := readNumber(values[0])
	if err != nil || s.radix == 0 {
		return first, err
	}
	low, err := readNumber(values[1])
	if err != nil || first.exact == nil || low.exact == nil {
		return total{}, fmt.Errorf("a sum is %T and %T: %w", values[0], values[1], err)
	}
	high := new(big.Int).Mul(first.exact, big.NewInt(s.radix))
	return total{exact: high.Add(high, low.exact)}, nil
}

func readNumber(v any) (total, error) {
	switch v := v.(type) {
	case int64:
		return total{exact: big.NewInt(v)}, nil
	case float64:
		return total{real: v}, nil
	case []byte:
		return readNumber(string(v))
	case string:
		if n, ok := new(big.Int).SetString(v, 10); ok {
			return total{exact: n}, nil
		}
		f, err := strconv.ParseFloat(v, 64)
		return total{real: f}, err
	}
	return total{}, fmt.Errorf("a number is %T", v)
}

// number returns the sum, rounded where it has more than 64 bits.
func (t total) number() domain.Number {
	switch {
	case t.exact == nil:
		return domain.Float(t.real)
	case t.exact.IsInt64():
		return domain.Int(t.exact.Int64())
	case t.exact.IsUint64():
		return domain.Uint(t.exact.Uint64())
	}
	f, _ := new(big.Float).SetInt(t.exact).Float64()
	return domain.Float(f)
}

// over returns the quotient that is nearest.
func (t total) over(u total) domain.Number {
	if t.exact != nil && u.exact != nil && u.exact.Sign() != 0 {
		f, _ := new(big.Rat).SetFrac(t.exact, u.exact).Float64()
		return domain.Float(f)
	}
	return domain.Float(t.float() / u.float())
}

func (t total) float() float64 {
	if t.exact == nil {
		return t.real
	}
	f, _ := new(big.Float).SetInt(t.exact).Float64()
	return f
}

func (t total) abs() total {
	if t.exact == nil {
		return total{real: max(t.real, -t.real)}
	}
	return total{exact: new(big.Int).Abs(t.exact)}
}

// sumCells reads a row of several sums and means. One that no system has a value for has no cell.
func sumCells(queries []*plan.Query, sums []sum, values []any) ([]Cell, error) {
	k, err := key(queries[0], values)
	if err != nil {
		return nil, err
	}
	var cells []Cell
	at := len(k)
	for i, q := range queries {
		width := len(sums[i].columns) + 3
		if len(values) < at+width {
			return nil, errColumns
		}
		c, err := sumCell(q, k, sums[i], values[at:at+width])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.ID, err)
		}
		cells, at = append(cells, c...), at+width
	}
	return cells, nil
}

func sumCell(q *plan.Query, k []any, s sum, values []any) ([]Cell, error) {
	n, ok := values[0].(int64)
	if !ok {
		return nil, errColumns
	}
	if n == 0 {
		return nothing(q), nil
	}
	t, err := readTotal(s, values[1:])
	if err != nil {
		return nil, err
	}
	most, err := readNumber(values[len(values)-2])
	if err != nil {
		return nil, err
	}
	least, err := readNumber(values[len(values)-1])
	if err != nil {
		return nil, err
	}
	c := Cell{Query: q, Key: k, Systems: n, Total: t.number(), Value: t.number(), Largest: most.abs().number()}
	if l := least.abs().number(); l.Compare(c.Largest) > 0 {
		c.Largest = l
	}
	if q.Measure == plan.Mean {
		c.Value = t.over(total{exact: big.NewInt(n)})
	}
	return []Cell{c}, nil
}

func ratioCell(q *plan.Query, sums []sum, values []any) ([]Cell, error) {
	k, err := key(q, values)
	if err != nil {
		return nil, err
	}
	rest := values[len(k):]
	if len(rest) != 1+len(sums[0].columns)+len(sums[1].columns) {
		return nil, errColumns
	}
	n, ok := rest[0].(int64)
	if !ok || n == 0 {
		return nil, nil
	}
	over, err := readTotal(sums[0], rest[1:])
	if err != nil {
		return nil, err
	}
	under, err := readTotal(sums[1], rest[1+len(sums[0].columns):])
	if err != nil {
		return nil, err
	}
	return []Cell{{Query: q, Key: k, Systems: n, Value: over.over(under), Total: over.number(), Weight: under.number()}}, nil
}

func quantileCell(q *plan.Query, values []any) ([]Cell, error) {
	k, err := key(q, values)
	if err != nil {
		return nil, err
	}
	if len(values) != len(k)+3 {
		return nil, errColumns
	}
	i, ok := values[len(k)].(int64)
	n, counted := values[len(k)+2].(int64)
	if !ok || !counted || i < 0 || i >= int64(len(q.Q)) {
		return nil, errColumns
	}
	v, err := readNumber(values[len(k)+1])
	if err != nil {
		return nil, err
	}
	return []Cell{{Query: q, Key: append(k, q.Q[i]), Systems: n, Value: v.number()}}, nil
}
