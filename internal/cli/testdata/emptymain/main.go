// SPDX-License-Identifier: GPL-2.0-or-later

// Emptymain links what the program links and does nothing: the least that any command can take.
package main

import (
	_ "github.com/pulp/pulpmetrics"
	_ "github.com/pulp/pulpmetrics/internal/cli"
)

func main() {}
