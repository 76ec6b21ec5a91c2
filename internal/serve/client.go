// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// proxies are the addresses that may say for whom they ask.
type proxies []netip.Prefix

func (p proxies) trust(a netip.Addr) bool {
	return slices.ContainsFunc(p, func(prefix netip.Prefix) bool { return prefix.Contains(a) })
}

// client returns the address that asks: the peer's, or, where that is a trusted proxy, the last
// one in X-Forwarded-For that is not. What is left of that one, anybody can have written. The
// address is for counting only (see [limiter]): it is never kept. It is zero where none is known.
func (p proxies) client(r *http.Request) netip.Addr {
	peer := address(r.RemoteAddr)
	if !p.trust(peer) {
		return peer
	}
	forwarded := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, text := range slices.Backward(forwarded) {
		a := address(strings.TrimSpace(text))
		if !a.IsValid() {
			return peer
		}
		if !p.trust(a) {
			return a
		}
	}
	return peer
}

// address reads an address with or without a port.
func address(text string) netip.Addr {
	if port, err := netip.ParseAddrPort(text); err == nil {
		return port.Addr().Unmap().WithZone("")
	}
	a, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

// block is the network that one client is taken to have: all of IPv4's address, and the first 64
// bits of IPv6's, since every host has that many addresses.
func block(a netip.Addr) netip.Addr {
	if !a.Is6() {
		return a
	}
	prefix, err := a.Prefix(64)
	if err != nil {
		return a
	}
	return prefix.Addr()
}
