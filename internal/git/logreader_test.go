// SPDX-License-Identifier: GPL-2.0-or-later

package git

import (
	"bufio"
	"strings"
	"testing"
)

// What is read of the log is whole commits, whatever stands in them.
func FuzzLogReader(f *testing.F) {
	const zero, blob = "0000000000000000000000000000000000000000", "56a6051ca2b02b04ef92d5150c9ef600403cb1de"
	head := blob + "\x00" + blob + " " + blob + "\x00Ann\x001\x002\x00subject\x00"
	f.Add(head + "\n:000000 100644 " + zero + " " + blob + " A\x00x\x00" + head)
	f.Add(head + "\n:100644 100644 " + blob + " " + blob + " R087\x00a\x00b\x00")
	f.Add(head + "\x00::100644 100644 100644 " + blob + " " + blob + " " + blob + " RM\x00a\x00b\x00b\x00")
	f.Add(strings.Repeat(":", 300) + "\x00")
	f.Fuzz(func(t *testing.T, text string) {
		l := logReader{out: bufio.NewReader(strings.NewReader(text))}
		_ = l.all(func(e *Entry) error {
			if !hash.MatchString(string(e.Commit)) {
				t.Errorf("%q is no commit", e.Commit)
			}
			for _, c := range e.Files {
				if len(c.Was) == 0 {
					t.Errorf("%q was in no parent", c.Path)
				}
				for _, was := range c.Was {
					if was.Object == "" && was.Path != "" {
						t.Errorf("%+v wasn't there, and has a path", was)
					}
				}
			}
			return nil
		})
	})
}
