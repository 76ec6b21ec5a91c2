// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/pulp/pulpmetrics/internal/store"
)

const (
	maxBatch      = 256              // reports in one transaction
	commitTimeout = 10 * time.Second // of one transaction; after it, nobody waits any longer
)

// errBusy is what becomes of a report when too many wait already.
var errBusy = errors.New("too many reports are waiting")

// committer stores reports. Those that arrive together share a transaction: while one is under way
// the next ones gather, so the more there are, the cheaper each is, and none waits for a timer.
type committer struct {
	store   Store
	metrics *metrics
	queue   chan *pending
	end     func() // asks run to end
	ending  <-chan struct{}
	ended   chan struct{}
}

// pending is a report that waits to be durable.
type pending struct {
	entry   store.Entry
	outcome store.Outcome
	err     error
	done    chan struct{}
}

// newCommitter starts a committer for which at most so many reports can wait.
func newCommitter(s Store, m *metrics, waiting int) *committer {
	ending := make(chan struct{})
	c := &committer{
		store: s, metrics: m, queue: make(chan *pending, waiting),
		end: sync.OnceFunc(func() { close(ending) }), ending: ending, ended: make(chan struct{}),
	}
	go c.run()
	return c
}

// commit returns what became of a report, once that is durable. The error is errBusy, or what the
// store said.
func (c *committer) commit(entry store.Entry) (store.Outcome, error) {
	p := &pending{entry: entry, done: make(chan struct{})}
	select {
	case c.queue <- p:
	default:
		return 0, errBusy
	}
	select {
	case <-p.done:
		return p.outcome, p.err
	case <-c.ended:
	}
	select {
	case <-p.done: // both happened, and select took either
		return p.outcome, p.err
	default:
		return 0, errBusy
	}
}

// stop stores what waits, and returns when that is done. Whoever comes later is told to come back.
func (c *committer) stop() {
	c.end()
	<-c.ended
}

func (c *committer) run() {
	defer close(c.ended)
	batch, entries := make([]*pending, 0, maxBatch), make([]store.Entry, 0, maxBatch)
	for {
		if batch = c.next(batch[:0]); len(batch) == 0 {
			return
		}
		entries = entries[:0]
		for _, p := range batch {
			entries = append(entries, p.entry)
		}
		c.ingest(batch, entries)
		clear(batch)
		clear(entries)
	}
}

// next waits for a report, and gathers what waits with it. It returns none when it is time to end,
// and nothing waits any more.
func (c *committer) next(batch []*pending) []*pending {
	select {
	case p := <-c.queue:
		return c.gather(append(batch, p))
	case <-c.ending:
		return c.gather(batch)
	}
}

// gather adds to a batch what waits already.
func (c *committer) gather(batch []*pending) []*pending {
	for len(batch) < maxBatch {
		select {
		case p := <-c.queue:
			batch = append(batch, p)
		default:
			return batch
		}
	}
	return batch
}

// ingest stores a batch, and says so to those who wait.
func (c *committer) ingest(batch []*pending, entries []store.Entry) {
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
	defer cancel()
	start := time.Now()
	outcomes, err := c.store.Ingest(ctx, entries)
	if err == nil && len(outcomes) != len(entries) {
		err = errors.New("the store lost count")
	}
	c.metrics.committed(len(batch), time.Since(start), err)
	for i, p := range batch {
		if p.err = err; err == nil {
			p.outcome = outcomes[i]
		}
		close(p.done)
	}
}
