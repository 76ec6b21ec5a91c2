// SPDX-License-Identifier: GPL-2.0-or-later

package plan_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/pulp/pulpmetrics/internal/plan"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
)

const config = `format: 1
proposals: [proposals]
keys:
  core_xy: {path: components.version, where: {name: core}, as: xy}
  worker_hosts: {path: workers.hosts}
`

// The metrics of the test project: a message, two lists, a scalar and an enum.
var metrics = map[string]string{
	"workers": `
id: workers
field:
  message: Workers
  fields:
    - {name: processes, number: 1, type: uint32, min: 0, max: 1000}
    - {name: hosts, number: 2, type: int32, min: 1, max: 100, absent: zero}
    - {name: online, number: 3, type: bool}
    - {name: release, number: 4, type: string, format: release}
summarization:
  summaries: [{id: workers_by_hosts, measure: systems, by: [hosts]}]
`,
	"components": `
id: components
field:
  label: repeated
  message: Component
  max_items: 64
  key: [name]
  fields:
    - {name: name, number: 1, type: string, values: [core, rpm]}
    - {name: version, number: 2, type: string, format: version}
    - {name: size, number: 3, type: uint64, min: 0, max: 1000}
`,
	"remotes": `
id: remotes
field:
  label: repeated
  message: Remote
  max_items: 8
  key: [policy]
  fields: [{name: policy, number: 1, type: string, values: [immediate, streamed]}]
`,
	"cpus":    "id: cpus\nfield: {type: uint32, min: 1, max: 512}\n",
	"storage": "id: storage\nfield: {enum: Storage, members: [{name: file, number: 1}, {name: s3, number: 2}]}\n",
}

