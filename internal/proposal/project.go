// SPDX-License-Identifier: GPL-2.0-or-later

package proposal

import (
	"strconv"
	"strings"

	"github.com/pulp/pulpmetrics/internal/source"
)

// ProjectFile is the name of the file that makes a folder a project.
const ProjectFile = "pulpmetrics.yaml"

// Project is what pulpmetrics.yaml says: what is true of all metrics.
type Project struct {
	source.Node

	Format        source.Whole                            `source:"format"`
	Name          source.Text                             `source:"project"`
	Message       source.Text                             `source:"message"`
	Proto         source.Text                             `source:"proto"`
	Product       source.Text                             `source:"product"`
	Releases      source.Pairs[source.Pairs[source.Text]] `source:"releases"`
	Namespaces    source.Pairs[Namespace]                 `source:"namespaces"`
	Proposals     []source.Text                           `source:"proposals"`
	Sites         source.Pairs[Site]                      `source:"sites"`
	RetentionDays source.Whole                            `source:"retention_days"`
	Installations source.Whole                            `source:"installations"` // how many are reckoned with; 0 is unknown
	MinCell       source.Whole                            `source:"min_cell"`
	Keys          source.Pairs[NamedKey]                  `source:"keys"`
	Approvers     []Approver                              `source:"approvers"`
	Quorum        source.Whole                            `source:"quorum"`
	Signatures    source.Text                             `source:"signatures"`
	Legacy        []source.Text                           `source:"legacy"`
	PII           *Limits                                 `source:"pii"`
	Docs          *Docs                                   `source:"docs"`
}

// Docs is what the page of what is collected can't work out of the metrics. Each is Markdown.
type Docs struct {
	source.Node
	Sending  source.Text `source:"sending"`
	TurnOff  source.Text `source:"turn_off"`
	WhoSees  source.Text `source:"who_sees"`
	Deletion source.Text `source:"deletion"`
}

// Namespace is the owner of a range of field numbers.
type Namespace struct {
	source.Node
	Numbers   source.Text `source:"numbers"`
	Component source.Text `source:"component"`
}

// Range returns the first and the last number of the namespace.
func (n Namespace) Range() (first, last int64) {
	from, to, _ := strings.Cut(n.Numbers.V, "-")
	first, _ = strconv.ParseInt(from, 10, 64)
	last, _ = strconv.ParseInt(to, 10, 64)
	return first, last
}

// Site is a place that reports are sent to.
type Site struct {
	source.Node
	URL        source.Text  `source:"url"`
	MinAgeDays source.Whole `source:"min_age_days"`
	Gate       *Gate        `source:"gate"`
}

// Gate is what every value of a leaf must be, or the report is not counted.
type Gate struct {
	source.Node
	Path   source.Text `source:"path"`
	Format source.Text `source:"format"`
}

// NamedKey is a key that any summary can use by name.
type NamedKey struct {
	source.Node
	Path  source.Text                `source:"path"`
	Where source.Pairs[source.Value] `source:"where"`
	As    As                         `source:"as"`
}

// Approver is one who decides, from a day on and until another.
type Approver struct {
	source.Node
	Handle source.Text `source:"handle"`
	From   source.Text `source:"from"`
	Until  source.Text `source:"until"`
}

// Limits are the project's limits on what reports may tell.
type Limits struct {
	source.Node
	BudgetBits source.Scalar[float64] `source:"budget_bits"`
}

// IsLegacy reports whether the metric was decided before the toolkit.
func (p *Project) IsLegacy(id string) bool {
	for _, legacy := range p.Legacy {
		if legacy.V == id {
			return true
		}
	}
	return false
}

// Component returns whose releases `since` means in a namespace.
func (p *Project) Component(namespace string) string {
	if n, ok := p.Namespaces.Get(namespace); ok && n.Component.Set() {
		return n.Component.V
	}
	if namespace == CoreNamespace {
		return p.Product.V
	}
	return namespace
}

// ReleaseDates returns the releases of a namespace's component, as YYYY-MM-DD by version, in the
// order of the file.
func (p *Project) ReleaseDates(namespace string) source.Pairs[source.Text] {
	dates, _ := p.Releases.Get(namespace)
	return dates
}
