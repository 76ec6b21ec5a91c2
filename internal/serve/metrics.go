// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/pulp/pulpmetrics/internal/report"
)

// metrics are the counters of one service. Their labels come from fixed lists, so that no client
// can make new ones.
type metrics struct {
	registry    *prometheus.Registry
	reports     map[outcome]prometheus.Counter
	dropped     *prometheus.CounterVec
	took        prometheus.Histogram
	commit      prometheus.Histogram
	batch       prometheus.Histogram
	failures    prometheus.Counter
	forgotten   prometheus.Counter
	connections prometheus.Gauge
	refused     prometheus.Counter
	faults      prometheus.Counter
	panics      prometheus.Counter
	clockBack   prometheus.Counter
	reloads     *prometheus.CounterVec
}

// Buckets of times, in seconds, and of reports in a transaction.
var (
	seconds = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
	sizes   = []float64{1, 2, 4, 8, 16, 32, 64, 128, 256}
)

func newMetrics() *metrics {
	m := &metrics{registry: prometheus.NewRegistry(), reports: map[outcome]prometheus.Counter{}}
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	reports := m.vector("reports_total", "Reports, by what became of them.", "outcome")
	for _, o := range outcomes {
		m.reports[o] = reports.WithLabelValues(string(o))
	}
	m.dropped = m.vector("dropped_total", "Values and fields that were not stored, by reason.", "reason")
	m.took = m.histogram("report_seconds", "Time from the header of a report to its answer.", seconds)
	m.commit = m.histogram("commit_seconds", "Time of a transaction that stores reports.", seconds)
	m.batch = m.histogram("commit_reports", "Reports that share a transaction.", sizes)
	m.failures = m.counter("commit_failures_total", "Transactions that failed.")
	m.forgotten = m.counter("forgotten_total", "Requests to forget a system that were carried out.")
	m.refused = m.counter("connections_refused_total", "Connections that were closed at once: their client has too many.")
	m.faults = m.counter("connection_faults_total", "Connections that failed before a request, such as in a TLS handshake.")
	m.panics = m.counter("mistakes_total", "Requests that a mistake in the program ended.")
	m.clockBack = m.counter("clock_back_total", "How often the clock went back by more than a minute.")
	m.reloads = m.vector("reloads_total", "Reloads of the registry, by result.", "result")
	m.connections = prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: "connections", Help: "Open connections."})
	m.registry.MustRegister(m.connections)
	return m
}

const namespace = "pulpmetrics"

func (m *metrics) counter(name, help string) prometheus.Counter {
	c := prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help})
	m.registry.MustRegister(c)
	return c
}

func (m *metrics) vector(name, help, label string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, []string{label})
	m.registry.MustRegister(c)
	return c
}

func (m *metrics) histogram(name, help string, buckets []float64) prometheus.Histogram {
	h := prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets})
	m.registry.MustRegister(h)
	return h
}

// watch reads the length of a queue when somebody asks for it.
func (m *metrics) watch(c *committer) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Namespace: namespace, Name: "waiting_reports", Help: "Reports that wait to be stored.",
	}, func() float64 { return float64(len(c.queue)) }))
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2})
}

func (m *metrics) report(o outcome, took time.Duration) {
	m.reports[o].Inc()
	m.took.Observe(took.Seconds())
}

// findings counts what a report held that is not stored.
func (m *metrics) findings(r *report.Report) {
	for _, f := range r.Findings {
		m.dropped.WithLabelValues(f.Reason.String()).Add(float64(f.Count))
	}
}

func (m *metrics) committed(reports int, took time.Duration, err error) {
	m.commit.Observe(took.Seconds())
	m.batch.Observe(float64(reports))
	if err != nil {
		m.failures.Inc()
	}
}
