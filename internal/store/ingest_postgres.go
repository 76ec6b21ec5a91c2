// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5/pgtype"
)

// Statements that keep when systems were first and last seen. The first one also locks the systems,
// so that the second one sees every report that somebody else stored for them.
const (
	seenSystems = `INSERT INTO system (system_id, first_seen, last_seen) SELECT id, $2, $2 FROM unnest($1::uuid[]) AS new (id)
ON CONFLICT (system_id) DO UPDATE SET first_seen = least(system.first_seen, excluded.first_seen), last_seen = greatest(system.last_seen, excluded.last_seen)
WHERE system.first_seen > excluded.first_seen OR system.last_seen < excluded.last_seen`
	knownSystems = `SELECT s.system_id, s.first_seen, s.last_seen, r.day IS NOT NULL
FROM system s LEFT JOIN report r ON r.day = $2 AND r.system_id = s.system_id WHERE s.system_id = ANY ($1::uuid[])`
)

// known is what is known of a system before its report is stored.
type known struct {
	first, last Day
	reported    bool // on that day
}

// ingestPostgres stores a batch, a day at a time, with a COPY for each table.
func (s *Store) ingestPostgres(ctx context.Context, b *batch) (err error) {
	for _, i := range b.order {
		if err := s.partition(ctx, b.entries[i].Day()); err != nil {
			return err
		}
	}
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := s.copyBatch(ctx, conn, tx, b); err != nil {
		return errors.Join(err, rollback(tx))
	}
	return tx.Commit()
}

func (s *Store) copyBatch(ctx context.Context, conn *sql.Conn, tx *sql.Tx, b *batch) (err error) {
	if err := s.share(ctx, tx); err != nil {
		return err
	}
	if b.halted, err = s.halted(ctx, tx); err != nil {
		return err
	}
	err = b.eachDay(func(order []int, day Day) error { return s.copyDay(ctx, conn, tx, b, order, day) })
	if err != nil {
		return err
	}
	return s.count(ctx, tx, b)
}

// copyDay stores the entries of one day.
func (s *Store) copyDay(ctx context.Context, conn *sql.Conn, tx *sql.Tx, b *batch, order []int, day Day) error {
	systems, err := s.know(ctx, tx, b, order, day)
	if err != nil {
		return err
	}
	rows := make([][][]any, len(b.layout.tables))
	for _, i := range order {
		e := &b.entries[i]
		k := systems[e.System]
		if k.reported {
			b.outcomes[i] = Duplicate
			continue
		}
		b.outcomes[i] = Stored
		b.rows(e, int64(day-k.first), func(table int, row []any) { rows[table] = append(rows[table], row) })
		if k.first == day && k.last > day {
			if err := s.grow(ctx, tx, e.System, day); err != nil {
				return err
			}
		}
	}
	for i, t := range b.layout.tables {
		if err := copyIn(ctx, conn, t, rows[i]); err != nil {
			return err
		}
	}
	return nil
}

// know sees the systems of a day, and returns what is known of each.
func (s *Store) know(ctx context.Context, tx *sql.Tx, b *batch, order []int, day Day) (map[[16]byte]known, error) {
	ids := make([][16]byte, len(order))
	for n, i := range order {
		ids[n] = b.entries[i].System
	}
	if err := s.exec(ctx, tx, seenSystems, ids, int64(day)); err != nil {
		return nil, err
	}
	systems := make(map[[16]byte]known, len(ids))
	err := s.each(ctx, tx, knownSystems, []any{ids, int64(day)}, func(rows *sql.Rows) error {
		var id pgtype.UUID
		var k known
		if err := rows.Scan(&id, &k.first, &k.last, &k.reported); err != nil {
			return err
		}
		systems[id.Bytes] = k
		return nil
	})
	return systems, err
}
