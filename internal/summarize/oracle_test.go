// SPDX-License-Identifier: GPL-2.0-or-later

package summarize

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/plan"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// The oracle works summaries out in another way than the engines: one system after the other, from
// what was sent, with numbers of any size.

// machine is a system that reports.
type machine struct {
	id    [16]byte
	age   int64
	sent  map[*proposal.Leaf]any            // domain.Number, string or bool
	here  map[*proposal.Proposal]bool       // messages that were sent
	items map[*proposal.Proposal][]listItem // of lists
}

type listItem map[*proposal.Leaf]any

// invent draws a machine. Values come from few samples of each domain, so that cells have company.
func invent(r *rand.Rand, m *wire.Message, pool map[*proposal.Leaf][]any, maxAge int64) *machine {
	s := &machine{age: r.Int64N(maxAge + 1), sent: map[*proposal.Leaf]any{}, here: map[*proposal.Proposal]bool{}, items: map[*proposal.Proposal][]listItem{}}
	for i := range s.id {
		s.id[i] = byte(r.Uint32())
	}
	for i := range m.Fields {
		f := &m.Fields[i]
		switch {
		case f.Required && f.Message == "" || !f.Stored():
		case f.Repeated:
			s.inventItems(r, f, pool)
		case r.IntN(4) > 0:
			s.here[f.Metric] = true
			s.inventLeaves(r, f, pool, s.sent)
		}
	}
	return s
}

func (s *machine) inventLeaves(r *rand.Rand, f *wire.Field, pool map[*proposal.Leaf][]any, into map[*proposal.Leaf]any) {
	for i := range f.Leaves {
		leaf := &f.Leaves[i]
		if leaf.Required || f.Message == "" || r.IntN(4) > 0 {
			into[leaf.Source] = draw(r, leaf, pool)
		}
	}
}

func (s *machine) inventItems(r *rand.Rand, f *wire.Field, pool map[*proposal.Leaf][]any) {
	seen := map[string]bool{}
	for range r.IntN(f.MaxItems + 1) {
		item := listItem{}
		s.inventLeaves(r, f, pool, item)
		key := ""
		for _, i := range f.Key {
			key += fmt.Sprint(item[f.Leaves[i].Source], "|")
		}
		if !seen[key] {
			seen[key] = true
			s.items[f.Metric] = append(s.items[f.Metric], item)
		}
	}
}

const samples = 4

// draw takes one of a few samples of a domain; the first ones are taken more often.
func draw(r *rand.Rand, leaf *wire.Leaf, pool map[*proposal.Leaf][]any) any {
	if pool[leaf.Source] == nil {
		for range samples {
			v := leaf.Domain.Sample(r)
			if n, ok := v.(domain.Number); ok && leaf.Type == "float" {
				v = domain.Float(float64(float32(n.Float64()))) // what the wire holds
			}
			pool[leaf.Source] = append(pool[leaf.Source], v)
		}
	}
	return pool[leaf.Source][min(r.IntN(samples), r.IntN(samples))]
}

// encode returns the report of a machine.
func (s *machine) encode(m *wire.Message, md protoreflect.MessageDescriptor) ([]byte, error) {
	msg := dynamicpb.NewMessage(md)
	for i := range m.Fields {
		f := &m.Fields[i]
		fd := md.Fields().ByNumber(protoreflect.FieldNumber(f.Number))
		switch {
		case f.Required && f.Message == "":
			msg.Set(fd, protoreflect.ValueOfString(domain.FormatUUID(s.id)))
		case f.Repeated:
			for _, item := range s.items[f.Metric] {
				fill(msg.Mutable(fd).List().AppendMutable().Message(), f, item)
			}
		case !s.here[f.Metric]:
		case f.Message == "":
			msg.Set(fd, protoValue(fd, s.sent[f.Leaves[0].Source]))
		default:
			fill(msg.Mutable(fd).Message(), f, s.sent)
		}
	}
	return proto.Marshal(msg)
}

func fill(msg protoreflect.Message, f *wire.Field, values map[*proposal.Leaf]any) {
	for i := range f.Leaves {
		if v, ok := values[f.Leaves[i].Source]; ok {
			fd := msg.Descriptor().Fields().ByNumber(protoreflect.FieldNumber(f.Leaves[i].Number))
			msg.Set(fd, protoValue(fd, v))
		}
	}
}

func protoValue(fd protoreflect.FieldDescriptor, v any) protoreflect.Value {
	n, _ := v.(domain.Number)
	i, _ := n.Int64()
	u, _ := n.Uint64()
	switch fd.Kind() {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(v.(string))
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(v.(bool))
	case protoreflect.EnumKind:
		for i := range fd.Enum().Values().Len() {
			value := fd.Enum().Values().Get(i)
			if strings.EqualFold(wire.EnumValue(string(fd.Enum().Name()), v.(string)), string(value.Name())) {
				return protoreflect.ValueOfEnum(value.Number())
			}
		}
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return protoreflect.ValueOfInt32(int32(i))
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return protoreflect.ValueOfInt64(i)
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return protoreflect.ValueOfUint32(uint32(u))
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return protoreflect.ValueOfUint64(u)
	case protoreflect.FloatKind:
		return protoreflect.ValueOfFloat32(float32(n.Float64()))
	}
	return protoreflect.ValueOfFloat64(n.Float64())
}

