// SPDX-License-Identifier: GPL-2.0-or-later

package wire

import (
	"cmp"
	"embed"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
)

// RuleCompatibility is the rule that what is sent goes on where it stopped.
const RuleCompatibility = "wire-compatibility"

// Checks returns the names of the rules that are checked here.
func Checks() []string { return []string{RuleCompatibility} }

//go:embed wire-compatibility.md
var pages embed.FS

// Page returns the Markdown page of a rule, and whether there is one.
func Page(name string) (string, bool) {
	text, err := pages.ReadFile(name + ".md")
	return string(text), err == nil
}

// Finding is one thing that breaks, with everything that breaks it.
type Finding struct {
	Metric     string // id, as it was; "" is the message as a whole
	Breaks     []Break
	Diagnostic diag.Diagnostic
}

// Compatibility is what a comparison found, and what it could not compare.
type Compatibility struct {
	Findings      []Finding
	Before, After Gaps
	Failed        error // the newer metrics don't make one message together: lint reports why, and there are no findings
}

// Gaps are the metrics of one side that are not sound.
type Gaps struct {
	Domains []Unsound // compared by their form; what they may hold is not known
	Fields  []Unsound // not compared: not even their form is known
}

// Compatible compares the messages of two registries, as of one day, YYYY-MM-DD. The form of a
// metric is compared whether its domains are sound or not. The error means that what the older one
// sends can't be put together.
func Compatible(before, after *registry.Registry, day string) (*Compatibility, error) {
	was, file, gaps, err := outline(before, day, false)
	if err != nil {
		return nil, fmt.Errorf("what the base sends can't be put together: %w", err)
	}
	l := locator{before: before, was: was, registry: after}
	c := l.compare(file, day)
	c.Before = gaps
	return c, nil
}

// CompatibleWith compares a .proto file with the message of a registry, as of one day.
func CompatibleWith(before protoreflect.FileDescriptor, after *registry.Registry, day string) *Compatibility {
	l := locator{registry: after}
	return l.compare(before, day)
}

func (m *Message) file() (protoreflect.FileDescriptor, error) {
	return protodesc.NewFile(m.Descriptor(), nil)
}

// compare compares the older file with what the registry sends on a day.
func (l *locator) compare(before protoreflect.FileDescriptor, day string) *Compatibility {
	c := &Compatibility{}
	var after protoreflect.FileDescriptor
	l.is, after, c.After, c.Failed = outline(l.registry, day, true)
	if c.Failed != nil {
		c.Failed = fmt.Errorf("the metrics don't make one message: %w; run `pulpmetrics lint`", c.Failed)
		return c
	}
	for _, group := range grouped(Breaking(before, after), after) {
		f := l.finding(group)
		if !slices.ContainsFunc(c.After.Fields, func(u Unsound) bool { return u.Metric.ID.V == f.Metric }) && !l.unread(f.Diagnostic.File) {
			c.Findings = append(c.Findings, f)
		}
	}
	return c
}

// reserveWithdrawn keeps the numbers of metrics that were withdrawn before any release sent them, or
// after they were suspended, which dropped what is sent: nothing is lost, and the file still claims the
// number.
func (m *Message) reserveWithdrawn(r *registry.Registry, day string) {
	for _, p := range r.Proposals {
		sent := p.Version != nil && slices.ContainsFunc(p.Version.Since, func(since source.Text) bool { return r.Released(p.NamespaceName(), since.V, day) })
		if p.Status.V == proposal.Withdrawn && (!sent || suspendedBefore(p)) && p.Field != nil && p.Field.Number.Set() {
			m.Reserved = append(m.Reserved, Reserved{p.Field.Number.V, p.ID.V})
		}
	}
	m.Reserved = slices.DeleteFunc(m.Reserved, func(r Reserved) bool {
		return slices.ContainsFunc(m.Fields, func(f Field) bool { return f.Number == r.Number || f.Name == r.Name })
	})
	slices.SortFunc(m.Reserved, func(a, b Reserved) int { return cmp.Compare(a.Number, b.Number) })
	m.Reserved = slices.CompactFunc(m.Reserved, func(a, b Reserved) bool { return a.Number == b.Number })
}

// suspendedBefore reports whether a metric was suspended when it was withdrawn.
func suspendedBefore(p *proposal.Proposal) bool {
	n := len(p.Approval)
	return n > 1 && p.Approval[n-2].Decision.V == proposal.Suspended
}

// renumbered is a field that has another number in a newer file.
type renumbered struct {
	of   protoreflect.FullName
	name string
}

// grouped puts together what is about one aspect of one field: a field that is renamed is renamed
// in JSON as well. A field that is renumbered is gone under one number and new under the other,
// which matters for required ones: it is all one.
func grouped(breaks []Break, after protoreflect.FileDescriptor) [][]Break {
	moved := map[renumbered]int{} // to its group
	var groups [][]Break
	for _, b := range breaks {
		key := renumbered{b.Type, b.Name}
		if b.Aspect != OfDeletion || !hasField(after.Messages(), key) {
			continue
		}
		if i, seen := moved[key]; seen {
			groups[i] = append(groups[i], b)
			continue
		}
		moved[key] = len(groups)
		groups = append(groups, []Break{b})
	}
	for _, b := range breaks {
		if at, ok := moved[renumbered{b.Type, b.Name}]; ok && b.Aspect == OfDeletion {
			continue
		} else if ok && b.Rule == ruleRequired {
			groups[at] = append(groups[at], b)
			continue
		}
		i := slices.IndexFunc(groups, func(g []Break) bool {
			return g[0].Type == b.Type && g[0].Number == b.Number && g[0].Aspect == b.Aspect && (g[0].Name == b.Name || b.Aspect == OfReservation)
		})
		if i < 0 || b.Number == 0 {
			groups = append(groups, []Break{b})
			continue
		}
		groups[i] = append(groups[i], b)
	}
	return groups
}

// hasField reports whether one of the messages, or of those inside them, has a field.
func hasField(messages protoreflect.MessageDescriptors, field renumbered) bool {
	for i := range messages.Len() {
		m := messages.Get(i)
		if m.FullName() == field.of {
			return m.Fields().ByName(protoreflect.Name(field.name)) != nil
		}
		if hasField(m.Messages(), field) {
			return true
		}
	}
	return false
}

// finding turns what breaks at one place into a diagnostic there.
func (l *locator) finding(group []Break) Finding {
	b := group[0]
	var rules []string
	for _, b := range group {
		if !slices.Contains(rules, b.Rule) {
			rules = append(rules, b.Rule)
		}
	}
	at := l.place(b)
	text := b.Text
	if b.Aspect == OfDeletion && len(rules) > 1 {
		text = fmt.Sprintf("`%s` with the number %d is gone, and neither is reserved", b.Name, b.Number)
	}
	if at.moved != 0 {
		text = fmt.Sprintf("`%s` had the number %d and has %d; numbers are for ever", b.Name, b.Number, at.moved)
	}
	return Finding{Metric: at.metric, Breaks: group, Diagnostic: diag.Diagnostic{
		File: at.file, Span: at.span, Severity: diag.Error, Rule: RuleCompatibility,
		Message: fmt.Sprintf("%s (%s)", text, strings.Join(rules, ", ")), Help: at.help(b),
	}}
}
