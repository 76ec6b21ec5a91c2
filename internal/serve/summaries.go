// SPDX-License-Identifier: GPL-2.0-or-later

package serve

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/summarize"
)

const (
	usualDays   = 90   // up to yesterday, where nobody says from when on
	mostDays    = 1000 // in one answer
	readTimeout = 20 * time.Second
)

// question is what somebody asks of a summary.
type question struct {
	view     *summarize.View
	id       string
	from, to store.Day
	format   string
}

// summaries answers with the published rows of a summary. What is suspended is not there.
func (s *Server) summaries(w http.ResponseWriter, r *http.Request) {
	if !s.mayAsk(w, r, s.questions) {
		return
	}
	q := question{id: r.PathValue("id")}
	s.force.during(s.now(), func(in *rules) { q.view = in.view })
	if _, ok := q.view.Query(q.id); !ok {
		say(w, http.StatusNotFound, fmt.Sprintf("There is no summary %.100q: %s", q.id, proposal.Suggest(q.id, q.view.IDs(), "they are ")))
		return
	}
	if wrong := q.read(r, s.now()); wrong != "" {
		say(w, http.StatusBadRequest, wrong)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), readTimeout)
	defer cancel()
	select {
	case s.reading <- struct{}{}:
		defer func() { <-s.reading }()
	case <-ctx.Done():
		later(w, http.StatusServiceUnavailable, retryBusy, "Too many ask at once.")
		return
	}
	body, err := q.answer(ctx, s.Store)
	if err != nil {
		s.failed(err)
		later(w, http.StatusServiceUnavailable, retryDown, "Summaries can't be read at the moment.")
		return
	}
	q.send(w, r, body)
}

// read reads what comes after the question mark, and returns a sentence that says what is wrong.
func (q *question) read(r *http.Request, now time.Time) (wrong string) {
	values := r.URL.Query()
	for name := range values {
		if name != "from" && name != "to" && name != "format" {
			return fmt.Sprintf("There is no parameter %.100q: they are from, to and format.", name)
		}
	}
	if q.format = values.Get("format"); q.format == "" {
		q.format = "json"
	}
	if q.format != "json" && q.format != "csv" {
		return fmt.Sprintf("The format %.100q is neither json nor csv.", q.format)
	}
	var known, also bool
	q.to, known = dayOr(values.Get("to"), store.DayOf(now)-1)
	q.from, also = dayOr(values.Get("from"), q.to-usualDays+1)
	switch {
	case !known || !also:
		return "A day is written as in 2026-11-23."
	case q.from > q.to:
		return fmt.Sprintf("The first day, %s, is after the last, %s.", q.from, q.to)
	case q.to-q.from >= mostDays:
		return fmt.Sprintf("From %s to %s is more than %d days: ask for them in parts.", q.from, q.to, mostDays)
	}
	return ""
}

// dayOr reads a day, or takes another one where there is none.
func dayOr(text string, otherwise store.Day) (day store.Day, ok bool) {
	if text == "" {
		return otherwise, true
	}
	day, err := store.ParseDay(text)
	return day, err == nil
}

// answer returns the rows: as a list of JSON, with one row in a line, or as CSV.
func (q *question) answer(ctx context.Context, s Store) ([]byte, error) {
	var out bytes.Buffer
	if q.format == "csv" {
		write, finish := q.view.CSV(&out, q.id)
		if err := q.view.Published(ctx, s, q.id, q.from, q.to, write); err != nil {
			return nil, err
		}
		err := finish()
		return out.Bytes(), err
	}
	separator := "[\n"
	err := q.view.Published(ctx, s, q.id, q.from, q.to, func(l summarize.Line) error {
		row, err := json.Marshal(l)
		out.WriteString(separator)
		out.Write(row)
		separator = ",\n"
		return err
	})
	if out.Len() == 0 {
		return []byte("[]\n"), err
	}
	out.WriteString("\n]\n")
	return out.Bytes(), err
}

// send answers, unless who asks has the same already. It may be kept, and has to be asked for again:
// a suspension acts at once.
func (q *question) send(w http.ResponseWriter, r *http.Request, body []byte) {
	digest := sha256.Sum256(body)
	header := w.Header()
	header.Set("ETag", `"`+hex.EncodeToString(digest[:16])+`"`)
	header.Set("Cache-Control", "public, no-cache")
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Content-Type", map[string]string{"json": "application/json", "csv": "text/csv; charset=utf-8"}[q.format])
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}
