// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/exposure"
	"github.com/pulp/pulpmetrics/internal/pii"
	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/internal/wire"
)

func (a *app) scan() *cobra.Command {
	var format, rev string
	cmd := &cobra.Command{
		Use:     "scan [FILE...|-]",
		GroupID: "use",
		Short:   "Find personal data in reports, logs and examples",
		Long: `Look for personal data: addresses of people and machines, names, numbers of cards
and persons, keys, places, and words that somebody chose. Nothing that is printed
holds what was found: a mask shows its shape.

A FILE, or standard input for -, is one of these, and is recognized by itself:
  - JSON, JSON lines, YAML
  - a log, with JSON or dictionaries of Python in its lines; any other text
  - one serialized message, or messages that each follow their length

What a proposal declares of a field is believed: a version is not an address. It
works anywhere: without a project, the registry that the program was built with
says what is declared. With --base REV and no FILE, the files that changed since
that revision are scanned.

Exit status 1 where anything is found, warnings too. What could not be scanned is a
finding of its own. ` + "`pulpmetrics explain CLASS`" + ` says what a class is.`,
		Example: `  pulpmetrics scan /var/log/pulp.log
  journalctl -u pulpcore-worker | pulpmetrics scan -
  pulpmetrics scan --format json reports.jsonl
  pulpmetrics scan --base origin/main`,
		RunE: func(cmd *cobra.Command, files []string) error {
			return a.scanFiles(files, format, rev, cmd.Flags().Changed("base"))
		},
	}
	cmd.Flags().StringVar(&rev, "base", "", "scan the files that changed since `REV`")
	formatFlag(cmd, &format)
	return cmd
}

func (a *app) scanFiles(files []string, format, rev string, based bool) error {
	if err := errors.Join(knownFormat(format), knownBase(rev, based)); err != nil {
		return err
	}
	if len(files) == 0 && !based {
		return usagef("name a FILE to scan, - for standard input, or --base REV for what changed")
	}
	if err := a.checkNames(files); err != nil {
		return err
	}
	s, err := a.newScan(format)
	if err != nil {
		return err
	}
	if based {
		if files, err = a.changedFiles(files, rev); err != nil {
			return err
		}
	}
	var failed []error
	for _, file := range files {
		s.looked = append(s.looked, file)
		failed = append(failed, s.file(file))
	}
	return s.conclude(errors.Join(failed...))
}

// scanning is one run over files.
type scanning struct {
	*app
	format   string
	scanner  *pii.Scanner
	verifier *report.Verifier
	prose    map[string]bool // absolute paths of proposals
	out      *bufio.Writer
	records  int64
	classes  map[string]int    // findings of each
	kept     []diag.Diagnostic // for formats that are one document
	looked   []string          // files that were scanned
}

func (a *app) newScan(format string) (*scanning, error) {
	w, err := a.anyRegistry()
	if err != nil {
		return nil, err
	}
	r, err := w.load()
	if r == nil {
		return nil, err
	}
	m, _ := wire.CompileSound(r, a.today())
	s := &scanning{app: a, format: format, scanner: pii.New(exposure.Declarations(m)), out: bufio.NewWriter(a.Stdout), prose: map[string]bool{}, classes: map[string]int{}}
	s.verifier, err = report.NewVerifier(r, m)
	if err != nil {
		s.verifier = nil // a project without an identifier has no reports
	}
	for _, p := range r.Proposals {
		if w.root != "" {
			s.prose[a.abs(a.shown(w, p.Path))] = true
		}
	}
	return s, nil
}

// file scans one file.
func (s *scanning) file(name string) error {
	if name == "-" {
		return s.read(name, s.progress(name, s.Stdin, -1))
	}
	f, err := os.Open(s.abs(name))
	if err != nil {
		return fmt.Errorf("%s: %w", name, errors.Unwrap(err))
	}
	defer f.Close()
	size := int64(-1)
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		size = info.Size()
	}
	return s.read(name, s.progress(name, f, size))
}

func (s *scanning) read(name string, r io.Reader) error {
	in := bufio.NewReaderSize(r, source.MaxBytes+1)
	if s.verifier != nil {
		n, serialized, err := s.verifier.Scalars(in, func(n int64, values []report.Scalar, why string) error {
			return s.print(s.report(name, n, values, why))
		})
		if serialized || err != nil {
			s.records += n
			return err
		}
	}
	job := pii.Job{Source: name, Prose: s.prose[s.abs(name)], Workers: runtime.GOMAXPROCS(0)}
	n, err := s.scanner.Scan(job, in, s.print)
	s.records += n
	return err
}

// report scans one serialized report.
func (s *scanning) report(name string, n int64, values []report.Scalar, why string) []pii.Finding {
	var leaves []pii.Leaf
	for _, v := range values {
		l := pii.Leaf{Path: v.Path, Text: string(v.Text), Number: v.Number != ""}
		if l.Number {
			l.Text = v.Number
		}
		leaves = append(leaves, l)
	}
	found := s.scanner.Leaves(name, n, leaves)
	if why != "" {
		found = append(found, pii.NotScanned(name, n, why, "copy the file again: what comes after it can't be read"))
	}
	return found
}
