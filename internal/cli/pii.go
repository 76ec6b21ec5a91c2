// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/exposure"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
)

// piiFormats are the forms of the record of processing.
var piiFormats = []string{formatText, diag.FormatJSON, "csv", "markdown"}

func (a *app) pii() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:     "pii [ID]",
		GroupID: "use",
		Short:   "Can it hold personal data? The proof for every leaf, and how much it tells",
		Long: `Show for each leaf of what is collected why it can or can't carry personal data,
what the detectors find in values that it allows, how many bits it tells of the
installation that sends it, and its categories after Fideslang and Mozilla: a
record of processing. With an ID, only that metric, whatever its status.

` + "`pulpmetrics explain exposure`" + ` says how the bits are worked out, and what they
are worth.`,
		Example: `  pulpmetrics pii
  pulpmetrics pii components
  pulpmetrics pii --format markdown > record-of-processing.md`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: a.completeIDs,
		RunE: func(_ *cobra.Command, ids []string) error {
			if err := knownFormat(format, piiFormats...); err != nil {
				return err
			}
			return a.showExposure(ids, format)
		},
	}
	formatFlag(cmd, &format, piiFormats...)
	return cmd
}

// account is what the command shows: leaves, and the budget of the project.
type account struct {
	registry *registry.Registry
	leaves   []exposure.Leaf
	budget   exposure.Budget
	one      string // the metric that was asked for; "" is all
	added    float64
}

func (a *app) showExposure(ids []string, format string) error {
	w, err := a.anyRegistry()
	if err != nil {
		return err
	}
	r, failed := w.load()
	if r == nil {
		return failed
	}
	p := exposure.NewProver()
	acc := account{registry: r}
	acc.budget, _ = p.Budget(r, a.today())
	if len(ids) == 0 {
		acc.leaves = p.InForce(r, a.today())
	} else {
		m := r.Metric(ids[0])
		if m == nil {
			return usagef("there is no metric %q: %s", ids[0], proposal.Suggest(ids[0], r.IDs(), "the metrics are "))
		}
		acc.leaves, acc.one = p.Metric(m), m.ID.V
		acc.added = exposure.Sum(acc.leaves)
	}
	a.noteProblems(r)
	var out strings.Builder
	switch format {
	case diag.FormatJSON:
		err = writeAccountJSON(&out, acc)
	case "csv":
		err = writeAccountCSV(&out, acc)
	case "markdown":
		a.writeAccountMarkdown(&out, acc)
	default:
		a.writeAccount(&out, acc)
	}
	if err == nil {
		_, err = io.WriteString(a.Stdout, out.String())
	}
	return errors.Join(failed, err)
}

// writeAccount writes leaves for people, each with its reason.
func (a *app) writeAccount(out *strings.Builder, acc account) {
	width := a.width(a.Stdout)
	for _, l := range acc.leaves {
		writeWrapped(out, "", fmt.Sprintf("%s: %s", diag.Printable(l.Path), l.Proof), width)
		writeWrapped(out, "  ", diag.Printable(proofText(l)), width)
		writeWrapped(out, "  ", diag.Printable(bitsText(l)), width)
	}
	if len(acc.leaves) == 0 {
		writeWrapped(out, "", "Nothing is sent: "+diag.Printable(acc.subject())+" has no field of its own.", width)
	}
	out.WriteByte('\n')
	writeWrapped(out, "", diag.Printable(acc.sum()), width)
}

func (acc account) subject() string {
	if acc.one != "" {
		return acc.one
	}
	return "the project"
}

// proofText says why a leaf can or can't carry personal data.
func proofText(l exposure.Leaf) string {
	text := l.Domain
	if l.Proof == exposure.Identifier {
		return "the random identifier of the system; never published"
	}
	if l.Proof == exposure.Bounded {
		text += "; the widest is " + shorten(l.Widest, 40)
		if l.Samples > 0 && len(l.Found) == 0 {
			text += fmt.Sprintf("; nothing was found in %d samples", l.Samples)
		}
	}
	if len(l.Found) > 0 {
		text += "; detectors find " + strings.Join(l.Found, ", ")
	}
	if len(l.Admits) > 0 {
		text += "; it lets through " + strings.Join(l.Admits, ", ")
	}
	return text
}

// bitsText says how much a leaf tells, and what kind of data it is.
func bitsText(l exposure.Leaf) string {
	bits := fmt.Sprintf("%.1f bits (%s)", l.Bits, l.Law)
	if l.Proof == exposure.Identifier {
		bits = "identifier, not counted"
	}
	return fmt.Sprintf("%s · %s · Mozilla category %d", bits, l.Category, l.Mozilla)
}

// sum is the line that ends the list.
func (acc account) sum() string {
	text := fmt.Sprintf("One report tells %.1f bits", acc.budget.Bits)
	if acc.budget.Most > 0 {
		text += fmt.Sprintf(" of at most %g", acc.budget.Most)
	}
	if acc.one != "" {
		text = fmt.Sprintf("%s tells %.1f bits. ", acc.one, acc.added) + text
	}
	return text + ", without its identifier."
}

// shorten cuts the middle out of a long text.
func shorten(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-8]) + "…" + string(runes[len(runes)-7:])
}
