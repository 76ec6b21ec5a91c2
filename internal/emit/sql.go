// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"fmt"
	"strings"

	"github.com/pulp/pulpmetrics/internal/dialect"
	"github.com/pulp/pulpmetrics/internal/plan"
)

var sqlTarget = Target{Name: "sql", Generate: func(in *Input) (Files, error) {
	files := Files{}
	for _, d := range dialect.Dialects() {
		folder := "sql/" + d.String() + "/"
		files[folder+"tables.sql"] = []byte(tablesText(in, d))
		text, err := summariesText(in, d)
		if err != nil {
			return nil, err
		}
		files[folder+"summaries.sql"] = []byte(text)
	}
	return files, nil
}}

// tablesText returns the statements that make the tables of a message.
func tablesText(in *Input, d dialect.Dialect) string {
	var b strings.Builder
	fmt.Fprintf(&b, "-- %s\n--\n%s", Marker, dialect.Comment("The tables that `pulpmetrics db migrate` makes. Days are whole numbers: the days since 1970-01-01, in UTC."))
	if d == dialect.PostgreSQL {
		b.WriteString(dialect.Comment("Tables that are partitioned have a table for each day, called TABLE@DAY, which is made when the first report of the day comes, and dropped when the reports expire."))
	}
	for _, t := range dialect.Tables(in.Message) {
		fmt.Fprintf(&b, "\n%s", dialect.Comment(t.About))
		for _, statement := range d.Create(t) {
			b.WriteString(statement + ";\n")
		}
	}
	return b.String()
}

// summariesText returns the queries of a day's summaries.
func summariesText(in *Input, d dialect.Dialect) (string, error) {
	queries, err := plan.Queries(in.Registry, Day(in.Registry))
	if err != nil {
		return "", err
	}
	statements, err := dialect.Compile(d, in.Message, queries)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	about := fmt.Sprintf("What `pulpmetrics summarize` runs for each day. %s is the day, and %s the age in days from which on a system is persistent at the site. Small cells are folded after that, before anything is published.", d.Parameter(1), d.Parameter(2))
	fmt.Fprintf(&b, "-- %s\n--\n%s", Marker, dialect.Comment(about))
	for i := range statements {
		fmt.Fprintf(&b, "\n%s;\n", dialect.Annotated(&statements[i]))
	}
	return b.String(), nil
}
