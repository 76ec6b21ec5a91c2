// SPDX-License-Identifier: GPL-2.0-or-later

package dialect

import (
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/wire"
)

// Names of the tables that every registry has.
const (
	ReportTable    = "report"
	SystemTable    = "system"
	SummaryTable   = "summary"
	PublishedTable = "published"
	DayTable       = "summary_day"
	AuditTable     = "audit_count"
	MetricTable    = "metric"
	SettingTable   = "setting"
)

// Names of the columns that every table of reports begins with.
const (
	dayColumn    = "day"
	systemColumn = "system_id"
	itemColumn   = "item"
	ageColumn    = "age"
)

// Table is a table. Its first columns are its primary key.
type Table struct {
	Name    string
	About   string // one sentence
	Columns []Column
	Key     int // how many columns the primary key has
	// Daily tables hold what was reported, and are divided by day.
	Daily bool
	List  *wire.Field // the list whose items it holds, or nil
}

// Tables returns every table that the reports of a message need, in the order in which they are
// made: those that every registry has, report, and one for each list.
func Tables(m *wire.Message) []Table {
	report := Table{
		Name: ReportTable, Key: 2, Daily: true,
		About: "One row for each system and day: the first report of the day that counts. age is in days since the system was first seen.",
		Columns: []Column{
			{Name: dayColumn, Kind: Int}, {Name: systemColumn, Kind: ID}, {Name: ageColumn, Kind: Int},
		},
	}
	var lists []Table
	for i := range m.Fields {
		f := &m.Fields[i]
		switch {
		case !Kept(m, f):
		case f.Repeated:
			lists = append(lists, listTable(f))
		default:
			for j := range f.Leaves {
				report.Columns = append(report.Columns, ReportColumn(f, &f.Leaves[j]))
			}
		}
	}
	return append(append(fixedTables(), report), lists...)
}

// Kept reports whether a field has columns: every one but the identifier of the system, which is the
// key of its rows.
func Kept(m *wire.Message, f *wire.Field) bool {
	id, err := m.Identifier()
	return err != nil || f != &m.Fields[id]
}

// ReportColumn returns the column of a leaf in the table of reports: metric.leaf, or the metric of
// a scalar.
func ReportColumn(f *wire.Field, leaf *wire.Leaf) Column {
	return leafColumn(f.Name, free(f.Path(leaf)), leaf)
}

// ReportNames returns every name that the column of a leaf can have had, whatever its domain was.
func ReportNames(f *wire.Field, leaf *wire.Leaf) []string {
	name := free(f.Path(leaf))
	return []string{shorten(name), shorten(name + wideSuffix)}
}

// ItemColumn returns the column of a leaf in the table of its list.
func ItemColumn(f *wire.Field, leaf *wire.Leaf) Column {
	return leafColumn(f.Name, free(leaf.Name), leaf)
}

// free returns a name that no column has which every registry has. Ids have no dots.
func free(name string) string {
	if slices.Contains([]string{dayColumn, systemColumn, itemColumn, ageColumn}, name) {
		return name + "."
	}
	return name
}

// ListTable returns the name of the table of a list.
func ListTable(metric string) string { return shorten("report_" + metric) }

func listTable(f *wire.Field) Table {
	t := Table{
		Name: ListTable(f.Name), Key: 3, Daily: true, List: f,
		About: "The items of `" + f.Name + "` in a report, numbered from 0. age is that of the report, so that items can be counted by themselves.",
		Columns: []Column{
			{Name: dayColumn, Kind: Int}, {Name: systemColumn, Kind: ID}, {Name: itemColumn, Kind: Int}, {Name: ageColumn, Kind: Int},
		},
	}
	for i := range f.Leaves {
		t.Columns = append(t.Columns, ItemColumn(f, &f.Leaves[i]))
	}
	return t
}

// fixedTables are those that every registry has.
func fixedTables() []Table {
	return []Table{
		{Name: SettingTable, Key: 1, About: "What is true of the database itself.", Columns: []Column{
			{Name: "name", Kind: Text}, {Name: "value", Kind: Text},
		}},
		{Name: MetricTable, Key: 1, About: "The metrics of the newest registry that has touched the database, and how many decisions each had.", Columns: []Column{
			{Name: "id", Kind: Text}, {Name: "status", Kind: Text}, {Name: "decisions", Kind: Int},
		}},
		{Name: SystemTable, Key: 1, About: "The systems of which reports are held, with the first and the last day on which one counted.", Columns: []Column{
			{Name: systemColumn, Kind: ID}, {Name: "first_seen", Kind: Int}, {Name: "last_seen", Kind: Int},
		}},
		{Name: AuditTable, Key: 3, About: "How often something was not stored on a day, by reason and place. Numbers and paths, never values.", Columns: []Column{
			{Name: dayColumn, Kind: Int}, {Name: "reason", Kind: Text}, {Name: "path", Kind: Text}, {Name: "count", Kind: Int},
		}},
		{Name: DayTable, Key: 1, About: "The days that are summarized: how many systems reported, how many of them were persistent, and the smallest cell that was published.", Columns: []Column{
			{Name: dayColumn, Kind: Int}, {Name: "systems", Kind: Int}, {Name: "persistent", Kind: Int}, {Name: "min_cell", Kind: Int},
		}},
		{Name: SummaryTable, Key: 3, About: "The summaries, exact. key is a JSON list of the values of its keys. total, weight and largest are what a mean, a sum or a ratio was made of.", Columns: []Column{
			{Name: dayColumn, Kind: Int}, {Name: "summary", Kind: Text}, {Name: "key", Kind: Text}, {Name: "value", Kind: Number}, {Name: "systems", Kind: Int},
			{Name: "total", Kind: Number, Null: true}, {Name: "weight", Kind: Number, Null: true}, {Name: "largest", Kind: Number, Null: true},
		}},
		{Name: PublishedTable, Key: 3, About: "The rows of summary that may be seen: without small cells.", Columns: []Column{
			{Name: dayColumn, Kind: Int}, {Name: "summary", Kind: Text}, {Name: "key", Kind: Text}, {Name: "value", Kind: Number}, {Name: "systems", Kind: Int},
		}},
	}
}

// Names returns the names of the columns.
func (t Table) Names() []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}

// Insert returns the statement that adds a row, with an argument for each column.
func (t Table) Insert(d Dialect) string {
	return "INSERT INTO " + Quote(t.Name) + " (" + quoteAll(t.Names()) + ") VALUES (" + d.Parameters(len(t.Columns)) + ")"
}

// ByName returns the table of that name.
func ByName(tables []Table, name string) (Table, bool) {
	i := slices.IndexFunc(tables, func(t Table) bool { return t.Name == name })
	if i < 0 {
		return Table{}, false
	}
	return tables[i], true
}

// IsReport reports whether a table name is one that holds what systems reported.
func IsReport(name string) bool { return name == ReportTable || strings.HasPrefix(name, "report_") }
