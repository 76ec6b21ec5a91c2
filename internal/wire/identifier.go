// SPDX-License-Identifier: GPL-2.0-or-later

package wire

import (
	"errors"
	"fmt"

	"github.com/pulp/pulpmetrics/internal/domain"
)

// Identifier returns the index of the field that tells installations apart: the one scalar metric
// whose label is required and whose format is uuid. It is an error if there is none, or more than
// one. No other place decides this.
func (m *Message) Identifier() (int, error) {
	found := -1
	for i := range m.Fields {
		if !m.Fields[i].identifies() {
			continue
		}
		if found >= 0 {
			return -1, fmt.Errorf("`%s` and `%s` are both required scalars of format uuid: reports need one identifier; make the other one optional", m.Fields[found].Name, m.Fields[i].Name)
		}
		found = i
	}
	if found < 0 {
		return -1, errors.New("no metric tells installations apart: approve a scalar with `label: required` and `format: uuid`")
	}
	return found, nil
}

func (f *Field) identifies() bool {
	return f.Message == "" && f.Required && f.Leaves[0].Domain.Format == domain.UUID
}
