// SPDX-License-Identifier: GPL-2.0-or-later

// Package pulpmetrics holds the registry of Pulp as it was when the program was built: what is
// shown where there is no project.
package pulpmetrics

import "embed"

// Registry is a project's folder: pulpmetrics.yaml and proposals/.
//
//go:embed pulpmetrics.yaml proposals/*.yaml
var Registry embed.FS
