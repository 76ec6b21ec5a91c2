// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/exposure"
)

// leafRecord is a leaf as machines read it.
type leafRecord struct {
	Metric     string   `json:"metric"`
	Path       string   `json:"path"`
	Status     string   `json:"status"`
	Proof      string   `json:"proof"`
	Domain     string   `json:"domain"`
	Widest     string   `json:"widest,omitempty"`
	Samples    int      `json:"samples,omitempty"`
	Found      []string `json:"found"`
	Admits     []string `json:"admits"`
	Bits       float64  `json:"bits"` // 0 for identifiers, which are not counted
	Law        string   `json:"law"`
	Class      string   `json:"class"`
	SinglesOut string   `json:"singles_out"`
	Category   string   `json:"fideslang_category"`
	Mozilla    int      `json:"mozilla_category"`
}

func newLeafRecord(l exposure.Leaf) leafRecord {
	r := leafRecord{
		Metric: l.Metric.ID.V, Path: l.Path, Status: l.Metric.Status.V, Proof: string(l.Proof), Domain: l.Domain, Widest: l.Widest,
		Samples: l.Samples, Found: append([]string{}, l.Found...), Admits: append([]string{}, l.Admits...), Bits: round(l.Bits), Law: string(l.Law), Category: l.Category, Mozilla: l.Mozilla,
	}
	if l.Proof == exposure.Identifier {
		r.Bits = 0
	}
	if l.Metric.PII != nil {
		r.Class, r.SinglesOut = l.Metric.PII.Class.V, l.Metric.PII.SinglesOut.V
	}
	return r
}

func round(bits float64) float64 { return math.Round(bits*100) / 100 }

func writeAccountJSON(out io.Writer, acc account) error {
	records := []leafRecord{}
	for _, l := range acc.leaves {
		records = append(records, newLeafRecord(l))
	}
	type budget struct {
		Bits float64 `json:"bits"`
		Most float64 `json:"budget_bits"`
	}
	return diag.WriteJSON(out, struct {
		Leaves []leafRecord `json:"leaves"`
		Budget budget       `json:"budget"`
	}{records, budget{round(acc.budget.Bits), acc.budget.Most}})
}

// writeAccountCSV writes a row for each leaf. What a spreadsheet could take for a formula gets a
// quote before it.
func writeAccountCSV(out io.Writer, acc account) error {
	w := csv.NewWriter(out)
	_ = w.Write([]string{"metric", "path", "status", "proof", "domain", "widest", "samples", "found", "admits", "bits", "law", "class", "singles_out", "fideslang_category", "mozilla_category"})
	for _, l := range acc.leaves {
		r := newLeafRecord(l)
		row := []string{r.Metric, r.Path, r.Status, r.Proof, r.Domain, r.Widest, strconv.Itoa(r.Samples), strings.Join(r.Found, " "), strings.Join(r.Admits, " "), fmt.Sprintf("%.2f", r.Bits), r.Law, r.Class, r.SinglesOut, r.Category, strconv.Itoa(r.Mozilla)}
		for i := range row {
			if row[i] = diag.Printable(row[i]); row[i] != "" && strings.IndexByte("=+-@", row[i][0]) >= 0 {
				row[i] = "'" + row[i]
			}
		}
		_ = w.Write(row) // into memory
	}
	w.Flush()
	return w.Error()
}

// writeAccountMarkdown writes the record of processing that a privacy officer can file.
func (a *app) writeAccountMarkdown(out *strings.Builder, acc account) {
	project := acc.registry.Project
	fmt.Fprintf(out, "# Record of processing: telemetry of %s\n\n", cell(project.Name.V))
	fmt.Fprintf(out, "As of %s. One row for each value that an installation may send.\n\n", a.today())
	if project.RetentionDays.Set() {
		fmt.Fprintf(out, "Raw reports are kept for %d days.", project.RetentionDays.V)
		if project.MinCell.Set() {
			fmt.Fprintf(out, " A number of fewer than %d systems is never published.", project.MinCell.V)
		}
		out.WriteString("\n\n")
	}
	out.WriteString("| value | purpose | proof | what it holds | class | singles out | bits | Fideslang | Mozilla |\n| --- | --- | --- | --- | --- | --- | ---: | --- | ---: |\n")
	for _, l := range acc.leaves {
		r := newLeafRecord(l)
		bits := fmt.Sprintf("%.1f", r.Bits)
		if l.Proof == exposure.Identifier {
			bits = "exempt"
		}
		fmt.Fprintf(out, "| `%s` | %s | %s | %s | %s | %s | %s | `%s` | %d |\n", cell(r.Path), cell(firstSentence(l.Metric.Question.V)), r.Proof, cell(proofText(l)), cell(r.Class), cell(r.SinglesOut), bits, r.Category, r.Mozilla)
	}
	fmt.Fprintf(out, "\n%s `pulpmetrics explain exposure` says how the bits are worked out.\n", acc.sum())
}

// cell makes a text fit into a table of Markdown.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;").Replace(diag.Printable(strings.Join(strings.Fields(text), " ")))
}
