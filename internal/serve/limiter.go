// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"hash/maphash"
	"net/netip"
	"sync/atomic"
	"time"
)

// limiterSlots is how many clients are told apart, more or less: two that share a slot share its
// rate.
const limiterSlots = 1 << 16

// limiter allows each client so many requests a second, and a burst. It knows no address: what it
// keeps of a client is one time, in a slot that a hash under a secret of this process points to.
// So it takes the same memory whoever asks, and nothing can be read from it.
type limiter struct {
	every time.Duration // from one request to the next
	burst time.Duration // how far ahead of that a client may be
	seed  maphash.Seed
	slots []atomic.Int64 // when the client will have used up what it asked for, in nanoseconds
}

// newLimiter returns a limiter of a rate in requests a second and a burst of at least one request;
// nil, which allows everything, if the rate is 0.
func newLimiter(rate float64, burst int) *limiter {
	if rate <= 0 {
		return nil
	}
	every := time.Duration(float64(time.Second) / rate)
	return &limiter{every, every * time.Duration(max(burst, 1)), maphash.MakeSeed(), make([]atomic.Int64, limiterSlots)}
}

// allow reports whether a client may ask now, and else for how long it has to wait.
func (l *limiter) allow(client netip.Addr, now time.Time) (bool, time.Duration) {
	if l == nil {
		return true, 0
	}
	slot := &l.slots[maphash.Comparable(l.seed, block(client))%limiterSlots]
	for at := now.UnixNano(); ; {
		used := slot.Load()
		next := max(used, at)
		if next > at+int64(l.burst) {
			next = at // no client can be that far ahead: the clock went back
		}
		next += int64(l.every)
		if wait := next - at - int64(l.burst); wait > 0 {
			return false, time.Duration(wait)
		}
		if slot.CompareAndSwap(used, next) {
			return true, 0
		}
	}
}
