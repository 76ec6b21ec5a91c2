// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/draft"
	"github.com/pulp/pulpmetrics/internal/lint"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
)

// newOptions are the flags of new.
type newOptions struct {
	from       string
	folder     string
	acceptable bool
	asks       bool
	leaves     []string
	draft.Answers
}

func (a *app) newProposal() *cobra.Command {
	var o newOptions
	cmd := &cobra.Command{
		Use:     "new [ID]",
		GroupID: "use",
		Short:   "Write a new proposal: asks the questions, or takes the answers as flags",
		Long: `Write the file of a new proposal, a draft with the next free number. On a terminal
it asks the working group's questions one by one; otherwise the flags are the answers.
What isn't answered is left out, and listed. No file is ever overwritten.

With --from FILE the answers come from a proposal in the group's Markdown template:
each goes to its key, and what has no key is kept as a comment. Flags add to it.

A --leaf is one value of a report, as keys and values of YAML: its name, its domain
(min and max, values, format or pattern, or type: bool), unit and window where it is a
quantity, a description, an example, and how to summarize it (mean, or systems by
value: systems, log2, xy). Leave the name out where it is the only one.`,
		Example: `  pulpmetrics new
  pulpmetrics new --from old-proposal.md
  pulpmetrics new task_queue --title "Tasks that wait" \
    --question "Do installations have enough workers for their tasks?" \
    --leaf 'name: waiting, min: 0, max: 1000000, unit: "{task}", window: now,
            description: Tasks that wait, example: 3, summarize: mean' \
    --leaf 'name: running, min: 0, max: 100000, unit: "{task}", window: now,
            description: Tasks that run, example: 2, summarize: mean'`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.ID = args[0]
			}
			if cmd.Flags().Changed("acceptable") {
				o.Acceptable = &o.acceptable
			}
			return a.writeNew(o)
		},
	}
	newFlags(cmd, &o)
	return cmd
}

func newFlags(cmd *cobra.Command, o *newOptions) {
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.from, "from", "", "take the answers from this Markdown `FILE`")
	flags.BoolVar(&o.asks, "ask", true, "ask on a terminal what the flags leave open")
	flags.StringVar(&o.Title, "title", "", "what it is, in a few words")
	flags.StringVar(&o.Question, "question", "", "what question will this help us answer?")
	flags.StringVar(&o.Namespace, "namespace", "", "`NAME` of the plugin; core, if left out")
	flags.StringArrayVar(&o.Authors, "author", nil, "forge `HANDLE` of an author; can be given more than once")
	flags.StringArrayVar(&o.Links, "link", nil, "`URL` of where it was discussed; can be given more than once")
	flags.StringArrayVar(&o.leaves, "leaf", nil, "one value of a report, as `YAML`; can be given more than once")
	flags.StringVar(&o.Message, "message", "", "`NAME` of the message; made from the id, if left out")
	flags.Int64Var(&o.MaxItems, "max-items", 0, "a report holds a list of at most `N` of them")
	flags.StringArrayVar(&o.Key, "key", nil, "`LEAF` that tells the items of the list apart; can be given more than once")
	flags.StringVar(&o.Example, "example", "", "where the example comes from")
	flags.StringVar(&o.Gathered, "gathered", "", "runtime or database")
	flags.StringVar(&o.Storage, "storage", "", "how will it be stored in the database or gathered at runtime?")
	flags.BoolVar(&o.acceptable, "acceptable", false, "the burden on Pulp is acceptable")
	flags.StringVar(&o.Load, "load", "", "will gathering or storing it be an unacceptable burden on Pulp?")
	flags.StringVar(&o.Class, "pii-class", "", "none, sanitized, pseudonymous or personal")
	flags.StringVar(&o.SinglesOut, "singles-out", "", "none, in_combination or alone")
	flags.StringVar(&o.PII, "pii", "", "is this metric Personally-Identifiable-Data?")
	flags.StringVar(&o.Sanitization, "sanitization", "", "how is it sanitized?")
	flags.StringArrayVar(&o.Since, "since", nil, "`RELEASE` that begins to send it; can be given more than once")
	flags.StringVar(&o.folder, "folder", "", "write into this `FOLDER` of proposals")
	choose := func(flag string, words ...string) {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
	}
	choose("gathered", "runtime", "database")
	choose("pii-class", "none", "sanitized", "pseudonymous", "personal")
	choose("singles-out", "none", "in_combination", "alone")
}