// leaf returns the value of a leaf that is in no list, or nil.
func (s *machine) leaf(ref plan.Ref) any {
	if v, ok := s.sent[ref.Leaf]; ok && s.here[ref.Metric] {
		return v
	}
	absent := ref.Leaf.Absent.V
	if !s.here[ref.Metric] {
		absent = ref.Metric.Field.Absent.V
	}
	if absent == "zero" && ref.Leaf.IsNumber() {
		return domain.Int(0)
	}
	return nil
}

// look returns the value of a leaf, of an item where it is one of a list.
func (s *machine) look(ref plan.Ref, item listItem) any {
	if !ref.Metric.Field.IsRepeated() {
		return s.leaf(ref)
	}
	if v, ok := item[ref.Leaf]; ok {
		return v
	}
	if ref.Leaf.Absent.V == "zero" && ref.Leaf.IsNumber() {
		return domain.Int(0)
	}
	return nil
}

func (s *machine) passes(filters []plan.Filter, item listItem) bool {
	for _, f := range filters {
		v := s.look(f.Ref, item)
		n, isNumber := v.(domain.Number)
		if v == nil || len(f.In) > 0 && !slices.ContainsFunc(f.In, func(w source.Value) bool { return sameValue(v, w) }) {
			return false
		}
		ge, from := wire.Number(f.Ge)
		lt, to := wire.Number(f.Lt)
		if from && (!isNumber || n.Compare(ge) < 0) || to && (!isNumber || n.Compare(lt) >= 0) {
			return false
		}
	}
	return true
}

func sameValue(v any, w source.Value) bool {
	switch v := v.(type) {
	case string:
		return w.Kind == source.String && v == w.Text
	case bool:
		return v == w.IsTrue()
	}
	n, ok := wire.Number(w)
	return ok && v.(domain.Number).Compare(n) == 0
}

// classify puts a value into its class.
func classify(as proposal.As, v any) any {
	n, isNumber := v.(domain.Number)
	switch {
	case as.Name == "x" || as.Name == "xy":
		parts := strings.Split(v.(string), ".")
		return strings.Join(parts[:min(len(parts), len(as.Name))], ".")
	case as.Name == "log2":
		return powerOf(n)
	case as.Name == proposal.ClassEdges:
		return between(as, n)
	case isNumber:
		return plan.KeyNumber(n)
	}
	return v
}

func powerOf(n domain.Number) any {
	x := new(big.Float).SetFloat64(n.Float64())
	if u, ok := n.Uint64(); ok {
		x.SetUint64(u)
	}
	switch {
	case n.Compare(domain.Int(0)) < 0:
		return "below 0"
	case n.Compare(domain.Int(0)) == 0:
		return int64(0)
	case x.Cmp(big.NewFloat(1)) < 0:
		return "above 0"
	}
	edge := uint64(1)
	for edge < 1<<63 && new(big.Float).SetUint64(edge*2).Cmp(x) <= 0 {
		edge *= 2
	}
	return plan.KeyNumber(domain.Uint(edge))
}

func between(as proposal.As, n domain.Number) any {
	last := any(nil)
	for i, e := range as.Edges {
		edge, _ := wire.Number(e)
		if n.Compare(edge) < 0 && i == 0 {
			return "below " + edge.String()
		}
		if n.Compare(edge) >= 0 {
			last = plan.KeyNumber(edge)
			if i == len(as.Edges)-1 {
				return edge.String() + " and above"
			}
		}
	}
	return last
}

// tally is what the oracle adds up for a cell.
type tally struct {
	key     []any
	members map[*machine]bool
	values  []domain.Number
	over    []domain.Number
}

// keysOf returns the keys under which a machine counts, with one of its items.
func (s *machine) keysOf(q *plan.Query, item listItem) [][]any {
	keys := [][]any{{}}
	for _, t := range q.Terms {
		var options []any
		switch {
		case t.IsAge():
			options = []any{classify(t.As, domain.Int(s.age))}
		case t.Pick != nil:
			for _, picked := range s.items[t.Pick.List] {
				if v := s.look(t.Ref, picked); v != nil && s.passes(t.Pick.Filters, picked) && !slices.Contains(options, classify(t.As, v)) {
					options = append(options, classify(t.As, v))
				}
			}
		default:
			if v := s.look(t.Ref, item); v != nil {
				options = []any{classify(t.As, v)}
			}
		}
		var longer [][]any
		for _, key := range keys {
			for _, o := range options {
				longer = append(longer, append(slices.Clone(key), o))
			}
		}
		keys = longer
	}
	return keys
}

