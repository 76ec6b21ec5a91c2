// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/store/storetest"
)

func TestReceive(t *testing.T) {
	servers.Each(t, func(t *testing.T, url string) {
		s := begin(t, url)
		for _, spelled := range []string{
			id(1), strings.ToUpper(id(1)), strings.ReplaceAll(id(1), "-", ""), "{" + id(1) + "}", "urn:uuid:" + id(1),
		} {
			w := s.post(typical(spelled))
			want(t, w, http.StatusOK, "")
			if w.Body.Len() != 0 {
				t.Errorf("the answer to a report is %q", w.Body)
			}
		}
		s.clock.set(noon.AddDate(0, 0, 1))
		want(t, s.post(typical(id(1))), http.StatusOK, "")
		first, second := map[string]int64{"stored": 1, "duplicate_day": 4}, map[string]int64{"stored": 1}
		if diff := cmp.Diff([]map[string]int64{first, second}, []map[string]int64{s.counts(t, noon), s.counts(t, noon.AddDate(0, 0, 1))}); diff != "" {
			t.Error(diff)
		}
	})
}

// TestOddBodies posts what the site before this one answered with 500, or stored.
func TestOddBodies(t *testing.T) {
	s := begin(t, storetest.SQLite(t))
	manyComponents := typical(id(2))
	for i := range 20_000 {
		manyComponents = append(manyComponents, component("c"+strings.Repeat("x", i%40), "1.2.3")...)
	}
	for _, test := range []struct {
		name     string
		body     []byte
		status   int
		sentence string
	}{
		{"nothing", nil, 400, "This is no report: byte 0, system_id: a required field is missing.\n"},
		{"garbage", []byte("<html>"), 400, "This is no report: byte 0: "},
		{"JSON", []byte(`{"system_id": "` + id(1) + `"}`), 400, "This is no report: "},
		{"no id", typical(id(1))[38:], 400, "system_id: a required field is missing."},
		{"an id that is none", typical("me@example.com"), 400, "system_id: the identifier is not a UUID."},
		{"cut", typical(id(1))[:100], 400, "a field is longer than what is left of the report."},
		{"a component without a version", append(typical(id(1)), text(nil, 4, text(nil, 1, "ostree"))...), 400, "components.version: a required field is missing."},
		{"a number of 70 bits", append(typical(id(1)), bytes.Repeat([]byte{0xff}, 12)...), 400, "a varint is longer than 64 bits."},
		{"too long", append(typical(id(1)), text(nil, 99, make([]byte, 1<<20))...), 413, "A report has at most 1048576 bytes."},
		{"a large number", append(typical(id(3)), number(nil, 5, 1<<31)...), 200, ""},
		{"a name of 100 kB", append(typical(id(4)), component(strings.Repeat("a", 100_000), "1.0.0")...), 200, ""},
		{"20,000 components", manyComponents, 200, ""},
		{"an address as a name", append(typical(id(5)), component("me@example.com", "1.0.0")...), 200, ""},
		{"fields that nobody proposed", append(typical(id(6)), text(number(nil, 77, 1), 78, "me@example.com")...), 200, ""},
		{"a component twice", append(typical(id(7)), component("rpm", "3.19.2")...), 200, ""},
	} {
		t.Run(test.name, func(t *testing.T) { want(t, s.post(test.body), test.status, test.sentence) })
	}
	counts := map[string]int64{
		"stored": 4, "duplicate_key": 2, "outside_domain components.name": 2, "outside_domain postgresql_version": 1,
		"unknown_field 77": 1, "unknown_field 78": 1,
	}
	if diff := cmp.Diff(counts, s.counts(t, noon)); diff != "" {
		t.Error(diff)
	}
}

func TestGate(t *testing.T) {
	s := begin(t, storetest.SQLite(t), func(o *Options) { o.Site = "production" })
	want(t, s.post(typical(id(1), component("ostree", "2.0.0a6"))), http.StatusOK, "")
	want(t, s.post(typical(id(1))), http.StatusOK, "") // the day is still open
	if diff := cmp.Diff(map[string]int64{"gate": 1, "stored": 1}, s.counts(t, noon)); diff != "" {
		t.Error(diff)
	}
}

func TestUnread(t *testing.T) {
	s := begin(t, storetest.SQLite(t))
	want(t, s.post(typical(id(1)), "Content-Encoding", "gzip"), http.StatusUnsupportedMediaType, "Send the report as it is")
	want(t, s.post(typical(id(1)), "Content-Encoding", "identity"), http.StatusOK, "")
	for _, broken := range []error{errors.New("reset"), timeout{}} {
		r, _ := http.NewRequest(http.MethodPost, "/", iotest.ErrReader(broken))
		w := s.ask(http.MethodGet, "/nowhere", nil)
		want(t, w, http.StatusNotFound, "Reports are posted to /.")
		w = serveRequest(s, r)
		if broken == error(timeout{}) {
			want(t, w, http.StatusRequestTimeout, "The report did not come in time.")
		} else {
			want(t, w, http.StatusBadRequest, "The report did not come whole.")
		}
	}
}

type timeout struct{}

func (timeout) Error() string   { return "i/o timeout" }
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }

