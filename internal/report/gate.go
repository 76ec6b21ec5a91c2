// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"fmt"
	"strings"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// Gate is what a site asks of every value of one text, on the report as it was received: also
// where the metric is dropped, has too many items, or is suspended. It is immutable.
type Gate struct {
	table  *table
	field  int
	leaf   int
	format domain.Format
}

// NewGate returns the gate of a path, metric.leaf or the id of a scalar, and the name of a format.
// It is an error if the message has no such text, or there is no such format.
func NewGate(m *wire.Message, path, format string) (*Gate, error) {
	t, err := compile(m)
	if err != nil {
		return nil, err
	}
	f, ok := domain.ParseFormat(format)
	if !ok {
		return nil, fmt.Errorf("the gate asks for the format `%s`: use one of %s", format, strings.Join(domain.Formats(), ", "))
	}
	for i := range t.fields {
		for j := range t.fields[i].leaves {
			if l := &t.fields[i].leaves[j]; m.Fields[i].Path(l.source) == path && l.kind == text {
				return &Gate{t, i, j, f}, nil
			}
		}
	}
	return nil, fmt.Errorf("the gate asks for `%s`: no metric in force has a text of that path", path)
}

// Holds reports whether every value has the format. What is absent holds; bytes that are no report
// don't.
func (g *Gate) Holds(data []byte) bool {
	list, last := g.table.fields[g.field].list, cell{}
	for i := 0; i < len(data); {
		tag, next := varint(data, i)
		if next < 0 {
			return false
		}
		if found := g.table.tags.find(tag); !found.found || int(found.index) != g.field {
			if i = skip(data, next, tag); i < 0 {
				return false
			}
			continue
		}
		start, end := extent(data, next)
		if end < 0 || !g.value(data[:end], start, &last) || list && !g.accepts(data, last) {
			return false
		}
		if list {
			last = cell{}
		}
		i = end
	}
	return g.accepts(data, last)
}

// value reads the value of one occurrence of the field, from i to the end of b, if it has one. It
// returns false if that is no message.
func (g *Gate) value(b []byte, i int, last *cell) bool {
	f := &g.table.fields[g.field]
	if !f.message {
		*last = cell{uint64(i)<<32 | uint64(len(b)-i), Present}
		return true
	}
	for i < len(b) {
		tag, next := varint(b, i)
		if next < 0 {
			return false
		}
		if found := f.tags.find(tag); !found.found || int(found.index) != g.leaf {
			if i = skip(b, next, tag); i < 0 {
				return false
			}
			continue
		}
		bits, next := text.read(b, next)
		if next < 0 {
			return false
		}
		*last, i = cell{bits, Present}, next
	}
	return true
}

func (g *Gate) accepts(data []byte, c cell) bool {
	return c.state == Absent || g.format.Match(c.text(data))
}
