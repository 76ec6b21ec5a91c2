// SPDX-License-Identifier: GPL-2.0-or-later

package summarize

import (
	"encoding/csv"
	"io"
	"strconv"
)

// CSV returns what writes a line as CSV, after a head, and what ends the output. Of one summary, the
// key has a column for each of its parts; of all, where summary is "", it is an object of JSON.
func (v *View) CSV(out io.Writer, summary string) (write func(Line) error, finish func() error) {
	c := csv.NewWriter(out)
	head := []string{"day", "summary", "key", "value", "systems"}
	if q, one := v.Query(summary); one {
		head = append([]string{"day"}, append(q.KeyNames(), "value", "systems")...)
	}
	_ = c.Write(head) // errors stay in the writer
	return func(l Line) error { return writeCSV(c, l, summary != "") }, func() error {
		c.Flush()
		return c.Error()
	}
}

func writeCSV(c *csv.Writer, l Line, one bool) error {
	fields := []string{l.Day.String()}
	if one {
		fields = append(fields, l.Fields()...)
	} else {
		key, err := l.KeyJSON()
		if err != nil {
			return err
		}
		fields = append(fields, l.Summary, string(key))
	}
	return c.Write(append(fields, l.Value.String(), strconv.FormatInt(l.Systems, 10)))
}
