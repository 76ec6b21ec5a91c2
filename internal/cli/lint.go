// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/lint"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
)

func (a *app) lint() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:     "lint [PATH...]",
		GroupID: "use",
		Short:   "Check proposals, and point at what has to be mended",
		Long: `Check proposals by every rule. Without a PATH, all of the project are checked.
A PATH is a proposal or a folder; the rest of the project is read all the same,
since proposals refer to each other, but only findings about PATH are shown.

Each finding says where, how bad, what is wrong, and what to do. Only errors give
exit status 1. ` + "`pulpmetrics explain RULE`" + ` tells why a rule exists.`,
		Example: `  pulpmetrics lint
  pulpmetrics lint proposals/components.yaml
  pulpmetrics lint --format json | jq '.diagnostics[].message'`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"yaml"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(_ *cobra.Command, paths []string) error {
			v, err := a.verdict(format, paths)
			if v == nil {
				return err
			}
			return a.conclude(v, err, format)
		},
	}
	formatFlag(cmd, &format)
	return cmd
}

// verdict is what a run found.
type verdict struct {
	workspace
	registry    *registry.Registry
	diagnostics []diag.Diagnostic
	proposals   int      // that were looked at
	files       int      // that were compared, where the findings are about generated files
	looked      []string // files that were looked at
	diffLines   int      // of each diff that are shown; 0 is all
}

// verdict reads the project and checks it, or those parts of it that paths name. The error is
// what the machine failed at; the verdict is nil only if it failed at everything.
func (a *app) verdict(format string, paths []string) (*verdict, error) {
	if err := knownFormat(format); err != nil {
		return nil, err
	}
	w, err := a.project()
	if err != nil {
		return nil, err
	}
	var only, extra []string
	for _, path := range paths {
		name, err := a.inside(w, path)
		if err != nil {
			return nil, err
		}
		only = append(only, name)
		info, err := fs.Stat(w.fsys, name)
		if folder := err == nil && info.IsDir(); strings.HasSuffix(name, ".yaml") && name != proposal.ProjectFile && !folder {
			extra = append(extra, name)
		}
	}
	r, err := w.load(extra...)
	if r == nil {
		return nil, err
	}
	v := a.judge(w, r)
	if len(only) > 0 {
		v.narrow(only)
	}
	return v, err
}

// judge checks a project that was read.
func (a *app) judge(w workspace, r *registry.Registry) *verdict {
	v := &verdict{workspace: w, registry: r, diagnostics: lint.Run(r, a.Now()), proposals: len(r.Proposals)}
	for _, p := range r.Proposals {
		v.looked = append(v.looked, p.Path)
	}
	return v
}

// narrow keeps what is about the given files and folders, and about the project as a whole.
func (v *verdict) narrow(only []string) {
	about := func(file string) bool {
		return slices.ContainsFunc(only, func(name string) bool {
			return name == "." || file == name || strings.HasPrefix(file, name+"/")
		})
	}
	v.diagnostics = slices.DeleteFunc(v.diagnostics, func(d diag.Diagnostic) bool {
		return d.File != proposal.ProjectFile && !about(d.File)
	})
	v.looked = slices.DeleteFunc(v.looked, func(file string) bool { return !about(file) })
	v.proposals = len(v.looked)
}

// conclude prints a verdict and turns it into the error that gives the exit status.
func (a *app) conclude(v *verdict, failed error, format string) error {
	summary := diag.Count(v.proposals, v.diagnostics)
	summary.Files = v.files
	if err := a.print(v, summary, format, failed); err != nil {
		return errors.Join(failed, err)
	}
	if failed == nil && summary.Errors > 0 {
		return errFindings
	}
	return failed
}

func (a *app) print(v *verdict, summary diag.Summary, format string, failed error) error {
	end := summary.String()
	if failed != nil {
		end += ", but not everything could be read"
	}
	if format != formatText {
		return a.writeRun(format, v, diag.Run{Summary: summary, Verdict: end, Failures: failures(failed)})
	}
	if err := a.printFindings(v); err != nil {
		return err
	}
	_, err := fmt.Fprintln(a.Stdout, end)
	return err
}

// shownDiagnostics returns the findings with their files as the reader would name them.
func (a *app) shownDiagnostics(v *verdict) []diag.Diagnostic {
	shown := slices.Clone(v.diagnostics)
	for i := range shown {
		shown[i].File = a.shown(v.workspace, shown[i].File)
	}
	return shown
}

// printFindings prints findings as text.
func (a *app) printFindings(v *verdict) error {
	shown, names := a.shownDiagnostics(v), map[string]string{}
	for i, d := range v.diagnostics {
		names[shown[i].File] = d.File
	}
	style := diag.Style{Color: a.colored(a.Stdout), Width: a.width(a.Stdout), DiffLines: v.diffLines, Read: func(file string) ([]byte, error) {
		return readSome(v.fsys, names[file])
	}}
	return diag.Text(a.Stdout, shown, style)
}

// readSome reads no more of a file than may be in one: what is larger is not read to be quoted.
func readSome(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, source.MaxBytes))
}
