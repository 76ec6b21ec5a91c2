// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"context"
	"crypto/tls"
	"errors"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/pulp/pulpmetrics/internal/registry"
)

const (
	maxHeader  = 16 << 10
	answerTime = 30 * time.Second // to write an answer, from when the request was read
)

// Certificate returns the certificate to show; it is asked at every handshake.
type Certificate func() (*tls.Certificate, error)

// Serve answers on a listener until the context ends, and then finishes what was begun. With a
// certificate it speaks TLS. The error is what the listener said, or that not everything was
// finished in time. The service is closed when it returns.
func (s *Server) Serve(ctx context.Context, l net.Listener, certificate Certificate) error {
	defer s.Close()
	server := s.server(certificate)
	ended := make(chan error, 1)
	go func() {
		if certificate != nil {
			ended <- server.ServeTLS(s.limit(l), "", "")
			return
		}
		ended <- server.Serve(s.limit(l))
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	s.draining.Store(true)
	s.Log.Info("ending: finishing what was begun")
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.Limits.Drain)
	defer cancel()
	return errors.Join(server.Shutdown(within), server.Close())
}

func (s *Server) server(certificate Certificate) *http.Server {
	// One request at a time on a connection: so the limit of connections is one of requests.
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	server := &http.Server{
		Handler: s, Protocols: &protocols, MaxHeaderBytes: maxHeader, ErrorLog: log.New(faults{s}, "", 0),
		ReadHeaderTimeout: s.Limits.Header, ReadTimeout: s.Limits.Request, IdleTimeout: s.Limits.Idle,
		WriteTimeout: s.Limits.Request + commitTimeout + answerTime,
	}
	if certificate != nil {
		server.TLSConfig = &tls.Config{
			MinVersion:     tls.VersionTLS12,
			GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return certificate() },
		}
	}
	return server
}

// faults counts what net/http would log: it names addresses.
type faults struct{ *Server }

func (f faults) Write(line []byte) (int, error) {
	f.metrics.faults.Inc()
	return len(line), nil
}

// Reload puts another registry in force. When it returns without an error, nothing of what it
// suspends is stored any more. With an error the registry before stays in force, unless it was the
// erasing that failed.
func (s *Server) Reload(ctx context.Context, r *registry.Registry) error {
	err := s.reload(ctx, r)
	result := "done"
	if err != nil {
		result = "failed"
	}
	s.metrics.reloads.WithLabelValues(result).Inc()
	return err
}

func (s *Server) reload(ctx context.Context, r *registry.Registry) error {
	next, err := newRules(r, s.Site, s.now().UTC().Format(time.DateOnly), s.Limits.Body)
	if err != nil {
		return err
	}
	s.force.replace(next)
	return s.Store.Apply(ctx, r, next.message)
}
