// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"errors"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/lsp"
)

func (a *app) lsp() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "lsp",
		GroupID: "more",
		Short:   "Speak with an editor: findings as you type, help, completion, fixes",
		Long: `Speak the Language Server Protocol on standard input and output. An editor starts
it; docs/editors.md says how, for VS Code, Neovim and Emacs. Without an editor plugin,
` + "`pulpmetrics watch`" + ` lints as files change.`,
		Example: `  pulpmetrics lsp`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			version := ""
			if a.Build != nil {
				version = a.Build.Main.Version
			}
			s := &lsp.Server{Version: version, Now: a.Now, Find: a.find, Page: pageOf}
			orderly, err := s.Serve(cmd.Context(), stdio{a.Stdin, a.Stdout})
			if err == nil && !orderly {
				return refusal{lsp.ErrHungUp}
			}
			return err
		},
	}
	cmd.Flags().Bool("stdio", true, "speak on standard input and output, which it always does")
	_ = cmd.Flags().MarkHidden("stdio") // some editors insist on it
	return cmd
}

// find opens the project that a folder is in.
func (a *app) find(folder string) (fs.FS, string, error) {
	command := *a.Command
	command.Dir = folder
	w, err := (&app{Command: &command}).project()
	var none usageError
	if errors.As(err, &none) {
		return nil, "", nil
	}
	return w.fsys, w.root, err
}

// stdio is standard input and output as one stream.
type stdio struct {
	io.Reader
	io.Writer
}

// Close closes what can be closed, so that nobody goes on reading.
func (s stdio) Close() error {
	if c, ok := s.Reader.(io.Closer); ok {
		return c.Close()
	}
	return nil
}
