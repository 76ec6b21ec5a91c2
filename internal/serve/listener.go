// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"hash/maphash"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"

	"golang.org/x/net/netutil"
)

// listener gives one client so many connections, and everyone together so many: who comes then
// waits to be accepted. Proxies are not one client. Like [limiter], it keeps no address.
type listener struct {
	net.Listener
	most    int32
	free    proxies
	metrics *metrics
	seed    maphash.Seed
	open    []atomic.Int32
}

func (s *Server) limit(l net.Listener) net.Listener {
	return netutil.LimitListener(&listener{
		Listener: l, most: int32(max(1, s.Limits.Connections/4)), free: s.proxies, metrics: s.metrics,
		seed: maphash.MakeSeed(), open: make([]atomic.Int32, limiterSlots),
	}, s.Limits.Connections)
}

// Accept returns the next connection of a client that has not too many.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		open := l.slot(c)
		if open.Add(1) <= l.most {
			l.metrics.connections.Inc()
			return &connection{Conn: c, closed: sync.OnceFunc(func() { open.Add(-1); l.metrics.connections.Dec() })}, nil
		}
		open.Add(-1)
		l.metrics.refused.Inc()
		_ = c.Close()
	}
}

// slot is where the connections of a client are counted. Those that have no client count for
// nobody.
func (l *listener) slot(c net.Conn) *atomic.Int32 {
	from, err := netip.ParseAddrPort(c.RemoteAddr().String())
	client := from.Addr().Unmap().WithZone("")
	if err != nil || l.free.trust(client) {
		return new(atomic.Int32)
	}
	return &l.open[maphash.Comparable(l.seed, block(client))%limiterSlots]
}

// connection says when it ends.
type connection struct {
	net.Conn
	closed func()
}

func (c *connection) Close() error {
	c.closed()
	return c.Conn.Close()
}