// birth is a proposal before it is written.
type birth struct {
	workspace
	registry *registry.Registry
	parser   *proposal.Parser
	answers  draft.Answers
	notes    []string
	file     string // from the project's folder
	data     []byte
}

func (a *app) writeNew(o newOptions) error {
	b, err := a.conceive(&o)
	if err != nil {
		return err
	}
	if o.asks && a.interactive() {
		if err := a.askAll(b); err != nil {
			return err
		}
	}
	if err := a.settle(b, &o); err != nil {
		return err
	}
	if err := createFile(b.root, b.file, b.data); errors.Is(err, fs.ErrExist) {
		return usagef("%s is there already, and is never overwritten: choose another id", a.shown(b.workspace, b.file))
	} else if err != nil {
		return err
	}
	return a.tellNew(b)
}

// conceive reads the project, and the answers that were given.
func (a *app) conceive(o *newOptions) (*birth, error) {
	w, err := a.project()
	if err != nil {
		return nil, err
	}
	r, err := w.load()
	if r == nil || err != nil {
		return nil, err
	}
	parser, err := proposal.NewParser()
	if err != nil {
		return nil, err
	}
	b := &birth{workspace: w, registry: r, parser: parser}
	if o.from != "" {
		data, err := a.readImported(o.from)
		if err != nil {
			return nil, err
		}
		if len(data) > source.MaxBytes {
			return nil, usagef("%s is larger than %d KiB: a proposal is a few kilobytes of text", o.from, source.MaxBytes>>10)
		}
		answers, notes := draft.Markdown(data)
		b.answers, b.notes = *answers, notes
	}
	b.add(o)
	for _, text := range o.leaves {
		leaf, err := draft.ParseLeaf(text)
		if err != nil {
			return nil, usagef("--leaf %q: %v", text, err)
		}
		b.answers.Leaves = append(b.answers.Leaves, leaf)
	}
	return b, b.checkChoices()
}

// add puts flags over what a file says.
func (b *birth) add(o *newOptions) {
	to, from := &b.answers, &o.Answers
	for _, pair := range [][2]*string{
		{&to.ID, &from.ID}, {&to.Title, &from.Title}, {&to.Namespace, &from.Namespace}, {&to.Question, &from.Question}, {&to.Example, &from.Example},
		{&to.Gathered, &from.Gathered}, {&to.Storage, &from.Storage}, {&to.Load, &from.Load}, {&to.Class, &from.Class}, {&to.SinglesOut, &from.SinglesOut},
		{&to.PII, &from.PII}, {&to.Sanitization, &from.Sanitization}, {&to.Message, &from.Message},
	} {
		*pair[0] = cmp.Or(*pair[1], *pair[0])
	}
	for _, pair := range [][2]*[]string{{&to.Authors, &from.Authors}, {&to.Links, &from.Links}, {&to.Since, &from.Since}, {&to.Key, &from.Key}} {
		if len(*pair[1]) > 0 {
			*pair[0] = *pair[1]
		}
	}
	to.MaxItems = from.MaxItems
	if from.Acceptable != nil {
		to.Acceptable = from.Acceptable
	}
}

// checkChoices refuses what isn't one of the words that can be chosen.
func (b *birth) checkChoices() error {
	names := make([]string, 0, len(b.registry.Project.Namespaces))
	for _, n := range b.registry.Project.Namespaces {
		names = append(names, n.Key.V)
	}
	for _, c := range []struct {
		flag, given string
		words       []string
	}{
		{"--namespace", b.answers.Namespace, names},
		{"--gathered", b.answers.Gathered, []string{"runtime", "database"}},
		{"--pii-class", b.answers.Class, []string{"none", "sanitized", "pseudonymous", "personal"}},
		{"--singles-out", b.answers.SinglesOut, []string{"none", "in_combination", "alone"}},
	} {
		if c.given != "" && !contains(c.words, c.given) {
			return usagef("%s is %q: %s", c.flag, c.given, cmp.Or(proposal.Suggest(c.given, c.words, "use one of "), "the project has none"))
		}
	}
	return nil
}

func contains(words []string, word string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}

