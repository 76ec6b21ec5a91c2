// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/govern"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
)

// then is what was collected at some time.
type then struct {
	Day     string       `json:"day,omitempty"`
	Release string       `json:"release,omitempty"`
	Commit  string       `json:"commit,omitempty"` // whose proposals were asked; "" for those of today
	Metrics []thenMetric `json:"metrics"`
}

// thenMetric is one metric that was sent. Number is 0 where it has no field of its own.
type thenMetric struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Number int64  `json:"number"`
	Since  string `json:"since"`
	Status string `json:"status"` // what the decisions up to then, or to now, say
}

// collectedAt says what was collected on a day.
func (a *app) collectedAt(flags historyFlags) error {
	p, err := a.past()
	if err != nil {
		return err
	}
	if flags.at > a.today() {
		return usagef("--at is %s, which is still to come", flags.at)
	}
	r, commit, why, err := p.on(flags.at)
	if err != nil {
		return err
	}
	t := then{Day: flags.at, Commit: commit}
	for _, m := range govern.CollectedOn(r, flags.at) {
		t.Metrics = append(t.Metrics, newThenMetric(m, m.Since(), govern.StatusOn(m, flags.at)))
	}
	head := fmt.Sprintf("%s collected %s on %s, %s", r.Project.Name.V, metrics(len(t.Metrics)), flags.at, why)
	return a.tellThen(t, head, flags.format)
}

// on returns the project as it was at the end of a day, UTC; or as it is, if nothing is recorded that
// early.
func (p *past) on(day string) (r *registry.Registry, commit, why string, err error) {
	ctx := context.Background()
	at, _ := time.Parse(time.DateOnly, day)
	found, ok, err := p.repo.At(ctx, p.tip, at.AddDate(0, 0, 1).Add(-time.Second))
	if err != nil {
		return nil, "", "", err
	}
	const today = "as today's proposals tell it: the repository has no record of that day"
	if !ok {
		return p.registry, "", today, nil
	}
	tree, err := p.repo.Tree(ctx, found, p.repo.Folder())
	if errors.Is(err, fs.ErrNotExist) {
		return p.registry, "", today, nil
	}
	if err != nil {
		return nil, "", "", err
	}
	defer tree.Close()
	r, err = workspace{fsys: tree}.loadBeside(p.registry)
	if errors.Is(err, fs.ErrNotExist) && r == nil {
		return p.registry, "", today, nil
	}
	return r, string(found), fmt.Sprintf("as %.10s has it", found), err
}

// collectedBy says what a release sends.
func (a *app) collectedBy(flags historyFlags) error {
	w, err := a.anyRegistry()
	if err != nil {
		return err
	}
	r, err := w.load()
	if err != nil {
		return err
	}
	if err := knownNamespace(r, flags.namespace); err != nil {
		return err
	}
	date, known := r.ReleaseDate(flags.namespace, flags.release)
	if !known {
		var releases []string
		for _, release := range r.Project.ReleaseDates(flags.namespace) {
			releases = append(releases, release.Key.V)
		}
		return usagef("%s has no release %q: %s", r.Project.Component(flags.namespace), flags.release, proposal.Suggest(flags.release, releases, "pulpmetrics.yaml knows "))
	}
	t := then{Release: flags.release}
	for _, s := range govern.SentBy(r, flags.namespace, flags.release) {
		t.Metrics = append(t.Metrics, newThenMetric(s.Metric, s.Since, s.Metric.Status.V))
	}
	head := fmt.Sprintf("%s %s, released on %s, sends %s", r.Project.Component(flags.namespace), flags.release, date, metrics(len(t.Metrics)))
	return a.tellThen(t, head, flags.format)
}

// metrics is a number of metrics.
func metrics(n int) string {
	if n == 0 {
		return "nothing"
	}
	return plural(n, "metric")
}

func newThenMetric(p *proposal.Proposal, since, status string) thenMetric {
	m := thenMetric{ID: p.ID.V, Title: strings.Join(strings.Fields(p.Title.V), " "), Since: since, Status: status}
	if p.Field != nil {
		m.Number = p.Field.Number.V
	}
	return m
}

func (a *app) tellThen(t then, head, format string) error {
	if format == "json" {
		if t.Metrics == nil {
			t.Metrics = []thenMetric{}
		}
		return diag.WriteJSON(a.Stdout, t)
	}
	var b strings.Builder
	if len(t.Metrics) == 0 {
		writeWrapped(&b, "", diag.Printable(head+"."), a.width(a.Stdout))
		return a.tell(b.String())
	}
	writeWrapped(&b, "", diag.Printable(head+":"), a.width(a.Stdout))
	b.WriteByte('\n')
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, m := range t.Metrics {
		note := ""
		if m.Status != proposal.Approved {
			note = " (" + m.Status + " today: the site drops it)"
		}
		since := m.Since
		if since == "" {
			since = "derived"
		}
		fmt.Fprintf(tw, "  %s\t%s\t%s%s\n", cut(diag.Printable(m.ID), 40), diag.Printable(since), diag.Printable(m.Title), note)
	}
	_ = tw.Flush() // a strings.Builder takes everything
	return a.tell(fitted(b.String(), a.width(a.Stdout)))
}
