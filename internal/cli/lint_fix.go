// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/aymanbagabas/go-udiff"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/lint"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

// wanted returns which findings --rule and --severity ask for.
func (o *lintOptions) wanted() (func(diag.Diagnostic) bool, error) {
	var least diag.Severity
	if err := least.UnmarshalText([]byte(o.severity)); err != nil {
		return nil, usagef("--severity is %q: use error, warning or info", o.severity)
	}
	for _, name := range o.rules {
		if names := ruleNames(); !slices.Contains(names, name) {
			help := proposal.Suggest(name, names, "")
			if !strings.HasPrefix(help, "did you mean") {
				help = "`pulpmetrics explain` lists them all"
			}
			return nil, usagef("there is no rule %q: %s", name, help)
		}
	}
	return func(d diag.Diagnostic) bool {
		return d.Severity >= least && (len(o.rules) == 0 || slices.Contains(o.rules, d.Rule))
	}, nil
}

func ruleNames() []string {
	var names []string
	for _, rule := range lint.Rules() {
		names = append(names, rule.Name)
	}
	return names
}

// mend makes the fixes of a verdict, or prints them, and goes on with what is left.
func (a *app) mend(v *verdict, o lintOptions, wanted func(diag.Diagnostic) bool, failed error) error {
	parser, err := proposal.NewParser()
	if err != nil {
		return err
	}
	m := &lint.Mender{
		Parser: parser, Now: a.Now(),
		Read: func(file string) ([]byte, error) { return fs.ReadFile(v.fsys, file) },
		Wanted: func(d diag.Diagnostic) bool {
			return wanted(d) && d.File != proposal.ProjectFile && v.about(d.File)
		},
	}
	registry, found, changes, err := m.Mend(v.registry, lint.Run(v.registry, a.Now()))
	if err != nil {
		return errors.Join(failed, err)
	}
	if o.diff {
		return a.showMended(v, changes, wanted, failed)
	}
	if err := a.writeMended(v, o, changes); err != nil {
		return errors.Join(failed, err)
	}
	v.registry, v.diagnostics = registry, found
	v.narrow()
	v.keep(wanted)
	return a.conclude(v, failed, o.format)
}

// showMended prints fixes as a patch, and says on the side what it is.
func (a *app) showMended(v *verdict, changes []lint.Mended, wanted func(diag.Diagnostic) bool, failed error) error {
	fixes := 0
	for _, change := range changes {
		fixes += change.Fixes
		name := diag.Printable(a.shown(v.workspace, change.File))
		if err := a.patch(udiff.Unified("a/"+name, "b/"+name, string(change.Before), string(change.After))); err != nil {
			return errors.Join(failed, err)
		}
	}
	v.keep(wanted)
	fmt.Fprintf(a.Stderr, "%s would be made in %s\n", plural(fixes, "fix"), plural(len(changes), "file"))
	if failed == nil && diag.Count(0, v.diagnostics).Errors > 0 {
		return errFindings
	}
	return failed
}

// patch prints a patch, which has to be exact unless somebody looks at it.
func (a *app) patch(diff string) error {
	if _, seen := terminal(a.Stdout); seen || a.colored(a.Stdout) {
		return diag.Patch(a.Stdout, diff, diag.Style{Color: a.colored(a.Stdout)})
	}
	_, err := io.WriteString(a.Stdout, diff)
	return err
}

// writeMended writes the files that change, and says so; beside findings that machines read, on the
// side.
func (a *app) writeMended(v *verdict, o lintOptions, changes []lint.Mended) error {
	out := a.Stdout
	if o.format != formatText {
		out = a.Stderr
	}
	done := a.replaceAll(v, changes)
	for i, change := range changes {
		if done[i] != nil {
			continue
		}
		if _, err := fmt.Fprintf(out, "mended %s: %s\n", diag.Printable(a.shown(v.workspace, change.File)), plural(change.Fixes, "fix")); err != nil {
			return err
		}
	}
	if len(changes) > 0 {
		fmt.Fprintln(out)
	}
	return errors.Join(done...)
}

// writers is how many files are written at once: most of the time is spent waiting for the disk.
const writers = 8

// replaceAll writes the files that change, and returns what went wrong with each.
func (a *app) replaceAll(v *verdict, changes []lint.Mended) []error {
	errs := make([]error, len(changes))
	next := make(chan int)
	var working sync.WaitGroup
	for range min(writers, len(changes)) {
		working.Go(func() {
			for i := range next {
				errs[i] = replaceFile(v.root, changes[i].File, changes[i].After)
			}
		})
	}
	for i := range changes {
		next <- i
	}
	close(next)
	working.Wait()
	return errs
}
