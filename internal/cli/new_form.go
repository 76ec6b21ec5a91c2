// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/charmbracelet/huh"
	"golang.org/x/term"

	"github.com/pulp/pulpmetrics/internal/draft"
	"github.com/pulp/pulpmetrics/internal/lint"
)

// interactive reports whether somebody can be asked.
func (a *app) interactive() bool {
	in, ok := a.Stdin.(*os.File)
	_, seen := terminal(a.Stdout)
	return ok && seen && term.IsTerminal(int(in.Fd()))
}

// form asks one question after the other. Where the terminal can't be drawn on, or ACCESSIBLE is set,
// it asks line by line, for those who listen to their terminal.
func (a *app) form(groups ...*huh.Group) error {
	dumb, _ := a.LookupEnv("TERM")
	spoken, _ := a.LookupEnv("ACCESSIBLE")
	theme := huh.ThemeBase()
	if a.colored(a.Stdout) {
		theme = huh.ThemeBase16()
	}
	f := huh.NewForm(groups...).WithInput(a.Stdin).WithOutput(a.Stdout).WithTheme(theme).
		WithWidth(min(a.width(a.Stdout), answerColumns)).WithAccessible(dumb == "dumb" || spoken != "")
	err := f.Run()
	if errors.Is(err, huh.ErrUserAborted) {
		return refusef("nothing was written")
	}
	return err
}

const answerColumns = 90

// later is said of every question that can be left open.
const later = " Leave it empty to answer later."

// askAll asks what the flags leave open.
func (a *app) askAll(b *birth) error {
	q := &b.answers
	var first []huh.Field
	if q.Title == "" {
		first = append(first, line("What is the metric, in a few words?", "Such as: worker processes that are online.", &q.Title, answered(true)))
	}
	if q.Question == "" {
		first = append(first, text("What question will this help us answer?", "One or two questions that somebody acts upon when they are answered.", &q.Question, answered(true)))
	}
	if err := a.ask(first); err != nil {
		return err
	}
	if q.ID == "" {
		q.ID = draft.IDFrom(q.Title)
		if b.refuseID(q.ID) != "" {
			q.ID = ""
		}
		id := line("What is it called?", "The name of the file and of the proto field, for ever: lower-case words with underscores.", &q.ID, func(s string) error { return said(b.refuseID(s)) })
		if err := a.ask([]huh.Field{id}); err != nil {
			return err
		}
	}
	if len(q.Leaves) == 0 {
		if err := a.askLeaves(b); err != nil {
			return err
		}
	}
	err := a.ask(openQuestions(q))
	none := func(text string) bool { return text == "" }
	q.Since, q.Authors = slices.DeleteFunc(q.Since, none), slices.DeleteFunc(q.Authors, none)
	return err
}

func (a *app) ask(fields []huh.Field) error {
	for _, f := range fields {
		if err := a.form(huh.NewGroup(f)); err != nil {
			return err
		}
	}
	return nil
}

// said makes an error of a complaint; nil of none.
func said(why string) error {
	if why == "" {
		return nil
	}
	return errors.New(why)
}

// answered refuses what is no answer; an empty one too where there has to be one.
func answered(must bool) func(string) error {
	return func(s string) error {
		if strings.TrimSpace(s) == "" {
			if must {
				return errors.New("there has to be an answer")
			}
			return nil
		}
		return said(lint.Evades(s))
	}
}

func line(title, help string, into *string, check func(string) error) huh.Field {
	return huh.NewInput().Title(title).Description(help).Value(into).Validate(check)
}

func text(title, help string, into *string, check func(string) error) huh.Field {
	return huh.NewText().Title(title).Description(help).Value(into).Validate(check).Lines(4)
}

func choice(title, help string, into *string, options ...huh.Option[string]) huh.Field {
	return huh.NewSelect[string]().Title(title).Description(help).Options(options...).Value(into)
}