// settle works out what the answers leave open: the id, the number, the file.
func (a *app) settle(b *birth, o *newOptions) error {
	q := &b.answers
	if o.from == "" && (q.Title == "" || q.Question == "") {
		return usagef("say what it is and what it is for with --title and --question, or read both with --from FILE; on a terminal, `pulpmetrics new` asks")
	}
	if q.ID == "" {
		q.ID = draft.IDFrom(q.Title)
	}
	if why := b.refuseID(q.ID); why != "" {
		return usagef("%s", why)
	}
	number, ok := b.registry.NextNumber(cmp.Or(q.Namespace, proposal.CoreNamespace))
	if !ok {
		return usagef("namespace %s has no number left: give it a larger range in %s", cmp.Or(q.Namespace, proposal.CoreNamespace), proposal.ProjectFile)
	}
	q.Number = number
	folder, err := a.newFolder(b, o.folder)
	if err != nil {
		return err
	}
	b.file = path.Join(folder, q.ID+".yaml")
	b.data = q.YAML(b.schemaFrom(filepath.Join(b.root, filepath.FromSlash(folder))))
	return nil
}

// refuseID says why a text can't be the id of a new metric; "" if it can.
func (b *birth) refuseID(id string) string {
	switch other := b.registry.Metric(id); {
	case id == "":
		return "name the new metric: `pulpmetrics new ID`"
	case other != nil:
		return fmt.Sprintf("there is a metric `%s` already, in %s: choose another id; ids are for ever", id, other.Path)
	case !lint.IsName(id):
		help := "use lower-case words of letters and digits with single underscores between them"
		if better := draft.IDFrom(id); better != "" && better != id {
			help += ", such as " + better
		}
		return fmt.Sprintf("%q can't be the id of a metric: %s", id, help)
	}
	return ""
}

// newFolder is where the proposals of the namespace are kept.
func (a *app) newFolder(b *birth, asked string) (string, error) {
	var folders []string
	for _, f := range b.registry.Project.Proposals {
		folders = append(folders, path.Clean(f.V))
	}
	if len(folders) == 0 {
		return "", usagef("%s names no folder under `proposals`: add one, and make it", proposal.ProjectFile)
	}
	if asked != "" {
		rel, _ := relative(b.root, a.abs(asked))
		if !contains(folders, rel) {
			return "", usagef("--folder %s is none of the project's folders of proposals: %s", asked, strings.Join(folders, ", "))
		}
		return rel, nil
	}
	for _, p := range b.registry.Proposals {
		if dir := path.Dir(p.Path); b.answers.Namespace != "" && p.NamespaceName() == b.answers.Namespace && contains(folders, dir) {
			return dir, nil
		}
	}
	return folders[0], nil
}

// createFile writes a file of the project that isn't there yet, all of it or nothing.
func createFile(dir, name string, data []byte) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		err = errors.Join(err, root.Remove(name))
	}
	return err
}

// tellNew says what was written, and what is left to answer.
func (a *app) tellNew(b *birth) error {
	r := b.registry.With(b.parser, map[string][]byte{b.file: b.data})
	shown := diag.Printable(a.shown(b.workspace, b.file))
	width := a.width(a.Stdout)
	var out strings.Builder
	fmt.Fprintf(&out, "wrote %s: a draft", shown)
	if len(b.answers.Leaves) > 0 {
		fmt.Fprintf(&out, " with the number %d", b.answers.Number)
	}
	out.WriteString("\n")
	for _, note := range b.notes {
		writeWrapped(&out, "  note: ", diag.Printable(note), width)
	}
	mistakes := lint.File(r, a.Now(), b.file)
	if len(mistakes) > 0 {
		out.WriteString("\nto mend, before it can be merged as a draft:\n")
	}
	for _, d := range mistakes {
		head := "  "
		if !d.Span.IsZero() {
			head = fmt.Sprintf("  line %d: ", d.Span.Start.Line)
		}
		writeWrapped(&out, head, diag.Printable(d.Message+"; "+d.Help), width)
	}
	owed := lint.OwedBy(r, r.Metric(b.answers.ID))
	if len(owed) > 0 {
		out.WriteString("\nto answer, before it can be proposed:\n")
	}
	for _, o := range owed {
		writeWrapped(&out, fmt.Sprintf("  %-*s  ", len("visualization"), o.Key), o.Question, width)
	}
	next := "`pulpmetrics lint " + shown + "` checks it, `pulpmetrics show " + b.answers.ID + "` shows it as others will read it, and `pulpmetrics propose " + b.answers.ID + "` puts it before the working group."
	out.WriteString("\n")
	writeWrapped(&out, "", next, min(width, pipeWidth))
	_, err := io.WriteString(a.Stdout, out.String())
	return err
}
