// SPDX-License-Identifier: GPL-2.0-or-later

package draft

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/pulp/pulpmetrics/internal/source"
)

// Leaf is one value of a report: the keys that a leaf has in a proposal, and what is known of it
// beside them.
type Leaf struct {
	Keys    source.Value // a mapping
	Example source.Value // Null where there is none
	Sum     string       // how it is summarized; one of Summarizing, or ""
}

// How a leaf can be summarized, each with what that is.
const (
	Mean     = "mean"
	ByValue  = "systems"
	ByLog2   = "log2"
	ByXY     = "xy"
	notASum  = "none"
	keyValue = "example"
	keySum   = "summarize"
)

// Summarizing lists how a leaf can be summarized.
func Summarizing() []string { return []string{Mean, ByValue, ByLog2, ByXY, notASum} }

// ParseLeaf reads a leaf from keys and values of YAML, with or without the braces around them:
// `name: processes, type: uint32, min: 0, max: 1000, unit: "{process}", window: now, description: …`.
// Beside the keys that a leaf has in a proposal there are `example`, a value of it, and `summarize`,
// one of Summarizing. A leaf without a type gets the one that its domain fits.
func ParseLeaf(text string) (Leaf, error) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "{") {
		text = "{" + text + "}"
	}
	root, problems := source.Parse([]byte(text))
	if len(problems) > 0 {
		return Leaf{}, fmt.Errorf("%s; write keys and values of YAML with commas between them, and quotes around texts with commas", problems[0].Message)
	}
	var l Leaf
	l.Keys.Kind = source.Map
	for _, e := range root.Entries {
		switch e.Key.V {
		case keyValue:
			l.Example = e.Value
		case keySum:
			if !slices.Contains(Summarizing(), e.Value.Text) {
				return Leaf{}, fmt.Errorf("`%s: %s`: use %s", keySum, e.Value.Text, strings.Join(Summarizing(), ", "))
			}
			l.Sum = strings.TrimPrefix(e.Value.Text, notASum)
		default:
			l.Keys.Entries = append(l.Keys.Entries, e)
		}
	}
	if len(l.Keys.Entries) == 0 {
		return Leaf{}, fmt.Errorf("a leaf has keys and values, such as `name: processes, min: 0, max: 1000`")
	}
	l.guessType()
	return l, nil
}

// guessType adds the type that the domain fits.
func (l *Leaf) guessType() {
	for _, key := range []string{"type", "enum", "members"} {
		if _, ok := l.Keys.Get(key); ok {
			return
		}
	}
	kind := ""
	values, _ := l.Keys.Get("values")
	low, bounded := l.Keys.Get("min")
	switch {
	case l.has("format") || l.has("pattern") || len(values.Items) > 0 && values.Items[0].Kind == source.String:
		kind = "string"
	case bounded && low.Kind == source.Int && strings.HasPrefix(low.Text, "-"):
		kind = "int64"
	case bounded && low.Kind == source.Float:
		kind = "double"
	case bounded || len(values.Items) > 0:
		kind = wholeType(l.Keys)
	default:
		return
	}
	at := slices.IndexFunc(l.Keys.Entries, func(e source.Entry) bool { return e.Key.V != "name" && e.Key.V != "number" })
	l.Keys.Entries = slices.Insert(l.Keys.Entries, max(at, 0), source.Entry{Key: source.Text{V: "type"}, Value: source.Value{Kind: source.String, Text: kind}})
}

// wholeType is the smallest unsigned type that holds the domain.
func wholeType(keys source.Value) string {
	limit, _ := keys.Get("max")
	values, _ := keys.Get("values")
	for _, v := range append(values.Items, limit) {
		if _, err := strconv.ParseUint(v.Text, 10, 32); v.Kind == source.Int && err != nil {
			return "uint64"
		}
	}
	return "uint32"
}

func (l *Leaf) has(key string) bool {
	_, ok := l.Keys.Get(key)
	return ok
}

// Name is the leaf's own name; "" where the metric is a scalar.
func (l *Leaf) Name() string {
	v, _ := l.Keys.Get("name")
	return v.Text
}

// text returns the text under a key of the leaf.
func (l *Leaf) text(key string) string {
	v, _ := l.Keys.Get(key)
	return v.Text
}

