// SPDX-License-Identifier: GPL-2.0-or-later

// Pulpmetrics carries a metric from a question to a graph. Run it with --help.
package main

import (
	"fmt"
	"os"
	"runtime/debug"

	"github.com/pulp/pulpmetrics"
	"github.com/pulp/pulpmetrics/internal/cli"
)

// A run is short and its memory is mostly what it keeps: collecting late saves a third of the time
// over many proposals, and the limit makes the collector frequent again before that costs much.
const (
	gcPercent   = 400
	memoryLimit = 340 << 20
)

func main() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(gcPercent)
		debug.SetMemoryLimit(memoryLimit)
	}
	cmd, err := cli.Default(pulpmetrics.Registry)
	if err != nil {
		fmt.Fprintln(os.Stderr, "pulpmetrics:", err)
		os.Exit(cli.ExitMachine)
	}
	os.Exit(cmd.Main(os.Args[1:]))
}
