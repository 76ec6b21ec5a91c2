// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// entry is one line about a metric: what it is about, and what it says.
type entry struct{ head, text string }

// entries are the lines about one metric, without the one for the changelog.
func (c *change) entries() []entry {
	var out []entry
	add := func(head string, texts []string) {
		for _, text := range texts {
			out = append(out, entry{head, text})
		}
	}
	add("wire", c.wire)
	for _, f := range c.breaks {
		out = append(out, entry{"breaks", f.Diagnostic.Message})
	}
	for _, d := range c.Collected {
		out = append(out, entry{d.Amount.String(), inFull(d)})
	}
	add("sent", c.Notes)
	add("summaries", c.Summaries)
	add("charts", c.Charts)
	if c.Gone() && c.Collects == registry.Same {
		out = append(out, entry{"gone", "nothing of it was collected, but files are never deleted: bring it back"})
	}
	if len(out) == 0 && len(c.Keys) > 0 {
		out = append(out, entry{"text", "`" + strings.Join(c.Keys, "`, `") + "`"})
	}
	return out
}

// inFull is a difference with its detail.
func inFull(d registry.Difference) string {
	if d.Detail == "" {
		return d.Text
	}
	return d.Text + ": " + d.Detail
}

// widest is the longest head of an entry.
const widest = len("changelog")

func (a *app) diffText(c *comparison) error {
	var b strings.Builder
	style := diag.Style{Color: a.colored(a.Stdout), Width: a.width(a.Stdout)}
	if c.commit != "" {
		writeWrapped(&b, "", diag.Printable("Against "+c.against+":"), style.Width)
		b.WriteByte('\n')
	}
	for i := range c.changes {
		ch := &c.changes[i]
		b.WriteString(style.Bold(diag.Printable(ch.ID)) + "  " + ch.verb() + "\n")
		for _, e := range append(ch.entries(), entry{"changelog", ch.Line}) {
			writeWrapped(&b, fmt.Sprintf("  %-*s  ", widest, e.head), diag.Printable(e.text), style.Width)
		}
		b.WriteByte('\n')
	}
	for _, d := range c.project {
		writeWrapped(&b, fmt.Sprintf("%-*s  ", widest+2, "the project"), diag.Printable(d.Text+": "+d.Amount.String()), style.Width)
	}
	if len(c.project) > 0 {
		b.WriteByte('\n')
	}
	if _, err := io.WriteString(a.Stdout, b.String()); err != nil {
		return err
	}
	if err := a.printFindings(c.verdict); err != nil {
		return err
	}
	_, err := io.WriteString(a.Stdout, c.conclusion()+"\n")
	return err
}

// verb says what a metric does after a change.
func (ch *change) verb() string {
	switch {
	case ch.Collects == registry.Unknown:
		return "can't be compared"
	case ch.Gone() && ch.Collects == registry.Same:
		return "is gone"
	}
	return "collects " + ch.Collects.String()
}

// outcome is the verdict of a comparison.
func (c *comparison) outcome() string {
	var parts []string
	if len(c.doubts) > 0 {
		parts = append(parts, "inconclusive")
	}
	if n := len(c.diagnostics); n > 0 {
		parts = append(parts, plural(n, "error"))
	}
	if len(parts) == 0 {
		return "the wire goes on where it stopped"
	}
	return strings.Join(parts, ", ")
}

// conclusion is the line that ends a comparison.
func (c *comparison) conclusion() string {
	end := c.outcome()
	if c.commit == "" {
		return "compared with " + diag.Printable(c.against) + ": " + end
	}
	switch {
	case len(c.changes) == 0 && len(c.project) == 0:
		return "no metric changes: " + end
	case len(c.changes) == 0:
		return "no metric changes, but the project does: " + end
	}
	counted := map[string]int{}
	for i := range c.changes {
		counted[strings.TrimPrefix(c.changes[i].verb(), "collects ")]++
	}
	var counts []string
	for _, what := range []string{"more", "the same", "less", "is gone", "can't be compared"} {
		if n := counted[what]; n > 0 {
			counts = append(counts, fmt.Sprintf("%s: %d", strings.TrimPrefix(what, "is "), n))
		}
	}
	return fmt.Sprintf("%s changed (%s): %s", plural(len(c.changes), "metric"), strings.Join(counts, ", "), end)
}

// diffMarkdown writes a comparison for a comment in a forge.
func (a *app) diffMarkdown(c *comparison) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## What changes against %s\n\n", markdown(c.against))
	for i := range c.changes {
		ch := &c.changes[i]
		fmt.Fprintf(&b, "### `%s` %s\n\n%s\n\n", code(ch.ID), ch.verb(), markdown(ch.Line))
		for _, e := range ch.entries() {
			fmt.Fprintf(&b, "- %s: %s\n", e.head, markdown(e.text))
		}
		b.WriteByte('\n')
	}
	for _, d := range c.project {
		fmt.Fprintf(&b, "- the project: %s: %s\n", markdown(d.Text), d.Amount)
	}
	if len(c.project) > 0 {
		b.WriteByte('\n')
	}
	if len(c.diagnostics) > 0 {
		b.WriteString("### What breaks, or can't be compared\n\n")
	}
	for _, d := range c.diagnostics {
		fmt.Fprintf(&b, "- `%s:%d`: %s. %s\n", code(a.shown(c.workspace, d.File)), max(d.Span.Start.Line, 1), markdown(d.Message), markdown(capital(d.Help)+"."))
	}
	if len(c.diagnostics) > 0 {
		b.WriteByte('\n')
	}
	b.WriteString(capital(c.conclusion()) + ".\n")
	_, err := io.WriteString(a.Stdout, b.String())
	return err
}

