// SPDX-License-Identifier: GPL-2.0-or-later

package govern

import (
	"regexp"
	"strings"
	"time"
)

// Notes is what the notes of a meeting leave to the next one.
type Notes struct {
	Day string   // YYYY-MM-DD; "" if they don't say
	AIs []string // lines of its action items, without those that are struck through
}

// heading is a heading of Markdown, without the marks that may close it.
var heading = regexp.MustCompile(`^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$`)

// meetingDay is the heading of a meeting. The group writes days such as 2022-12-1, too.
var meetingDay = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})\b`)

// ReadNotes reads the newest meeting in the notes of the working group: the first whose heading is a
// day. Action items stand under a heading `AIs` or `Action Items`.
func ReadNotes(text string) Notes {
	var n Notes
	inAIs := false
	for raw := range strings.SplitSeq(text, "\n") {
		raw = strings.TrimRight(raw, " \t\r")
		m := heading.FindStringSubmatch(raw)
		if m == nil {
			if inAIs && strings.TrimSpace(raw) != "" && !struck(raw) {
				n.AIs = append(n.AIs, raw)
			}
			continue
		}
		title := strings.TrimSuffix(strings.TrimSpace(m[2]), ":")
		if day, ok := dayOf(title); ok {
			if n.Day != "" {
				return n
			}
			n = Notes{Day: day} // what stood before it belongs to no meeting
		}
		inAIs = strings.EqualFold(title, "AIs") || strings.EqualFold(title, "Action Items")
	}
	return n
}

// dayOf reads the day that a heading begins with.
func dayOf(title string) (string, bool) {
	m := meetingDay.FindStringSubmatch(title)
	if m == nil {
		return "", false
	}
	day, err := time.Parse("2006-1-2", strings.Join(m[1:], "-"))
	return day.Format(time.DateOnly), err == nil
}

// struck reports whether an item is struck through, which is how the group marks what is done.
func struck(item string) bool {
	text := strings.TrimLeft(item, " \t*-+")
	return strings.HasPrefix(text, "~~") && strings.HasSuffix(text, "~~") && len(text) > 4
}
