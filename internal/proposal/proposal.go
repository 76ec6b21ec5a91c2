// SPDX-License-Identifier: GPL-2.0-or-later

// Package proposal is the typed form of a proposal and of pulpmetrics.yaml. In flow the bytes of
// a file; out come a struct whose scalars know where they stand, and the problems of its
// structure. It is the only importer of jsonschema: the schema says which keys there are, and
// everything beyond their shape is left to the rules of package lint.
package proposal

import "github.com/pulp/pulpmetrics/internal/source"

// The statuses of a proposal.
const (
	Draft       = "draft"
	Proposed    = "proposed"
	Approved    = "approved"
	NotApproved = "not-approved"
	Suspended   = "suspended"
	Withdrawn   = "withdrawn"
)

// Narrowed is the decision that an approved metric collects less; it stays approved.
const Narrowed = "narrowed"

// Statuses returns every status, from the first to the last in a proposal's life.
func Statuses() []string {
	return []string{Draft, Proposed, Approved, NotApproved, Suspended, Withdrawn}
}

// CoreNamespace is the namespace of proposals that don't name one.
const CoreNamespace = "core"

// Proposal is one metric, from its question to its graph. Keys that the file doesn't have are
// zero: unset scalars, nil pointers and slices.
type Proposal struct {
	Path string // of the file, slash-separated from the folder of the project
	source.Node

	ID            source.Text    `source:"id"`
	Title         source.Text    `source:"title"`
	Status        source.Text    `source:"status"`
	Namespace     source.Text    `source:"namespace"`
	Authors       []source.Text  `source:"authors"`
	Owners        []source.Text  `source:"owners"`
	Links         []source.Text  `source:"links"`
	Question      source.Text    `source:"question"`
	Example       *Example       `source:"example"`
	Storage       *Storage       `source:"storage"`
	Load          *Load          `source:"load"`
	PII           *PII           `source:"pii"`
	Version       *Version       `source:"version"`
	Retired       source.Text    `source:"retired"`
	ReviewBy      source.Text    `source:"review_by"`
	From          []source.Text  `source:"from"`
	Field         *Field         `source:"field"`
	Summarization *Summarization `source:"summarization"`
	Visualization *Visualization `source:"visualization"`
	Alternatives  []Alternative  `source:"alternatives"`
	Discussion    []Note         `source:"discussion"`
	Approval      []Decision     `source:"approval"`
	ParkingLot    []source.Text  `source:"parking_lot"`
	Lint          *Lint          `source:"lint"`

	seal sealed
}

// Example is a piece of a report.
type Example struct {
	source.Node
	Payload source.Value `source:"payload"`
	Notes   source.Text  `source:"notes"`
}

// Storage says where the numbers come from.
type Storage struct {
	source.Node
	Gathered    source.Text `source:"gathered"`
	Description source.Text `source:"description"`
}

// Load says what the metric costs an installation.
type Load struct {
	source.Node
	Acceptable  source.Flag `source:"acceptable"`
	Description source.Text `source:"description"`
}

// PII says what the metric could tell about a person or an installation.
type PII struct {
	source.Node
	Class        source.Text `source:"class"`
	SinglesOut   source.Text `source:"singles_out"`
	Description  source.Text `source:"description"`
	Sanitization source.Text `source:"sanitization"`
	Exceptions   []Exception `source:"exceptions"`
}

// Exception is a finding of the scanner that an approver accepted.
type Exception struct {
	source.Node
	Class      source.Text `source:"class"`
	Path       source.Text `source:"path"`
	Reason     source.Text `source:"reason"`
	AcceptedBy source.Text `source:"accepted_by"`
	Until      source.Text `source:"until"`
}

// Version says which releases of the namespace's component send the metric.
type Version struct {
	source.Node
	Since   []source.Text `source:"since"`
	Removed source.Text   `source:"removed"`
}

// Alternative is something else that was considered.
type Alternative struct {
	source.Node
	Title       source.Text `source:"title"`
	Description source.Text `source:"description"`
}

// Note is something that was said.
type Note struct {
	source.Node
	Date source.Text `source:"date"`
	Note source.Text `source:"note"`
}

// Decision is one entry of the append-only list of decisions.
type Decision struct {
	source.Node
	Decision   source.Text   `source:"decision"`
	Date       source.Text   `source:"date"`
	By         []source.Text `source:"by"`
	Reference  source.Text   `source:"reference"`
	Reason     source.Text   `source:"reason"`
	Legacy     source.Flag   `source:"legacy"`
	Seal       source.Text   `source:"seal"`
	Signatures []Signature   `source:"signatures"`
}

// Signature is the proof that one approver decided.
type Signature struct {
	source.Node
	By        source.Text `source:"by"`
	Signature source.Text `source:"signature"`
}

// Lint holds what the proposal says about findings.
type Lint struct {
	source.Node
	Ignore []Ignore `source:"ignore"`
}

// Ignore takes back one rule's findings about one key. Covers is where that key and its value
// stand; zero if the path leads nowhere.
type Ignore struct {
	source.Node
	Rule   source.Text `source:"rule"`
	Path   source.Text `source:"path"`
	Reason source.Text `source:"reason"`
	Covers source.Span
}

// NamespaceName returns the proposal's namespace, core if it names none.
func (p *Proposal) NamespaceName() string {
	if p.Namespace.V == "" {
		return CoreNamespace
	}
	return p.Namespace.V
}

// Derived reports whether the metric is worked out of others and sends nothing of its own.
func (p *Proposal) Derived() bool { return len(p.From) > 0 }

// Summaries returns the proposal's summaries.
func (p *Proposal) Summaries() []Summary {
	if p.Summarization == nil {
		return nil
	}
	return p.Summarization.Summaries
}

// Charts returns the proposal's charts.
func (p *Proposal) Charts() []Chart {
	if p.Visualization == nil {
		return nil
	}
	return p.Visualization.Charts
}

// Since returns the first release that sends the metric, or "".
func (p *Proposal) Since() string {
	if p.Version == nil || len(p.Version.Since) == 0 {
		return ""
	}
	return p.Version.Since[0].V
}
