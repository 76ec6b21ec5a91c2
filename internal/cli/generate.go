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
	"github.com/pulp/pulpmetrics/internal/emit"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// generateOptions are the flags of generate.
type generateOptions struct {
	out     string // "" is the project's own folder
	targets []string
	check   bool
	format  string
}

func (a *app) generate() *cobra.Command {
	var o generateOptions
	cmd := &cobra.Command{
		Use:     "generate",
		GroupID: "use",
		Short:   "Write what follows from the proposals: the .proto file, code, documents",
		Long: `Write everything that is derived from the proposals that are approved. Only files
that change are written, each as a whole or not at all. In the project's own gen/,
files that were generated and that nothing makes any more are deleted; they are
known by a mark in their first lines. Files without it are never touched, and in
folders that --out names nothing is deleted.

With --check nothing is written: files that are missing, changed or stale are
findings, each with the diff that mends it. ` + "`check`" + ` includes them.

A template in the folder templates/ beside pulpmetrics.yaml takes the place of the
built-in one of the same name. ` + "`pulpmetrics explain TARGET`" + ` is the page of a target.

Targets: ` + strings.Join(emit.Names(), ", "),
		Example: `  pulpmetrics generate
  pulpmetrics generate --check
  pulpmetrics generate --target python --out ../pulpcore/pulpcore/app`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return a.runGenerate(o) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.out, "out", "", "write below `DIR` (default: gen in the project)")
	flags.StringArrayVar(&o.targets, "target", nil, "only this `TARGET`; can be given more than once")
	flags.BoolVar(&o.check, "check", false, "compare with what is there, and write nothing")
	formatFlag(cmd, &o.format)
	_ = cmd.RegisterFlagCompletionFunc("target", cobra.FixedCompletions(emit.Names(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (a *app) runGenerate(o generateOptions) error {
	for _, name := range o.targets {
		if !slices.Contains(emit.Names(), name) {
			return usagef("there is no target %q: %s", name, proposal.Suggest(name, emit.Names(), "the targets are "))
		}
	}
	if err := knownFormat(o.format); err != nil {
		return err
	}
	if o.format != formatText && !o.check {
		return usagef("--format is for findings: it goes with --check")
	}
	v, err := a.anyVerdict()
	if v == nil {
		return err
	}
	if err != nil || diag.Count(0, v.diagnostics).Errors > 0 {
		return a.conclude(v, err, o.format) // what is written has to be all that is approved
	}
	folder, err := a.outFolder(v.workspace, o)
	if err != nil {
		return err
	}
	defer folder.root.Close()
	changes, err := a.compare(v, folder, o.targets)
	if err != nil {
		return err
	}
	if o.check {
		v.diagnostics = emit.Drift(changes, folder.shown)
		v.proposals, v.files, v.looked = 0, len(changes), nil
		for _, c := range changes {
			v.looked = append(v.looked, folder.name(c.Path))
		}
		return a.conclude(v, nil, o.format)
	}
	return a.write(v.workspace, folder, changes)
}

// anyVerdict reads and checks the nearest project, or else the embedded one.
func (a *app) anyVerdict() (*verdict, error) {
	w, err := a.anyRegistry()
	if err != nil {
		return nil, err
	}
	r, err := w.load()
	if r == nil {
		return nil, err
	}
	return a.judge(w, r), err
}

// files runs targets over what is approved. What they make changes with the project, not with the day.
func (a *app) files(v *verdict, targets []string) (emit.Files, error) {
	message, err := wire.Compile(v.registry, emit.Day(v.registry))
	if err != nil {
		return nil, err
	}
	in := &emit.Input{Registry: v.registry, Message: message}
	if v.root != "" {
		if in.Overrides, err = fs.Sub(v.fsys, "templates"); err != nil {
			return nil, err
		}
	}
	return emit.Generate(in, targets...)
}

func (a *app) compare(v *verdict, folder *outFolder, targets []string) ([]emit.Change, error) {
	files, err := a.files(v, targets)
	if err != nil {
		return nil, err
	}
	changes, err := emit.Compare(folder.fsys, files, len(targets) == 0 && folder.own)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", folder.shown, err)
	}
	return changes, nil
}

// write brings the folder up to date, and prints what it did.
func (a *app) write(w workspace, folder *outFolder, changes []emit.Change) error {
	done, err := folder.apply(changes)
	var b strings.Builder
	for _, c := range done {
		verb := map[emit.State]string{emit.Missing: "wrote", emit.Changed: "wrote", emit.Stale: "deleted"}[c.State]
		fmt.Fprintf(&b, "%s %s\n", verb, diag.Printable(a.shown(w, folder.name(c.Path))))
	}
	if err == nil && len(done) == 0 {
		fmt.Fprintf(&b, "%s as they should be: nothing to write\n", plural(len(changes), "file"))
	}
	_, printErr := io.WriteString(a.Stdout, b.String())
	return errors.Join(err, printErr)
}

// drift adds to a verdict what is wrong with the generated files, in projects that have any.
func (a *app) drift(v *verdict) error {
	if len(v.registry.Problems) > 0 {
		return nil // what could be read in part only makes nothing
	}
	folder, err := a.outFolder(v.workspace, generateOptions{check: true})
	if err != nil {
		return err
	}
	defer folder.root.Close()
	if _, err := fs.Stat(folder.fsys, "."); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	changes, err := a.compare(v, folder, nil)
	if err != nil && diag.Count(0, v.diagnostics).Errors > 0 {
		return nil // the findings say why
	}
	if err != nil {
		return err
	}
	if slices.ContainsFunc(changes, func(c emit.Change) bool { return c.State != emit.Missing && c.State != emit.Own }) {
		v.diagnostics = append(v.diagnostics, emit.Drift(changes, folder.shown)...)
		diag.Sort(v.diagnostics)
	}
	return nil
}
