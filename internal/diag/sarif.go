// SPDX-License-Identifier: GPL-2.0-or-later

package diag

import (
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/pulp/pulpmetrics/internal/source"
)

// SARIF writes a run as a SARIF 2.1.0 log, the form that code scanning takes: each rule with its
// page, each finding with its place in code points and, where there is one, its fix.
func SARIF(w io.Writer, run *Run) error {
	report, err := sarif.New(sarif.Version210)
	if err != nil {
		return err
	}
	out := sarif.NewRunWithInformationURI(Program, Home)
	if run.Version != "" {
		out.Tool.Driver.WithVersion(run.Version)
	}
	out.ColumnKind = "unicodeCodePoints"
	out.Results = []*sarif.Result{} // none is an empty list, not null
	rules := sarifRules(run)
	for _, rule := range rules {
		out.Tool.Driver.Rules = append(out.Tool.Driver.Rules, sarifRule(run, rule))
	}
	for _, d := range run.Diagnostics {
		out.Results = append(out.Results, sarifResult(d, slices.Index(rules, d.Rule)))
	}
	out.Invocations = []*sarif.Invocation{sarifInvocation(run)}
	report.AddRun(out)
	return WriteJSON(w, report)
}

// sarifRules lists the rules that found something, sorted.
func sarifRules(run *Run) []string {
	var rules []string
	for _, d := range run.Diagnostics {
		rules = append(rules, d.Rule)
	}
	slices.Sort(rules)
	return slices.Compact(rules)
}

func sarifRule(run *Run, name string) *sarif.ReportingDescriptor {
	page := ""
	if run.Page != nil {
		page = run.Page(name)
	}
	if page == "" {
		page = "# " + name + "\n\n" + name + "."
	}
	_, body, _ := strings.Cut(page, "\n\n")
	gist, _, _ := strings.Cut(body, "\n\n")
	gist = strings.ReplaceAll(strings.TrimSpace(gist), "\n", " ")
	rule := sarif.NewRule(name).WithDescription(gist).WithFullDescription(sarif.NewMultiformatMessageString(gist))
	rule.Help = sarif.NewMultiformatMessageString(gist).WithMarkdown(page)
	return rule
}

func sarifLevel(s Severity) string {
	return [...]string{Info: "note", Warning: "warning", Error: "error"}[s]
}

func sarifResult(d Diagnostic, rule int) *sarif.Result {
	message := d.Message
	if d.Help != "" {
		message += "; " + d.Help
	}
	if d.Diff != "" {
		message += "\n" + d.Diff
	}
	place := sarif.NewPhysicalLocation().WithArtifactLocation(sarif.NewSimpleArtifactLocation(sarifURI(d.File)))
	if d.Span.IsZero() {
		place.WithRegion(sarif.NewRegion().WithStartLine(1)) // code scanning shows nothing without a line
	} else {
		place.WithRegion(sarifRegion(d.Span))
	}
	result := sarif.NewRuleResult(d.Rule).WithRuleIndex(rule).WithLevel(sarifLevel(d.Severity)).
		WithMessage(sarif.NewTextMessage(message)).WithLocations([]*sarif.Location{sarif.NewLocation().WithPhysicalLocation(place)})
	if d.Fix != nil {
		result.Fixes = []*sarif.Fix{sarifFix(d)}
	}
	return result
}

func sarifRegion(span source.Span) *sarif.Region {
	return sarif.NewRegion().WithStartLine(int(span.Start.Line)).WithStartColumn(int(span.Start.Column)).
		WithEndLine(int(span.End.Line)).WithEndColumn(int(span.End.Column))
}

func sarifFix(d Diagnostic) *sarif.Fix {
	change := sarif.NewArtifactChange(sarif.NewSimpleArtifactLocation(sarifURI(d.File)))
	for _, e := range d.Fix.Edits {
		change.Replacements = append(change.Replacements, sarif.NewReplacement(sarifRegion(e.Span)).WithInsertedContent(sarif.NewArtifactContent().WithText(e.Text)))
	}
	return sarif.NewFix().WithDescriptionText(d.Fix.Title).WithArtifactChanges([]*sarif.ArtifactChange{change})
}

// sarifURI writes a path as a reference, in which no part can be taken for a scheme.
func sarifURI(file string) string {
	u := url.URL{Path: path.Clean(file)}
	if path.IsAbs(u.Path) {
		u.Scheme = "file"
	}
	return u.String()
}

func sarifInvocation(run *Run) *sarif.Invocation {
	done := len(run.Failures) == 0
	i := sarif.NewInvocation()
	i.ExecutionSuccessful = &done
	for _, failure := range run.Failures {
		i.ToolExecutionNotifications = append(i.ToolExecutionNotifications, &sarif.Notification{Level: "error", Message: sarif.NewTextMessage(failure)})
	}
	return i
}
