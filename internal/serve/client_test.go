// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"net/http"
	"net/netip"
	"testing"
	"time"
)

func TestClient(t *testing.T) {
	p := proxies(trusted("10.0.0.0/8", "::1/128"))
	for _, test := range []struct{ peer, forwarded, want string }{
		{"192.0.2.1:99", "", "192.0.2.1"},
		{"192.0.2.1:99", "198.51.100.1", "192.0.2.1"}, // nobody that is believed
		{"10.0.0.1:99", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.1:99", "203.0.113.1, 198.51.100.1", "198.51.100.1"}, // the first is what the client wrote
		{"10.0.0.1:99", "198.51.100.1, 10.0.0.2", "198.51.100.1"},
		{"10.0.0.1:99", "198.51.100.1:1234", "198.51.100.1"},
		{"10.0.0.1:99", "[2001:db8::1]:1234", "2001:db8::1"},
		{"[::1]:99", "2001:db8::1", "2001:db8::1"},
		{"[::ffff:10.0.0.1]:99", "::ffff:198.51.100.1", "198.51.100.1"},
		{"10.0.0.1:99", "", "10.0.0.1"},
		{"10.0.0.1:99", "unknown", "10.0.0.1"},
		{"10.0.0.1:99", "198.51.100.1, , ", "10.0.0.1"},
		{"10.0.0.1:99", "10.0.0.2", "10.0.0.1"},
		{"@", "198.51.100.1", "invalid IP"}, // a socket in a file
	} {
		r := &http.Request{RemoteAddr: test.peer, Header: http.Header{"X-Forwarded-For": {test.forwarded}}}
		if got := p.client(r).String(); got != test.want {
			t.Errorf("%s for %q: %s, want %s", test.peer, test.forwarded, got, test.want)
		}
	}
}

// FuzzClient takes any header, and never an address from before one that is not trusted.
func FuzzClient(f *testing.F) {
	f.Add("203.0.113.1, 198.51.100.1")
	f.Add("::1%eth0, [2001:db8::1]:1, \x00")
	p := proxies(trusted("10.0.0.0/8"))
	f.Fuzz(func(t *testing.T, forwarded string) {
		r := &http.Request{RemoteAddr: "10.0.0.1:1", Header: http.Header{"X-Forwarded-For": {forwarded, "198.51.100.7"}}}
		if got := p.client(r).String(); got != "198.51.100.7" {
			t.Errorf("%q: %s", forwarded, got)
		}
		r.Header["X-Forwarded-For"] = []string{forwarded}
		if got := p.client(r); !got.IsValid() {
			t.Errorf("%q: no client", forwarded)
		}
	})
}

func TestBlock(t *testing.T) {
	for address, want := range map[string]string{"192.0.2.7": "192.0.2.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::"} {
		if got := block(netip.MustParseAddr(address)).String(); got != want {
			t.Errorf("%s is in %s, want %s", address, got, want)
		}
	}
}

// TestLimiter asks as fast as can be for an hour. What is allowed is the burst, and the rate.
func TestLimiter(t *testing.T) {
	l, allowed := newLimiter(0.5, 10), 0
	a, b := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	for ms := range 3_600_000 / 10 {
		now := noon.Add(time.Duration(ms) * 10 * time.Millisecond)
		if ok, wait := l.allow(a, now); ok {
			allowed++
		} else if wait <= 0 || wait > 2*time.Second {
			t.Fatalf("wait for %v", wait)
		}
	}
	if allowed < 10+1799 || allowed > 10+1801 {
		t.Errorf("%d are allowed in an hour", allowed)
	}
	if ok, _ := l.allow(b, noon); !ok {
		t.Error("another client is refused")
	}
	if ok, _ := l.allow(a, noon.Add(-24*time.Hour)); !ok {
		t.Error("a clock that went back locks a client out")
	}
	if ok, _ := newLimiter(-1, 5).allow(a, noon); !ok {
		t.Error("without a rate somebody is refused")
	}
}