var (
	releaseForm = regexp.MustCompile(`^[0-9]+\.[0-9]+(\.[0-9]+)?$`)
	handleForm  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*$`)
)

// openQuestions are those of the checklist that aren't answered yet.
func openQuestions(q *draft.Answers) []huh.Field {
	var fields []huh.Field
	open := func(is *string, f func() huh.Field) {
		if *is == "" { // asked before the field is made: a choice chooses its first option
			fields = append(fields, f())
		}
	}
	words := func(is *string, title, help string) {
		open(is, func() huh.Field { return text(title, help+later, is, answered(false)) })
	}
	choices := func(is *string, title string, options ...huh.Option[string]) {
		open(is, func() huh.Field {
			return choice(title, "", is, append(options, huh.NewOption("I say it later", ""))...)
		})
	}
	choices(&q.Gathered, "How will it be stored in the database or gathered at runtime?",
		huh.NewOption("gathered at runtime, when the report is made", "runtime"), huh.NewOption("kept in Pulp's database until then", "database"))
	words(&q.Storage, "Where does it come from?", "Where the numbers are read, and what is stored.")
	if q.Acceptable == nil {
		q.Acceptable = new(bool)
		fields = append(fields, huh.NewConfirm().Title("Is the burden on Pulp acceptable?").Description("Of gathering and of storing it.").Value(q.Acceptable))
	}
	words(&q.Load, "Will gathering or storing it be an unacceptable burden on Pulp?", "What is read or queried, how often, and how long that takes.")
	choices(&q.Class, "Is this metric Personally-Identifiable-Data?",
		huh.NewOption("none: it never was", "none"), huh.NewOption("sanitized: what could be is taken out", "sanitized"),
		huh.NewOption("pseudonymous: it tells installations apart, not people", "pseudonymous"), huh.NewOption("personal: it can never be approved", "personal"))
	choices(&q.SinglesOut, "Could it tell one installation apart?",
		huh.NewOption("no", "none"), huh.NewOption("together with other values", "in_combination"), huh.NewOption("alone", "alone"))
	words(&q.PII, "Why?", "What it says about a person, or an installation.")
	words(&q.Sanitization, "How is it sanitized?", "What is taken out, and where.")
	words(&q.Example, "Where does the example come from?", "Such as: from the list that the status API shows, counted.")
	if len(q.Since) == 0 {
		q.Since = []string{""}
		fields = append(fields, line("What pulpcore version will this be collected with?", "Such as 3.120."+later, &q.Since[0], matches(releaseForm, "write a release, such as 3.120")))
	}
	if len(q.Authors) == 0 {
		q.Authors = []string{""}
		fields = append(fields, line("Who proposes it?", "Your handle at the forge."+later, &q.Authors[0], matches(handleForm, "write a handle, such as ggainey")))
	}
	return fields
}

// matches refuses what doesn't have a form; nothing at all is left open.
func matches(form *regexp.Regexp, help string) func(string) error {
	return func(s string) error {
		if s == "" || form.MatchString(s) {
			return nil
		}
		return errors.New(help)
	}
}

// Kinds of values that the form knows.
const (
	kindCount   = "count"
	kindBool    = "bool"
	kindWords   = "words"
	kindVersion = "version"
	kindDone    = "done"
)

// askLeaves asks what one report says, value by value.
func (a *app) askLeaves(b *birth) error {
	for n := 1; ; n++ {
		kind := kindCount
		title := "What does a report say? Choose the kind of its first value."
		if n > 1 {
			title = "Is there another value?"
		}
		err := a.form(huh.NewGroup(choice(title, "What is sent has a closed domain: nobody can send anything else.", &kind,
			huh.NewOption("a number", kindCount), huh.NewOption("yes or no", kindBool), huh.NewOption("one of a few words", kindWords),
			huh.NewOption("a version", kindVersion), huh.NewOption(map[bool]string{true: "nothing yet: I say it later", false: "no, that is all"}[n == 1], kindDone))))
		if err != nil || kind == kindDone {
			return err
		}
		if err := a.askLeaf(b, kind, n); err != nil {
			return err
		}
	}
}

// reply is what was said of one value.
type reply struct {
	name, description, low, high, unit, window, words, example, sum string
}

func (a *app) askLeaf(b *birth, kind string, n int) error {
	r := reply{low: "0", window: "now", sum: draft.ByValue}
	taken := map[string]bool{}
	for _, l := range b.answers.Leaves {
		taken[l.Name()] = true
	}
	name := func(s string) error {
		switch {
		case taken[s]:
			return errors.New("there is a value of that name already")
		case !lint.IsName(s):
			return errors.New("use lower-case words with underscores between them")
		}
		return nil
	}
	if n == 1 {
		r.name = "value"
	}
	fields := []huh.Field{
		line("What is the value called?", "Lower-case words with underscores, such as processes.", &r.name, name),
		line("What is it?", "In one sentence.", &r.description, answered(true)),
	}
	for _, err := range []error{a.ask(fields), a.askDomain(kind, &r)} {
		if err != nil {
			return err
		}
	}
	leaf, err := draft.ParseLeaf(r.yaml(kind))
	if err != nil {
		return err
	}
	b.answers.Leaves = append(b.answers.Leaves, leaf)
	return nil
}

var wholeForm = regexp.MustCompile(`^(0|[1-9][0-9]{0,17})$`)

// askDomain asks which values there can be, and how they are summarized.
func (a *app) askDomain(kind string, r *reply) error {
	whole := matches(wholeForm, "write a whole number")
	must := func(check func(string) error) func(string) error {
		return func(s string) error {
			if s == "" {
				return errors.New("there has to be an answer")
			}
			return check(s)
		}
	}
	var fields []huh.Field
	switch kind {
	case kindCount:
		r.sum = draft.Mean
		fields = []huh.Field{
			line("What is the smallest it can be?", "", &r.low, must(whole)),
			line("What is the largest it can be?", "A report with more is not stored. Choose it far above what you expect.", &r.high, must(whole)),
			line("What is counted?", "One of it, as in process or By (bytes).", &r.unit, must(matches(regexp.MustCompile(`^[A-Za-z%]+$`), "write one word"))),
			line("Over which time?", "now, or the last hours or days: 24h, 7d.", &r.window, must(matches(regexp.MustCompile(`^(now|[1-9][0-9]*(m|h|d))$`), "write now, or a time such as 24h"))),
			line("What is an example?", "", &r.example, must(whole)),
			choice("How is it summarized?", "", &r.sum, huh.NewOption("the mean over all systems", draft.Mean), huh.NewOption("how many systems have each value", draft.ByValue),
				huh.NewOption("how many systems have each power of two", draft.ByLog2), huh.NewOption("I say it later", "none")),
		}
	case kindBool:
		r.example = "true"
		fields = []huh.Field{choice("How is it summarized?", "", &r.sum, huh.NewOption("how many systems have each value", draft.ByValue), huh.NewOption("I say it later", "none"))}
	case kindVersion:
		r.sum = draft.ByXY
		fields = []huh.Field{
			line("What is an example?", "Such as 3.21.0.", &r.example, must(matches(regexp.MustCompile(`^[0-9]+(\.[0-9]+)*$`), "write a version, such as 3.21.0"))),
			choice("How is it summarized?", "", &r.sum, huh.NewOption("how many systems have each X.Y", draft.ByXY), huh.NewOption("how many systems have each version", draft.ByValue), huh.NewOption("I say it later", "none")),
		}
	case kindWords:
		fields = []huh.Field{
			line("Which words?", "All there can be, with commas between them: file, s3, azure.", &r.words, must(matches(regexp.MustCompile(`^[a-z0-9_-]+(, *[a-z0-9_-]+)*$`), "write lower-case words with commas between them"))),
			choice("How is it summarized?", "", &r.sum, huh.NewOption("how many systems have each", draft.ByValue), huh.NewOption("I say it later", "none")),
		}
	}
	return a.ask(fields)
}

// yaml is the reply as a leaf in YAML.
func (r *reply) yaml(kind string) string {
	quote := func(s string) string {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ").Replace(s) + `"`
	}
	parts := []string{"name: " + r.name}
	switch kind {
	case kindCount:
		unit := r.unit
		if unit != "By" && unit != "s" && unit != "%" {
			unit = "{" + unit + "}"
		}
		parts = append(parts, "min: "+r.low, "max: "+r.high, "unit: "+quote(unit), "window: "+r.window)
	case kindBool:
		parts = append(parts, "type: bool")
	case kindVersion:
		parts = append(parts, "format: version")
		r.example = quote(r.example)
	case kindWords:
		var words []string
		for word := range strings.SplitSeq(r.words, ",") {
			words = append(words, quote(strings.TrimSpace(word)))
		}
		parts = append(parts, "values: ["+strings.Join(words, ", ")+"]")
		r.example = words[0]
	}
	parts = append(parts, "description: "+quote(r.description), "example: "+r.example, "summarize: "+r.sum)
	return fmt.Sprintf("{%s}", strings.Join(parts, ", "))
}
