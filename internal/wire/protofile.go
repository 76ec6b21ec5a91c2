// SPDX-License-Identifier: GPL-2.0-or-later

package wire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/ast"
	"github.com/bufbuild/protocompile/parser"
	"github.com/bufbuild/protocompile/reporter"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/pulp/pulpmetrics/internal/source"
)

// The limits of a .proto file that is read. Real ones stay far below.
const (
	maxProtoBytes = 1 << 20
	maxProtoDepth = 100 // braces and brackets inside each other
)

// ProtoError is a mistake in a .proto file. Span is zero where it is about the file as a whole.
type ProtoError struct {
	File    string
	Span    source.Span
	Message string
}

func (e *ProtoError) Error() string {
	if e.Span.IsZero() {
		return fmt.Sprintf("%s: %s", e.File, e.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Span.Start.Line, e.Span.Start.Column, e.Message)
}

// ReadProto reads a .proto file that stands for itself: it imports nothing and extends nothing,
// since what travels is said in one place. Errors are of type *ProtoError, and say the place.
func ReadProto(name string, data []byte) (protoreflect.FileDescriptor, error) {
	if len(data) > maxProtoBytes {
		return nil, &ProtoError{File: name, Message: fmt.Sprintf("the file is larger than %d KiB", maxProtoBytes>>10)}
	}
	if at := tooDeep(data); at >= 0 {
		return nil, &ProtoError{name, spanAt(data, at), fmt.Sprintf("more than %d levels of brackets inside each other", maxProtoDepth)}
	}
	if at := invalidUTF8(data); at >= 0 {
		return nil, &ProtoError{name, spanAt(data, at), "this is not valid UTF-8"}
	}
	reports := &collector{file: name}
	tree, err := parse(name, data, reports)
	if reports.first == nil && err == nil {
		reports.first = selfContained(name, tree)
	}
	if reports.first != nil || err != nil {
		return nil, reports.failure(err)
	}
	return link(name, data, reports)
}

// parse makes a syntax tree. The library is known to panic on some strings that nothing else would
// take for one; that is one more way to say that it can't be read.
func parse(name string, data []byte, reports *collector) (tree *ast.FileNode, err error) {
	defer func() {
		if p := recover(); p != nil {
			tree, err = nil, fmt.Errorf("it can't be read: %v", p)
		}
	}()
	return parser.Parse(name, bytes.NewReader(data), reporter.NewHandler(reporter.NewReporter(reports.add, nil)))
}

// link resolves the names of the file.
func link(name string, data []byte, reports *collector) (protoreflect.FileDescriptor, error) {
	compiler := protocompile.Compiler{
		Reporter:       reporter.NewReporter(reports.add, nil),
		MaxParallelism: 1,
		Resolver: &protocompile.SourceResolver{Accessor: func(path string) (io.ReadCloser, error) {
			if path != name {
				return nil, errors.New("no other file is read")
			}
			return io.NopCloser(bytes.NewReader(data)), nil
		}},
	}
	files, err := compiler.Compile(context.Background(), name)
	if reports.first != nil || err != nil {
		return nil, reports.failure(err)
	}
	return files[0], nil
}

// collector keeps the first mistake: the others often follow from it.
type collector struct {
	file  string
	first *ProtoError
}

func (c *collector) add(err reporter.ErrorWithPos) error {
	if c.first == nil {
		at := err.GetPosition()
		c.first = &ProtoError{c.file, protoSpan(at.Line, at.Col), err.Unwrap().Error()}
	}
	return nil
}

func (c *collector) failure(err error) error {
	if c.first == nil {
		c.first = &ProtoError{File: c.file, Message: err.Error()}
	}
	return c.first
}

func protoSpan(line, column int) source.Span {
	start := source.Pos{Line: int32(line), Column: int32(column)}
	return source.Span{Start: start, End: source.Pos{Line: start.Line, Column: start.Column + 1}}
}

// spanAt returns the place of one byte.
func spanAt(data []byte, at int) source.Span {
	return protoSpan(bytes.Count(data[:at], []byte{'\n'})+1, at-bytes.LastIndexByte(data[:at], '\n'))
}

// invalidUTF8 returns the first byte that is no part of a character, or -1.
func invalidUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// selfContained reports the first import or extension of a file.
func selfContained(name string, tree *ast.FileNode) *ProtoError {
	var found *ProtoError
	refuse := func(n ast.Node, message string) error {
		if found == nil {
			at := tree.NodeInfo(n).Start()
			found = &ProtoError{name, protoSpan(at.Line, at.Col), message}
		}
		return nil
	}
	visitor := &ast.SimpleVisitor{
		DoVisitImportNode: func(n *ast.ImportNode) error {
			return refuse(n, fmt.Sprintf("it imports %q, and no other file is read: put the types into this one", n.Name.AsString()))
		},
		DoVisitExtendNode: func(n *ast.ExtendNode) error {
			return refuse(n, fmt.Sprintf("it extends %s: write the fields into the message itself", n.Extendee.AsIdentifier()))
		},
	}
	_ = ast.Walk(tree, visitor) // refuse never fails
	return found
}

// tooDeep returns where brackets nest too deeply, or -1. Comments and strings are passed over.
func tooDeep(data []byte) int {
	depth := 0
	for i := 0; i < len(data); i++ {
		switch c := data[i]; c {
		case '{', '[', '<', '(':
			if depth++; depth > maxProtoDepth {
				return i
			}
		case '}', ']', '>', ')':
			depth = max(depth-1, 0)
		case '"', '\'':
			i = skipString(data, i)
		case '/':
			i = skipComment(data, i)
		}
	}
	return -1
}

// skipString returns where the string that begins at i ends: at its quote, or with its line.
func skipString(data []byte, i int) int {
	for j := i + 1; j < len(data); j++ {
		switch data[j] {
		case '\\':
			j++
		case data[i], '\n':
			return j
		}
	}
	return len(data)
}

// skipComment returns where the comment that begins at i ends; i if none does.
func skipComment(data []byte, i int) int {
	end := ""
	switch {
	case bytes.HasPrefix(data[i:], []byte("//")):
		end = "\n"
	case bytes.HasPrefix(data[i:], []byte("/*")):
		end = "*/"
	default:
		return i
	}
	n := bytes.Index(data[i+2:], []byte(end))
	if n < 0 {
		return len(data)
	}
	return i + 2 + n + len(end) - 1
}
