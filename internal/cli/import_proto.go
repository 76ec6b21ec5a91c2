// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/internal/wire"
)

func (a *app) importProto() *cobra.Command {
	var message, out string
	cmd := &cobra.Command{
		Use:     "import-proto FILE",
		GroupID: "more",
		Short:   "Draft a proposal for each field that a message already has",
		Long: `Read a .proto file and write one draft for each field of its message, with the
numbers that the wire already has. Comments become the question, where they ask one,
or descriptions. What nobody has answered yet is left out, and listed.

A file that is there is never overwritten: where a draft would differ from it, nothing
is written at all. What a proposal can't say (maps, oneofs, bytes, groups, messages
inside messages) is a finding; the rest is written all the same.

A .proto doesn't say which values there can be, so lint will ask each number and each
text for its domain. That is meant.`,
		Example: `  pulpmetrics import-proto analytics.proto
  pulpmetrics import-proto telemetry.proto --message Telemetry --out drafts`,
		Args: cobra.ExactArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"proto"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(_ *cobra.Command, args []string) error { return a.importFrom(args[0], message, out) },
	}
	cmd.Flags().StringVar(&message, "message", "", "read the message of this `NAME`; the project's, if left out, or the only one")
	cmd.Flags().StringVar(&out, "out", "", "write into `DIR`; the project's first folder of proposals, if left out")
	cmd.Flags().SortFlags = false
	return cmd
}

func (a *app) importFrom(file, message, out string) error {
	data, err := a.readImported(file)
	if err != nil {
		return err
	}
	usual, folder, err := a.importDefaults()
	if err != nil {
		return err
	}
	if out != "" {
		folder = a.abs(out)
	}
	if folder == "" {
		return usagef("there is no project here: name a folder with --out")
	}
	skeletons, problems, err := wire.Skeletons(file, data, message, usual)
	var bad *wire.ProtoError
	if errors.As(err, &bad) {
		problems = append(problems, source.Problem{Code: wire.CodeImport, Span: bad.Span, Message: bad.Message, Help: "nothing was written"})
	} else if err != nil {
		return err
	}
	w := a.projectOf(folder)
	drafts := draftsOf(skeletons, folder, w.schemaFrom(folder))
	found := append(importFindings(file, problems), a.clashes(drafts)...)
	if len(found) == len(problems) { // no file is in the way
		err = a.writeDrafts(drafts, a.nextStep(w, folder))
	} else {
		err = nil
	}
	concluded := a.concludeImport(file, data, found)
	if err != nil && errors.Is(concluded, errFindings) {
		return err // a machine that failed weighs more
	}
	return errors.Join(err, concluded)
}

// readImported reads a file that was named, as far as one may be long.
func (a *app) readImported(file string) ([]byte, error) {
	if info, err := os.Stat(a.abs(file)); err == nil && info.IsDir() {
		return nil, usagef("%s is a folder: name a .proto file", file)
	}
	data, err := a.readProto(file)
	var bad *fs.PathError
	if errors.As(err, &bad) {
		err = fmt.Errorf("%s: %w", file, bad.Err)
	}
	return data, err
}

