// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		GroupID: "more",
		Short:   "Print what is known of this program",
		Example: `  pulpmetrics version`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(a.Stdout, describeBuild(a.Build))
			return err
		},
	}
}

// describeBuild writes a build's version, commit and toolchain, a line each; what is not known
// is left out.
func describeBuild(b *debug.BuildInfo) string {
	var out strings.Builder
	version := "unknown"
	if b != nil && b.Main.Version != "" {
		version = b.Main.Version
	}
	fmt.Fprintf(&out, "pulpmetrics %s\n", version)
	if b == nil {
		return out.String()
	}
	settings := map[string]string{}
	for _, s := range b.Settings {
		settings[s.Key] = s.Value
	}
	if commit := settings["vcs.revision"]; commit != "" {
		changed := ""
		if settings["vcs.modified"] == "true" {
			changed = ", with changes"
		}
		fmt.Fprintf(&out, "commit      %s of %s%s\n", commit, settings["vcs.time"], changed)
	}
	fmt.Fprintf(&out, "built with  %s for %s/%s\n", b.GoVersion, runtime.GOOS, runtime.GOARCH)
	return out.String()
}
