// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/store"
)

// importOptions are the flags of import.
type importOptions struct{ db, site string }

func (a *app) importReports() *cobra.Command {
	var o importOptions
	cmd := &cobra.Command{
		Use:     "import FILE...",
		GroupID: "run",
		Short:   "Store reports from files, as if they had been received",
		Long: `Store reports from files, as if they had been posted at the times that stand beside
them. A FILE holds serialized messages that each follow their length, as a varint.
When each was received is in FILE with .tsv in place of its ending: a table divided
by tabs, whose first line has a column received_at with times in RFC 3339.

What is stored is the same as if a site had received it: the first report of a system
on a day counts, and what is not approved is counted and dropped. Reports of days that
are summarized already are stored, and change no summary.

Files can be given again: what is there is not stored twice.`,
		Example: `  pulpmetrics import --site production reports/2026-03-02.pb
  pulpmetrics import --site dev --db postgres://pulp@db/metrics reports/*.pb`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("name a FILE that holds reports")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, files []string) error { return a.runImport(cmd.Context(), files, o) },
	}
	dbFlag(cmd, &o.db)
	siteFlag(cmd, &o.site, "import for this `SITE` of the project (default: the only one)")
	cmd.Flags().SortFlags = false
	return cmd
}

func (a *app) runImport(ctx context.Context, files []string, o importOptions) (err error) {
	w, err := a.anyRegistry()
	if err != nil {
		return err
	}
	r, err := w.load()
	if err != nil {
		return err
	}
	site, err := knownSite(r, o.site)
	if err != nil {
		return err
	}
	s, err := a.receivingStore(ctx, o.db, site, r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	in := importer{app: a, store: s}
	if in.gate, err = gateOf(r, s.Message(), site); err != nil {
		return err
	}
	if in.decoder, err = report.NewDecoder(s.Message()); err != nil {
		return err
	}
	for _, file := range files {
		if err := in.file(ctx, file); err != nil {
			return err
		}
	}
	return nil
}

// importer stores the reports of files.
type importer struct {
	*app
	store   *store.Store
	gate    *report.Gate
	decoder *report.Decoder
}

// imported counts what became of the reports of a file.
type imported struct{ outcomes [4]int }

func (n *imported) add(outcomes []store.Outcome) {
	for _, o := range outcomes {
		n.outcomes[o]++
	}
}

// timesOf returns the name of the table of times beside a file.
func timesOf(file string) string {
	if dot := strings.LastIndexByte(file, '.'); dot > strings.LastIndexByte(file, '/') {
		file = file[:dot]
	}
	return file + ".tsv"
}

func (in *importer) file(ctx context.Context, file string) error {
	data, err := os.Open(in.abs(file))
	if err != nil {
		return fmt.Errorf("%s: %w", file, errors.Unwrap(err))
	}
	defer data.Close()
	times, err := os.Open(in.abs(timesOf(file)))
	if err != nil {
		return fmt.Errorf("%s: when the reports were received is not beside it: %s: %w", file, timesOf(file), errors.Unwrap(err))
	}
	defer times.Close()
	size := int64(-1)
	if info, err := data.Stat(); err == nil {
		size = info.Size()
	}
	received, err := report.NewTimes(times)
	if err != nil {
		return fmt.Errorf("%s: %w", timesOf(file), err)
	}
	n, err := in.stream(ctx, file, in.progress(file, data, size), received)
	_, printErr := fmt.Fprintf(in.Stdout, "%s: %d stored, %d of a day that has one, %d rejected, %d unreadable\n",
		diag.Printable(file), n.outcomes[store.Stored], n.outcomes[store.Duplicate], n.outcomes[store.Rejected], n.outcomes[0])
	return errors.Join(err, printErr)
}

// importBatch is how many reports are stored in one transaction.
const importBatch = 1000

// stream stores the reports of a stream. What is unreadable is counted as outcome 0.
func (in *importer) stream(ctx context.Context, file string, data io.Reader, times *report.Times) (n imported, err error) {
	stream := report.NewStream(data, 0)
	var batch []store.Entry
	for {
		message, err := stream.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return n, fmt.Errorf("%s: %w", file, err)
		}
		received, err := times.Next()
		if errors.Is(err, io.EOF) {
			err = errors.New("there are more reports than times: add a line for each")
		}
		if err != nil {
			return n, fmt.Errorf("%s: %w", timesOf(file), err)
		}
		decoded, err := in.decoder.Decode(message)
		if err != nil {
			n.outcomes[0]++
			continue
		}
		e := store.NewEntry(decoded, received)
		if in.gate != nil && e.Rejected == report.None && !in.gate.Holds(message) {
			e.Rejected = report.GateFailed
		}
		if batch = append(batch, e); len(batch) == importBatch {
			if err := in.flush(ctx, &n, &batch); err != nil {
				return n, err
			}
		}
	}
	if err := in.flush(ctx, &n, &batch); err != nil {
		return n, err
	}
	return n, in.ended(file, times)
}

func (in *importer) flush(ctx context.Context, n *imported, batch *[]store.Entry) error {
	outcomes, err := in.store.Ingest(ctx, *batch)
	n.add(outcomes)
	*batch = (*batch)[:0]
	return err
}

// ended is an error if there are times left: they belong to other reports.
func (in *importer) ended(file string, times *report.Times) error {
	_, err := times.Next()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil:
		err = fmt.Errorf("it has more times than %s has reports: are they of the same day?", file)
	}
	return fmt.Errorf("%s: %w", timesOf(file), err)
}