// expect returns the rows of a query over machines.
func expect(q *plan.Query, fleet []*machine, minAge int64, day store.Day) ([]store.Row, map[string]map[*machine]bool) {
	tallies := map[string]*tally{}
	for _, s := range fleet {
		if q.Persistent && s.age < minAge {
			continue
		}
		items := []listItem{nil}
		if q.List != nil {
			items = s.items[q.List]
		}
		for _, item := range items {
			if !s.passes(q.Filters, item) {
				continue
			}
			for _, key := range s.keysOf(q, item) {
				addTally(tallies, q, s, item, key)
			}
		}
	}
	if len(q.Terms) == 0 && len(tallies) == 0 && q.Measure != plan.Ratio && q.Measure != plan.Quantiles {
		tallies["[]"] = &tally{}
	}
	members := map[string]map[*machine]bool{}
	var rows []store.Row
	for text, t := range tallies {
		members[text] = t.members
		rows = append(rows, t.rows(q, day)...)
	}
	slices.SortFunc(rows, func(a, b store.Row) int { return cmp.Compare(a.Key, b.Key) })
	return rows, members
}

func addTally(tallies map[string]*tally, q *plan.Query, s *machine, item listItem, key []any) {
	var value, over any
	switch q.Measure {
	case plan.Mean, plan.Sum, plan.Quantiles:
		if value = s.look(q.Of, item); value == nil {
			return
		}
	case plan.Ratio:
		value, over = s.look(q.Over, item), s.look(q.Under, item)
		if value == nil || over == nil || over.(domain.Number).Compare(domain.Int(0)) <= 0 {
			return
		}
	}
	text, err := store.EncodeKey(key)
	if err != nil {
		panic(err)
	}
	t := tallies[text]
	if t == nil {
		t = &tally{key: key, members: map[*machine]bool{}}
		tallies[text] = t
	}
	t.members[s] = true
	if value != nil {
		t.values = append(t.values, value.(domain.Number))
	}
	if over != nil {
		t.over = append(t.over, over.(domain.Number))
	}
}

func (t *tally) rows(q *plan.Query, day store.Day) []store.Row {
	n := int64(len(t.members))
	row := store.Row{Day: day, Summary: q.ID, Systems: n, Value: domain.Int(n)}
	row.Key, _ = store.EncodeKey(t.key)
	total := sumOf(t.values)
	switch q.Measure {
	case plan.Systems:
		return []store.Row{row}
	case plan.Sum:
		row.Value = nearest(total)
	case plan.Mean:
		row.Value = domain.Number{}
		if n > 0 {
			row.Value = nearest(new(big.Rat).Quo(total, new(big.Rat).SetInt64(n)))
		}
	case plan.Ratio:
		row.Value = nearest(new(big.Rat).Quo(total, sumOf(t.over)))
		row.Weight = nearest(sumOf(t.over))
	case plan.Quantiles:
		return t.quantiles(q, row)
	}
	row.Total = nearest(total)
	for _, v := range t.values {
		if f := domain.Float(math.Abs(v.Float64())); q.Measure != plan.Ratio && f.Compare(row.Largest) > 0 {
			row.Largest = f
		}
	}
	return []store.Row{row}
}

// quantiles takes, for each q, the value below or at which at least that share of the values lies.
func (t *tally) quantiles(q *plan.Query, row store.Row) []store.Row {
	slices.SortFunc(t.values, domain.Number.Compare)
	var rows []store.Row
	for _, share := range q.Q {
		exact, _ := new(big.Rat).SetString(fmt.Sprint(share))
		i := 0
		for new(big.Rat).SetFrac64(int64(i+1), int64(len(t.values))).Cmp(exact) < 0 {
			i++
		}
		r := row
		r.Key, _ = store.EncodeKey(append(slices.Clone(t.key), share))
		r.Value = t.values[i]
		rows = append(rows, r)
	}
	return rows
}

func sumOf(values []domain.Number) *big.Rat {
	sum := new(big.Rat)
	for _, v := range values {
		term := new(big.Rat)
		if u, ok := v.Uint64(); ok {
			term.SetUint64(u)
		} else if i, ok := v.Int64(); ok {
			term.SetInt64(i)
		} else {
			term.SetFloat64(v.Float64())
		}
		sum.Add(sum, term)
	}
	return sum
}

func nearest(r *big.Rat) domain.Number {
	if r.IsInt() && r.Num().IsInt64() {
		return domain.Int(r.Num().Int64())
	}
	if r.IsInt() && r.Num().IsUint64() {
		return domain.Uint(r.Num().Uint64())
	}
	f, _ := r.Float64()
	return domain.Float(f)
}
