// SPDX-License-Identifier: GPL-2.0-or-later

package lint

import (
	"slices"

	"github.com/pulp/pulpmetrics/internal/plan"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// Rules returns every rule, in the order in which a reader meets what they are about.
func Rules() []Rule {
	return []Rule{
		structural(registry.CodeFile),
		structural(source.CodeEncoding),
		structural(source.CodeSyntax),
		structural(source.CodeDocument),
		structural(source.CodeAlias),
		structural(source.CodeLimits),
		structural(source.CodeUniqueKeys),
		structural(proposal.CodeUnknownKey),
		structural(proposal.CodeMissingKey),
		structural(proposal.CodeWrongType),
		structural(proposal.CodeWrongValue),
		project,
		fileName,
		uniqueID,
		names,
		uniqueNames,
		namespace,
		checklist,
		answer,
		heading,
		thinAnswer,
		questionMark,
		echo,
		similarQuestion,
		similarName,
		links,
		load,
		loadSize,
		piiClass,
		piiProof,
		piiFinding,
		piiException,
		piiBudget,
		release,
		sinceReleased,
		dates,
		derived,
		fieldShape,
		numberRange,
		uniqueNumber,
		reservedNumber,
		noRequired,
		description,
		unit,
		firm(compiled(wire.CodeClosedDomain)),
		firm(compiled(wire.CodeDomainFits)),
		firm(compiled(wire.CodePattern)),
		looseDomain,
		weights,
		exampleShape,
		exampleDomain,
		exampleCoverage,
		compiled(plan.CodePath),
		compiled(plan.CodeMeasure),
		compiled(plan.CodeKeys),
		compiled(plan.CodeWhere),
		compiled(plan.CodeWithin),
		summaryCells,
		charted,
		compiled(plan.CodeChart),
		chartSeries,
		status,
		decisionComplete,
		decisionDates,
		seal,
		quorum,
		signature,
		ignore,
		unusedIgnore,
	}
}

// Find returns the rule of that name, and whether there is one.
func Find(name string) (Rule, bool) {
	rules := Rules()
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.Name == name })
	if i < 0 {
		return Rule{}, false
	}
	return rules[i], true
}
