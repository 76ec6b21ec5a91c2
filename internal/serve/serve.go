// SPDX-License-Identifier: GPL-2.0-or-later

// Package serve is the HTTP face of the pipeline. In flow reports as clients post them, a store,
// and the registry that says what may be kept; out come the answers, counters for operators, and
// one line of log for each report, which names proposals and no values.
//
//	POST   /                take a report: 200 once it is durable
//	DELETE /systems/{id}    forget all that is stored about a system
//	GET    /summaries/{id}  published rows, as JSON or CSV
//	GET    /healthz         the process runs
//	GET    /readyz          and can store reports
//	GET    /metrics         counters for Prometheus
//
// Nothing that a client sends gets an answer of 500 or above, unless the service can't take any
// report just then: that is 503, with Retry-After. Addresses and user agents are neither stored
// nor logged.
package serve

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// Store is what the service needs of a database.
type Store interface {
	// Ingest stores reports in one transaction, which is durable when it returns.
	Ingest(ctx context.Context, entries []store.Entry) ([]store.Outcome, error)
	// Forget deletes all that is stored about a system, whether there is anything or not.
	Forget(ctx context.Context, system [16]byte) error
	// Apply makes the database that of a registry: columns of what is new, and nothing any more of
	// what is suspended.
	Apply(ctx context.Context, r *registry.Registry, m *wire.Message) error
	// Published calls a function for the published rows of a summary; both days are included.
	Published(ctx context.Context, summary string, from, to store.Day, row func(store.Row) error) error
	// Ping is an error while the database can't be reached.
	Ping(ctx context.Context) error
}

// Options is what a service is made of. Store, Registry, Site, Now and Log are needed.
type Options struct {
	Store    Store
	Registry *registry.Registry
	Site     string // a site of pulpmetrics.yaml
	Now      func() time.Time
	Log      *slog.Logger
	Limits   Limits
	Proxies  []netip.Prefix // who may say for whom they ask, in X-Forwarded-For
	Prefix   string         // of all paths, as in /analytics; "" is none
}

// Limits bound what clients can take. The zero value of each is its default.
type Limits struct {
	Body        int           // of a report, in bytes; 1 MiB
	Rate        float64       // reports a second of one client; 20, below 0 any
	Burst       int           // reports at once of one client; 200
	Waiting     int           // reports that wait to be stored; 512
	Connections int           // at once; 1024. A client that is no proxy gets a quarter
	Header      time.Duration // to send the header of a request; 10 s
	Request     time.Duration // to send a request; 30 s
	Idle        time.Duration // between requests of a connection; 2 min
	Drain       time.Duration // to finish what was begun, when the service ends; 30 s
}

// Server is the service. Its handler is ready once it is made.
type Server struct {
	Options
	force     force
	proxies   proxies
	bodies    *bodies
	reports   *limiter
	questions *limiter
	deletions *limiter
	committer *committer
	metrics   *metrics
	mux       *http.ServeMux
	deleting  chan struct{} // holds one while a system is being forgotten
	reading   chan struct{} // holds one for each summary that is being read
	draining  atomic.Bool
	lastSeen  atomic.Int64 // the clock, in nanoseconds

	unknownProxy sync.Once
}

// What one client may ask for beside reports, in requests a second and at once; and how many
// summaries are read at a time.
const (
	questionRate  = 5
	questionBurst = 100
	deletionRate  = 0.2
	deletionBurst = 10
	readers       = 4
)

// New returns a service; Close ends it. It is an error if the registry has no such site, or if no
// report can be read by it.
func New(o Options) (*Server, error) {
	o.Limits.fill()
	o.Prefix = strings.TrimSuffix(o.Prefix, "/")
	first, err := newRules(o.Registry, o.Site, o.Now().UTC().Format(time.DateOnly), o.Limits.Body)
	if err != nil {
		return nil, err
	}
	s := &Server{
		Options: o, proxies: o.Proxies, bodies: newBodies(o.Limits.Body), metrics: newMetrics(), deleting: make(chan struct{}, 1), reading: make(chan struct{}, readers),
		reports: newLimiter(o.Limits.Rate, o.Limits.Burst), questions: newLimiter(questionRate, questionBurst),
		deletions: newLimiter(deletionRate, deletionBurst),
	}
	s.force = force{rules: first, limit: o.Limits.Body, stale: func(err error) {
		s.Log.Error("the rules of yesterday stay in force", "error", err)
	}}
	s.committer = newCommitter(o.Store, s.metrics, o.Limits.Waiting)
	s.metrics.watch(s.committer)
	s.routes()
	return s, nil
}

// Close stores what waits. The handler may not be called any more.
func (s *Server) Close() { s.committer.stop() }

func (l *Limits) fill() {
	orElse(&l.Body, 1<<20)
	orElse(&l.Rate, 20)
	orElse(&l.Burst, 200)
	orElse(&l.Waiting, 512)
	orElse(&l.Connections, 1024)
	orElse(&l.Header, 10*time.Second)
	orElse(&l.Request, 30*time.Second)
	orElse(&l.Idle, 2*time.Minute)
	orElse(&l.Drain, 30*time.Second)
}

func orElse[T comparable](value *T, otherwise T) {
	if *value == *new(T) {
		*value = otherwise
	}
}

// now is the present. That a clock goes back is worth a line: days begin twice then.
func (s *Server) now() time.Time {
	now := s.Now()
	at := now.UnixNano()
	if last := s.lastSeen.Swap(at); at < last-int64(time.Minute) {
		s.metrics.clockBack.Inc()
		s.Log.Warn("the clock went back", "seconds", int64(time.Duration(last-at).Seconds()))
	}
	return now
}
