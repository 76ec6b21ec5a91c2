// SPDX-License-Identifier: GPL-2.0-or-later

package govern_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pulp/pulpmetrics/internal/govern"
)

// notes are written as the working group writes them: newest first.
const notes = `# Analytics Working Group
* meeting-notes template
### AIs
### Links
## 2022-12-1
### Attendees: bmbouter ggainey
### Prev AIs
* [bmbouter] old
### AIs
* [ggainey] hackmd to list "things we might want telemetry proposals for"
  * and send the link
* ~~[ggainey] update the template~~
- [ALL] everyone adds one line

### Links
* https://example.org/
## 2022-10-20
### AIs
* too old
`

func TestReadNotes(t *testing.T) {
	tests := []struct {
		name, text string
		want       govern.Notes
	}{
		{"the group's", notes, govern.Notes{Day: "2022-12-01", AIs: []string{`* [ggainey] hackmd to list "things we might want telemetry proposals for"`, "  * and send the link", "- [ALL] everyone adds one line"}}},
		{"CR LF, other levels", strings.ReplaceAll("# 2022-06-16 #\n## Action Items:\n* a\n#tag\n# other\n* b", "\n", "\r\n"), govern.Notes{Day: "2022-06-16", AIs: []string{"* a", "#tag"}}},
		{"no meeting", "## Agenda\n### AIs\n* a\n", govern.Notes{AIs: []string{"* a"}}},
		{"no day", "## 2022-13-45\n### AIs\n* a\n## 2022-02-30\n", govern.Notes{AIs: []string{"* a"}}},
		{"what stands before the first meeting", "### AIs\n* template\n## 2022-01-06\n", govern.Notes{Day: "2022-01-06"}},
		{"nothing", "", govern.Notes{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, govern.ReadNotes(test.text)); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
		})
	}
}

// Action items are lines of the notes, and survive being carried to the next ones.
func FuzzReadNotes(f *testing.F) {
	f.Add(notes)
	f.Add("## 2022-1-6\n### AIs\n~~~~\n* ~~x\n")
	f.Fuzz(func(t *testing.T, text string) {
		n := govern.ReadNotes(text)
		if _, err := time.Parse(time.DateOnly, n.Day); n.Day != "" && err != nil {
			t.Errorf("%q is no day", n.Day)
		}
		for _, line := range n.AIs {
			if !strings.Contains(text, line) {
				t.Errorf("%q is nowhere in the notes", line)
			}
		}
		again := govern.ReadNotes("## 2022-01-06\n### AIs\n" + strings.Join(n.AIs, "\n"))
		if diff := cmp.Diff(n.AIs, again.AIs); diff != "" {
			t.Errorf("carried on (-want +got):\n%s", diff)
		}
	})
}
