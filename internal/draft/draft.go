// SPDX-License-Identifier: GPL-2.0-or-later

// Package draft makes the file of a proposal from answers. In flow what somebody said in a form, in
// flags, or in the working group's Markdown template; out comes the YAML of a draft. What nobody
// answered is left out, and what has no key is kept as a comment, so that nothing is lost.
package draft

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// Answers are what is known of a metric. Empty parts are left to answer.
type Answers struct {
	ID, Title, Namespace string
	Number               int64 // of the field; 0 is none
	Authors, Links       []string
	Question             string
	Example              string // in words
	Gathered, Storage    string
	Acceptable           *bool
	Load                 string
	Class, SinglesOut    string
	PII, Sanitization    string
	Since                []string
	Message              string // name of the type; made from the id, if left out
	Key                  []string
	MaxItems             int64 // above 0, a report holds a list
	Leaves               []Leaf
	Alternatives         []Alternative
	Discussion           []Note
	ParkingLot           []string
	Rest                 []Section // what has no key
}

// Alternative is something else that was considered.
type Alternative struct{ Title, Description string }

// Note is something that was said on a day, YYYY-MM-DD.
type Note struct{ Date, Text string }

// Section is a piece of a Markdown proposal: its heading as it was written, and what stands below.
type Section struct {
	Heading, Text string
	Near          string // the key that it is about; "" is none
}

// YAML returns the file. The schema is the path from the file to the schema of proposals; it may be
// empty.
func (a *Answers) YAML(schema string) []byte {
	b := &builder{}
	b.text("id", a.ID)
	b.text("title", a.Title)
	b.text("status", proposal.Draft)
	b.text("namespace", a.Namespace)
	b.list("authors", a.Authors)
	b.list("links", a.Links)
	b.answer("question", a.Question)
	b.child("example", new(builder).value("payload", a.payload()).answer("notes", a.Example))
	b.child("storage", new(builder).text("gathered", a.Gathered).answer("description", a.Storage))
	b.child("load", new(builder).flag("acceptable", a.Acceptable).answer("description", a.Load))
	b.child("pii", new(builder).text("class", a.Class).text("singles_out", a.SinglesOut).answer("description", a.PII).answer("sanitization", a.Sanitization))
	b.child("version", new(builder).list("since", a.Since))
	b.value("field", a.field())
	b.child("summarization", new(builder).value("summaries", a.summaries()))
	b.child("visualization", new(builder).value("charts", a.charts()))
	for _, alternative := range a.Alternatives {
		b.item("alternatives", new(builder).text("title", alternative.Title).answer("description", alternative.Description))
	}
	for _, note := range a.Discussion {
		b.item("discussion", new(builder).text("date", note.Date).answer("note", note.Text))
	}
	for _, idea := range a.ParkingLot {
		b.add("parking_lot", source.Value{Kind: source.String, Text: fold(idea)})
	}
	return proposal.Encode(b.Value, a.comments(b.Value), schema)
}

// comments are what has no key, above the key that it is about.
func (a *Answers) comments(root source.Value) map[string]string {
	comments := map[string]string{}
	if len(a.Leaves) == 0 && a.Number > 0 {
		comments[""] = "field:                 # what exactly is sent: `pulpmetrics new --help` shows how to say it\n  number: " + strconv.FormatInt(a.Number, 10) + "           # the next free one of the namespace\n"
	}
	for _, s := range a.Rest {
		near := s.Near
		if _, ok := root.Get(near); !ok {
			near = ""
		}
		text := strings.Trim(s.Heading+"\n"+s.Text, "\n") + "\n"
		if comments[near] != "" {
			comments[near] += "\n"
		}
		comments[near] += text
	}
	return comments
}

// builder collects the keys of a mapping, those that have a value.
type builder struct{ source.Value }

func (b *builder) value(key string, v source.Value) *builder {
	b.Kind = source.Map
	if v.Text != "" || len(v.Items)+len(v.Entries) > 0 {
		b.Entries = append(b.Entries, source.Entry{Key: source.Text{V: key}, Value: v})
	}
	return b
}

func (b *builder) text(key, text string) *builder {
	return b.value(key, source.Value{Kind: source.String, Text: text})
}

// answer adds a text in words.
func (b *builder) answer(key, text string) *builder { return b.text(key, fold(text)) }

func (b *builder) flag(key string, v *bool) *builder {
	if v == nil {
		return b
	}
	return b.value(key, source.Value{Kind: source.Bool, Text: strconv.FormatBool(*v)})
}

func (b *builder) whole(key string, n int64) *builder {
	if n == 0 {
		return b
	}
	return b.value(key, source.Value{Kind: source.Int, Text: strconv.FormatInt(n, 10)})
}

func (b *builder) list(key string, texts []string) *builder { return b.value(key, texted(texts)) }

func texted(texts []string) source.Value {
	v := source.Value{Kind: source.List}
	for _, text := range texts {
		v.Items = append(v.Items, source.Value{Kind: source.String, Text: text})
	}
	return v
}

func (b *builder) child(key string, c *builder) *builder { return b.value(key, c.Value) }

// item adds an item to the list under a key.
func (b *builder) item(key string, c *builder) *builder { return b.add(key, c.Value) }

func (b *builder) add(key string, v source.Value) *builder {
	for i, e := range b.Entries {
		if e.Key.V == key {
			b.Entries[i].Value.Items = append(e.Value.Items, v)
			return b
		}
	}
	return b.value(key, source.Value{Kind: source.List, Items: []source.Value{v}})
}

// Widths of answers: one that is longer than a line becomes a block of lines.
const longAnswer, answerWidth = 85, 100

// fold makes a long line a block of lines; a text that has lines keeps them.
func fold(text string) string {
	text = strings.Trim(text, "\n")
	text = strings.TrimRight(strings.TrimLeft(text, " \t"), " \t\n")
	switch {
	case strings.Contains(text, "\n"):
		return text + "\n"
	case ansi.StringWidth(text) <= longAnswer || strings.Contains(text, "  "):
		return text
	}
	return wrap(text) + "\n"
}

// wrap breaks a line at spaces.
func wrap(text string) string {
	var b strings.Builder
	width := 0
	for i, word := range strings.Split(text, " ") {
		switch w := ansi.StringWidth(word); {
		case i == 0:
			width = w
		case width+1+w > answerWidth && !strings.HasPrefix(word, "#") && word != "-" && word != "+" && word != "*" && word != ">":
			b.WriteByte('\n')
			width = w
		default:
			b.WriteByte(' ')
			width += 1 + w
		}
		b.WriteString(word)
	}
	return b.String()
}
