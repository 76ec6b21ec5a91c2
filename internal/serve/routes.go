// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"path"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
)

// methods are the handlers of one path.
type methods map[string]http.HandlerFunc

func (m methods) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := r.Method
	if method == http.MethodHead && m[method] == nil {
		method = http.MethodGet
	}
	if handle := m[method]; handle != nil {
		handle(w, r)
		return
	}
	allowed := strings.Join(slices.Sorted(maps.Keys(m)), ", ")
	w.Header().Set("Allow", allowed)
	say(w, http.StatusMethodNotAllowed, "This address takes "+allowed+" only.")
}

func (s *Server) routes() {
	s.mux = http.NewServeMux()
	for pattern, handler := range map[string]http.Handler{
		"/{$}":            methods{http.MethodPost: s.receive},
		"/systems/{id}":   methods{http.MethodDelete: s.forget},
		"/summaries/{id}": methods{http.MethodGet: s.summaries},
		"/healthz":        methods{http.MethodGet: s.healthy},
		"/readyz":         methods{http.MethodGet: s.ready},
		"/metrics":        methods{http.MethodGet: s.metrics.handler().ServeHTTP},
		"/":               http.HandlerFunc(nowhere),
	} {
		s.mux.Handle(pattern, handler)
	}
}

func nowhere(w http.ResponseWriter, _ *http.Request) {
	say(w, http.StatusNotFound, "There is nothing at this address. Reports are posted to /.")
}

// ServeHTTP answers a request. What asks the process itself is found with and without the prefix,
// since those who ask it do not come by way of the proxy.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer s.rescue(w)
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	name, inside := strings.CutPrefix(r.URL.Path, s.Prefix)
	if inside && name == "" {
		name = "/"
	}
	if inside && name[0] != '/' || !inside && !isProbe(name) || clean(name) != name {
		nowhere(w, r)
		return
	}
	if s.Prefix != "" && inside {
		r = withPath(r, name)
	}
	s.mux.ServeHTTP(w, r)
}

// clean is a path as the router would have it: elsewhere it sends people to paths without the prefix.
func clean(name string) string {
	out := path.Clean(name)
	if out != "/" && strings.HasSuffix(name, "/") {
		out += "/"
	}
	return out
}

func isProbe(name string) bool {
	return name == "/healthz" || name == "/readyz" || name == "/metrics"
}

func withPath(r *http.Request, name string) *http.Request {
	clone := *r
	url := *r.URL
	url.Path, url.RawPath = name, ""
	clone.URL = &url
	return &clone
}

// rescue answers for a handler that failed, and keeps the process. What the failure says is not
// logged: it may quote a report. The stack has only addresses.
func (s *Server) rescue(w http.ResponseWriter) {
	failure := recover()
	if failure == nil {
		return
	}
	if failure == http.ErrAbortHandler {
		panic(failure)
	}
	s.metrics.panics.Inc()
	s.Log.Error("a mistake in the program", "kind", fmt.Sprintf("%T", failure), "stack", string(debug.Stack()))
	say(w, http.StatusInternalServerError, "The service made a mistake, which its operators can read of.")
}

// say answers with a sentence.
func say(w http.ResponseWriter, status int, sentence string) {
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(sentence)+1))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, sentence+"\n") // who asked may be gone
}

// later answers that the same request may succeed after a while, in whole seconds.
func later(w http.ResponseWriter, status int, wait time.Duration, sentence string) {
	seconds := max(1, int64((wait+time.Second-1)/time.Second))
	w.Header().Set("Retry-After", strconv.FormatInt(seconds, 10))
	say(w, status, sentence)
}
