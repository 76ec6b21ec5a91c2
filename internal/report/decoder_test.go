// SPDX-License-Identifier: GPL-2.0-or-later

package report_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/pulp/pulpmetrics/internal/domain"
	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// The fields of reports to Pulp, as bytes.
var system = field(1, id)

func field(number protowire.Number, value string) string {
	return string(protowire.AppendString(protowire.AppendTag(nil, number, protowire.BytesType), value))
}

func varint(number protowire.Number, value uint64) string {
	return string(protowire.AppendVarint(protowire.AppendTag(nil, number, protowire.VarintType), value))
}

func component(name, version string) string { return field(4, field(1, name)+field(2, version)) }

func TestBytesThatAreNoReport(t *testing.T) {
	deep := strings.Repeat("\x63", 10_002) + strings.Repeat("\x64", 10_002)
	for _, test := range []struct{ name, data, want string }{
		{"nothing", "", "byte 0, system_id: a required field is missing"},
		{"no identifier", component("core", "3.21.0"), "byte 16, system_id: a required field is missing"},
		{"no UUID", varint(5, 130004) + field(1, "me"), "byte 6, system_id: the identifier is not a UUID"},
		{"empty identifier", field(1, ""), "byte 2, system_id: the identifier is not a UUID"},
		{"an item lacks a leaf", system + field(4, field(1, "core")), "byte 46, components.version: a required field is missing"},
		{"the first of two lacks", field(4, "") + field(4, ""), "byte 2, components.name: a required field is missing"},
		{"what is broken comes before what is missing", field(4, "") + "\x00", "byte 2: a field has a number that does not exist"},
		{"cut in a tag", system + "\x80", "byte 38: a field is longer than what is left of the report"},
		{"cut in a varint", system + "\x28\x80", "byte 38, postgresql_version: a field is longer than what is left of the report"},
		{"a length of 2^63", system + "\x22\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", "byte 38, components: a field is longer than what is left of the report"},
		{"a leaf leaves its message", system + "\x22\x02\x0a\x7f" + strings.Repeat("x", 200), "byte 40, components.name: a field is longer than what is left of the report"},
		{"a varint of 70 bits", system + "\x28" + strings.Repeat("\xff", 10), "byte 38, postgresql_version: a varint is longer than 64 bits"},
		{"number 0", system + "\x00\x00", "byte 38: a field has a number that does not exist"},
		{"number 2^29", system + varint(1<<29, 1), "byte 38: a field has a number that does not exist"},
		{"number 0 inside", system + field(2, "\x00\x00"), "byte 40, online_content_apps: a field has a number that does not exist"},
		{"wire type 6", system + "\x66", "byte 38: a field has a wire type that does not exist"},
		{"wire type 7 of a known field", system + "\x0f", "byte 38: a field has a wire type that does not exist"},
		{"a group that was not opened", system + "\x64", "byte 38: a group ends that was not opened, or is nested too deeply"},
		{"a group with another end", system + "\x63\x6c", "byte 38: a group ends that was not opened, or is nested too deeply"},
		{"a group without an end", system + "\x63\x08\x01", "byte 38: a field is longer than what is left of the report"},
		{"too many groups", system + deep, "byte 38: a group ends that was not opened, or is nested too deeply"},
		{"too long", system + field(2, strings.Repeat("\x00", report.MaxBytes)), "byte 1048576: the report is longer than the limit"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := decoder(t, pulp(t)).Decode([]byte(test.data))
			var failure *report.Error
			if !errors.As(err, &failure) || failure.Error() != test.want {
				t.Errorf("%v, want %s", err, test.want)
			}
		})
	}
}

