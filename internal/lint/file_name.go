// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"path"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var fileName = Rule{Name: "file-name", Severity: diag.Error, Proposal: func(p *Pass) {
	id := p.Proposal.ID
	if name := strings.TrimSuffix(path.Base(p.file), ".yaml"); id.Set() && id.V != name {
		p.ReportFix(write(id.Span, name), id.Span, "rename the file to "+id.V+".yaml, or correct the id; an id that was ever merged stays", "the id is `%s` and the file is called `%s`", id.V, path.Base(p.file))
	}
}}
