// SPDX-License-Identifier: GPL-2.0-or-later

package report_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// verdict is what a decoder says about bytes, in a form that can be compared.
type verdict struct {
	Failure  string // parse, missing or system; "" is none
	System   string
	Rejected string
	Findings map[string]int    // by reason and path
	Values   map[string]string // by path and item; also the states of metrics
}

func newVerdict() verdict { return verdict{Findings: map[string]int{}, Values: map[string]string{}} }

// ours is the verdict of the decoder.
func ours(d *report.Decoder, data []byte) verdict {
	v := newVerdict()
	r, err := d.Decode(data)
	var failure *report.Error
	if errors.As(err, &failure) {
		v.Failure = map[report.Problem]string{report.Missing: "missing", report.BadSystem: "system"}[failure.Problem]
		if v.Failure == "" {
			v.Failure = "parse"
		}
		return v
	}
	v.System, v.Rejected = domain.FormatUUID(r.System), r.Rejected.String()
	for _, f := range r.Findings {
		v.Findings[f.Reason.String()+" "+f.Path()] += f.Count
	}
	for i := range r.Message().Fields {
		f := &r.Message().Fields[i]
		v.Values[f.Name] = fmt.Sprint(r.Field(i))
		for item := range r.Items(i) {
			v.Values[fmt.Sprintf("%s.%d", f.Name, item)] = "row"
			for leaf, value := range r.Leaves(i, item) {
				v.Values[fmt.Sprintf("%s.%d.%s", f.Name, item, f.Leaves[leaf].Name)] = valueText(&f.Leaves[leaf], value)
			}
			for leaf := range f.Leaves {
				if _, state := r.Value(i, item, leaf); state == report.Dropped {
					v.Values[fmt.Sprintf("%s.%d.%s", f.Name, item, f.Leaves[leaf].Name)] = "dropped"
				}
			}
		}
	}
	return v
}

func valueText(l *wire.Leaf, v report.Value) string {
	switch l.Type {
	case "string":
		return fmt.Sprintf("%q", v.Text)
	case "bool":
		return fmt.Sprint(v.Bool())
	case "enum":
		return v.Member(l)
	case "float", "double":
		return domain.Float(v.Float64()).String()
	case "uint32", "uint64", "fixed32", "fixed64":
		return fmt.Sprint(v.Uint64())
	}
	return fmt.Sprint(v.Int64())
}

// compare holds the decoder to the oracle. Where numbers are counted together, only the sum of the
// unknown fields is compared.
func compare(t rapid.TB, o oracle, d *report.Decoder, data []byte) {
	t.Helper()
	got, want := ours(d, data), o.verdict(data)
	if got.Findings["unknown_field *"] > 0 {
		for _, v := range []verdict{got, want} {
			v.sumUnknown()
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%x (-dynamicpb +ours):\n%s", data, diff)
	}
}

func (v verdict) sumUnknown() {
	sum := 0
	for finding, count := range v.Findings {
		if strings.HasPrefix(finding, "unknown_field ") {
			sum += count
			delete(v.Findings, finding)
		}
	}
	v.Findings["unknown"] = sum
}

func TestAgreesWithDynamicpb(t *testing.T) {
	for name, m := range map[string]*wire.Message{"pulp": pulp(t), "zoo": menagerie(t)} {
		t.Run(name, func(t *testing.T) {
			o, d, seen := newOracle(t, m), decoder(t, m), map[string]bool{}
			rapid.Check(t, func(t *rapid.T) {
				for seed := range uint64(30) {
					b := builder{rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), seed)), m, []float64{0, 0.02, 0.1, 0.3}[seed%4]}
					data := b.report()
					for range b.IntN(3) * int(seed%2) {
						data = b.damage(data)
					}
					compare(t, o, d, data)
					seen[ours(d, data).Failure+ours(d, data).Rejected] = true
				}
			})
			for _, what := range []string{"", "parse", "missing", "system", "duplicate_key"} {
				if !seen[what] {
					t.Errorf("nothing was %q: the reports are not odd enough", what)
				}
			}
		})
	}
}
