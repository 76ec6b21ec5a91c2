// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"context"
	"database/sql"
	"net/url"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// sqlitePragmas hold for every connection. Commits are on the disk when they return (WAL with
// synchronous=FULL); what is deleted is overwritten, so that nothing of it stays in the file.
var sqlitePragmas = []string{
	"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(ON)", "temp_store(MEMORY)", "wal_autocheckpoint(2000)",
}

// The caches of connections, in pragmas of KiB: who writes comes back to the same pages, and who
// reads a day reads each page once.
const (
	writerCache = "cache_size(-16000)"
	readerCache = "cache_size(-4000)"
)

// sqliteReaders is how many connections read at once.
const sqliteReaders = 4

// openSQLite opens a file twice: for the one who writes, and for those who read meanwhile.
func openSQLite(path string) (write, read *sql.DB, err error) {
	if write, err = sql.Open("sqlite", sqliteName(path, "immediate", writerCache)); err != nil {
		return nil, nil, err
	}
	write.SetMaxOpenConns(1)
	if read, err = sql.Open("sqlite", sqliteName(path, "deferred", readerCache)); err != nil {
		return nil, nil, err
	}
	read.SetMaxOpenConns(sqliteReaders)
	return write, read, nil
}

func sqliteName(path, lock, cache string) string {
	parameters := url.Values{"_txlock": {lock}, "_pragma": append([]string{cache}, sqlitePragmas...)}
	name := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	return "file:" + name + "?" + parameters.Encode()
}

// checkpoint puts the log into the file, and empties it, so that nothing that was deleted stays
// there either. While somebody reads an older state it is left for the next time.
func (s *Store) checkpoint(ctx context.Context) error {
	var busy, pages, done int
	return s.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &done)
}
