// SPDX-License-Identifier: GPL-2.0-or-later

package report_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pulp/pulpmetrics"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/wire"
)

const (
	today = "2026-11-23"
	id    = "f3b0a1de-9c4e-4d7a-b2fe-c6a8d05be1af"
)

func compile(t testing.TB, fsys fs.FS) *wire.Message {
	t.Helper()
	parser, err := proposal.NewParser()
	if err != nil {
		t.Fatal(err)
	}
	r, err := registry.Load(fsys, parser)
	if err != nil {
		t.Fatal(err)
	}
	m, err := wire.Compile(r, today)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func pulp(t testing.TB) *wire.Message {
	t.Helper()
	return compile(t, pulpmetrics.Registry)
}

// zoo is a project with every type of scalar, every kind of domain and every label: fields, by
// their ids.
var zoo = map[string]string{
	"installation": `{number: 1, type: string, label: required, format: uuid}`,
	"scalars": `
  number: 2
  message: Scalars
  fields:
    - {name: a_bool, number: 1, type: bool}
    - {name: a_int32, number: 2, type: int32, min: -5, max: 5}
    - {name: a_int64, number: 3, type: int64, min: -9223372036854775808, max: 9223372036854775807}
    - {name: a_uint32, number: 4, type: uint32, min: 1, max: 4294967295}
    - {name: a_uint64, number: 5, type: uint64, min: 0, max: 18446744073709551615}
    - {name: a_sint32, number: 6, type: sint32, min: -2147483648, max: -1}
    - {name: a_sint64, number: 7, type: sint64, min: -10, max: 10}
    - {name: a_fixed32, number: 8, type: fixed32, min: 0, max: 1000}
    - {name: a_sfixed32, number: 9, type: sfixed32, min: -1000, max: 1000}
    - {name: a_fixed64, number: 10, type: fixed64, min: 7, max: 18446744073709551615}
    - {name: a_sfixed64, number: 11, type: sfixed64, min: -7, max: 7}
    - {name: a_float, number: 12, type: float, min: 0.1, max: 0.3}
    - {name: a_double, number: 13, type: double, min: -0.1, max: 1.0e+300}
    - {name: a_pattern, number: 14, type: string, pattern: '[a-zé]{0,5}'}
    - {name: a_version, number: 15, type: string, format: version}
    - {name: a_release, number: 16, type: string, format: release}
    - {name: a_uuid, number: 17, type: string, format: uuid}
    - {name: a_text, number: 18, type: string, values: [none, s3, azure]}
    - {name: a_enum, number: 19, enum: Scale, members: [{name: large, number: 9}, {name: small, number: 1}]}
    - {name: far, number: 5000, type: sint32, values: [-1, 0, 8]}
    - {name: farthest, number: 536870911, type: double, values: [0, 0.1, 2.5]}
    - {name: a_size, number: 21, type: uint64, values: [0, 1, 8, 64]}
    - {name: a_class, number: 22, type: float, values: [0, 0.1, 2.5]}
`,
	"items": `
  number: 3
  label: repeated
  message: Item
  max_items: 4
  key: [name, size]
  fields:
    - {name: name, number: 1, type: string, label: required, values: [a, b, c]}
    - {name: size, number: 2, type: uint32, label: optional, values: [0, 1]}
    - {name: count, number: 3, type: int32, min: 0, max: 9}
`,
	"stores": `
  number: 4
  label: repeated
  message: Store
  max_items: 40
  key: [kind]
  fields:
    - {name: kind, number: 1, enum: StoreKind, members: [{name: file, number: 1}, {name: s3, number: 2}, {name: azure, number: 3}]}
    - {name: share, number: 2, type: double, min: 0, max: 1}
`,
	"ratios": `
  number: 6
  label: repeated
  message: Ratio
  max_items: 100
  key: [edge]
  fields:
    - {name: edge, number: 1, type: float, min: -1, max: 1}
`,
	"required_pair": `
  number: 7
  message: Pair
  fields:
    - {name: left, number: 1, type: bool, label: required}
    - {name: right, number: 2, type: bool, label: required}
`,
	"one":     `{number: 8, type: uint32, min: 1, max: 9}`,
	"which":   `{number: 9, enum: Which, members: [{name: this, number: 1}, {name: that, number: 2000000000}]}`,
	"far_off": `{number: 70000, type: string, pattern: '[a-z]{1,9}'}`,
	"stopped": `
  number: 11
  label: repeated
  message: Stopped
  max_items: 2
  key: [name]
  fields:
    - {name: name, number: 1, type: string, label: required, values: [a, b]}
`,
}

func menagerie(t testing.TB) *wire.Message {
	t.Helper()
	return compile(t, project(zoo))
}

// project makes a project of fields by their ids. What is called stopped is suspended.
func project(fields map[string]string) fs.FS {
	files := fstest.MapFS{proposal.ProjectFile: {Data: []byte("format: 1\nmessage: Zoo\nproto: zoo.proto\nproposals: [proposals]\n")}}
	for id, field := range fields {
		status := "approved"
		if strings.HasPrefix(id, "stopped") {
			status = "suspended"
		}
		files["proposals/"+id+".yaml"] = &fstest.MapFile{Data: []byte("id: " + id + "\nstatus: " + status + "\nfield: " + field + "\n")}
	}
	return files
}

func decoder(t testing.TB, m *wire.Message) *report.Decoder {
	t.Helper()
	d, err := report.NewDecoder(m)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