// importDefaults returns the message and the folder of the project; both empty without one.
func (a *app) importDefaults() (message, folder string, err error) {
	w, err := a.project()
	var none usageError
	if errors.As(err, &none) {
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	r, err := w.load()
	if r == nil {
		return "", "", err
	}
	folder = w.root
	if len(r.Project.Proposals) > 0 {
		folder = filepath.Join(w.root, filepath.FromSlash(r.Project.Proposals[0].V))
	}
	return r.Project.Message.V, folder, nil
}

// skeletonFile is one file to write.
type skeletonFile struct {
	skeleton *proposal.Skeleton
	path     string
	data     []byte
	there    bool // the file is there, and is the same
}

func draftsOf(skeletons []proposal.Skeleton, folder, schema string) []skeletonFile {
	drafts := make([]skeletonFile, len(skeletons))
	for i := range skeletons {
		drafts[i] = skeletonFile{skeleton: &skeletons[i], path: filepath.Join(folder, skeletons[i].ID+".yaml"), data: skeletons[i].YAML(schema)}
	}
	return drafts
}

// projectOf opens the project that a folder is in; the zero workspace if it is in none.
func (a *app) projectOf(folder string) workspace {
	command := *a.Command
	command.Dir = folder
	there := app{Command: &command}
	w, err := there.project()
	if err != nil {
		return workspace{}
	}
	return w
}

// schemaFrom returns the way from a folder to the schema of proposals of its project; "" if there
// is none.
func (w workspace) schemaFrom(folder string) string {
	if w.root == "" {
		return ""
	}
	const name = "schema/proposal.schema.json"
	rel, err := filepath.Rel(folder, filepath.Join(w.root, filepath.FromSlash(name)))
	if _, missing := fs.Stat(w.fsys, name); missing != nil || err != nil {
		return ""
	}
	return filepath.ToSlash(rel)
}

// proposalFolders returns the folders that lint looks into.
func (w workspace) proposalFolders() []string {
	if w.root == "" {
		return nil
	}
	r, _ := w.load() // what can't be read is for lint to say
	if r == nil {
		return nil
	}
	var folders []string
	for _, p := range r.Project.Proposals {
		folders = append(folders, filepath.Join(w.root, filepath.FromSlash(p.V)))
	}
	return folders
}

// nextStep says how to go on with drafts in a folder: lint looks into a project's folders only.
func (a *app) nextStep(w workspace, folder string) string {
	const asks = "A .proto doesn't say which values there can be: lint asks for each domain (`pulpmetrics explain closed-domain`), and for every answer above."
	folders := w.proposalFolders()
	switch {
	case slices.Contains(folders, folder):
		return asks
	case len(folders) > 0:
		return asks + " It looks into " + diag.Printable(a.relative(folders[0])) + ": move the drafts there, and run `pulpmetrics lint`."
	}
	return asks + " Move the drafts into the folder of proposals of a project, which has a " + proposal.ProjectFile + ", and run `pulpmetrics lint` there."
}

func importFindings(file string, problems []source.Problem) []diag.Diagnostic {
	var found []diag.Diagnostic
	for _, p := range problems {
		found = append(found, diag.Diagnostic{File: file, Span: p.Span, Severity: diag.Error, Rule: p.Code, Message: p.Message, Help: p.Help})
	}
	return found
}

// clashes reports the files that are in the way of drafts, and marks the drafts that are written
// already.
func (a *app) clashes(drafts []skeletonFile) []diag.Diagnostic {
	var found []diag.Diagnostic
	for i := range drafts {
		d := &drafts[i]
		data, err := os.ReadFile(d.path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if d.there = err == nil && bytes.Equal(data, d.data); d.there {
			continue
		}
		found = append(found, diag.Diagnostic{File: a.relative(d.path), Severity: diag.Error, Rule: wire.CodeImport,
			Message: "the file is there already, and differs from the draft; nothing was written", Help: "write the drafts elsewhere with --out, or move the file away"})
	}
	return found
}

func (a *app) relative(path string) string { return a.shown(workspace{root: "/"}, path) }

// writeDrafts writes what isn't there, and says what is still to be answered, and how to go on.
func (a *app) writeDrafts(drafts []skeletonFile, next string) error {
	var b strings.Builder
	for i := range drafts {
		d := &drafts[i]
		if err := d.write(); err != nil {
			return errors.Join(a.tell(b.String()), err)
		}
		what := "written"
		if d.there {
			what = "there already, the same"
		}
		fmt.Fprintf(&b, "%s: %s\n", diag.Printable(a.relative(d.path)), what)
		writeWrapped(&b, "  still to answer: ", strings.Join(d.skeleton.Open(), ", "), a.width(a.Stdout))
	}
	if len(drafts) > 0 {
		b.WriteByte('\n')
		writeWrapped(&b, "", next, min(a.width(a.Stdout), pipeWidth))
		b.WriteByte('\n')
	}
	return a.tell(b.String())
}

func (a *app) tell(text string) error {
	_, err := io.WriteString(a.Stdout, text)
	return err
}

// write makes the file, unless it is there.
func (d *skeletonFile) write() error {
	if d.there {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(d.path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(d.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(d.data)
	return errors.Join(err, f.Close())
}

// concludeImport prints what no proposal can say.
func (a *app) concludeImport(file string, data []byte, found []diag.Diagnostic) error {
	style := diag.Style{Color: a.colored(a.Stdout), Width: a.width(a.Stdout), Read: func(name string) ([]byte, error) {
		if name != file {
			return nil, fs.ErrNotExist
		}
		return data, nil
	}}
	diag.Sort(found)
	if err := diag.Text(a.Stdout, found, style); err != nil {
		return err
	}
	if len(found) > 0 {
		return errFindings
	}
	return nil
}
