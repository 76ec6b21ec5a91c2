// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/govern"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// told is the history of one metric, ready to be read.
type told struct {
	ID     string      `json:"id"`
	Title  string      `json:"title"`
	Gone   bool        `json:"gone,omitempty"`
	Events []toldEvent `json:"events"`
}

// toldEvent is one commit. Collects is "" where it wasn't compared.
type toldEvent struct {
	Commit    string        `json:"commit"`
	Committed time.Time     `json:"committed"`
	Authored  time.Time     `json:"authored"`
	Author    string        `json:"author"`
	Subject   string        `json:"subject"`
	Path      string        `json:"path"`
	Kinds     []govern.Kind `json:"kinds"`
	Collects  string        `json:"collects,omitempty"` // more, same or less
	What      []string      `json:"what"`               // in words

	weighty bool
}

// tell says in words what each commit did to a metric.
func (p *past) tell(line *govern.Line) (*told, error) {
	blobs := p.repo.Blobs(context.Background())
	defer blobs.Close()
	parser, err := proposal.NewParser()
	if err != nil {
		return nil, err
	}
	t := &told{ID: line.ID, Gone: line.Gone}
	for i := range line.Events {
		e := &line.Events[i]
		one := toldEvent{Commit: string(e.Commit.Commit), Committed: e.Commit.Committed, Authored: e.Commit.Authored, Author: e.Commit.Author,
			Subject: e.Commit.Subject, Path: e.Path, Kinds: e.Kinds(), weighty: weighty(e)}
		var revision registry.Revision
		if e.Was != nil && e.Is != nil && e.Was.Read && e.Is.Read && !e.Returned {
			was, err := blobs.Read(e.Was.Object)
			if err != nil {
				return nil, err
			}
			is, err := blobs.Read(e.Is.Object)
			if err != nil {
				return nil, err
			}
			before, _ := parser.Proposal(e.Path, was)
			after, _ := parser.Proposal(e.Path, is)
			if before != nil && after != nil {
				revision = registry.CompareMetric(before, after, &wire.Compiler{})
			}
		}
		one.What = wordsOf(e, revision)
		if slices.Contains(one.Kinds, govern.Collects) {
			text, _ := revision.Collects.MarshalText()
			one.Collects = string(text)
		}
		if e.Is != nil && e.Is.Title != "" {
			t.Title = strings.Join(strings.Fields(e.Is.Title), " ")
		}
		t.Events = append(t.Events, one)
	}
	return t, nil
}

// wordsOf says what a commit did to a metric.
func wordsOf(e *govern.Event, revision registry.Revision) []string {
	var out []string
	for _, kind := range e.Kinds() {
		switch kind {
		case govern.Entered:
			out = append(out, entered(e))
		case govern.Removed:
			out = append(out, "its file was deleted")
		case govern.Moved:
			out = append(out, fmt.Sprintf("renamed: it was `%s` and is `%s`", e.Was.ID, e.Is.ID))
		case govern.Decision:
			out = append(out, decisionWords(e.Was, e.Is))
		case govern.Collects:
			out = append(out, collectsWords(revision))
		case govern.Stage:
			out = append(out, stageWords(e.Was.Stages, e.Is.Stages))
		case govern.Words:
			out = append(out, "words of `"+strings.Join(revision.Keys, "`, `")+"`")
		case govern.Illegible:
			out = append(out, map[bool]string{true: "its file can be read again", false: "its file can't be read"}[e.Is.Read])
		default:
			if len(revision.Keys) > 0 {
				out = append(out, "`"+strings.Join(revision.Keys, "`, `")+"`")
			} else {
				out = append(out, "form only: comments, white space, or where the file is")
			}
		}
	}
	return out
}

func entered(e *govern.Event) string {
	status := ""
	if e.Is.Status != "" {
		status = ", " + e.Is.Status
	}
	if e.Returned {
		return "made anew" + status
	}
	return "entered" + status
}

func decisionWords(was, is *govern.Version) string {
	kept := 0
	for kept < min(len(was.Decided), len(is.Decided)) && was.Decided[kept] == is.Decided[kept] {
		kept++
	}
	var parts []string
	if was.Status != is.Status {
		parts = append(parts, "was "+was.Status+" and is "+is.Status)
	}
	if added := is.Decided[kept:]; len(added) > 0 {
		parts = append(parts, "decided: "+strings.Join(added, ", "))
	}
	if lost := was.Decided[kept:]; len(lost) > 0 {
		parts = append(parts, "no longer there: "+strings.Join(lost, ", "))
	}
	return strings.Join(parts, "; ")
}

