// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/store"
)

// How long to wait before the same report is worth another try.
const (
	retryBusy = 5 * time.Second
	retryDown = time.Minute
)

// receive takes a report.
func (s *Server) receive(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	n := note{}
	s.take(w, r, &n)
	s.metrics.report(n.outcome, time.Since(start))
	if n.outcome != limited && n.outcome != busy { // a flood is counted, not written down
		s.logReport(r.Context(), &n)
	}
}

func (s *Server) take(w http.ResponseWriter, r *http.Request, n *note) {
	if ok, wait := s.reports.allow(s.client(r), s.now()); !ok {
		n.outcome = limited
		later(w, http.StatusTooManyRequests, wait, "Too many reports come from your address: one a day is enough.")
		return
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		n.outcome = encoded
		say(w, http.StatusUnsupportedMediaType, "Send the report as it is, without Content-Encoding.")
		return
	}
	err := s.bodies.read(r, func(data []byte) {
		now := s.now()
		s.force.during(now, func(in *rules) { s.store(w, in, data, now, n) })
	})
	if err != nil {
		s.unread(w, err, n)
	}
}

// store decodes a report, stores what is approved of it, and answers when that is durable.
func (s *Server) store(w http.ResponseWriter, in *rules, data []byte, now time.Time, n *note) {
	var entry store.Entry
	err := in.decode(data, func(r *report.Report) {
		entry = store.NewEntry(r, now)
		n.carried(r)
		s.metrics.findings(r)
	})
	if err != nil {
		n.outcome, n.problem = malformed, err
		say(w, http.StatusBadRequest, fmt.Sprintf("This is no report: %v.", err))
		return
	}
	outcome, err := s.committer.commit(entry)
	switch {
	case errors.Is(err, errBusy):
		n.outcome = busy
		later(w, http.StatusServiceUnavailable, retryBusy, "Too many reports are waiting to be stored.")
	case err != nil:
		n.outcome = unavailable
		s.failed(err)
		later(w, http.StatusServiceUnavailable, retryDown, "Reports can't be stored at the moment.")
	default:
		n.stored(outcome)
		w.Header().Set("Content-Length", "0")
		w.WriteHeader(http.StatusOK)
	}
}

// unread answers for a body that could not be read.
func (s *Server) unread(w http.ResponseWriter, err error, n *note) {
	var timeout net.Error
	switch {
	case errors.Is(err, errTooLong):
		n.outcome = tooLarge
		w.Header().Set("Connection", "close") // the rest of it is not worth reading
		say(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("A report has at most %d bytes.", s.Limits.Body))
	case errors.Is(err, errCrowded):
		n.outcome = busy
		later(w, http.StatusServiceUnavailable, retryBusy, "Too many long reports come at once.")
	case errors.As(err, &timeout) && timeout.Timeout():
		n.outcome = slow
		w.Header().Set("Connection", "close")
		say(w, http.StatusRequestTimeout, "The report did not come in time.")
	default:
		n.outcome = aborted
		w.Header().Set("Connection", "close")
		say(w, http.StatusBadRequest, "The report did not come whole.")
	}
}
