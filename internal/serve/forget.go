// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"context"
	"net/http"
	"time"

	"github.com/pulp/pulpmetrics/internal/domain"
)

// forgetTimeout is how long forgetting one system may take, with the wait for others before it.
const forgetTimeout = 20 * time.Second

// forget deletes everything stored about a system. Only who knows its id can ask; the answer does
// not tell whether there was anything.
func (s *Server) forget(w http.ResponseWriter, r *http.Request) {
	if !s.mayAsk(w, r, s.deletions) {
		return
	}
	system, ok := domain.ParseUUID([]byte(r.PathValue("id")))
	if !ok {
		say(w, http.StatusBadRequest, "This is no id of a system: it is the UUID that the system sends as its id.")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), forgetTimeout)
	defer cancel()
	select {
	case s.deleting <- struct{}{}: // one at a time: it touches every day
		defer func() { <-s.deleting }()
	case <-ctx.Done():
		later(w, http.StatusServiceUnavailable, retryBusy, "Too many systems are being forgotten at once.")
		return
	}
	if err := s.Store.Forget(ctx, system); err != nil {
		s.failed(err)
		later(w, http.StatusServiceUnavailable, retryDown, "Nothing can be deleted at the moment. Please try again.")
		return
	}
	s.metrics.forgotten.Inc()
	s.Log.Info("a system was forgotten")
	say(w, http.StatusOK, "Nothing is stored about this system any more.")
}

// mayAsk reports whether a client may ask something now, and answers it where not.
func (s *Server) mayAsk(w http.ResponseWriter, r *http.Request, l *limiter) bool {
	ok, wait := l.allow(s.client(r), s.now())
	if !ok {
		later(w, http.StatusTooManyRequests, wait, "Too many requests come from your address.")
	}
	return ok
}
