// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/pii"
)

// print writes findings as they are made.
func (s *scanning) print(found []pii.Finding) error {
	for _, f := range found {
		s.classes[f.Class]++
		var err error
		switch s.format {
		case diag.FormatJSON:
			err = s.printJSON(f)
		case formatText:
			err = s.printText(f)
		default:
			err = s.keep(f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// mostKept is how many findings the formats hold that are one document: servers take no more.
const mostKept = 10000

// keep holds a finding for a format that is one document.
func (s *scanning) keep(f pii.Finding) error {
	if len(s.kept) < mostKept {
		s.kept = append(s.kept, f.Diagnostic())
	}
	return nil
}

// printJSON writes a finding as one line.
func (s *scanning) printJSON(f pii.Finding) error {
	f.Source, f.Path, f.Mask = diag.Printable(f.Source), diag.Printable(f.Path), diag.Printable(f.Mask)
	line, err := json.Marshal(f)
	if err != nil {
		return err
	}
	_, err = s.out.Write(append(line, '\n'))
	return err
}

func (s *scanning) printText(f pii.Finding) error {
	style := diag.Style{Color: s.colored(s.Stdout)}
	place := style.Bold(diag.Printable(fmt.Sprintf("%s:%d", f.Source, f.Record)))
	text := fmt.Sprintf("%s: %s: %s", place, f.Severity, diag.Printable(f.Message()))
	if f.Help != "" {
		text += "; " + f.Help
	}
	text = diag.Wrap(text, max(s.width(s.Stdout)-6, 20))
	_, err := fmt.Fprintln(s.out, strings.ReplaceAll(text, "\n", "\n      "))
	return err
}

// conclude ends a run: what was scanned, and the error that gives the exit status.
func (s *scanning) conclude(failed error) error {
	end := plural(int(s.records), "record") + " scanned: " + s.found()
	if failed != nil {
		end += ", but not everything could be read"
	}
	var err error
	switch s.format {
	case formatText:
		_, err = fmt.Fprintln(s.out, diag.Wrap(end, s.width(s.Stdout)))
	case diag.FormatJSON:
	default:
		diag.Sort(s.kept)
		err = s.writeFound(s.format, diag.Run{Diagnostics: s.kept, Summary: diag.Count(0, s.kept), Verdict: end, Files: s.looked, Failures: failures(failed)})
	}
	if err := errors.Join(failed, err, s.out.Flush()); err != nil {
		return err
	}
	if len(s.classes) > 0 {
		return errFindings
	}
	return nil
}

// found counts the findings by class, the most frequent first.
func (s *scanning) found() string {
	if len(s.classes) == 0 {
		return "no findings"
	}
	total, names := 0, []string{}
	for name, n := range s.classes {
		total += n
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if s.classes[a] != s.classes[b] {
			return s.classes[b] - s.classes[a]
		}
		return strings.Compare(a, b)
	})
	var parts []string
	for _, name := range names {
		parts = append(parts, fmt.Sprintf("%d %s", s.classes[name], name))
	}
	return plural(total, "finding") + ": " + strings.Join(parts, ", ")
}