func TestMethodsAndPaths(t *testing.T) {
	s := begin(t, storetest.SQLite(t), func(o *Options) { o.Prefix = "/analytics/" })
	for _, test := range []struct {
		method, path string
		status       int
	}{
		{"POST", "/analytics/", 200}, {"POST", "/analytics", 200}, {"POST", "/", 404}, {"POST", "/analyticsx", 404},
		{"GET", "/analytics/", 405}, {"PUT", "/analytics/", 405}, {"POST", "/analytics/healthz", 405},
		{"GET", "/healthz", 200}, {"GET", "/analytics/healthz", 200}, {"HEAD", "/readyz", 200}, {"GET", "/metrics", 200},
		{"POST", "/analytics/systems/" + id(1), 405}, {"POST", "/analytics//", 404}, {"POST", "/analytics/x/..", 404}, {"GET", "/analytics/%00", 404},
	} {
		w := s.ask(test.method, test.path, typical(id(1)))
		if w.Code != test.status {
			t.Errorf("%s %s: %d, want %d", test.method, test.path, w.Code, test.status)
		}
		if w.Code == 405 && w.Header().Get("Allow") == "" {
			t.Errorf("%s %s: no Allow", test.method, test.path)
		}
	}
}

// stubborn is a store that fails or waits as a test says.
type stubborn struct {
	*store.Store
	mu     sync.Mutex
	err    error
	gate   chan struct{} // nil is open
	inside chan struct{} // gets one for each batch that waits at the gate, unless nil
	size   int           // of the last batch
}

func (s *stubborn) Ingest(ctx context.Context, entries []store.Entry) ([]store.Outcome, error) {
	s.mu.Lock()
	err, gate := s.err, s.gate
	s.size = len(entries)
	s.mu.Unlock()
	if gate != nil {
		if s.inside != nil {
			s.inside <- struct{}{}
		}
		<-gate
	}
	if err != nil {
		return nil, err
	}
	return s.Store.Ingest(ctx, entries)
}

func TestDatabaseFails(t *testing.T) {
	db := &stubborn{err: errors.New("disk full")}
	s := begin(t, storetest.SQLite(t), func(o *Options) { db.Store = o.Store.(*store.Store); o.Store = db })
	w := s.post(typical(id(1)))
	want(t, w, http.StatusServiceUnavailable, "Reports can't be stored at the moment.")
	if w.Header().Get("Retry-After") != "60" {
		t.Errorf("Retry-After is %q", w.Header().Get("Retry-After"))
	}
	db.mu.Lock()
	db.err = nil
	db.mu.Unlock()
	want(t, s.post(typical(id(1))), http.StatusOK, "")
	if diff := cmp.Diff(map[string]int64{"stored": 1}, s.counts(t, noon)); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(s.journal.String(), `"msg":"the database failed","error":"disk full"`) {
		t.Error(s.journal)
	}
}

// TestOverload fills the queue while the database is slow.
func TestOverload(t *testing.T) {
	db := &stubborn{gate: make(chan struct{}), inside: make(chan struct{}, 30)}
	s := begin(t, storetest.SQLite(t), func(o *Options) { db.Store = o.Store.(*store.Store); o.Store = db; o.Limits.Waiting = 10 })
	statuses := make(chan int, 30)
	post := func(i int) { statuses <- s.post(typical(id(i))).Code }
	go post(0)
	<-db.inside // alone: whoever comes now waits in the queue
	for i := range 29 {
		go post(i + 1)
	}
	refused, stored := 0, 0
	for range 30 - 11 { // one is being stored, and ten wait
		if code := <-statuses; code == http.StatusServiceUnavailable {
			refused++
		}
	}
	close(db.gate)
	for range 11 {
		if code := <-statuses; code == http.StatusOK {
			stored++
		}
	}
	if refused != 19 || stored != 11 || s.counts(t, noon)["stored"] != 11 {
		t.Errorf("%d refused, %d stored, and %v", refused, stored, s.counts(t, noon))
	}
	if db.size != 10 {
		t.Errorf("what waited came in a transaction of %d", db.size)
	}
}

func TestRates(t *testing.T) {
	s := begin(t, storetest.SQLite(t), func(o *Options) {
		o.Limits.Rate, o.Limits.Burst, o.Proxies = 0.5, 3, trusted("10.0.0.0/8")
	})
	from := func(remote, forwarded string) int {
		return s.post(typical(id(1)), "Test-Remote", remote, "X-Forwarded-For", forwarded).Code
	}
	for range 3 {
		if code := from("192.0.2.1:99", ""); code != http.StatusOK {
			t.Fatal(code)
		}
	}
	w := s.post(typical(id(1)), "Test-Remote", "192.0.2.1:100")
	want(t, w, http.StatusTooManyRequests, "one a day is enough")
	if w.Header().Get("Retry-After") != "2" {
		t.Errorf("Retry-After is %q", w.Header().Get("Retry-After"))
	}
	for _, other := range [][2]string{{"192.0.2.2:1", ""}, {"10.1.1.1:1", "192.0.2.3"}, {"10.1.1.1:1", "192.0.2.1, 192.0.2.4, 10.2.2.2"}, {"[2001:db8::1]:1", ""}} {
		if code := from(other[0], other[1]); code != http.StatusOK {
			t.Errorf("%v: %d", other, code)
		}
	}
	if code := from("10.1.1.1:1", "192.0.2.9, 192.0.2.1"); code != http.StatusTooManyRequests {
		t.Errorf("by way of a proxy: %d", code)
	}
	s.clock.set(noon.Add(2 * time.Second))
	if code := from("192.0.2.1:99", ""); code != http.StatusOK {
		t.Errorf("after a while: %d", code)
	}
}
