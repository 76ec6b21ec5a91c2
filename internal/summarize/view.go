// SPDX-License-Identifier: GPL-2.0-or-later

package summarize

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/plan"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/store"
)

// View is what may be seen of summaries, as a registry says now: those of metrics that are approved
// and read nothing that isn't. What is suspended is withheld as a whole, and retired metrics keep
// their history. It is not changed once it is made.
type View struct {
	queries []plan.Query // sorted by id
	index   map[string]*plan.Query
}

// NewView returns the view of a registry.
func NewView(r *registry.Registry) (*View, error) {
	queries, err := plan.Queries(r, "") // before every day, so that none is retired
	if err != nil {
		return nil, err
	}
	v := &View{queries: queries, index: map[string]*plan.Query{}}
	for i := range queries {
		v.index[queries[i].ID] = &queries[i]
	}
	return v, nil
}

// Query returns a summary, and whether it may be seen.
func (v *View) Query(id string) (*plan.Query, bool) {
	q, ok := v.index[id]
	return q, ok
}

// IDs returns the summaries that may be seen, sorted.
func (v *View) IDs() []string {
	var ids []string
	for i := range v.queries {
		ids = append(ids, v.queries[i].ID)
	}
	return ids
}

// Publisher is who has published rows: a [store.Store].
type Publisher interface {
	Published(ctx context.Context, summary string, from, to store.Day, row func(store.Row) error) error
}

// Published calls a function for the published rows of a summary, or of all where id is "", in the
// order of days, summaries and keys. Both days are included.
func (v *View) Published(ctx context.Context, s Publisher, id string, from, to store.Day, row func(Line) error) error {
	return s.Published(ctx, id, from, to, v.lines(row))
}

// Exact calls a function for the rows as they are stored, in the same way. They hold small cells, and
// are not for publishing.
func (v *View) Exact(ctx context.Context, s *store.Store, id string, from, to store.Day, row func(Line) error) error {
	return s.Rows(ctx, id, from, to, v.lines(row))
}

func (v *View) lines(row func(Line) error) func(store.Row) error {
	return func(r store.Row) error {
		q, ok := v.index[r.Summary]
		if !ok {
			return nil
		}
		key, err := store.DecodeKey(r.Key)
		if err != nil {
			return err
		}
		names := q.KeyNames()
		if len(key) != len(names) {
			return nil // of a summary that had other keys when it was written
		}
		return row(Line{Day: r.Day, Summary: r.Summary, Names: names, Key: key, Value: r.Value, Systems: r.Systems})
	}
}

// Line is one row as people read it.
type Line struct {
	Day     store.Day
	Summary string
	Names   []string // of the values of the key
	Key     []any
	Value   domain.Number
	Systems int64
}

// MarshalJSON writes {"day", "summary", "key": {name: value}, "value", "systems"}, in that order.
func (l Line) MarshalJSON() ([]byte, error) {
	key, err := l.KeyJSON()
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, `{"day":%q,"summary":%q,"key":%s,"value":%s,"systems":%d}`, l.Day, l.Summary, key, l.Value, l.Systems), nil
}

// KeyJSON returns the key as an object.
func (l Line) KeyJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, v := range l.Key {
		text, err := store.EncodeKey([]any{v})
		if err != nil {
			return nil, err
		}
		name, err := json.Marshal(l.Names[i])
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(name)
		b.WriteByte(':')
		b.WriteString(text[1 : len(text)-1]) // a list of one value, without its brackets
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Fields returns the values of the key as text.
func (l Line) Fields() []string {
	var fields []string
	for _, v := range l.Key {
		if n, ok := numberOf(v); ok {
			fields = append(fields, n.String())
		} else {
			fields = append(fields, fmt.Sprint(v))
		}
	}
	return fields
}
