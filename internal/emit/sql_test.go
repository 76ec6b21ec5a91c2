// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import (
	"strings"
	"testing"

	"github.com/pulp/pulpmetrics/internal/dialect"
	"github.com/pulp/pulpmetrics/internal/plan"
)

// TestSQLIsWhatRuns: every statement that the store and the summarizer run is in the files, whole.
func TestSQLIsWhatRuns(t *testing.T) {
	in := subjects(t)["real"]
	files, err := Generate(in, "sql")
	if err != nil {
		t.Fatal(err)
	}
	queries, err := plan.Queries(in.Registry, Day(in.Registry))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dialect.Dialects() {
		statements, err := dialect.Compile(d, in.Message, queries)
		if err != nil || len(statements) == 0 {
			t.Fatal(statements, err)
		}
		for _, s := range statements {
			if !strings.Contains(string(files["sql/"+d.String()+"/summaries.sql"]), "\n"+s.Text+";\n") {
				t.Errorf("%s: summaries.sql lacks the query of %s", d, s.Queries[0].ID)
			}
		}
		for _, table := range dialect.Tables(in.Message) {
			for _, statement := range d.Create(table) {
				if !strings.Contains(string(files["sql/"+d.String()+"/tables.sql"]), "\n"+statement+";\n") {
					t.Errorf("%s: tables.sql lacks %s", d, table.Name)
				}
			}
		}
	}
}
