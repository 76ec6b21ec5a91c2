// SPDX-License-Identifier: GPL-2.0-or-later

package proposal

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/schema"
)

// Codes of the problems that the schema finds.
const (
	CodeUnknownKey = "unknown-key"
	CodeMissingKey = "missing-key"
	CodeWrongType  = source.CodeType
	CodeWrongValue = "wrong-value"
)

// Parser reads proposals and project files. It is made once and used by many goroutines.
type Parser struct {
	proposal, project *shape
}

// shape is a compiled schema, with its parts by their location.
type shape struct {
	quick *acceptor
	root  *jsonschema.Schema
	parts map[string]*jsonschema.Schema
}

// NewParser compiles the schemas. An error means that the program was built with a broken one.
func NewParser() (*Parser, error) {
	proposal, err := compile("proposal.schema.json", schema.Proposal)
	if err != nil {
		return nil, err
	}
	project, err := compile("project.schema.json", schema.Project)
	return &Parser{proposal, project}, err
}

func compile(name string, text []byte) (*shape, error) {
	c := jsonschema.NewCompiler()
	c.ExtractAnnotations = true
	c.AssertFormat = true
	if err := c.AddResource(name, bytes.NewReader(text)); err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	root, err := c.Compile(name)
	if err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	s := &shape{quick: newAcceptor(root), root: root, parts: map[string]*jsonschema.Schema{}}
	s.index(root)
	return s, nil
}

func (s *shape) index(part *jsonschema.Schema) {
	if part == nil || s.parts[part.Location] != nil {
		return
	}
	s.parts[part.Location] = part
	for _, child := range part.Properties {
		s.index(child)
	}
	s.index(part.PropertyNames)
	if items, ok := part.Items.(*jsonschema.Schema); ok {
		s.index(items)
	}
	if extra, ok := part.AdditionalProperties.(*jsonschema.Schema); ok {
		s.index(extra)
	}
}

// Proposal reads one proposal. The path is only remembered. The proposal holds what could be
// read, also where there are problems; its ID is unset where nothing could.
func (p *Parser) Proposal(path string, data []byte) (*Proposal, []source.Problem) {
	out := &Proposal{Path: path}
	root, problems := p.read(p.proposal, data)
	source.Decode(root, out)
	out.seal = newSealed(root, out.Derived())
	if out.Lint != nil {
		for i := range out.Lint.Ignore {
			ignore := &out.Lint.Ignore[i]
			ignore.Covers = covers(root, ignore.Path.V)
		}
	}
	return out, problems
}

// Project reads pulpmetrics.yaml.
func (p *Parser) Project(data []byte) (*Project, []source.Problem) {
	out := &Project{}
	root, problems := p.read(p.project, data)
	source.Decode(root, out)
	return out, problems
}

func (p *Parser) read(s *shape, data []byte) (source.Value, []source.Problem) {
	root, problems := source.Parse(data)
	if root.Span.IsZero() {
		return root, problems
	}
	if root.Kind != source.Map {
		return root, append(problems, source.Problem{Code: CodeWrongType, Span: root.Span,
			Message: "the file holds " + root.Kind.String() + " where keys and values are expected", Help: "write `key: value`"})
	}
	return root, append(problems, s.check(root)...)
}

// check holds a value against the schema.
func (s *shape) check(root source.Value) []source.Problem {
	if s.quick.accept(root) {
		return nil
	}
	err := s.root.Validate(root.Any())
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return nil
	}
	t := translator{shape: s, root: root}
	t.walk(invalid)
	return t.problems
}

// covers finds the value at a dotted path: keys by name, items of lists by their name or id.
func covers(root source.Value, path string) source.Span {
	at := source.Entry{Value: root}
	for _, step := range strings.Split(path, ".") {
		next, ok := child(at.Value, step)
		if !ok {
			return source.Span{}
		}
		at = next
	}
	if at.Key.Set() {
		return at.Key.Span.To(at.Value.Span)
	}
	return at.Value.Span
}

func child(v source.Value, step string) (source.Entry, bool) {
	for _, e := range v.Entries {
		if e.Key.V == step {
			return e, true
		}
	}
	for _, item := range v.Items {
		for _, key := range []string{"name", "id", "title", "date"} {
			if name, ok := item.Get(key); ok && name.Text == step {
				return source.Entry{Value: item}, true
			}
		}
	}
	return source.Entry{}, false
}
