// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/pulp/pulpmetrics/internal/dialect"
)

// postgresConnections is how many connections are open at once.
const postgresConnections = 8

func openPostgres(url string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", Redact(url), errors.Unwrap(err))
	}
	if _, own := config.RuntimeParams["jit"]; !own {
		config.RuntimeParams["jit"] = "off" // compiling a query takes longer than a day's
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(postgresConnections)
	db.SetMaxIdleConns(postgresConnections)
	return db, nil
}

// advisory locks keep apart what must not happen twice at once in one database.
const (
	registryLock  = 0x70756c7001 // shared by those who store reports
	partitionLock = 0x70756c7002
	summarizeLock = 0x70756c7003
)

// lock takes an advisory lock for the rest of a transaction on PostgreSQL. On SQLite, whoever writes
// is alone anyway.
func (s *Store) lock(ctx context.Context, tx *sql.Tx, key int64) error {
	if s.dialect == dialect.SQLite {
		return nil
	}
	_, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", key)
	return err
}

// share takes the lock that migrations and suspensions take alone, together with all others who
// store reports.
func (s *Store) share(ctx context.Context, tx *sql.Tx) error {
	if s.dialect == dialect.SQLite {
		return nil
	}
	_, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock_shared($1)", int64(registryLock))
	return err
}

// partition makes the tables of a day.
func (s *Store) partition(ctx context.Context, day Day) error {
	if _, known := s.partitions.Load(day); known {
		return nil
	}
	err := s.transact(ctx, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, partitionLock); err != nil {
			return err
		}
		for _, t := range s.layout.Load().tables {
			if err := s.attach(ctx, tx, t, day); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		s.partitions.Store(day, true)
	}
	return err
}

// attach makes the partition of one table, unless it is there.
func (s *Store) attach(ctx context.Context, tx *sql.Tx, t dialect.Table, day Day) error {
	if !t.Daily {
		return nil
	}
	var there bool
	name := dialect.Quote(dialect.Partition(t.Name, int64(day)))
	if err := tx.QueryRowContext(ctx, "SELECT to_regclass($1) IS NOT NULL", name).Scan(&there); err != nil || there {
		return err
	}
	for _, statement := range dialect.CreatePartition(t.Name, int64(day)) {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// copyIn adds rows to a table by COPY, inside the transaction that is open on the connection.
func copyIn(ctx context.Context, conn *sql.Conn, t dialect.Table, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	return conn.Raw(func(driver any) error {
		c, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the driver is %T", driver)
		}
		_, err := c.Conn().CopyFrom(ctx, pgx.Identifier{t.Name}, t.Names(), pgx.CopyFromRows(rows))
		return err
	})
}

// analyze lets PostgreSQL look at the tables of a day that it hasn't looked at yet: without, it takes
// a full table for an empty one, and sorts where it should count.
func (s *Store) analyze(ctx context.Context, day Day) error {
	for _, t := range s.layout.Load().tables {
		if !t.Daily {
			continue
		}
		name := dialect.Quote(dialect.Partition(t.Name, int64(day)))
		var unknown bool
		err := s.write.QueryRowContext(ctx, "SELECT coalesce((SELECT reltuples < 0 FROM pg_class WHERE oid = to_regclass($1)), false)", name).Scan(&unknown)
		if err == nil && unknown {
			_, err = s.write.ExecContext(ctx, "ANALYZE "+name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
