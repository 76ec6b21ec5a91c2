// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/summarize"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// rules are what a site takes on one day: metrics retire as days begin.
type rules struct {
	registry *registry.Registry
	site     string
	day      string // YYYY-MM-DD
	message  *wire.Message
	view     *summarize.View // of what is published
	gate     *report.Gate
	decoders sync.Pool // of *report.Decoder
}

// newRules compiles what is approved on a day. It is an error if the registry has no such site, or
// if no reports can be read by what was approved.
func newRules(r *registry.Registry, site, day string, limit int) (*rules, error) {
	s, err := findSite(r, site)
	if err != nil {
		return nil, err
	}
	m, err := wire.Compile(r, day)
	if err != nil {
		return nil, err
	}
	first, err := report.NewDecoder(m)
	if err != nil {
		return nil, err
	}
	view, err := summarize.NewView(r)
	if err != nil {
		return nil, err
	}
	out := &rules{registry: r, site: site, day: day, message: m, view: view}
	out.decoders.New = func() any { return first.WithLimit(limit) }
	if s.Gate != nil {
		out.gate, err = report.NewGate(m, s.Gate.Path.V, s.Gate.Format.V)
	}
	return out, err
}

// KnownSite is an error unless a registry has a site; it says which it has.
func KnownSite(r *registry.Registry, name string) error {
	_, err := findSite(r, name)
	return err
}

func findSite(r *registry.Registry, name string) (proposal.Site, error) {
	s, ok := r.Project.Sites.Get(name)
	if ok {
		return s, nil
	}
	var known []string
	for _, site := range r.Project.Sites {
		known = append(known, site.Key.V)
	}
	if name == "" {
		return s, fmt.Errorf("name the site that reports come to, with --site: %s", strings.Join(known, " or "))
	}
	return s, fmt.Errorf("there is no site %q in %s: %s", name, proposal.ProjectFile, proposal.Suggest(name, known, "the sites are "))
}

// decode hands a checked report to use, as long as it is valid. The error is a [*report.Error].
func (r *rules) decode(data []byte, use func(*report.Report)) error {
	d := r.decoders.Get().(*report.Decoder)
	defer r.decoders.Put(d)
	decoded, err := d.Decode(data)
	if err != nil {
		return err
	}
	if decoded.Rejected == report.None && r.gate != nil && !r.gate.Holds(data) {
		decoded.Rejected = report.GateFailed
	}
	use(decoded)
	return nil
}

// force holds the rules that are in force.
type force struct {
	mu    sync.RWMutex
	rules *rules
	limit int         // of a report, in bytes
	stale func(error) // told once a day if there are no rules for it: the old ones stay in force
}

// during runs use under the rules of a moment, and keeps them in force until it returns.
func (f *force) during(now time.Time, use func(*rules)) {
	day := now.UTC().Format(time.DateOnly)
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.rules.day != day {
		f.mu.RUnlock()
		f.turn(day)
		f.mu.RLock()
	}
	use(f.rules)
}

// turn makes rules of another day.
func (f *force) turn(day string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.rules.day == day {
		return
	}
	next, err := newRules(f.rules.registry, f.rules.site, day, f.limit)
	if err != nil {
		f.rules.day = day
		f.stale(err)
		return
	}
	f.rules = next
}

// replace puts other rules in force. When it returns, nothing is under way under the old ones.
func (f *force) replace(next *rules) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rules = next
}
