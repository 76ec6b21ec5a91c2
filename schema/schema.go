// SPDX-License-Identifier: GPL-2.0-or-later

// Package schema holds the JSON Schemas of a proposal and of pulpmetrics.yaml. Editors read the
// same files: every key has a title, a description and, where it helps, an example.
package schema

import _ "embed"

// Proposal is the JSON Schema (draft-07) of a file in proposals/.
//
//go:embed proposal.schema.json
var Proposal []byte

// Project is the JSON Schema (draft-07) of pulpmetrics.yaml.
//
//go:embed project.schema.json
var Project []byte
