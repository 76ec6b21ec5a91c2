// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/store/storetest"
)

var servers storetest.Server

func TestMain(m *testing.M) { os.Exit(servers.Run(m)) }

// noon is when tests happen.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// clock is a clock that tests set.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// journal is a log that tests read.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(line)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// service is a service with what it was made of.
type service struct {
	*Server
	url      string
	store    *store.Store
	registry *registry.Registry
	clock    *clock
	journal  *journal
}

// real returns the project of this repository.
func real(t testing.TB) *registry.Registry {
	t.Helper()
	r, _ := storetest.Registry(t, "../..", noon.Format(time.DateOnly))
	return r
}

// begin starts a service of the real proposals on a database. Options may be changed before.
func begin(t testing.TB, url string, change ...func(*Options)) *service {
	t.Helper()
	r, m := storetest.Registry(t, "../..", noon.Format(time.DateOnly))
	db, err := store.Open(context.Background(), url, r, m)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Migrate(context.Background(), false); err != nil {
		t.Fatal(err)
	}
	s := &service{url: url, store: db, registry: r, clock: &clock{at: noon}, journal: &journal{}}
	o := Options{
		Store: db, Registry: r, Site: "dev", Now: s.clock.now, Log: slog.New(slog.NewJSONHandler(s.journal, nil)),
		Limits: Limits{Rate: -1},
	}
	for _, c := range change {
		c(&o)
	}
	if s.Server, err = New(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close() // also where Serve has done so
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// ask sends a request to the handler. Headers are name and value by turns.
func (s *service) ask(method, path string, body []byte, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if remote := r.Header.Get("Test-Remote"); remote != "" {
		r.RemoteAddr = remote
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func (s *service) post(body []byte, headers ...string) *httptest.ResponseRecorder {
	return s.ask(http.MethodPost, "/", body, headers...)
}

// want holds an answer against a status and a part of its text.
func want(t testing.TB, w *httptest.ResponseRecorder, status int, part string) {
	t.Helper()
	if w.Code != status || !strings.Contains(w.Body.String(), part) {
		t.Errorf("%d %q, want %d with %q", w.Code, w.Body, status, part)
	}
}

// counts returns what audit says of a day, by reason and path.
func (s *service) counts(t testing.TB, day time.Time) map[string]int64 {
	t.Helper()
	all, err := s.store.Audit(context.Background(), store.DayOf(day), store.DayOf(day))
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int64{}
	for _, a := range all {
		counts[strings.TrimSpace(a.Reason+" "+a.Path)] = a.Count
	}
	return counts
}

// id is the id of the n-th system.
func id(n int) string { return fmt.Sprintf("0190a1b2-c3d4-7e5f-8a6b-%012x", n) }

// text appends a field with a text, or a message.
func text[T ~string | ~[]byte](b []byte, number protowire.Number, value T) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, number, protowire.BytesType), []byte(value))
}

func number(b []byte, n protowire.Number, value uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, n, protowire.VarintType), value)
}

// typical is a report as a system of today sends it; more fields may follow.
func typical(system string, more ...[]byte) []byte {
	b := text(nil, 1, system)
	b = text(b, 2, number(number(nil, 1, 4), 2, 2))
	b = text(b, 3, number(number(nil, 1, 8), 2, 2))
	for _, c := range [][2]string{{"core", "3.23.0"}, {"container", "2.14.3"}, {"file", "1.12.0"}, {"rpm", "3.19.1"}} {
		b = append(b, component(c[0], c[1])...)
	}
	b = number(b, 5, 130004)
	b = text(b, 6, number(number(number(nil, 1, 5), 2, 3), 5, 4))
	return append(b, bytes.Join(more, nil)...)
}

func component(name, version string) []byte {
	return text(nil, 4, text(text(nil, 1, name), 2, version))
}

func serveRequest(s *service, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func trusted(networks ...string) (all []netip.Prefix) {
	for _, n := range networks {
		all = append(all, netip.MustParsePrefix(n))
	}
	return all
}

func (j *journal) reset() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.text.Reset()
}
