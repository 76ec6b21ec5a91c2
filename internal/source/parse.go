// SPDX-License-Identifier: GPL-2.0-or-later

// Package source turns the bytes of a YAML file into values that know where they stand.
//
// In flows a file's name and bytes; out come a tree of Values, each with its Span in code
// points, and Problems: everything about the bytes that a proposal may not have (a second
// document, aliases, tags, a key twice). It is the only importer of yaml.v3, whose nodes never
// leave it.
package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// Limits on what is read. A proposal of today's size has 4 kB and 6 levels.
const (
	MaxBytes = 1 << 20
	MaxDepth = 32
	MaxItems = 256 // of a list
)

// Codes of the problems that this package finds.
const (
	CodeEncoding   = "encoding"
	CodeSyntax     = "syntax"
	CodeDocument   = "document"
	CodeAlias      = "alias"
	CodeLimits     = "limits"
	CodeUniqueKeys = "unique-keys"
	CodeType       = "wrong-type"
)

// Problem is one thing that is wrong with a file, where, and what to do about it.
type Problem struct {
	Code    string
	Span    Span
	Message string
	Help    string
	Fix     *Fix // nil where only people can tell what is meant
}

// Parse reads one YAML document. The root is a Null value where nothing could be read; the
// problems then say why. It never panics, and every span lies inside data.
func Parse(data []byte) (root Value, problems []Problem) {
	problems, readable := checkBytes(data)
	if !readable {
		return Value{}, problems
	}
	node, problem := decode(data)
	if problem != nil {
		return Value{}, append(problems, *problem)
	}
	c := &converter{text: newText(data), problems: problems}
	root = c.value(node, -1, 0)
	return root, c.problems
}

// decode returns the content of the only document in data.
func decode(data []byte) (node *yaml.Node, problem *Problem) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := decodeNext(dec, &doc); errors.Is(err, io.EOF) {
		return nil, emptyFile(data)
	} else if err != nil {
		return nil, syntaxProblem(data, err)
	}
	var second yaml.Node
	if err := decodeNext(dec, &second); err == nil {
		return nil, secondDocument(data, &second)
	} else if !errors.Is(err, io.EOF) {
		return nil, syntaxProblem(data, err)
	}
	return doc.Content[0], nil
}

// decodeNext shields callers from a panic inside the library: bad bytes are the author's
// mistake, never the end of the program.
func decodeNext(dec *yaml.Decoder, into *yaml.Node) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("yaml: %v", p)
		}
	}()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if len(into.Content) == 0 {
		return io.EOF
	}
	return nil
}

func emptyFile(data []byte) *Problem {
	p := &Problem{Code: CodeDocument, Span: firstLine(data), Message: "the file is empty",
		Help: "write a proposal, or delete the file if it was never merged"}
	if len(bytes.TrimSpace(data)) > 0 {
		p.Message = "the file holds nothing but comments"
	}
	return p
}

func secondDocument(data []byte, doc *yaml.Node) *Problem {
	at := newText(data)
	pos := at.clamp(Pos{int32(doc.Line), int32(doc.Column)})
	return &Problem{Code: CodeDocument, Span: at.restOfLine(pos),
		Message: "a second document starts here",
		Help:    "one file holds one proposal: move this one into a file of its own"}
}

var errorLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// syntaxProblem places an error of the library. The library names a line at best, and often the
// one where the surrounding collection began; the first line that can't be added to what parses
// is the one that the author has to look at.
func syntaxProblem(data []byte, err error) *Problem {
	text := newText(data)
	message := errorLine.ReplaceAllString(err.Error(), "")
	line := text.firstBadLine()
	p := &Problem{Code: CodeSyntax, Span: text.lineContent(line), Message: "this is not YAML: " + message,
		Help: "check the indentation and the quotes of this line and the one above"}
	if span, ok := text.tabIndent(line); ok {
		p.Span, p.Message, p.Help = span, "a tab is used for indentation", "YAML indents with spaces only: use two for each level"
		return p
	}
	switch {
	case strings.Contains(message, "exceeded max depth"):
		p.Code, p.Message, p.Help = CodeLimits, "nested far too deep", "write it with fewer levels: a proposal has about six"
		return p
	case strings.HasPrefix(message, "unknown anchor"):
		p.Code, p.Message, p.Help = CodeAlias, "an alias on this line names what doesn't exist", "write the value out, or put it in quotes if it only begins with `*`"
		return p
	case strings.Contains(message, "mapping values are not allowed") && !strings.Contains(afterKey(text.line(line)), ":"):
		p.Message, p.Help = "this is not YAML: a key that is indented like text of the value above", "indent it as the keys beside it; if it is text, put the whole value in quotes or under `|`"
		return p
	}
	for _, h := range syntaxHelp {
		if strings.Contains(message, h.part) {
			p.Message, p.Help = "this is not YAML: "+h.message, h.help
			break
		}
	}
	return p
}

// afterKey returns what stands on a line behind its key.
func afterKey(line []byte) string {
	_, rest, _ := strings.Cut(string(line), ":")
	return rest
}

var syntaxHelp = []struct{ part, message, help string }{
	{"mapping values are not allowed", "a `: ` inside a value that has no quotes", "put the value in quotes, or write it as a block under `|`"},
	{"cannot start any token", "a value can't begin with this character", "put the value in quotes"},
	{"unexpected end of stream", "a quote or bracket that is never closed", "close it"},
	{"did not find expected ',' or", "a list or mapping in brackets that is never closed", "close it, or separate its items by commas"},
	{"could not find expected ':'", "a line that is neither `key: value` nor part of the text above", "write `key: value`, or indent the line so that it belongs to the text above"},
	{"did not find expected key", "this line doesn't line up with its neighbours", "indent it as the keys beside it; values that begin with a quote must end with it"},
	{"did not find expected '-' indicator", "this line doesn't line up with the list above", "indent it as the items of the list"},
}