func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// code makes a text harmless between backticks.
func code(s string) string { return strings.ReplaceAll(diag.Printable(s), "`", "'") }

// markdown makes a text mean nothing but itself in Markdown, but for the names in backticks that
// our own sentences hold: no tags, links, images or mentions.
func markdown(s string) string {
	parts := strings.Split(diag.Printable(s), "`")
	for i := range parts {
		if inside := i%2 == 1 && i < len(parts)-1; inside {
			parts[i] = "`" + parts[i] + "`"
			continue
		}
		parts[i] = escapes.Replace(parts[i])
	}
	return strings.Join(parts, "")
}

var escapes = strings.NewReplacer(`\`, `\\`, "<", "&lt;", "&", "&amp;", "[", `\[`, "]", `\]`, "*", `\*`, "@", "@<!-- -->", "|", `\|`, "#", `\#`, "://", ":<!-- -->//")

// jsonChange is one metric as JSON has it. The lists may be empty.
type jsonChange struct {
	ID        string           `json:"id"`
	Was       string           `json:"was,omitempty"` // id, where it was another
	File      string           `json:"file"`
	Gone      bool             `json:"gone,omitempty"`
	Collects  registry.Amount  `json:"collects"`
	Collected []jsonDifference `json:"collected"`
	Wire      []string         `json:"wire"`
	Breaks    []jsonBreak      `json:"breaks"`
	Sent      []string         `json:"sent"`
	Summaries []string         `json:"summaries"`
	Charts    []string         `json:"charts"`
	Keys      []string         `json:"keys"`
	Changelog string           `json:"changelog"`
}

type jsonDifference struct {
	Amount registry.Amount `json:"amount"`
	Text   string          `json:"text"`
	Detail string          `json:"detail,omitempty"`
}

type jsonBreak struct {
	Rule string `json:"rule"`
	Text string `json:"text"`
}

func (a *app) diffJSON(c *comparison) error {
	out := struct {
		Base        string           `json:"base"`
		Commit      string           `json:"commit,omitempty"`
		Unsure      bool             `json:"inconclusive"`
		Metrics     []jsonChange     `json:"metrics"`
		Project     []jsonDifference `json:"project"`
		Diagnostics any              `json:"diagnostics"`
	}{c.against, c.commit, len(c.doubts) > 0, []jsonChange{}, differences(c.project), diag.Records(a.shownDiagnostics(c.verdict))}
	for i := range c.changes {
		out.Metrics = append(out.Metrics, a.jsonChange(c, &c.changes[i]))
	}
	return diag.WriteJSON(a.Stdout, out)
}

func (a *app) jsonChange(c *comparison, ch *change) jsonChange {
	j := jsonChange{
		ID: ch.ID, Gone: ch.Gone(), Collects: ch.Collects, Collected: differences(ch.Collected), Wire: some(ch.wire), Breaks: []jsonBreak{},
		Sent: some(ch.Notes), Summaries: some(ch.Summaries), Charts: some(ch.Charts), Keys: some(ch.Keys), Changelog: ch.Line,
	}
	j.File = a.shown(c.workspace, cmp.Or(ch.Is, ch.Was).Path)
	if ch.Was != nil && ch.Was.ID.V != ch.ID {
		j.Was = ch.Was.ID.V
	}
	for _, f := range ch.breaks {
		for _, b := range f.Breaks {
			j.Breaks = append(j.Breaks, jsonBreak{b.Rule, b.Text})
		}
	}
	return j
}

func differences(ds []registry.Difference) []jsonDifference {
	out := make([]jsonDifference, len(ds))
	for i, d := range ds {
		out[i] = jsonDifference{d.Amount, d.Text, d.Detail}
	}
	return out
}

// some returns a list that JSON writes as one, also if it is empty.
func some(list []string) []string { return append([]string{}, list...) }

// wrongProto reports a mistake in the .proto file that the reader named.
func (a *app) wrongProto(wrong *wire.ProtoError, data []byte, format string) error {
	d := []diag.Diagnostic{{File: wrong.File, Span: wrong.Span, Severity: diag.Error, Rule: wire.RuleCompatibility, Message: wrong.Message, Help: "correct the file, or name another one"}}
	if format == "json" {
		if err := diag.WriteJSON(a.Stdout, map[string]any{"base": wrong.File, "metrics": []string{}, "project": []string{}, "diagnostics": diag.Records(d)}); err != nil {
			return err
		}
		return errFindings
	}
	if format != formatText && format != "markdown" {
		run := diag.Run{Diagnostics: d, Summary: diag.Count(0, d), Verdict: "compared with " + wrong.File + ": 1 error", Files: []string{wrong.File}}
		if err := a.writeFound(format, run); err != nil {
			return err
		}
		return errFindings
	}
	style := diag.Style{Color: a.colored(a.Stdout), Width: a.width(a.Stdout), Read: func(string) ([]byte, error) { return data, nil }}
	if err := diag.Text(a.Stdout, d, style); err != nil {
		return err
	}
	return errFindings
}
