// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/store/storetest"
)

// listen serves on a port of its own, and returns its address and what ends it.
func (s *service) listen(t *testing.T, certificate Certificate) (address string, end func() error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l, certificate) }()
	end = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() { _ = end() })
	return l.Addr().String(), end
}

// serving is begin for tests that listen, and so close the service themselves.
func serving(t *testing.T, change ...func(*Options)) *service {
	t.Helper()
	return begin(t, storetest.SQLite(t), change...)
}

// request is a report as bytes of HTTP.
func request(body []byte, headers ...string) string {
	return fmt.Sprintf("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n%s\r\n%s", len(body), strings.Join(headers, ""), body)
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	return c
}

// answer reads an answer; 0 is a connection that was closed without one.
func answer(c net.Conn) int {
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, r.Body)
	return r.StatusCode
}

// TestSlowLoris opens connections that send next to nothing. They are closed when their time is up,
// and somebody who comes meanwhile is served in the end.
func TestSlowLoris(t *testing.T) {
	s := serving(t, func(o *Options) {
		o.Limits.Header, o.Limits.Request, o.Limits.Connections = 300*time.Millisecond, 600*time.Millisecond, 8
		o.Proxies = trusted("127.0.0.0/8")
	})
	address, _ := s.listen(t, nil)
	report := request(typical(id(1)))
	var slow []net.Conn
	for i := range 16 {
		c := dial(t, address)
		_, _ = io.WriteString(c, [...]string{"", "POST / HT", report[:60], report[:len(report)-5]}[i%4])
		slow = append(slow, c)
	}
	honest := dial(t, address)
	_, _ = io.WriteString(honest, report)
	start := time.Now()
	if code := answer(honest); code != http.StatusOK || time.Since(start) > 10*time.Second {
		t.Errorf("an honest client gets %d after %v", code, time.Since(start))
	}
	for i, c := range slow {
		code := answer(c)
		if code != http.StatusRequestTimeout && code != http.StatusBadRequest && code != 0 {
			t.Errorf("slow connection %d gets %d", i, code)
		}
		if _, err := c.Read(make([]byte, 1)); err == nil {
			t.Errorf("slow connection %d is still open", i)
		}
	}
}

// TestDribble sends bytes all the time, and never enough of them.
func TestDribble(t *testing.T) {
	s := serving(t, func(o *Options) { o.Limits.Request = 400 * time.Millisecond })
	address, _ := s.listen(t, nil)
	c := dial(t, address)
	start := time.Now()
	for _, b := range []byte(request(typical(id(1)))) {
		if _, err := c.Write([]byte{b}); err != nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("a request may take %v", took)
	}
}

// TestConnectionsOfOne gives a quarter of the connections to one client that is no proxy.
func TestConnectionsOfOne(t *testing.T) {
	s := serving(t, func(o *Options) { o.Limits.Connections = 12 })
	address, _ := s.listen(t, nil)
	open, report := 0, request(typical(id(1)))
	var conns []net.Conn
	for range 6 {
		c := dial(t, address)
		_, _ = io.WriteString(c, report)
		if answer(c) == http.StatusOK {
			open++
		}
		conns = append(conns, c)
	}
	if open != 3 {
		t.Errorf("%d connections of one client are served, want 3", open)
	}
	for _, c := range conns {
		_ = c.Close()
	}
	for range 100 {
		c := dial(t, address)
		_, _ = io.WriteString(c, report)
		if answer(c) == http.StatusOK {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("closed connections still count")
}

// TestDrain ends the service while reports are under way: all that were begun are answered.
func TestDrain(t *testing.T) {
	db := &stubborn{gate: make(chan struct{})}
	s := serving(t, func(o *Options) { db.Store = o.Store.(*store.Store); o.Store = db })
	address, end := s.listen(t, nil)
	codes := make(chan int, 5)
	for i := range 5 {
		c := dial(t, address)
		_, _ = io.WriteString(c, request(typical(id(i))))
		go func() { codes <- answer(c) }()
	}
	for range 200 {
		if s.waiting() == 4 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	ended := make(chan error, 1)
	go func() { ended <- end() }()
	for !s.draining.Load() {
		time.Sleep(time.Millisecond)
	}
	want(t, s.ask("GET", "/readyz", nil), http.StatusServiceUnavailable, "The service is ending.")
	want(t, s.ask("GET", "/healthz", nil), http.StatusOK, "ok")
	close(db.gate)
	for range 5 {
		if code := <-codes; code != http.StatusOK {
			t.Errorf("a report that was begun gets %d", code)
		}
	}
	if err := <-ended; err != nil || s.counts(t, noon)["stored"] != 5 {
		t.Errorf("%v, and %v", err, s.counts(t, noon))
	}
	if _, err := net.DialTimeout("tcp", address, time.Second); err == nil {
		t.Error("it still listens")
	}
}

func (s *service) waiting() int { return len(s.committer.queue) }

// TestDrainGivesUp ends the service while a client sends forever.
func TestDrainGivesUp(t *testing.T) {
	s := serving(t, func(o *Options) { o.Limits.Drain = 100 * time.Millisecond })
	address, end := s.listen(t, nil)
	c := dial(t, address)
	_, _ = io.WriteString(c, request(typical(id(1)))[:80])
	time.Sleep(50 * time.Millisecond)
	if err := end(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestTLS(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"metrics.example"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	shown := &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	s := serving(t)
	address, _ := s.listen(t, func() (*tls.Certificate, error) { return shown, nil })
	roots := x509.NewCertPool()
	parsed, _ := x509.ParseCertificate(der)
	roots.AddCert(parsed)
	c, err := tls.Dial("tcp", address, &tls.Config{RootCAs: roots, ServerName: "metrics.example", NextProtos: []string{"h2", "http/1.1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _ = io.WriteString(c, request(typical(id(1))))
	if code := answer(c); code != http.StatusOK || c.ConnectionState().NegotiatedProtocol != "http/1.1" {
		t.Errorf("%d over %s", code, c.ConnectionState().NegotiatedProtocol)
	}
	if _, err := tls.Dial("tcp", address, &tls.Config{RootCAs: roots, ServerName: "metrics.example", MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("it speaks TLS 1.1")
	}
	plain := dial(t, address)
	_, _ = io.WriteString(plain, request(typical(id(1))))
	answer(plain)
	if strings.Contains(s.journal.String(), "127.0.0.1") {
		t.Errorf("an address is logged:\n%s", s.journal)
	}
}
