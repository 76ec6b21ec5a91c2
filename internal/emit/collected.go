// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"fmt"
	"strings"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/wire"
)

var docs = Target{Name: "docs", Generate: generateDocs}

// collectedPage is what the template of docs/collected.md is filled with: every text is Markdown,
// in lines of any width.
type collectedPage struct {
	Project, Product, Newest string
	NewestDay, Message       string
	Docs                     docsPart
	Sites                    []string
	Example                  string // JSON
	Identified               bool   // whether reports have a system_id
	Retention                string // "14 days"
	MinCell                  int64
	Sent                     []collectedMetric // by the newest release, also what is suspended
	Collected, Planned       []collectedMetric
	Suspended, Deprecated    []collectedMetric
	Derived, Retired         []collectedMetric
	Releases                 []collectedRelease
}

// docsPart is what the project says itself; each text is "" where it doesn't.
type docsPart struct{ Sending, TurnOff, WhoSees, Deletion string }

// collector gathers what the page shows, as of Day.
type collector struct {
	registry *registry.Registry
	message  *wire.Message
	day      string
}

// generateDocs writes the page for users and administrators: what is collected, and why.
func generateDocs(in *Input) (Files, error) {
	c := collector{in.Registry, in.Message, Day(in.Registry)}
	page, err := c.page()
	if err != nil {
		return nil, err
	}
	text, err := in.fill("docs/collected.md.tmpl", page, nil)
	if err != nil {
		return nil, err
	}
	return Files{"docs/collected.md": []byte("<!-- " + Marker + " -->\n\n" + reflow(string(text)))}, nil
}

func (c *collector) page() (*collectedPage, error) {
	project := c.registry.Project
	example, err := exampleReport(c.message, func(f *wire.Field) bool { return c.stillSent(f.Metric) })
	if err != nil {
		return nil, err
	}
	text, err := encodeJSON(example, "  ")
	if err != nil {
		return nil, err
	}
	newest := c.registry.LastRelease(proposal.CoreNamespace)
	date, _ := c.registry.ReleaseDate(proposal.CoreNamespace, newest)
	page := &collectedPage{
		Project: prose(project.Name.V), Product: prose(project.Product.V), Newest: newest, NewestDay: date, Message: project.Message.V,
		Docs: projectDocs(project), Sites: sites(project), Example: strings.TrimSpace(string(text)),
		Identified: c.registry.Metric("system_id") != nil,
		Retention:  counted(project.RetentionDays.V, "day"), MinCell: project.MinCell.V,
		Releases: c.releases(),
	}
	c.sort(page)
	return page, nil
}

// sort puts every metric in force into the list that it belongs to: those that are sent in the
// order of their numbers, the others in the order of their ids.
func (c *collector) sort(page *collectedPage) {
	for i := range c.message.Fields {
		f := &c.message.Fields[i]
		group := map[registry.Lifecycle]*[]collectedMetric{
			registry.None: &page.Suspended, registry.Planned: &page.Planned,
			registry.Collecting: &page.Collected, registry.Deprecated: &page.Deprecated,
		}[c.registry.Lifecycle(f.Metric, c.day)]
		if group == nil {
			continue
		}
		metric := c.metric(f.Metric, f)
		*group = append(*group, metric)
		if c.stillSent(f.Metric) {
			page.Sent = append(page.Sent, metric)
		}
	}
	for _, p := range c.registry.Proposals {
		switch {
		case !inForce(p):
		case p.Derived():
			page.Derived = append(page.Derived, c.metric(p, nil))
		case c.registry.Lifecycle(p, c.day) == registry.Retired:
			page.Retired = append(page.Retired, c.metric(p, nil))
		}
	}
}

func inForce(p *proposal.Proposal) bool {
	return p.Status.V == proposal.Approved || p.Status.V == proposal.Suspended
}

func projectDocs(p *proposal.Project) docsPart {
	if p.Docs == nil {
		return docsPart{}
	}
	return docsPart{
		Sending: unfilled(p.Docs.Sending.V), TurnOff: unfilled(p.Docs.TurnOff.V),
		WhoSees: unfilled(p.Docs.WhoSees.V), Deletion: unfilled(p.Docs.Deletion.V),
	}
}

// sites says where reports go, and which of them each site counts.
func sites(p *proposal.Project) []string {
	var lines []string
	for _, site := range p.Sites {
		line := fmt.Sprintf("%s: %s", prose(site.Key.V), inert(site.Value.URL.V))
		if gate := site.Value.Gate; gate != nil {
			line += fmt.Sprintf(", which keeps only reports in which every %s is %s", code(gate.Path.V), gateWords[gate.Format.V])
		}
		lines = append(lines, line)
	}
	return lines
}

var gateWords = map[string]string{
	"release": "three numbers with dots between them", "version": "a well-formed version", "uuid": "a UUID",
}

// counted writes a number of things.
func counted(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
