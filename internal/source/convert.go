// SPDX-License-Identifier: GPL-2.0-or-later

package source

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// converter turns the library's nodes into Values.
type converter struct {
	*text
	problems []Problem
}

// mostProblems of one file are reported: the first ones explain the others.
const mostProblems = 50

func (c *converter) report(code string, span Span, message, help string) {
	if len(c.problems) < mostProblems {
		c.problems = append(c.problems, Problem{Code: code, Span: span, Message: message, Help: help})
	}
}

// value converts a node. The indent is the column (from 0) of the key or dash that it stands
// under, -1 at the top: what a block scalar's lines must exceed.
func (c *converter) value(n *yaml.Node, indent int32, depth int) Value {
	start := c.clamp(Pos{int32(n.Line), int32(n.Column)})
	if depth > MaxDepth {
		c.report(CodeLimits, c.restOfLine(start), fmt.Sprintf("nested more than %d levels deep", MaxDepth), "write it with fewer levels: a proposal has about six")
		return Value{Span: Span{start, start}}
	}
	c.checkNode(n, start)
	switch n.Kind {
	case yaml.MappingNode:
		return c.mapping(n, start, depth)
	case yaml.SequenceNode:
		return c.sequence(n, start, depth)
	case yaml.ScalarNode:
		return c.scalar(n, start, indent)
	}
	return Value{Span: Span{start, start}} // an alias, reported
}

// checkNode reports what YAML has and proposals don't: anchors, aliases and tags.
func (c *converter) checkNode(n *yaml.Node, start Pos) {
	switch {
	case n.Kind == yaml.AliasNode:
		c.report(CodeAlias, c.word(start), "the alias `*"+n.Value+"` is not allowed", "write the value out: a proposal is read by people, one answer at a time")
	case n.Anchor != "":
		c.report(CodeAlias, c.word(start), "the anchor `&"+n.Anchor+"` is not allowed", "delete it: there are no aliases that could name it")
	case n.Style&yaml.TaggedStyle != 0:
		c.report(CodeType, c.word(start), "the tag `"+n.Tag+"` is not allowed", "delete it; put quotes around what is meant as text")
	}
}

func (c *converter) mapping(n *yaml.Node, start Pos, depth int) Value {
	v := Value{Kind: Map, Span: Span{start, start}, Entries: make([]Entry, 0, len(n.Content)/2)}
	first := make(map[string]int32, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := c.key(n.Content[i], depth)
		if key.V == "<<" && n.Content[i].Tag == "!!merge" {
			c.report(CodeAlias, key.Span, "the merge key `<<` is not allowed", "write the keys out: a proposal is read by people, one answer at a time")
		}
		if line, twice := first[key.V]; twice {
			c.report(CodeUniqueKeys, key.Span, fmt.Sprintf("`%s` stands here for the second time; the first is on line %d", key.V, line), "keep one of them")
		} else {
			first[key.V] = key.Span.Start.Line
		}
		child := c.value(n.Content[i+1], key.Span.Start.Column-1, depth+1)
		v.Entries = append(v.Entries, Entry{key, child})
		v.Span.End = later(v.Span.End, child.Span.End)
	}
	c.close(n, &v.Span, '}')
	return v
}

// later returns the later of two places: what is left out, as the value of `? `, stands nowhere.
func later(a, b Pos) Pos {
	if a.Before(b) {
		return b
	}
	return a
}

// key converts the key of a mapping to text, whatever YAML takes it for.
func (c *converter) key(n *yaml.Node, depth int) Text {
	v := c.value(n, -1, depth+1)
	if v.Kind == Map || v.Kind == List || v.Text == "" && n.Kind != yaml.AliasNode {
		c.report(CodeType, v.Span, "a key has to be plain text", "write `key: value`")
	}
	return Text{v.Text, v.Span}
}

func (c *converter) sequence(n *yaml.Node, start Pos, depth int) Value {
	v := Value{Kind: List, Span: Span{start, start}, Items: make([]Value, 0, len(n.Content))}
	items := n.Content
	if len(items) > MaxItems {
		c.report(CodeLimits, Span{start, Pos{start.Line, start.Column + 1}}, fmt.Sprintf("a list of %d items", len(items)), fmt.Sprintf("at most %d are read; split the proposal, or say it in fewer", MaxItems))
		items = items[:MaxItems]
	}
	for _, item := range items {
		child := c.value(item, start.Column-1, depth+1)
		v.Items = append(v.Items, child)
		v.Span.End = later(v.Span.End, child.Span.End)
	}
	c.close(n, &v.Span, ']')
	return v
}

// close moves the end of a collection in brackets behind its bracket.
func (c *converter) close(n *yaml.Node, span *Span, bracket byte) {
	if n.Style&yaml.FlowStyle == 0 {
		return
	}
	from := c.offset(span.End)
	if span.End == span.Start {
		from++ // an empty one: step over the opening bracket
	}
	for i := from; i < len(c.data); i++ {
		switch b := c.data[i]; {
		case b == bracket:
			span.End = c.pos(i+1, span.End.Line)
			return
		case b == '#':
			for i < len(c.data) && c.data[i] != '\n' {
				i++
			}
		case !strings.ContainsRune(" \t\r\n,", rune(b)):
			return
		}
	}
}

func (c *converter) scalar(n *yaml.Node, start Pos, indent int32) Value {
	v := Value{Kind: String, Text: n.Value, Span: c.scalarSpan(n, start, indent)}
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return v
	}
	switch n.Tag {
	case "!!null":
		v.Kind, v.Text = Null, ""
	case "!!bool":
		v.Kind = Bool
	case "!!int":
		v.Kind = Int
		c.checkNumber(v)
	case "!!float":
		v.Kind = Float
		c.checkNumber(v)
	}
	return v
}

// checkNumber reports numbers that two readers could take for different ones: 0x10, 010, 1_000,
// and the floats that are none.
func (c *converter) checkNumber(v Value) {
	if decimal(v.Text) {
		return
	}
	c.report(CodeType, v.Span, fmt.Sprintf("`%s` is not written as a plain decimal number", v.Text),
		"write the number in decimal, or put quotes around it if it is text")
}

// decimal reports whether s is a number as JSON writes it.
func decimal(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, rest := digits(s)
	if whole == "" || len(whole) > 1 && whole[0] == '0' {
		return false
	}
	if strings.HasPrefix(rest, ".") {
		var fraction string
		if fraction, rest = digits(rest[1:]); fraction == "" {
			return false
		}
	}
	if rest != "" && (rest[0] == 'e' || rest[0] == 'E') {
		exponent, tail := digits(strings.TrimLeft(rest[1:], "+-"))
		return exponent != "" && tail == "" && len(exponent) <= 3 && len(rest)-1-len(exponent) <= 1
	}
	return rest == ""
}

func digits(s string) (number, rest string) {
	i := 0
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	return s[:i], s[i:]
}
