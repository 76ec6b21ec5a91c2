// SPDX-License-Identifier: GPL-2.0-or-later

// Package templates holds the texts that are filled from the registry, one folder for each kind
// of output.
package templates

import "embed"

// FS holds the templates as FOLDER/NAME.tmpl.
//
//go:embed */*.tmpl
var FS embed.FS
