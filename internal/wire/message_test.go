// SPDX-License-Identifier: GPL-2.0-or-later

package wire_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/pulp/pulpmetrics"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// today is a day on which everything that is approved has been released.
const today = "2026-11-23"

func realMessage(t *testing.T) *wire.Message {
	t.Helper()
	parser, err := proposal.NewParser()
	if err != nil {
		t.Fatal(err)
	}
	r, err := registry.Load(pulpmetrics.Registry, parser)
	if err != nil {
		t.Fatal(err)
	}
	m, err := wire.Compile(r, today)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// outline writes a message as one line for each field.
func outline(m protoreflect.MessageDescriptor, indent string) (lines []string) {
	for i := range m.Fields().Len() {
		f := m.Fields().Get(i)
		typ := f.Kind().String()
		if f.Message() != nil {
			typ = string(f.Message().Name())
		}
		lines = append(lines, fmt.Sprintf("%s%s %s %s = %d", indent, f.Cardinality(), typ, f.Name(), f.Number()))
		if f.Message() != nil {
			lines = append(lines, outline(f.Message(), indent+"  ")...)
		}
	}
	return lines
}

// The message that clients in the field send.
const sent = `required string system_id = 1
optional OnlineContentApps online_content_apps = 2
  optional uint32 processes = 1
  optional uint32 hosts = 2
optional OnlineWorkers online_workers = 3
  optional uint32 processes = 1
  optional uint32 hosts = 2
repeated Component components = 4
  required string name = 1
  required string version = 2
optional uint32 postgresql_version = 5
optional RBACStats rbac_stats = 6
  optional uint32 users = 1
  optional uint32 groups = 2
  optional uint32 domains = 3
  optional uint32 custom_access_policies = 4
  optional uint32 custom_roles = 5`

func TestDescriptorIsWhatClientsSend(t *testing.T) {
	md, err := realMessage(t).Reflect()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sent, strings.Join(outline(md, ""), "\n")); diff != "" {
		t.Errorf("%s (-sent +ours):\n%s", md.FullName(), diff)
	}
}

func TestEnumValue(t *testing.T) {
	for _, test := range []struct{ enum, member, want string }{
		{"StorageBackend", "s3", "STORAGE_BACKEND_S3"},
		{"RBACMode", "on", "RBAC_MODE_ON"},
		{"A", "b_c", "A_B_C"},
	} {
		if got := wire.EnumValue(test.enum, test.member); got != test.want {
			t.Errorf("%s of %s is %s, want %s", test.member, test.enum, got, test.want)
		}
	}
}
