// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/wire"
)

func (a *app) verify() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:     "verify FILE...|-",
		GroupID: "use",
		Short:   "Is what is sent what was approved? Check a report, a log or a stream",
		Long: `Hold what an installation sends against what was approved. For every field of a
report it names the proposal that allows it, and why it is asked; findings follow.
Nothing that is printed holds a value of a report.

A FILE, or standard input for -, is one of these, and is recognized by itself:
  - the line on which the client logs what it sends, or a whole log with such lines
  - JSON: a report, several in lines or in a list, or a log in JSON
  - one serialized message, as it is posted
  - serialized messages that each follow their length, as a varint

Of more than one report, findings are counted. It works anywhere: without a project,
reports are held against the registry that the program was built with.`,
		Example: `  pulpmetrics verify /var/log/pulp.log
  journalctl -u pulpcore-worker | pulpmetrics verify -
  pulpmetrics verify --format json report.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("name a FILE that holds reports, or - for standard input")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, files []string) error { return a.verifyFiles(files, format) },
	}
	formatFlag(cmd, &format)
	return cmd
}

func (a *app) verifyFiles(files []string, format string) error {
	if err := knownFormat(format); err != nil {
		return err
	}
	if err := a.checkNames(files); err != nil {
		return err
	}
	w, err := a.anyRegistry()
	if err != nil {
		return err
	}
	r, err := w.load()
	if r == nil {
		return err
	}
	v, verifierErr := a.verifier(r)
	if verifierErr != nil {
		return errors.Join(err, verifierErr)
	}
	a.noteProblems(r)
	out := verification{app: a, workspace: w, format: format, summary: diag.Summary{Proposals: len(r.Proposals)}}
	failed := []error{err}
	for _, file := range files {
		verdict, err := a.verifyFile(v, file)
		failed = append(failed, err, out.add(file, verdict))
	}
	failure := errors.Join(failed...)
	found := out.conclude(failure)
	if failure != nil && errors.Is(found, errFindings) {
		return failure // a machine that failed weighs more
	}
	return errors.Join(append(failed, found)...)
}

func (a *app) verifier(r *registry.Registry) (*report.Verifier, error) {
	m, err := wire.Compile(r, a.today())
	if err != nil {
		return nil, err
	}
	return report.NewVerifier(r, m)
}

// checkNames refuses what can't be a report before anything is read.
func (a *app) checkNames(files []string) error {
	for _, file := range files {
		if file == "" {
			return usagef("a FILE is empty: name a file that holds reports, or - for standard input")
		}
		if file == "-" {
			continue
		}
		if info, err := os.Stat(a.abs(file)); err == nil && info.IsDir() {
			return usagef("%s is a folder: name the files in it", file)
		}
	}
	return nil
}

// verifyFile reads one file. The verdict may be nil where there is an error.
func (a *app) verifyFile(v *report.Verifier, file string) (*report.Verdict, error) {
	if file == "-" {
		return v.Verify(file, a.progress(file, a.Stdin, -1))
	}
	f, err := os.Open(a.abs(file))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, errors.Unwrap(err))
	}
	defer f.Close()
	size := int64(-1)
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		size = info.Size()
	}
	return v.Verify(file, a.progress(file, f, size))
}

// longRead is from how many bytes on it is worth while to show how far a run is.
const longRead = 16 << 20

// progress returns a reader that shows on a terminal how much has been read. What is read in a
// moment needs no bar; of a pipe, nobody knows.
func (a *app) progress(file string, r io.Reader, size int64) io.Reader {
	if _, ok := terminal(a.Stderr); !ok || 0 <= size && size < longRead {
		return r
	}
	bar := progressbar.NewOptions64(size, progressbar.OptionSetWriter(a.Stderr), progressbar.OptionSetDescription(diag.Printable(file)),
		progressbar.OptionShowBytes(true), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(200*time.Millisecond))
	return &progressReader{r: r, bar: bar}
}

// progressReader moves a bar as it is read.
type progressReader struct {
	r     io.Reader
	bar   *progressbar.ProgressBar
	since int
}

func (p *progressReader) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	if p.since += n; p.since >= 1<<20 {
		_ = p.bar.Add(p.since) // a bar that can't be drawn is no reason to fail
		p.since = 0
	}
	if err != nil {
		_ = p.bar.Finish()
	}
	return n, err
}

// verification is what a run over files prints.
type verification struct {
	*app
	workspace
	format  string
	summary diag.Summary
	found   []diag.Diagnostic
	files   []string
}

// add takes the verdict on one file, and prints it as text.
func (v *verification) add(file string, verdict *report.Verdict) error {
	if verdict == nil {
		return nil
	}
	count := diag.Count(0, verdict.Diagnostics)
	v.summary.Reports += verdict.Reports
	v.summary.Errors += count.Errors
	v.files = append(v.files, file)
	if v.format != formatText {
		v.found = append(v.found, verdict.Diagnostics...)
		return nil
	}
	if err := v.allowed(file, verdict); err != nil {
		return err
	}
	return diag.Text(v.Stdout, verdict.Diagnostics, diag.Style{Color: v.colored(v.Stdout), Width: v.width(v.Stdout)})
}

// allowed prints the fields that were sent, each with the proposal that allows it and its question.
func (v *verification) allowed(file string, verdict *report.Verdict) error {
	if verdict.Reports == 0 {
		return nil
	}
	var b strings.Builder
	head := diag.Printable(file) + ": " + plural(int(verdict.Reports), "report")
	if len(verdict.Allowed) == 0 {
		head += "; no field that is approved was found"
	} else {
		head += ". What is sent, which proposal allows it, and why it is asked:"
	}
	writeWrapped(&b, "", head, v.width(v.Stdout))
	b.WriteByte('\n')
	longest := 0
	for _, field := range verdict.Allowed {
		longest = max(longest, len(field.Field.Name))
	}
	for _, field := range verdict.Allowed {
		head := fmt.Sprintf("  %-*s  ", min(longest, 30), diag.Printable(field.Field.Name))
		b.WriteString(head + diag.Printable(v.shown(v.workspace, field.Field.Metric.Path)))
		if verdict.Reports > 1 {
			fmt.Fprintf(&b, ", in %d of %d reports", field.Reports, verdict.Reports)
		}
		b.WriteByte('\n')
		question := diag.Printable(firstSentence(field.Field.Metric.Question.V))
		writeWrapped(&b, strings.Repeat(" ", len(head)), question, v.width(v.Stdout))
	}
	if len(verdict.Allowed) > 0 {
		b.WriteByte('\n')
	}
	_, err := io.WriteString(v.Stdout, b.String())
	return err
}

// firstSentence returns the first sentence of a text, on one line.
func firstSentence(text string) string {
	words := strings.Fields(text)
	for i, word := range words {
		if end := word[len(word)-1]; end == '?' || end == '.' || end == '!' {
			return strings.Join(words[:i+1], " ")
		}
	}
	return strings.Join(words, " ")
}

// conclude prints what is left to print, and returns the error that gives the exit status.
func (v *verification) conclude(failed error) error {
	end := v.summary.OfReports()
	if failed != nil {
		end += ", but not everything could be read"
	}
	var err error
	switch v.format {
	case formatText:
		_, err = fmt.Fprintln(v.Stdout, end)
	case diag.FormatJSON:
		err = v.json()
	default:
		err = v.writeFound(v.format, diag.Run{Diagnostics: v.found, Summary: v.summary, Verdict: end, Files: v.files, Failures: failures(failed)})
	}
	if err == nil && v.summary.Errors > 0 {
		err = errFindings
	}
	return err
}

// json writes the findings as lint does, and how many reports there were even if there were none.
func (v *verification) json() error {
	type summary struct {
		Proposals int   `json:"proposals"`
		Reports   int64 `json:"reports"`
		diag.Summary
	}
	return diag.WriteJSON(v.Stdout, struct {
		Diagnostics any     `json:"diagnostics"`
		Summary     summary `json:"summary"`
	}{diag.Records(v.found), summary{v.summary.Proposals, v.summary.Reports, v.summary}})
}