// load returns the plan of one metric of the test project, with more lines at its end. An id
// that the project doesn't have is a metric derived from workers.
func load(t *testing.T, id, more string) plan.Plan {
	t.Helper()
	files := fstest.MapFS{proposal.ProjectFile: {Data: []byte(config)}}
	for name, text := range metrics {
		files["proposals/"+name+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	text, ok := metrics[id]
	if !ok {
		text = "id: " + id + "\nfrom: [workers]\n"
	}
	if strings.Contains(more, "summarization:") {
		text, _, _ = strings.Cut(text, "summarization:")
	}
	files["proposals/"+id+".yaml"] = &fstest.MapFile{Data: []byte(text + more)}
	parser, err := proposal.NewParser()
	if err != nil {
		t.Fatal(err)
	}
	r, err := registry.Load(files, parser)
	if err != nil {
		t.Fatal(err)
	}
	p := r.Metric(id)
	if p == nil {
		t.Fatalf("no metric %s", id)
	}
	return plan.Of(r, p)
}

// summaries and charts write a part of a proposal, one entry for each line.
func summaries(lines ...string) string { return list("summarization:\n  summaries:\n", lines) }
func charts(lines ...string) string    { return list("visualization:\n  charts:\n", lines) }

func list(head string, lines []string) string {
	for _, line := range lines {
		head += "    - {" + line + "}\n"
	}
	return head
}

func refText(r plan.Ref) string {
	switch {
	case r.Metric == nil:
		return "-"
	case r.Leaf.Name.Set():
		return r.Metric.ID.V + "." + r.Leaf.Name.V
	}
	return r.Metric.ID.V
}

func TestKeys(t *testing.T) {
	for _, test := range []struct{ metric, by, want string }{
		{"workers", "hosts", "hosts=workers.hosts"},
		{"workers", "workers.hosts", "hosts=workers.hosts"},
		{"workers", "cpus", "cpus=cpus"},
		{"workers", "components.name", "name=components.name"},
		{"workers", "{field: hosts, as: log2}", "hosts=workers.hosts as log2"},
		{"workers", "{field: release, as: xy}", "release=workers.release as xy"},
		{"workers", "{field: hosts, as: {edges: [0, 1, 2.5]}}", "hosts=workers.hosts as edges"},
		{"workers", "age_days", "age_days=-"},
		{"workers", "{field: age_days, as: log2}", "age_days=- as log2"},
		{"workers", "core_xy", "core_xy=components.version as xy, named"},
		{"workers", "worker_hosts", "worker_hosts=workers.hosts, named"},
		{"cpus", "cpus", "cpus=cpus"},
		{"storage", "storage", "storage=storage"},
		{"ratio", "workers.hosts", "hosts=workers.hosts"},
		{"ratio", "core_xy", "core_xy=components.version as xy, named"},
	} {
		t.Run(test.metric+"/"+test.by, func(t *testing.T) {
			got := load(t, test.metric, summaries("id: s, measure: systems, by: ["+test.by+"]"))
			if len(got.Problems) > 0 || len(got.Summaries) != 1 || len(got.Summaries[0].Keys) != 1 {
				t.Fatalf("want one key and no problems, got %+v", got)
			}
			key := got.Summaries[0].Keys[0]
			text := key.Name + "=" + refText(key.Ref)
			if key.As.Name != "" {
				text += " as " + key.As.Name
			}
			if key.Named != nil {
				text += ", named"
			}
			if text != test.want {
				t.Errorf("got %s, want %s", text, test.want)
			}
			if key.Span.IsZero() {
				t.Error("the key has no place")
			}
		})
	}
}

func TestOperands(t *testing.T) {
	for _, test := range []struct{ metric, summary, want string }{
		{"workers", "measure: mean, of: processes", "workers.processes - - []"},
		{"workers", "measure: quantiles, of: cpus, q: [0.5]", "cpus - - []"},
		{"workers", "measure: ratio, numerator: processes, denominator: workers.hosts", "- workers.processes workers.hosts []"},
		{"ratio", "measure: ratio, numerator: workers.processes, denominator: workers.hosts", "- workers.processes workers.hosts []"},
		{"workers", "measure: systems, where: [{field: hosts, ge: 2}, {field: cpus, lt: 8}]", "- - - [workers.hosts cpus]"},
	} {
		t.Run(test.metric+"/"+test.summary, func(t *testing.T) {
			got := load(t, test.metric, summaries("id: s, "+test.summary))
			if len(got.Problems) > 0 {
				t.Fatalf("problems: %+v", got.Problems)
			}
			s, where := got.Summaries[0], []string{}
			for _, ref := range s.Where {
				where = append(where, refText(ref))
			}
			if text := fmt.Sprint(refText(s.Of), " ", refText(s.Numerator), " ", refText(s.Denominator), " ", where); text != test.want {
				t.Errorf("got %s, want %s", text, test.want)
			}
		})
	}
}

// TestProblems holds, for each problem, its code, the text that it points at, and what it says.
func TestProblems(t *testing.T) {
	const (
		coarse = "id: coarse, measure: systems, by: [{field: release, as: xy}]"
		spread = "id: spread, measure: systems, by: [{field: hosts, as: log2}]"
		mean   = "id: mean, measure: mean, of: processes"
	)
	for _, test := range []struct {
		name, metric, more string
		want               []string // code: message; help
	}{
		{"unknown leaf", "workers", summaries("id: s, measure: systems, by: [host]"),
			[]string{"summary-path: `host` leads nowhere; did you mean `hosts`?"}},
		{"unknown leaf of another", "cpus", summaries("id: s, measure: systems, by: [components.nam]"),
			[]string{"summary-path: `components.nam` leads nowhere; did you mean `components.name`?"}},
		{"unknown metric", "cpus", summaries("id: s, measure: systems, by: [component.version]"),
			[]string{"summary-path: `component.version` leads nowhere; did you mean `components.version`?"}},
		{"message without a leaf", "cpus", summaries("id: s, measure: systems, by: [workers]"),
			[]string{"summary-path: `workers` leads nowhere; write one of `cpus`, `workers.hosts`, `workers.online`, `workers.processes`, `workers.release`, `age_days`, `core_xy`, `worker_hosts`"}},
		{"leaf of a scalar", "workers", summaries("id: s, measure: systems, by: [cpus.number]"),
			[]string{"summary-path: `cpus.number` leads nowhere; write one of `cpus`, `hosts`, `online`, `processes`, `release`, `age_days`, `core_xy`, `worker_hosts`"}},
		{"misspelled key", "workers", summaries("id: s, measure: systems, by: [age_day]"),
			[]string{"summary-path: `age_day` leads nowhere; did you mean `age_days`?"}},
		{"age in a measure", "workers", summaries("id: s, measure: mean, of: age_days"),
			[]string{"summary-path: the key `age_days` can only be used in `by`; name a field: a key only tells rows apart"}},
		{"named key in a condition", "workers", summaries("id: s, measure: systems, where: [{field: core_xy, eq: '3.22'}]"),
			[]string{"summary-path: the key `core_xy` can only be used in `by`; name a field: a key only tells rows apart"}},
		{"not in from", "ratio", summaries("id: s, measure: systems, by: [cpus]"),
			[]string{"summary-path: `cpus` reads a metric that `from` doesn't name; add `cpus` to `from`"}},

		{"operand missing", "workers", summaries("id: s, measure: ratio, numerator: processes"),
			[]string{"summary-measure: `ratio` needs `denominator`; add `denominator: PATH` with the path of a number"}},
		{"operand too many", "workers", summaries("id: s, measure: systems, of: processes"),
			[]string{"summary-measure: `systems` doesn't take `of`; delete `of`, or choose the measure that takes it"}},
		{"quantiles without q", "workers", summaries("id: s, measure: quantiles, of: processes"),
			[]string{"summary-measure: `quantiles` needs `q`; add `q: [0.5, 0.9]`"}},
		{"q without quantiles", "workers", summaries(mean + ", q: [0.5]"),
			[]string{"summary-measure: `mean` doesn't take `q`; delete `q`, or measure quantiles"}},
		{"mean of text", "workers", summaries("id: s, measure: mean, of: release"),
			[]string{"summary-measure: `release` is a string, and `mean` needs a number; name a number, or count systems `by` it"}},
		{"sum of an enum", "storage", summaries("id: s, measure: sum, of: storage"),
			[]string{"summary-measure: `storage` is an enum, and `sum` needs a number; name a number, or count systems `by` it"}},

		{"one name twice", "workers", summaries("id: s, measure: systems, by: [hosts, workers.hosts]"),
			[]string{"summary-keys: two keys of `s` are called `hosts`; keep one of them"}},
		{"version class of a number", "workers", summaries("id: s, measure: systems, by: [{field: hosts, as: xy}]"),
			[]string{"summary-keys: `xy` takes versions apart; this is an int32; use `log2` or edges for numbers"}},
		{"number class of text", "workers", summaries("id: s, measure: systems, by: [{field: release, as: log2}]"),
			[]string{"summary-keys: `log2` puts numbers into classes; this is a string; use `xy` or `x` for versions, or leave `as` out"}},
		{"class of the age", "workers", summaries("id: s, measure: systems, by: [{field: age_days, as: x}]"),
			[]string{"summary-keys: `x` takes versions apart; this is a uint32; use `log2` or edges for numbers"}},
		{"class of a named key", "workers", summaries("id: s, measure: systems, by: [{field: core_xy, as: x}]"),
			[]string{"summary-keys: the key `core_xy` says itself how its values are put into classes; delete `as`; the key's own is in pulpmetrics.yaml"}},
		{"class of charts", "cpus", summaries("id: s, measure: systems, by: [{field: cpus, as: postgresql}]"),
			[]string{"summary-keys: `postgresql` is for charts; summarize the number as it is, and say `as: postgresql` in the chart"}},
		{"unknown class", "cpus", summaries("id: s, measure: systems, by: [{field: cpus, as: log10}]"),
			[]string{"summary-keys: `log10` is no way to make classes; use `xy`, `x`, `log2` or `{edges: [0, 1, 10]}`"}},
		{"edges out of order", "cpus", summaries("id: s, measure: systems, by: [{field: cpus, as: {edges: [1, 4, 4]}}]"),
			[]string{"summary-keys: the edges do not ascend; write the edges from the smallest to the largest, each once"}},
		{"two lists", "components", summaries("id: s, measure: systems, by: [name, remotes.policy]"),
			[]string{"summary-keys: `s` crosses two lists, `components` and `remotes`; use one of them, or a named key that picks one item"}},
		{"items mixed", "components", summaries("id: s, measure: sum, of: size"),
			[]string{"summary-keys: `s` would mix several items of one system: neither `by` nor `where` picks one `name`; add `name` to `by`, or pick one value of it in `where`"}},
		{"items mixed by several values", "components", summaries("id: s, measure: sum, of: size, where: [{field: name, in: [core, rpm]}]"),
			[]string{"summary-keys: `s` would mix several items of one system: neither `by` nor `where` picks one `name`; add `name` to `by`, or pick one value of it in `where`"}},

		{"value outside the domain", "components", summaries("id: s, measure: systems, where: [{field: name, eq: deb}]"),
			[]string{"summary-where: `name` can never be `deb`; write one of core, rpm"}},
		{"one of the values outside", "cpus", summaries("id: s, measure: systems, where: [{field: cpus, in: [0, 1]}]"),
			[]string{"summary-where: `cpus` can never be `0`; write a number from 1 to 512"}},
		{"no order", "storage", summaries("id: s, measure: systems, where: [{field: storage, ge: 1}]"),
			[]string{"summary-where: `storage` is an enum and has no order; use `eq` or `in`"}},
		{"above the domain", "cpus", summaries("id: s, measure: systems, where: [{field: cpus, ge: 513}]"),
			[]string{"summary-where: `cpus` can never be at least 513; write a number from 1 to 512"}},
		{"below the domain", "cpus", summaries("id: s, measure: systems, where: [{field: cpus, lt: 1}]"),
			[]string{"summary-where: `cpus` can never be less than 1; write a number from 1 to 512, and not its least value"}},
		{"empty range", "cpus", summaries("id: s, measure: systems, where: [{field: cpus, ge: 4, lt: 4}]"),
			[]string{"summary-where: no number is at least 4 and less than 4; `lt` has to be greater than `ge`"}},

		{"within itself", "workers", summaries("id: s, measure: systems, within: s"),
			[]string{"summary-within: `s` can't refine itself; name the coarser summary"}},
		{"within nothing", "workers", summaries(coarse, "id: s, measure: systems, by: [release], within: coarses"),
			[]string{"summary-within: there is no summary `coarses` in this proposal; did you mean `coarse`?"}},
		{"within each other", "workers", summaries("id: a, measure: systems, within: b", "id: b, measure: systems, within: a"),
			[]string{"summary-within: `a` and `b` refine each other; let one of them stand alone",
				"summary-within: `b` and `a` refine each other; let one of them stand alone"}},
		{"within a mean", "workers", summaries(mean, "id: s, measure: systems, within: mean"),
			[]string{"summary-within: only counts of systems refine each other; delete `within`"}},
		{"other population", "workers", summaries(coarse, "id: s, measure: systems, by: [release], within: coarse, population: all"),
			[]string{"summary-within: `s` counts other systems than `coarse`; give both the same `population`"}},
		{"other conditions", "workers", summaries(coarse, "id: s, measure: systems, by: [release], within: coarse, where: [{field: hosts, eq: 1}]"),
			[]string{"summary-within: `s` counts under other conditions than `coarse`; give both the same conditions"}},
		{"key missing", "workers", summaries(coarse, "id: s, measure: systems, by: [hosts], within: coarse"),
			[]string{"summary-within: `s` doesn't refine `coarse`: it has no key for `release`; `by` needs `release`, in the same classes or finer"}},
		{"coarser, not finer", "workers", summaries(coarse, "id: s, measure: systems, by: [{field: release, as: x}], within: coarse"),
			[]string{"summary-within: `s` doesn't refine `coarse`: it has no key for `release`; `by` needs `release`, in the same classes or finer"}},
		{"side by side", "workers", summaries(coarse, "id: s, measure: systems, by: [release]"),
			[]string{"summary-within: `coarse` and `s` count `release` in different classes, and neither is `within` the other; add `within: coarse` to `s`"}},
		{"side by side, the finer first", "workers", summaries("id: s, measure: systems, by: [release]", coarse),
			[]string{"summary-within: `s` and `coarse` count `release` in different classes, and neither is `within` the other; add `within: coarse` to `s`"}},
		{"classes that overlap", "workers", summaries(spread, "id: s, measure: systems, by: [{field: hosts, as: {edges: [3]}}]"),
			[]string{"summary-within: `spread` and `s` count `hosts` in different classes, and neither is `within` the other; use the same classes in both, or keep one of them"}},

		{"no summary", "workers", charts("title: T, kind: line"),
			[]string{"chart-fits: the chart shows no summary; add `summary: ID`"}},
		{"unknown summary", "workers", summaries(mean) + charts("title: T, kind: line, summary: means"),
			[]string{"chart-fits: there is no summary `means`; did you mean `mean`?"}},
		{"summary twice", "workers", summaries(mean) + charts("title: T, kind: line, summary: mean, summaries: [mean]"),
			[]string{"chart-fits: the chart has both `summary` and `summaries`; keep one of the two keys"}},
		{"two shapes", "workers", summaries(mean, spread) + charts("title: T, kind: line, summaries: [mean, spread]"),
			[]string{"chart-fits: `spread` doesn't have the shape of `mean`; make a chart of its own for it"}},
		{"key left over", "workers", summaries(spread) + charts("title: T, kind: line, summary: spread"),
			[]string{"chart-fits: the chart doesn't say what to do with the key `hosts` of `spread`; make it the `series`, the `facet` or `x`, or show a summary without it"}},
		{"not a key", "workers", summaries(mean) + charts("title: T, kind: line, summary: mean, series: hosts"),
			[]string{"chart-fits: `hosts` is not a key of `mean`; "}},
		{"key twice", "workers", summaries(spread) + charts("title: T, kind: line, summary: spread, series: hosts, facet: hosts"),
			[]string{"chart-fits: the chart uses `hosts` twice; use another key"}},
		{"regrouped twice", "workers", summaries(spread) + charts("title: T, kind: line, summary: spread, series: {field: hosts, as: log2}"),
			[]string{"chart-fits: the rows are already in classes (`log2`); summarize the values as they are, or leave `as` out here"}},
		{"class of a chart", "workers", charts("title: T, kind: line, summary: workers_by_hosts, series: {field: hosts, as: xy}"),
			[]string{"chart-fits: `xy` takes versions apart; this is an int32; use `log2` or edges for numbers"}},
		{"pie of all days", "workers", summaries(spread) + charts("title: T, kind: pie, summary: spread, series: hosts"),
			[]string{"chart-fits: a pie shows one day; add `day: latest`"}},
		{"line of one day", "workers", summaries(mean) + charts("title: T, kind: line, summary: mean, day: latest"),
			[]string{"chart-fits: a line shows days side by side; use `bar` or `pie`, or delete `day`"}},
		{"stacked means", "workers", summaries(mean) + charts("title: T, kind: stacked_area, summary: mean"),
			[]string{"chart-fits: a stacked_area adds up, and a mean can't be added up; use `line` or `table`"}},
		{"top of nothing", "workers", summaries(mean) + charts("title: T, kind: line, summary: mean, top: 3"),
			[]string{"chart-fits: `top` names series, and there are none; add `series: KEY`, or delete `top`"}},
		{"title that nothing fills", "workers", summaries(mean) + charts("title: '{hosts}', kind: line, summary: mean"),
			[]string{"chart-fits: nothing fills `{hosts}` in the title; name the key under `facet`"}},
		{"key reported once", "workers", summaries("id: s, measure: systems, by: [host]") + charts("title: T, kind: line, summary: s, series: host"),
			[]string{"summary-path: `host` leads nowhere; did you mean `hosts`?"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, p := range load(t, test.metric, test.more).Problems {
				got = append(got, p.Code+": "+p.Message+"; "+p.Help)
				if p.Span.IsZero() {
					t.Errorf("%s has no place", p.Message)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNoProblems(t *testing.T) {
	for _, test := range []struct{ name, metric, more string }{
		{"nothing to plan", "cpus", ""},
		{"a metric of the project", "workers", ""},
		{"list by its key", "components", summaries("id: s, measure: mean, of: size, by: [name]")},
		{"list with its key fixed", "components", summaries("id: s, measure: mean, of: size, where: [{field: name, eq: core}]")},
		{"named key beside a list", "remotes", summaries("id: s, measure: systems, by: [policy, core_xy]")},
		{"zero that stands for absence", "workers", summaries("id: s, measure: systems, where: [{field: hosts, eq: 0}]", "id: t, measure: systems, where: [{field: hosts, lt: 1}]")},
		{"bool", "workers", summaries("id: s, measure: systems, where: [{field: online, eq: true}]")},
		{"enum", "storage", summaries("id: s, measure: systems, where: [{field: storage, in: [s3, file]}]")},
		{"finer versions", "workers", summaries(
			"id: x, measure: systems, by: [{field: release, as: x}]",
			"id: xy, measure: systems, by: [{field: release, as: xy}], within: x",
			"id: xyz, measure: systems, by: [release, hosts], within: xy")},
		{"finer edges", "workers", summaries(
			"id: coarse, measure: systems, by: [{field: hosts, as: {edges: [1, 10]}}]",
			"id: fine, measure: systems, by: [{field: hosts, as: {edges: [1, 5, 10]}}], within: coarse")},
		{"charts", "workers", summaries(
			"id: spread, measure: systems, by: [release, hosts]",
			"id: mean, measure: mean, of: processes", "id: mean_hosts, measure: mean, of: hosts") + charts(
			"title: 'Release {release}', kind: stacked_area, summary: spread, facet: release, series: {field: hosts, as: log2}, top: 5, stack: normalize",
			"title: Hosts, kind: histogram, summary: spread, facet: {field: release, as: xy}, x: hosts, day: latest",
			"title: All, kind: table, summary: spread",
			"title: Means, kind: line, summaries: [mean, mean_hosts]")},
		{"chart of another metric", "cpus", charts("title: Hosts, kind: line, summary: workers_by_hosts, series: hosts")},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, p := range load(t, test.metric, test.more).Problems {
				t.Errorf("%s: %s", p.Code, p.Message)
			}
		})
	}
}
