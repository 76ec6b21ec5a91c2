// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"bufio"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/pulp/pulpmetrics/internal/wire"
)

// Scalar is one value of a serialized report, whether anybody approved it or not.
type Scalar struct {
	Path []string // names of the field and the leaf, or numbers of what is unknown
	Text []byte   // of texts; valid until the next report
	// Number is a number in decimal; "" is a text. Enums and truth values are their numbers.
	Number string
}

// Scalars reads serialized reports, one or a stream of them, and shows the values of each, counted
// from 1, to visit. Why is what is wrong with one that ends too early. If the input is no such
// thing, serialized is false, and nothing was taken from it.
func (v *Verifier) Scalars(in *bufio.Reader, visit func(n int64, values []Scalar, why string) error) (reports int64, serialized bool, err error) {
	head, err := in.Peek(readAhead)
	whole := errors.Is(err, io.EOF)
	if err != nil && !whole {
		return 0, false, err
	}
	switch v.recognize(head, whole).how {
	case asMessage:
		data, err := io.ReadAll(io.LimitReader(in, maxReportBytes+1))
		if err != nil {
			return 0, true, err
		}
		return 1, true, v.show(1, data, visit)
	case asStream:
		n, err := v.scalarsOfStream(in, visit)
		return n, true, err
	}
	return 0, false, nil
}

func (v *Verifier) scalarsOfStream(in *bufio.Reader, visit func(int64, []Scalar, string) error) (n int64, err error) {
	for s := NewStream(in, maxReportBytes); ; {
		data, err := s.Next()
		var broken *Error
		switch {
		case err == nil:
			n++
			if err := v.show(n, data, visit); err != nil {
				return n, err
			}
		case errors.Is(err, io.EOF):
			return n, nil
		case errors.As(err, &broken):
			return n + 1, visit(n+1, nil, "at byte "+strconv.FormatInt(broken.Offset, 10)+": "+broken.Problem.String())
		default:
			return n, err
		}
	}
}

func (v *Verifier) show(n int64, data []byte, visit func(int64, []Scalar, string) error) error {
	c := collector{message: v.message}
	why := ""
	if !c.fields(data) {
		why = "the message ends too early, or holds what no field can be"
	}
	return visit(n, c.found, why)
}

// collector reads the values of one message.
type collector struct {
	message *wire.Message
	found   []Scalar
	visited int
}

// mostScalars is how many values of one report are read: more than every metric together may have.
const mostScalars = 1 << 20

// mostInside is how deep messages of unknown fields are read.
const mostInside = 16

func (c *collector) fields(data []byte) bool {
	return eachField(data, func(number int64, t protowire.Type, value []byte, bits uint64) bool {
		i := slices.IndexFunc(c.message.Fields, func(f wire.Field) bool { return f.Number == number })
		if i < 0 {
			return c.unknown([]string{strconv.FormatInt(number, 10)}, t, value, bits)
		}
		f := &c.message.Fields[i]
		if f.Message == "" {
			c.add([]string{f.Name}, &f.Leaves[0], t, value, bits)
			return true
		}
		return c.leaves(f, t, value, bits)
	})
}

func (c *collector) leaves(f *wire.Field, t protowire.Type, data []byte, bits uint64) bool {
	if t != protowire.BytesType {
		return c.unknown([]string{f.Name}, t, data, bits)
	}
	return eachField(data, func(number int64, t protowire.Type, value []byte, bits uint64) bool {
		i := slices.IndexFunc(f.Leaves, func(l wire.Leaf) bool { return l.Number == number })
		if i < 0 {
			return c.unknown([]string{f.Name, strconv.FormatInt(number, 10)}, t, value, bits)
		}
		c.add([]string{f.Name, f.Leaves[i].Name}, &f.Leaves[i], t, value, bits)
		return true
	})
}

// unknown reads what nobody proposed: a text if it is one, or else a message if it is one.
func (c *collector) unknown(path []string, t protowire.Type, value []byte, bits uint64) bool {
	if t != protowire.BytesType || utf8.Valid(value) && isText(value) || len(path) > mostInside {
		c.add(path, nil, t, value, bits)
		return true
	}
	kept := len(c.found)
	inside := eachField(value, func(number int64, t protowire.Type, value []byte, bits uint64) bool {
		return c.unknown(append(slices.Clone(path), strconv.FormatInt(number, 10)), t, value, bits)
	})
	if !inside {
		c.found = c.found[:kept]
		c.add(path, nil, t, value, bits)
	}
	return true
}

func (c *collector) add(path []string, leaf *wire.Leaf, t protowire.Type, value []byte, bits uint64) {
	if c.visited++; c.visited > mostScalars {
		return
	}
	s := Scalar{Path: path}
	double := leaf != nil && leaf.Type == "double"
	switch {
	case t == protowire.BytesType:
		s.Text = value
	case t == protowire.Fixed64Type && (double || leaf == nil):
		s.Number = strconv.FormatFloat(math.Float64frombits(bits), 'g', -1, 64)
	case t == protowire.Fixed32Type && (leaf == nil || leaf.Type == "float"):
		s.Number = strconv.FormatFloat(float64(math.Float32frombits(uint32(bits))), 'g', -1, 32)
	default:
		s.Number = strconv.FormatUint(bits, 10)
	}
	c.found = append(c.found, s)
}

// eachField visits the fields of a message. It is false if the bytes are none.
func eachField(data []byte, visit func(number int64, t protowire.Type, value []byte, bits uint64) bool) bool {
	for i := 0; i < len(data); {
		tag, next := varint(data, i)
		if next < 0 || tag>>3 == 0 || tag>>3 > uint64(protowire.MaxValidNumber) {
			return false
		}
		t := protowire.Type(tag & 7)
		var value []byte
		var bits uint64
		switch t {
		case protowire.VarintType:
			bits, i = varint(data, next)
		case protowire.Fixed64Type:
			bits, i = fixed64(data, next)
		case protowire.Fixed32Type:
			var b uint32
			b, i = fixed32(data, next)
			bits = uint64(b)
		case protowire.BytesType:
			var start int
			if start, i = extent(data, next); i >= 0 {
				value = data[start:i]
			}
		default:
			if i = skip(data, next, tag); i >= 0 {
				continue
			}
		}
		if i < 0 || !visit(int64(tag>>3), t, value, bits) {
			return false
		}
	}
	return true
}
