// SPDX-License-Identifier: GPL-2.0-or-later

// Package cli is the command line: one file for each command. In flow arguments, streams, a
// clock and an environment; out come text on the streams and an exit status. Nothing below it
// reads the clock, the environment or the working directory by itself.
//
// Rules of the interface:
//
//   - Results go to standard output, and everything about the run to standard error.
//   - Exit status 0 is clean, 1 findings, 2 a command that can't be understood, 3 a machine that
//     failed. With 3, the findings that could be made are printed all the same.
//   - Paths are relative to the folder of the reader, or that of -C.
//   - Colour is for terminals only; NO_COLOR and --color are honoured.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
)

// Exit proposal.Statuses().
const (
	ExitClean    = 0
	ExitFindings = 1
	ExitUsage    = 2
	ExitMachine  = 3
)

// Command is the program with everything it takes from its surroundings.
type Command struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Dir            string                          // working directory
	LookupEnv      func(key string) (string, bool) // environment
	Now            func() time.Time                // clock
	Embedded       fs.FS                           // the registry that the program was built with
	Build          *debug.BuildInfo                // nil where it is not known
}

// Default returns the program as the operating system starts it.
func Default(embedded fs.FS) (*Command, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	build, _ := debug.ReadBuildInfo()
	return &Command{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Dir: dir, LookupEnv: os.LookupEnv, Now: time.Now, Embedded: embedded, Build: build,
	}, nil
}

// app is one run of the program: the command and its persistent flags.
type app struct {
	*Command
	color   string
	chdir   string
	now     string
	command string // that runs
	started bool   // flags and arguments were understood
}

// errFindings ends a run that found something: everything has been said already.
var errFindings = errors.New("findings")

// usageError is a mistake in the arguments that only a command itself can see.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// Main runs the program with its arguments (without its name) and returns the exit status.
func (c *Command) Main(args []string) int {
	a := &app{Command: c}
	root := a.root()
	root.SetArgs(args)
	ran, err := root.ExecuteContextC(context.Background())
	return a.exit(ran, err)
}

func (a *app) exit(ran *cobra.Command, err error) int {
	var usage usageError
	var refused refusal
	switch {
	case err == nil:
		return ExitClean
	case errors.Is(err, errFindings):
		return ExitFindings
	case !a.started || errors.As(err, &usage):
		fmt.Fprintln(a.Stderr, diag.Printable("pulpmetrics: "+foldLines(err.Error())))
		fmt.Fprintf(a.Stderr, "run `%s --help` for how it is used\n", ran.CommandPath())
		return ExitUsage
	}
	for _, e := range joined(err) {
		fmt.Fprintln(a.Stderr, diag.Printable("pulpmetrics: "+e.Error()))
	}
	if errors.As(err, &refused) {
		return ExitFindings
	}
	return ExitMachine
}

// joined takes apart what errors.Join put together: names of files may hold line breaks, so the
// text can't be split.
func joined(err error) []error {
	list, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var all []error
	for _, e := range list.Unwrap() {
		all = append(all, joined(e)...)
	}
	return all
}

// foldLines puts what cobra writes over several lines, such as its suggestions, into one.
func foldLines(message string) string {
	message = strings.ReplaceAll(strings.TrimSpace(message), "\n\nDid you mean this?\n\t", "; did you mean ")
	return strings.ReplaceAll(message, "\n\t", " or ")
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "pulpmetrics",
		Short: "Govern what software reports about its users, from a question to a graph",
		Long: `pulpmetrics keeps every metric that Pulp reports in one YAML file: a proposal
that answers the working group's checklist. It checks proposals, explains what is
wrong with them, and shows what is collected and why.

A project is a folder with a pulpmetrics.yaml; it is looked for upwards from here.
Commands that only show what is collected work anywhere: without a project they
show the registry that the program was built with.

Exit status: 0 clean, 1 findings, 2 wrong usage, 3 the machine failed.`,
		Example: `  pulpmetrics check                  check every proposal of this project
  pulpmetrics list                   what is collected, proposed and drafted
  pulpmetrics show components        one metric, its answers in checklist order
  pulpmetrics explain closed-domain  why a rule exists, and how to keep it`,
		Version:       describeBuild(a.Build),
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			a.command = cmd.Name()
			return a.start()
		},
	}
	root.SetIn(a.Stdin)
	root.SetOut(a.Stdout)
	root.SetErr(a.Stderr)
	root.SetVersionTemplate("{{.Version}}")
	flags := root.PersistentFlags()
	flags.StringVarP(&a.chdir, "directory", "C", "", "run as if started in `DIR`")
	flags.StringVar(&a.color, "color", "auto", "when to use colour: `auto`, always or never")
	flags.StringVar(&a.now, "now", "", "take this `TIME` (RFC 3339) for the present")
	flags.SortFlags = false
	root.AddGroup(&cobra.Group{ID: "use", Title: "Commands:"}, &cobra.Group{ID: "run", Title: "Reports:"}, &cobra.Group{ID: "govern", Title: "Decisions:"}, &cobra.Group{ID: "more", Title: "More:"})
	root.SetHelpCommandGroupID("more")
	root.SetCompletionCommandGroupID("more")
	root.AddCommand(a.newProposal(), a.renumber(), a.check(), a.lint(), a.watch(), a.diff(), a.generate(), a.explain(), a.list(), a.show(), a.seal(), a.verify(), a.scan(), a.pii(), a.importProto(), a.lsp(), a.version())
	root.SetHelpFunc(a.help)
	root.AddCommand(a.serve(), a.audit(), a.forget())
	root.AddCommand(a.propose(), a.decide(), a.amend(), a.suspend(), a.withdraw(), a.sign(), a.history(), a.agenda())
	root.AddCommand(a.importReports(), a.summarize(), a.export(), a.expire(), a.database())
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "completion": // the library takes an unknown shell for a call for help
			cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		case "help": // and is content with a command that isn't there
			cmd.Args = knownCommand
		}
	}
	return root
}

func knownCommand(cmd *cobra.Command, args []string) error {
	_, rest, err := cmd.Root().Find(args)
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("there is no command %q", strings.Join(args, " "))
	}
	return err
}

// start applies the persistent flags.
func (a *app) start() error {
	switch a.color {
	case "auto", "always", "never":
	default:
		return fmt.Errorf("--color is %q: use auto, always or never", a.color)
	}
	if a.now != "" {
		now, err := time.Parse(time.RFC3339, a.now)
		if err != nil {
			return fmt.Errorf("--now is %q: use a time such as 2026-11-23T12:00:00Z", a.now)
		}
		a.Command = withClock(a.Command, now)
	}
	a.started = true
	if a.chdir != "" {
		return a.enter(a.chdir)
	}
	return nil
}

func withClock(c *Command, now time.Time) *Command {
	clone := *c
	clone.Now = func() time.Time { return now }
	return &clone
}

// today is the present day in UTC, YYYY-MM-DD.
func (a *app) today() string { return a.Now().UTC().Format(time.DateOnly) }
