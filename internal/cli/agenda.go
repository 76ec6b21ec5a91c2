// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/git"
	"github.com/pulp/pulpmetrics/internal/govern"
	"github.com/pulp/pulpmetrics/internal/lint"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
)

// usualPause is the days between meetings, if nobody says when the last one was.
const usualPause = 28

// agendaFlags say which meeting is meant.
type agendaFlags struct{ date, since, previous string }

func (a *app) agenda() *cobra.Command {
	var flags agendaFlags
	cmd := &cobra.Command{
		Use:     "agenda",
		GroupID: "govern",
		Short:   "Write the notes of the next meeting, with what there is to talk about",
		Long: `Write the notes of the next meeting in the working group's own form, to be filled in:
proposals that wait for a decision, the oldest first, with what each still lacks;
decisions since the last meeting; metrics that are due for review, deprecated or to
be retired; and what was put into the parking lot.

The notes of the last meeting say when that was, and which action items it left;
those that are struck through are done. Without them, decisions of four weeks are
listed.`,
		Example: `  pulpmetrics agenda
  pulpmetrics agenda --date 2026-12-03 --previous notes.md >next.md`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return a.writeAgenda(flags) },
	}
	cmd.Flags().StringVar(&flags.date, "date", "", "the `DAY` of the meeting, YYYY-MM-DD; today, if left out")
	cmd.Flags().StringVar(&flags.since, "since", "", "list decisions from this `DAY` on; that of the previous notes, if left out")
	cmd.Flags().StringVar(&flags.previous, "previous", "", "the notes of the last meeting: a Markdown `FILE`, or - for standard input")
	cmd.Flags().SortFlags = false
	return cmd
}

func (a *app) writeAgenda(flags agendaFlags) error {
	m, err := a.minutes(flags)
	if err != nil {
		return err
	}
	w, err := a.project()
	if err != nil {
		return err
	}
	r, err := w.load()
	if err != nil {
		return err
	}
	if err := a.addHistory(&m, w, r); err != nil {
		return err
	}
	if m.Lacks, err = a.lacks(w, r, m.Day); err != nil {
		return err
	}
	var failed error
	m.Standing = func(p *proposal.Proposal, d *proposal.Decision) string {
		l, proofs, err := a.proofsOf(w, r, p)
		failed = errors.Join(failed, err)
		return govern.PanelSince(l.registry.Project, l.registry.Metric(p.ID.V), p).Standing(d, proofs[d])
	}
	agenda := govern.NewAgenda(r, m)
	if failed != nil {
		return failed
	}
	var out strings.Builder
	if err := agenda.Markdown(&out); err != nil {
		return err
	}
	a.noteProblems(r)
	return a.tell(printableLines(out.String()))
}

// printableLines keeps line breaks, and nothing else that a terminal could take for a command.
func printableLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = diag.Printable(lines[i])
	}
	return strings.Join(lines, "\n")
}

// minutes reads what the flags say.
func (a *app) minutes(flags agendaFlags) (govern.Minutes, error) {
	m := govern.Minutes{Day: a.today()}
	for _, f := range []struct {
		name, value string
		into        *string
	}{{"date", flags.date, &m.Day}, {"since", flags.since, &m.From}} {
		if f.value == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, f.value); err != nil {
			return m, usagef("--%s is %q: write a day such as 2026-11-23", f.name, f.value)
		}
		*f.into = f.value
	}
	if flags.previous != "" {
		notes, err := a.previous(flags.previous)
		if err != nil {
			return m, err
		}
		m.Previous = notes.AIs
		if m.From == "" {
			m.From = notes.Day
		}
	}
	if m.From == "" {
		at, _ := time.Parse(time.DateOnly, m.Day)
		m.From = at.AddDate(0, 0, -usualPause).Format(time.DateOnly)
	}
	if m.From > m.Day {
		return m, usagef("the last meeting was on %s, which is after %s", m.From, m.Day)
	}
	return m, nil
}

// mostNotes is more than the notes of years.
const mostNotes = 8 << 20

// previous reads the notes of the last meeting.
func (a *app) previous(name string) (govern.Notes, error) {
	in := a.Stdin
	if name != "-" {
		f, err := os.Open(a.abs(name))
		if err != nil {
			return govern.Notes{}, err
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, mostNotes+1))
	switch {
	case err != nil:
		return govern.Notes{}, err
	case len(data) > mostNotes:
		return govern.Notes{}, refusef("%s is larger than %d MiB, which no notes are", name, mostNotes>>20)
	case !utf8.Valid(data):
		return govern.Notes{}, refusef("%s is no text: it isn't valid UTF-8", name)
	}
	notes := govern.ReadNotes(string(data))
	if notes.Day == "" {
		return notes, refusef("%s has no meeting: its heading is a day, such as `## 2026-11-23`", name)
	}
	return notes, nil
}

// addHistory adds the history of the project, if it has one. A shallow clone can't tell since when a
// proposal waits.
func (a *app) addHistory(m *govern.Minutes, w workspace, r *registry.Registry) error {
	repo, err := git.Open(context.Background(), w.root, a.LookupEnv)
	if errors.Is(err, git.ErrNoWorkTree) {
		return nil
	}
	if err != nil {
		return err
	}
	m.Folder = repo.Folder()
	tip, err := repo.Resolve(context.Background(), "HEAD")
	var unknown *git.UnknownError
	if errors.As(err, &unknown) {
		return nil
	}
	if err != nil {
		return err
	}
	m.History, err = readHistory(repo, tip, r)
	return err
}

// lacks finds out what proposals lack: what would be wrong with drafts that are proposed, and with
// proposals that are approved, but for the decision itself.
func (a *app) lacks(w workspace, r *registry.Registry, day string) (func(*proposal.Proposal) []string, error) {
	ahead := overlay{FS: w.fsys, files: map[string][]byte{}}
	for _, p := range r.Proposals {
		next := map[string]string{proposal.Draft: proposal.Proposed, proposal.Proposed: proposal.Approved}[p.Status.V]
		if next == "" {
			continue
		}
		data, err := fs.ReadFile(w.fsys, p.Path)
		if err != nil {
			return nil, err
		}
		if data, err = source.Apply(data, []source.Edit{{Span: p.Status.Span, Text: next}}); err == nil {
			ahead.files[p.Path] = data
		}
	}
	next, err := workspace{ahead, w.root}.load()
	if err != nil {
		return nil, err
	}
	found := map[string][]string{}
	for _, d := range lint.Run(next, a.Now()) {
		decides := slices.Contains([]string{"status", "seal", "quorum", "decision-complete", "decision-dates"}, d.Rule)
		_, lack, needs := strings.Cut(d.Message, " needs ") // "status `proposed` needs `version`"
		if !needs || d.Rule != "checklist" {
			lack = d.Message
		}
		if d.Severity == diag.Error && !decides && ahead.files[d.File] != nil && !slices.Contains(found[d.File], lack) {
			found[d.File] = append(found[d.File], lack)
		}
	}
	return func(p *proposal.Proposal) []string {
		lacks := found[p.Path]
		if len(lacks) == 0 && p.Status.V == proposal.Draft {
			return []string{"nothing: `pulpmetrics propose " + p.ID.V + "` puts it before the approvers"}
		}
		if p.Status.V == proposal.Proposed {
			panel := govern.NewPanel(r.Project, p)
			lacks = append(lacks[:len(lacks):len(lacks)], fmt.Sprintf("a decision by %d of the approvers: %s", panel.Quorum, panel.Candidates(day)))
		}
		return lacks
	}, nil
}