func TestFindings(t *testing.T) {
	var many, unknown string
	for i := range 65 {
		many += component(fmt.Sprintf("c%d", i), "1.0")
		unknown += varint(protowire.Number(100+i), 1)
	}
	for _, test := range []struct {
		name, data string
		want       string // the rejection, and the findings
	}{
		{"all is well", system + component("core", "3.21.0"), ""},
		{"a name twice", system + component("core", "3.21.0") + component("core", "3.22.0"), "duplicate_key; duplicate_key components 1"},
		{"a name twice, far apart", system + many + component("c3", "1.0"), "duplicate_key; duplicate_key components 1, too_many_items components 1"},
		{"too many items", system + many, "; too_many_items components 1"},
		{"outside twice", system + component("Core", "3.21.0") + component("Rpm", "x"), "; outside_domain components.name 2, outside_domain components.version 1"},
		{"not UTF-8", system + component("\xff", "3.21.0"), "; outside_domain components.name 1"},
		{"a number too large", system + field(6, varint(1, 1<<31)), "; outside_domain rbac_stats.users 1"},
		{"unknown at the top and inside", system + varint(99, 1) + field(2, varint(7, 1)) + varint(99, 1), "; unknown_field 99 2, unknown_field online_content_apps.7 1"},
		{"a group", system + "\x63\x08\x01\x64", "; unknown_field 12 1"},
		{"a wire type of another field", system + varint(4, 1) + field(5, "x"), "; unknown_field 4 1, unknown_field 5 1"},
		{"packed numbers", system + field(5, "\x01\x02"), "; unknown_field 5 1"},
		{"more unknown numbers than are told apart", system + unknown, "; unknown_field * 33"},
		{"the last one counts", system + varint(5, 1<<40-1) + varint(5, 130004), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := decoder(t, pulp(t)).Decode([]byte(test.data))
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, f := range r.Findings {
				if !strings.Contains(test.want, "*") || f.Number == 0 {
					lines = append(lines, fmt.Sprintf("%s %s %d", f.Reason, f.Path(), f.Count))
				}
			}
			slices.Sort(lines)
			got := r.Rejected.String() + "; " + strings.Join(lines, ", ")
			if got != test.want && got != "; "+test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestValues(t *testing.T) {
	split := field(3, varint(1, 8)) + field(3, varint(2, 2)+varint(1, 9))
	for _, test := range []struct {
		name, data string
		want       map[string]string
	}{
		{"a message in two parts", system + split, map[string]string{
			"online_workers": "1", "online_workers.0": "row", "online_workers.0.processes": "9", "online_workers.0.hosts": "2"}},
		{"an empty message", system + field(3, ""), map[string]string{"online_workers": "1", "online_workers.0": "row"}},
		{"a number of 64 bits is cut to 32", system + varint(5, 1<<32+130004), map[string]string{
			"postgresql_version": "1", "postgresql_version.0": "row", "postgresql_version.0.postgresql_version": "130004"}},
		{"one leaf takes its metric with it", system + field(3, varint(1, 8)+varint(2, 1<<31)), map[string]string{"online_workers": "2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := ours(decoder(t, pulp(t)), []byte(test.data)).Values
			for path, value := range got {
				if value == "0" || strings.HasPrefix(path, "system_id") {
					delete(got, path)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSystemInEverySpelling(t *testing.T) {
	d := decoder(t, pulp(t))
	for _, spelling := range []string{id, strings.ToUpper(id), strings.ReplaceAll(id, "-", ""), "{" + id + "}", "urn:uuid:" + id} {
		r, err := d.Decode([]byte(field(1, spelling)))
		if err != nil || domain.FormatUUID(r.System) != id {
			t.Errorf("%s: %v", spelling, err)
		}
	}
}

// A key whose enum has an unknown member can't be stored; the other items can.
func TestItemsWithoutAKey(t *testing.T) {
	data := system + field(4, varint(1, 1)) + field(4, varint(1, 77)) + field(4, varint(1, 3))
	got := ours(decoder(t, menagerie(t)), []byte(data+field(7, varint(1, 1)+varint(2, 0))))
	if diff := cmp.Diff(map[string]int{"unknown_member stores.kind": 1}, got.Findings); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.Values["stores.0.kind"] != "file" || got.Values["stores.1.kind"] != "azure" || got.Values["stores.2"] != "" {
		t.Errorf("%v", got.Values)
	}
}

func TestSuspendedMetricsAreNotRead(t *testing.T) {
	d := decoder(t, menagerie(t))
	r, err := d.Decode([]byte(system + field(11, field(1, "secret"))))
	if err != nil {
		t.Fatal(err)
	}
	stopped := slices.IndexFunc(r.Message().Fields, func(f wire.Field) bool { return f.Name == "stopped" })
	if value, state := r.Value(stopped, 0, 0); r.Field(stopped) != report.Dropped || state != report.Dropped || value.Text != nil {
		t.Errorf("it can be read: %v", value)
	}
	for range r.Leaves(stopped, 0) {
		t.Error("it has leaves")
	}
	if len(r.Findings) != 1 || r.Findings[0].Reason != report.NotApproved {
		t.Errorf("%v", r.Findings)
	}
}

func TestLimit(t *testing.T) {
	d := decoder(t, pulp(t)).WithLimit(len(system))
	if _, err := d.Decode([]byte(system)); err != nil {
		t.Error(err)
	}
	if _, err := d.Decode([]byte(system + varint(5, 1))); err == nil {
		t.Error("the limit is not kept")
	}
	if _, err := d.WithLimit(4 << 20).Decode([]byte(system + field(99, strings.Repeat("x", 2<<20)))); err != nil {
		t.Error(err)
	}
}

// The most items that fit a report cost no more memory than a multiple of it.
func TestFullReportsStayBounded(t *testing.T) {
	var b strings.Builder
	for i := 0; b.Len() < report.MaxBytes-100; i++ {
		b.WriteString(component(fmt.Sprintf("c%d", i), "1"))
	}
	data, d := []byte(b.String()+system), decoder(t, pulp(t))
	for range 2 {
		r, err := d.Decode(data)
		if err != nil || r.Rejected != report.None || r.Items(3) != 0 || len(r.Findings) != 1 {
			t.Fatal(err, r.Findings)
		}
	}
}

func TestNewDecoderRefuses(t *testing.T) {
	for _, test := range []struct {
		name   string
		fields map[string]string
		want   string
	}{
		{"no identifier", map[string]string{"one": "{number: 1, type: string, format: uuid}"},
			"no metric tells installations apart: approve a scalar with `label: required` and `format: uuid`"},
		{"two identifiers", map[string]string{"one": zoo["installation"], "two": zoo["installation"]},
			"`one` and `two` are both required scalars of format uuid: reports need one identifier; make the other one optional"},
		{"one number twice", map[string]string{"one": zoo["installation"], "two": "{number: 1, type: bool}"},
			"`two`: the number 1 is taken"},
		{"a list of scalars", map[string]string{"one": zoo["installation"], "two": "{number: 2, type: bool, label: repeated}"},
			"`two` is a list of scalars: make it a list of messages"},
	} {
		if _, err := report.NewDecoder(compile(t, project(test.fields))); errText(err) != test.want {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
	}
}
