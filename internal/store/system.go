// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"context"
	"database/sql"

	"github.com/pulp/pulpmetrics/internal/dialect"
)

// heldDays finds the days of which reports are held, each with one look at the key.
const heldDays = `WITH RECURSIVE held (day) AS (
SELECT min(day) FROM report UNION ALL SELECT (SELECT min(day) FROM report WHERE day > held.day) FROM held WHERE held.day IS NOT NULL
) SELECT day FROM held WHERE day IS NOT NULL`

// Held returns the days of which reports are held, in order.
func (s *Store) Held(ctx context.Context) ([]Day, error) { return s.held(ctx, s.read) }

func (s *Store) held(ctx context.Context, q querier) ([]Day, error) {
	var days []Day
	err := s.each(ctx, q, heldDays, nil, func(rows *sql.Rows) error {
		var day Day
		err := rows.Scan(&day)
		days = append(days, day)
		return err
	})
	return days, err
}

// grow corrects the age in the reports that a system has of later days, after one of an earlier
// day has come.
func (s *Store) grow(ctx context.Context, tx *sql.Tx, system [16]byte, first Day) error {
	return s.eachHeld(ctx, tx, func(table string, day Day) error {
		if day <= first {
			return nil
		}
		update := "UPDATE " + dialect.Quote(table) + " SET age = $1 WHERE day = $2 AND system_id = $3"
		return s.exec(ctx, tx, update, int64(day-first), int64(day), s.dialect.BindID(system))
	})
}

// Forget deletes everything that is stored about a system, also reports of days that are not
// summarized. It does the same work whether the system exists or not. What was summarized stays: it
// is numbers of systems.
func (s *Store) Forget(ctx context.Context, system [16]byte) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		if err := s.exec(ctx, tx, "DELETE FROM system WHERE system_id = $1", s.dialect.BindID(system)); err != nil {
			return err
		}
		if err := s.erasing(ctx, tx); err != nil {
			return err
		}
		return s.eachHeld(ctx, tx, func(table string, day Day) error {
			statement := "DELETE FROM " + dialect.Quote(table) + " WHERE day = $1 AND system_id = $2"
			return s.exec(ctx, tx, statement, int64(day), s.dialect.BindID(system))
		})
	})
	if err == nil && s.dialect == dialect.SQLite {
		err = s.checkpoint(ctx)
	}
	return err
}

// eachHeld calls a function for every table of reports and every day that is held.
func (s *Store) eachHeld(ctx context.Context, tx *sql.Tx, call func(table string, day Day) error) error {
	c, err := s.catalogue(ctx, tx)
	if err != nil {
		return err
	}
	days, err := s.held(ctx, tx)
	if err != nil {
		return err
	}
	for _, table := range c.reports() {
		for _, day := range days {
			if err := call(table, day); err != nil {
				return err
			}
		}
	}
	return nil
}
