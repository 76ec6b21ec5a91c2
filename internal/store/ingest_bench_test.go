// SPDX-License-Identifier: GPL-2.0-or-later

package store_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/store"
	"github.com/pulp/pulpmetrics/internal/store/storetest"
)

// typicalReport is a report of six metrics and five components, of a system whose id is random.
func typicalReport(n uint64) []byte {
	text := func(b []byte, number protowire.Number, value []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(b, number, protowire.BytesType), value)
	}
	numbers := func(values ...uint64) (b []byte) {
		for i, v := range values {
			b = protowire.AppendVarint(protowire.AppendTag(b, protowire.Number(i+1), protowire.VarintType), v)
		}
		return b
	}
	var id [16]byte
	binary.BigEndian.PutUint64(id[:], n*0x9e3779b97f4a7c15)
	binary.BigEndian.PutUint64(id[8:], n)
	b := text(nil, 1, fmt.Appendf(nil, "%x", id))
	b = text(text(b, 2, numbers(4, 2)), 3, numbers(8, 2))
	for _, c := range [][2]string{{"core", "3.23.0"}, {"container", "2.14.3"}, {"file", "1.12.0"}, {"rpm", "3.19.1"}, {"deb", "3.0.1"}} {
		b = text(b, 4, text(text(nil, 1, []byte(c[0])), 2, []byte(c[1])))
	}
	b = protowire.AppendVarint(protowire.AppendTag(b, 5, protowire.VarintType), 130004)
	return text(b, 6, numbers(5, 3, 2, 1, 4))
}

// BenchmarkIngest stores reports of new systems, so many in a transaction.
func BenchmarkIngest(b *testing.B) {
	for _, size := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("sqlite/%d", size), func(b *testing.B) { benchmarkIngest(b, storetest.SQLite(b), size) })
		b.Run(fmt.Sprintf("postgresql/%d", size), func(b *testing.B) { benchmarkIngest(b, servers.PostgreSQL(b), size) })
	}
}

func benchmarkIngest(b *testing.B, url string, size int) {
	r, m := storetest.Registry(b, "../..", "2026-03-07")
	s, err := store.Open(context.Background(), url, r, m)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Migrate(context.Background(), false); err != nil {
		b.Fatal(err)
	}
	decoder, err := report.NewDecoder(m)
	if err != nil {
		b.Fatal(err)
	}
	n, now := uint64(0), time.Date(2026, 3, 7, 12, 0, 0, 0, time.UTC)
	for b.Loop() {
		entries := make([]store.Entry, size)
		for i := range entries {
			n++
			decoded, err := decoder.Decode(typicalReport(n))
			if err != nil {
				b.Fatal(err)
			}
			entries[i] = store.NewEntry(decoded, now)
		}
		if _, err := s.Ingest(context.Background(), entries); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n), "us/report")
}
