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
		if s.format == "json" {
			err = s.printJSON(f)
		} else {
			err = s.printText(f)
		}
		if err != nil {
			return err
		}
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
	if s.format == "text" {
		end := plural(int(s.records), "record") + " scanned: " + s.found()
		if failed != nil {
			end += ", but not everything could be read"
		}
		fmt.Fprintln(s.out, diag.Wrap(end, s.width(s.Stdout)))
	}
	if err := errors.Join(failed, s.out.Flush()); err != nil {
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