// isMessage reports whether the metric is a message: a single leaf without a name is a scalar.
func (a *Answers) isMessage() bool {
	return len(a.Leaves) > 1 || len(a.Leaves) == 1 && (a.Leaves[0].Name() != "" || a.MaxItems > 0)
}

// field is what is sent.
func (a *Answers) field() source.Value {
	if len(a.Leaves) == 0 {
		return source.Value{}
	}
	b := new(builder).whole("number", a.Number)
	if !a.isMessage() {
		b.Entries = append(b.Entries, a.Leaves[0].Keys.Entries...)
		return b.Value
	}
	if a.MaxItems > 0 {
		b.text("label", "repeated")
	}
	message := a.Message
	if message == "" {
		message = camel(a.ID)
	}
	b.text("message", message).whole("max_items", a.MaxItems).list("key", a.Key)
	for i, l := range a.Leaves {
		leaf := new(builder).text("name", l.Name())
		if !l.has("number") {
			leaf.whole("number", int64(i+1))
		}
		for _, e := range l.Keys.Entries {
			if e.Key.V != "name" {
				leaf.Entries = append(leaf.Entries, e)
			}
		}
		b.item("fields", leaf)
	}
	return b.Value
}

// camel makes the name of a type from that of a metric.
func camel(id string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(id, "_") {
		for i, r := range word {
			if i == 0 {
				r = unicode.ToUpper(r)
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// payload is the example that machines read; nothing unless every leaf has one.
func (a *Answers) payload() source.Value {
	item := new(builder)
	for _, l := range a.Leaves {
		if l.Example.Kind == source.Null {
			return source.Value{}
		}
		item.value(l.Name(), l.Example)
	}
	if len(a.Leaves) == 0 {
		return source.Value{}
	}
	switch {
	case !a.isMessage():
		return new(builder).value(a.ID, a.Leaves[0].Example).Value
	case a.MaxItems > 0:
		return new(builder).item(a.ID, item).Value
	}
	return new(builder).child(a.ID, item).Value
}

// summary is one summary of a leaf, and how it is drawn.
type summary struct {
	id, key string
	leaf    *Leaf
}

func (a *Answers) summed() []summary {
	var out []summary
	for i := range a.Leaves {
		l := &a.Leaves[i]
		if l.Sum == "" {
			continue
		}
		s := summary{id: a.ID, key: a.ID, leaf: l}
		if l.Name() != "" {
			s.id, s.key = a.ID+"_"+l.Name(), l.Name()
		}
		if l.Sum == Mean {
			s.id += "_mean"
		}
		out = append(out, s)
	}
	return out
}

func (a *Answers) summaries() source.Value {
	out := source.Value{Kind: source.List}
	for _, s := range a.summed() {
		b := new(builder).text("id", s.id)
		switch s.leaf.Sum {
		case Mean:
			b.text("measure", "mean").text("of", s.key)
		case ByValue:
			b.text("measure", "systems").list("by", []string{s.key})
		default:
			key := new(builder).text("field", s.key).text("as", s.leaf.Sum)
			b.text("measure", "systems").value("by", source.Value{Kind: source.List, Items: []source.Value{key.Value}})
		}
		out.Items = append(out.Items, b.Value)
	}
	return out
}

// charts draws the means of one unit as lines of one chart, and every other summary as an area.
func (a *Answers) charts() source.Value {
	out := source.Value{Kind: source.List}
	lines := map[string]int{} // of each unit, where its chart stands in the list
	for _, s := range a.summed() {
		if s.leaf.Sum != Mean {
			out.Items = append(out.Items, new(builder).text("title", a.chartTitle(s)).text("kind", "stacked_area").text("summary", s.id).text("series", s.key).Value)
			continue
		}
		unit := s.leaf.text("unit")
		if at, ok := lines[unit]; ok {
			for i, e := range out.Items[at].Entries {
				if e.Key.V == "summaries" {
					out.Items[at].Entries[i].Value.Items = append(e.Value.Items, source.Value{Kind: source.String, Text: s.id})
				}
			}
			continue
		}
		lines[unit] = len(out.Items)
		out.Items = append(out.Items, new(builder).text("title", a.Title).text("kind", "line").list("summaries", []string{s.id}).Value)
	}
	return out
}

func (a *Answers) chartTitle(s summary) string {
	if d := s.leaf.text("description"); d != "" && len(a.Leaves) > 1 {
		return d
	}
	return a.Title
}
