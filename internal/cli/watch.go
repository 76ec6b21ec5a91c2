// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
)

func (a *app) watch() *cobra.Command {
	return &cobra.Command{
		Use:     "watch [PATH...]",
		GroupID: "use",
		Short:   "Lint again whenever a file changes, for editors without a plugin",
		Long: `Lint the project, or what PATHs name, and again whenever a proposal or
pulpmetrics.yaml changes, until it is interrupted. Editors that speak the Language
Server Protocol show the same beside the text: see ` + "`pulpmetrics lsp --help`" + `.`,
		Example: `  pulpmetrics watch
  pulpmetrics watch proposals/task_queue.yaml`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"yaml"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(cmd *cobra.Command, paths []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt)
			defer stop()
			return a.watchProject(ctx, paths)
		},
	}
}

// settle is how long nothing has to change before it is linted: editors write a file in several
// steps.
const settleTime = 50 * time.Millisecond

func (a *app) watchProject(ctx context.Context, paths []string) error {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer watcher.Close()
	if err := a.lintAgain(watcher, paths); err != nil {
		return err
	}
	var quiet <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-watcher.Errors:
			return err
		case event := <-watcher.Events:
			if watched(event) {
				quiet = time.After(settleTime)
			}
		case <-quiet:
			quiet = nil
			if err := a.lintAgain(watcher, paths); err != nil {
				return err
			}
		}
	}
}

// watched reports whether a change is one of what is linted.
func watched(event fsnotify.Event) bool {
	name := filepath.Base(event.Name)
	return event.Op != fsnotify.Chmod && !strings.HasPrefix(name, ".") && (strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml") || !strings.Contains(name, "."))
}

// lintAgain lints, and watches the folders that the project has by now. What it finds, and files that
// aren't there for a moment, don't end it.
func (a *app) lintAgain(watcher *fsnotify.Watcher, paths []string) error {
	if _, seen := terminal(a.Stdout); seen {
		fmt.Fprint(a.Stdout, "\x1b[H\x1b[2J\x1b[3J") // what was mended is gone
	}
	w, err := a.project()
	if err != nil {
		return err
	}
	if err := a.watchFolders(watcher, w); err != nil { // before it is read, so that no change is missed
		return err
	}
	err = a.runLint(lintOptions{format: formatText, severity: diag.Info.String()}, paths)
	var usage usageError
	var gone *fs.PathError
	switch {
	case errors.As(err, &usage):
		return err
	case err != nil && !errors.Is(err, errFindings) && (errors.As(err, &gone) || errors.Is(err, fs.ErrNotExist)):
		fmt.Fprintln(a.Stderr, diag.Printable("pulpmetrics: "+err.Error()))
	case err != nil && !errors.Is(err, errFindings):
		return err
	}
	_, err = fmt.Fprintf(a.Stdout, "%s  watching; interrupt to end\n\n", a.Now().Format(time.TimeOnly))
	return err
}

// watchFolders watches the project's folder, for pulpmetrics.yaml, and those of its proposals.
func (a *app) watchFolders(watcher *fsnotify.Watcher, w workspace) error {
	folders := []string{"."}
	if r, _ := w.load(); r != nil {
		for _, f := range r.Project.Proposals {
			folders = append(folders, path.Clean(f.V))
		}
	}
	for _, folder := range folders {
		full := filepath.Join(w.root, filepath.FromSlash(folder))
		if err := watcher.Add(full); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s can't be watched: %w", a.shown(w, folder), err)
		}
	}
	if len(folders) == 1 {
		fmt.Fprintf(a.Stderr, "pulpmetrics: %s names no folder of proposals that can be watched\n", proposal.ProjectFile)
	}
	return nil
}
