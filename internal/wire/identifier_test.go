// SPDX-License-Identifier: GPL-2.0-or-later

package wire_test

import "testing"

func TestIdentifier(t *testing.T) {
	m := realMessage(t)
	if i, err := m.Identifier(); err != nil || m.Fields[i].Name != "system_id" {
		t.Errorf("%d, %v", i, err)
	}
	m.Fields = m.Fields[1:]
	if i, err := m.Identifier(); err == nil {
		t.Errorf("%d identifies", i)
	}
}
