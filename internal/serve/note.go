// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"context"
	"log/slog"

	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/store"
)

// outcome is what became of a report, as counters and the log name it.
type outcome string

// The outcomes.
const (
	stored      outcome = "stored"
	duplicate   outcome = "duplicate"     // not the first report of its system that day
	sameKey     outcome = "duplicate_key" // two items of one key
	gated       outcome = "gate"          // not for this site
	malformed   outcome = "malformed"
	encoded     outcome = "encoded"
	tooLarge    outcome = "too_large"
	slow        outcome = "slow"
	aborted     outcome = "aborted"
	limited     outcome = "limited"     // the client sends too many
	busy        outcome = "busy"        // everyone together does
	unavailable outcome = "unavailable" // the database failed
)

// outcomes are all of them.
var outcomes = [...]outcome{stored, duplicate, sameKey, gated, malformed, encoded, tooLarge, slow, aborted, limited, busy, unavailable}

// note is what may be said of a report: names of proposals and reasons, no value, and nothing of
// who sent it.
type note struct {
	outcome   outcome
	rejected  report.Reason
	problem   error    // of what is no report: a *report.Error, which holds no value either
	proposals []string // whose values it carried, and that may be stored
	dropped   []string // path: reason
	unknown   int      // fields that nobody proposed
}

// carried notes what was in a report.
func (n *note) carried(r *report.Report) {
	n.rejected = r.Rejected
	fields := r.Message().Fields
	n.proposals = make([]string, 0, len(fields))
	for i := range fields {
		if r.Field(i) == report.Present {
			n.proposals = append(n.proposals, fields[i].Name)
		}
	}
	for _, f := range r.Findings {
		if f.Reason == report.UnknownField {
			n.unknown += f.Count
			continue
		}
		n.dropped = append(n.dropped, f.Path()+": "+f.Reason.String())
	}
}

// stored notes what the store made of it.
func (n *note) stored(o store.Outcome) {
	switch {
	case n.rejected == report.DuplicateKey:
		n.outcome = sameKey
	case n.rejected != report.None:
		n.outcome = gated
	case o == store.Duplicate:
		n.outcome = duplicate
	default:
		n.outcome = stored
	}
}

// logReport writes the line of a report.
func (s *Server) logReport(ctx context.Context, n *note) {
	attrs := make([]slog.Attr, 0, 5)
	attrs = append(attrs, slog.String("outcome", string(n.outcome)))
	if n.problem != nil {
		attrs = append(attrs, slog.String("problem", n.problem.Error()))
	}
	if n.proposals != nil {
		attrs = append(attrs, slog.Any("proposals", n.proposals))
	}
	if n.dropped != nil {
		attrs = append(attrs, slog.Any("dropped", n.dropped))
	}
	if n.unknown > 0 {
		attrs = append(attrs, slog.Int("unknown_fields", n.unknown))
	}
	s.Log.LogAttrs(ctx, slog.LevelInfo, "report", attrs...)
}
