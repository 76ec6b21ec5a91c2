// SPDX-License-Identifier: GPL-2.0-or-later

// Package dialect says in SQL what the registry means: the tables that reports are stored in, and
// the query of each summary. In flow a message and plans; out comes the text for SQLite or
// PostgreSQL, the same that reviewers read in gen/sql and that the store runs.
//
// Names of tables and columns follow from ids, which never change and are never used again, so a
// column means the same for ever. Days are whole numbers, the days since 1970-01-01 in UTC, on
// both engines: the age of a system is a difference of two columns.
package dialect

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// Dialect is one of the two engines. The zero Dialect is SQLite.
type Dialect uint8

// The dialects.
const (
	SQLite Dialect = iota
	PostgreSQL
)

// Dialects returns both, in order.
func Dialects() []Dialect { return []Dialect{SQLite, PostgreSQL} }

// String returns the name in lower case, as in the paths of generated files.
func (d Dialect) String() string {
	if d == PostgreSQL {
		return "postgresql"
	}
	return "sqlite"
}

// maxName is the length of the longest name that PostgreSQL tells apart, in bytes.
const maxName = 63

// hashDigits is how many digits of a hash stand for the end of a name that is too long.
const hashDigits = 12

// shorten returns a name that both engines take whole. Two long names stay two.
func shorten(name string) string {
	if len(name) <= maxName {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return name[:maxName-hashDigits-1] + "~" + hex.EncodeToString(sum[:])[:hashDigits]
}

// Quote writes a name as an identifier.
func Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// QuoteText writes a text as a literal.
func QuoteText(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// Placeholders rewrites $1, $2, … of a statement as the dialect has them. The statement must have
// no $ in its literals.
func (d Dialect) Placeholders(statement string) string {
	if d == SQLite {
		return strings.ReplaceAll(statement, "$", "?")
	}
	return statement
}

// Parameter returns the placeholder of the n-th argument, from 1 on.
func (d Dialect) Parameter(n int) string {
	if d == SQLite {
		return "?" + strconv.Itoa(n)
	}
	return "$" + strconv.Itoa(n)
}

// Parameters returns n placeholders from 1 on, divided by commas.
func (d Dialect) Parameters(n int) string {
	var list []string
	for i := range n {
		list = append(list, d.Parameter(i+1))
	}
	return strings.Join(list, ", ")
}

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = Quote(name)
	}
	return strings.Join(quoted, ", ")
}
