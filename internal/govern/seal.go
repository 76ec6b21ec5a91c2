// SPDX-License-Identifier: GPL-2.0-or-later

// Package govern is the life of proposals: decisions, seals and who may make them. In flow a
// registry and its history; out come verdicts that a machine can check years later, without a
// network.
package govern

import (
	_ "embed"
	"errors"
	"fmt"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// FormPage specifies the canonical form, with test vectors.
//
//go:embed canonical-form.md
var FormPage string

// Form returns the canonical forms of a proposal's file and its seal. The machine digests of the
// metrics in `from` are asked for by id. It is an error if the file can't be read, or one of them
// has no digest.
func Form(file []byte, machine func(id string) (string, bool)) (proposal.Canonical, proposal.Seal, error) {
	root, problems := source.Parse(file)
	if len(problems) > 0 {
		p := problems[0]
		return proposal.Canonical{}, proposal.Seal{}, fmt.Errorf("%d:%d: %s", p.Span.Start.Line, p.Span.Start.Column, p.Message)
	}
	var head struct {
		From []source.Text `source:"from"`
	}
	source.Decode(root, &head)
	form, ok := proposal.NewCanonical(root).With(head.From, machine)
	if !ok {
		return form, proposal.Seal{}, errors.New("`from` names a metric that isn't there, or is derived itself")
	}
	return form, form.Seal(), nil
}
