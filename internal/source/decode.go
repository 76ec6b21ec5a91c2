// SPDX-License-Identifier: GPL-2.0-or-later

package source

import (
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// Unmarshaler is a type that reads itself from a value: one that has more than one form.
type Unmarshaler interface {
	UnmarshalSource(key Span, v Value)
}

// Decode fills a struct from a map. Fields carry the key they are read from in a `source` tag;
// embedded structs share the keys of the outer one, and an embedded Node takes the place. What
// doesn't fit is left out: the schema has reported it already.
//
// Fields may be Scalars of string, int64, float64 and bool, Values, slices of such, structs and
// pointers to structs, and Unmarshalers.
func Decode(v Value, into any) {
	key := v.Span
	if len(v.Entries) > 0 {
		key = v.Entries[0].Key.Span
	}
	decodeInto(key, v, reflect.ValueOf(into).Elem())
}

var (
	nodeType        = reflect.TypeFor[Node]()
	valueType       = reflect.TypeFor[Value]()
	unmarshalerType = reflect.TypeFor[Unmarshaler]()
)

func decodeInto(key Span, v Value, dst reflect.Value) {
	if reflect.PointerTo(dst.Type()).Implements(unmarshalerType) {
		dst.Addr().Interface().(Unmarshaler).UnmarshalSource(key, v)
		return
	}
	if dst.Type() == valueType {
		dst.Set(reflect.ValueOf(v))
		return
	}
	switch dst.Kind() {
	case reflect.Pointer:
		if v.Kind == Map {
			dst.Set(reflect.New(dst.Type().Elem()))
			decodeInto(key, v, dst.Elem())
		}
	case reflect.Slice:
		decodeSlice(v, dst)
	case reflect.Struct:
		decodeStruct(key, v, dst)
	}
}

func decodeSlice(v Value, dst reflect.Value) {
	if v.Kind != List || len(v.Items) == 0 {
		return
	}
	dst.Set(reflect.MakeSlice(dst.Type(), len(v.Items), len(v.Items)))
	for i, item := range v.Items {
		key := item.Span
		if len(item.Entries) > 0 {
			key = item.Entries[0].Key.Span
		}
		decodeInto(key, item, dst.Index(i))
	}
}

func decodeStruct(key Span, v Value, dst reflect.Value) {
	if v.Kind != Map {
		return
	}
	p := planOf(dst.Type())
	if p.node != nil {
		dst.FieldByIndex(p.node).Set(reflect.ValueOf(Node{key, v.Span}))
	}
	for _, e := range v.Entries {
		if index, ok := p.fields[e.Key.V]; ok {
			decodeInto(e.Key.Span, e.Value, dst.FieldByIndex(index))
		}
	}
}

// structPlan says which key goes into which field of a struct.
type structPlan struct {
	node   []int
	fields map[string][]int
}

var structPlans sync.Map // reflect.Type to *structPlan

func planOf(t reflect.Type) *structPlan {
	if p, ok := structPlans.Load(t); ok {
		return p.(*structPlan)
	}
	p := &structPlan{fields: map[string][]int{}}
	p.add(t, nil)
	structPlans.Store(t, p)
	return p
}

func (p *structPlan) add(t reflect.Type, prefix []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(append([]int{}, prefix...), i)
		switch tag := f.Tag.Get("source"); {
		case f.Type == nodeType && f.Anonymous:
			p.node = index
		case tag != "":
			p.fields[tag] = index
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			p.add(f.Type, index)
		}
	}
}

// UnmarshalSource reads a scalar of the type's kind; any other kind leaves it unset.
func (s *Scalar[T]) UnmarshalSource(_ Span, v Value) {
	switch p := any(&s.V).(type) {
	case *string:
		if v.Kind != String {
			return
		}
		*p = v.Text
	case *int64:
		n, err := strconv.ParseInt(v.Text, 10, 64)
		if v.Kind != Int || err != nil {
			return
		}
		*p = n
	case *float64:
		n, err := strconv.ParseFloat(v.Text, 64)
		if v.Kind != Int && v.Kind != Float || err != nil {
			return
		}
		*p = n
	case *bool:
		if v.Kind != Bool {
			return
		}
		*p = strings.EqualFold(v.Text, "true")
	}
	s.Span = v.Span
}

// Pairs is a mapping whose keys are the author's own, in the order of the file.
type Pairs[T any] []Pair[T]

// Pair is one key of a Pairs.
type Pair[T any] struct {
	Key   Text
	Value T
}

// UnmarshalSource reads every key of a map.
func (p *Pairs[T]) UnmarshalSource(_ Span, v Value) {
	for _, e := range v.Entries {
		pair := Pair[T]{Key: e.Key}
		decodeInto(e.Key.Span, e.Value, reflect.ValueOf(&pair.Value).Elem())
		*p = append(*p, pair)
	}
}

// Get returns the value under key, and whether there is one.
func (p Pairs[T]) Get(key string) (value T, ok bool) {
	for _, pair := range p {
		if pair.Key.V == key {
			return pair.Value, true
		}
	}
	return value, false
}
