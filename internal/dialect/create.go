// SPDX-License-Identifier: GPL-2.0-or-later

package dialect

import (
	"fmt"
	"slices"
	"strings"
)

// Create returns the statements that make a table with all its columns.
func (d Dialect) Create(t Table) []string {
	var lines []string
	for _, c := range t.Columns {
		lines = append(lines, "  "+d.definition(c))
	}
	lines = append(lines, "  PRIMARY KEY ("+quoteAll(t.Names()[:t.Key])+")")
	end := ""
	switch {
	case d == SQLite && t.List == nil:
		end = " WITHOUT ROWID"
	case d == PostgreSQL && t.Daily:
		end = " PARTITION BY LIST (" + Quote(dayColumn) + ")"
	}
	create := "CREATE TABLE " + Quote(t.Name) + " (\n" + strings.Join(lines, ",\n") + "\n)" + end
	return append([]string{create}, d.Indexes(t)...)
}

func (d Dialect) definition(c Column) string {
	text := Quote(c.Name) + " " + d.Type(c.Kind)
	if !c.Null {
		text += " NOT NULL"
	}
	return text
}

// Add returns the statement that adds a column to a table.
func (d Dialect) Add(t Table, c Column) string {
	return "ALTER TABLE " + Quote(t.Name) + " ADD COLUMN " + d.definition(c)
}

// Drop returns the statement that drops a column.
func (d Dialect) Drop(table, column string) string {
	return "ALTER TABLE " + Quote(table) + " DROP COLUMN " + Quote(column)
}

// Indexes returns the statements that make the indexes of a table. On SQLite the items of a list
// have one that holds all that a count of them reads, in the order of the key, so that counting
// needs no sorting. PostgreSQL counts by hashing, and needs none.
func (d Dialect) Indexes(t Table) []string {
	if d == PostgreSQL || t.List == nil {
		return nil
	}
	leaves := t.Columns[t.Key+1:] // after the key and the age
	columns := []string{dayColumn}
	for _, i := range t.List.Key {
		columns = append(columns, leaves[i].Name)
	}
	for i, c := range leaves {
		if !slices.Contains(t.List.Key, i) {
			columns = append(columns, c.Name)
		}
	}
	name := fmt.Sprintf("%s by %d leaves", t.Name, len(leaves))
	return []string{"CREATE INDEX IF NOT EXISTS " + Quote(name) + " ON " + Quote(t.Name) + " (" + quoteAll(append(columns, ageColumn)) + ")"}
}

// Partition returns the name of the table that holds one day of a daily table.
func Partition(table string, day int64) string { return shorten(fmt.Sprintf("%s@%d", table, day)) }

// CreatePartition returns the statements that make the table of one day on PostgreSQL. It is
// attached when it is complete: that takes no lock that would wait for those who read.
func CreatePartition(table string, day int64) []string {
	name := Quote(Partition(table, day))
	return []string{
		"CREATE TABLE IF NOT EXISTS " + name + " (LIKE " + Quote(table) + " INCLUDING ALL)",
		fmt.Sprintf("ALTER TABLE %s ATTACH PARTITION %s FOR VALUES IN (%d)", Quote(table), name, day),
	}
}

// DropPartition returns the statement that drops one day of a daily table on PostgreSQL.
func DropPartition(table string, day int64) string {
	return "DROP TABLE IF EXISTS " + Quote(Partition(table, day))
}