func collectsWords(revision registry.Revision) string {
	if len(revision.Collected) == 0 {
		return "collects the same; what machines read changed: `" + strings.Join(revision.Keys, "`, `") + "`"
	}
	var why []string
	for _, d := range revision.Collected {
		why = append(why, d.Text)
	}
	return fmt.Sprintf("collects %s: %s", revision.Collects, strings.Join(why, "; "))
}

func stageWords(was, is []string) string {
	var parts []string
	for _, s := range is {
		if !slices.Contains(was, s) {
			parts = append(parts, s)
		}
	}
	for _, s := range was {
		if !slices.Contains(is, s) {
			parts = append(parts, "no longer "+s)
		}
	}
	return strings.Join(parts, ", ")
}

func (t *told) writeJSON(w io.Writer) error { return diag.WriteJSON(w, t) }

// text tells a history: what matters first, then the commits that changed words alone.
func (t *told) text(asked string, width int, color bool) string {
	var b strings.Builder
	style := diag.Style{Color: color, Width: width}
	b.WriteString(style.Bold(diag.Printable(t.ID)) + "  " + diag.Printable(t.Title) + "\n")
	if t.ID != asked {
		writeWrapped(&b, "  ", diag.Printable("`"+asked+"` was renamed; it is `"+t.ID+"` now"), width)
	}
	if t.Gone {
		b.WriteString("  its file is gone\n")
	}
	b.WriteByte('\n')
	for i := range t.Events {
		if t.Events[i].weighty {
			t.Events[i].write(&b, width)
		}
	}
	rest := slices.DeleteFunc(slices.Clone(t.Events), func(e toldEvent) bool { return e.weighty })
	if len(rest) > 0 {
		b.WriteString("\nWords, and what needs no decision:\n\n")
	}
	for i := range rest {
		rest[i].write(&b, width)
	}
	return b.String()
}

func (e *toldEvent) write(b *strings.Builder, width int) {
	head := fmt.Sprintf("  %s  %.10s  ", e.Committed.Format(time.DateOnly), e.Commit)
	writeWrapped(b, head, diag.Printable(strings.Join(e.What, "; ")), width)
	writeWrapped(b, strings.Repeat(" ", len(head)), diag.Printable(fmt.Sprintf("%s: %s", e.Author, e.Subject)), width)
}

// toldLine is the history of one metric in one line.
type toldLine struct {
	ID      string  `json:"id"`
	Gone    bool    `json:"gone,omitempty"`
	Status  string  `json:"status"`
	Entered toldAt  `json:"entered"`
	Changed *toldAt `json:"changed"` // null if what it collects never changed
	Changes int     `json:"changes"` // commits that changed what it collects, or what was decided about it
}

type toldAt struct {
	Commit    string    `json:"commit"`
	Committed time.Time `json:"committed"`
	Author    string    `json:"author"`
}

func tellLine(l *govern.Line) toldLine {
	at := func(e *govern.Event) toldAt {
		return toldAt{string(e.Commit.Commit), e.Commit.Committed, e.Commit.Author}
	}
	t := toldLine{ID: l.ID, Gone: l.Gone, Entered: at(&l.Events[0])}
	for i := range l.Events {
		e := &l.Events[i]
		if e.Is != nil && e.Is.Read {
			t.Status = e.Is.Status
		}
		if i > 0 && weighty(e) {
			t.Changes++
		}
		if i > 0 && slices.Contains(e.Kinds(), govern.Collects) {
			changed := at(e)
			t.Changed = &changed
		}
	}
	return t
}

func writeLines(w io.Writer, lines []*govern.Line) error {
	all := make([]toldLine, 0, len(lines))
	for _, l := range lines {
		all = append(all, tellLine(l))
	}
	return diag.WriteJSON(w, all)
}

func linesText(lines []*govern.Line, width int) string {
	var b strings.Builder
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "METRIC\tENTERED\tIN\tCOLLECTS SINCE\tIN\tBY")
	for _, l := range lines {
		t := tellLine(l)
		since := t.Entered
		if t.Changed != nil {
			since = *t.Changed
		}
		gone := ""
		if l.Gone {
			gone = " (gone)"
		}
		fmt.Fprintf(tw, "%s\t%s\t%.10s\t%s\t%.10s\t%s\n", cut(diag.Printable(l.ID), 40)+gone, t.Entered.Committed.Format(time.DateOnly), t.Entered.Commit,
			since.Committed.Format(time.DateOnly), since.Commit, diag.Printable(t.Entered.Author))
	}
	_ = tw.Flush() // a strings.Builder takes everything
	return fitted(b.String(), width)
}

// fitted cuts the lines of a table at the width of the screen.
func fitted(table string, width int) string {
	lines := strings.SplitAfter(table, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = cut(strings.TrimRight(line, " \n"), width) + "\n"
		}
	}
	return strings.Join(lines, "")
}
