// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"context"
	"net/http"
	"net/netip"
	"time"
)

// pingTimeout is how long the database may take to answer.
const pingTimeout = 2 * time.Second

// healthy says that the process runs.
func (s *Server) healthy(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok") }

// ready says whether reports can be stored.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), pingTimeout)
	defer cancel()
	if s.draining.Load() {
		say(w, http.StatusServiceUnavailable, "The service is ending.")
		return
	}
	if err := s.Store.Ping(ctx); err != nil {
		say(w, http.StatusServiceUnavailable, "The database can't be reached.")
		return
	}
	say(w, http.StatusOK, "ok")
}

// failed logs what the database said. It holds no value: the store takes care of that.
func (s *Server) failed(err error) {
	s.Log.Error("the database failed", "error", err)
}

// client returns who asks, for counting. That a proxy speaks for others without being trusted is
// worth a line, once: all its clients are taken for one.
func (s *Server) client(r *http.Request) netip.Addr {
	if r.Header.Get("X-Forwarded-For") != "" && !s.proxies.trust(address(r.RemoteAddr)) {
		s.unknownProxy.Do(func() {
			s.Log.Warn("a proxy speaks for clients and is not trusted, so they share one client's limits; name it with --trusted-proxy")
		})
	}
	return s.proxies.client(r)
}
