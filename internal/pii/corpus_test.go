// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"strings"
	"testing"
)

// The corpus has a row for each record: the class that has to be found in it, or - for a record in
// which nothing may be; the record; and the reason for the label. A third of it, chosen by a hash
// of the record, was held back while detectors were tuned.

type row struct {
	class, record, reason string
	held                  bool
}

func corpus(t testing.TB) []row {
	t.Helper()
	data, err := os.ReadFile("testdata/corpus.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for i, line := range lines(string(data)) {
		parts := strings.Split(line, "\t")
		if len(parts) != 3 || parts[2] == "" || parts[0] != "-" && !slices.Contains(Classes(), parts[0]) {
			t.Fatalf("testdata/corpus.tsv:%d: a row is a class or -, a record and a reason", i+1)
		}
		h := fnv.New32a()
		_, _ = h.Write([]byte(parts[1]))
		rows = append(rows, row{parts[0], parts[1], parts[2], h.Sum32()%3 == 0})
	}
	return rows
}

// score counts, for one class, rows that have it, those where it is found, and rows without it
// where it is found all the same.
type score struct{ have, found, wrong int }

func (s score) recall() float64 {
	if s.have == 0 {
		return 1
	}
	return float64(s.found) / float64(s.have)
}

func (s score) precision() float64 {
	if s.found+s.wrong == 0 {
		return 1
	}
	return float64(s.found) / float64(s.found+s.wrong)
}

// related are classes that a record of another class has too: the host of a URL with a password,
// the name before an address.
var related = map[string][]string{
	"hostname": {"url_credentials", "username", "person_name", "geo", "jwt", "email", "ipv4", "ipv6"}, "person_name": {"email", "free_text", "username"}, "email": {"person_name"},
	"username": {"person_name", "email", "ipv4", "user_path"}, "ipv4": {"username", "hostname"}, "uuid": {"hostname"}, "api_key": {"jwt", "private_key", "url_credentials"}, "url_credentials": {"jwt", "api_key"}, "free_text": {"person_name"}, "geo": {"person_name"},
}

// judge scans rows and adds up the scores of every class, and the rows that were judged wrongly.
func judge(t testing.TB, rows []row) (map[string]score, []string) {
	t.Helper()
	s := New(nil)
	scores, mistakes := map[string]score{}, []string{}
	for _, r := range rows {
		got := classesOf(scan(t, s, "corpus", r.record))
		if r.class != "-" {
			c := scores[r.class]
			c.have++
			if slices.Contains(got, r.class) {
				c.found++
			} else {
				mistakes = append(mistakes, fmt.Sprintf("%s (%s) gives %q, not %s", r.record, r.reason, got, r.class))
			}
			scores[r.class] = c
		}
		for _, class := range got {
			if class != r.class && !slices.Contains(related[class], r.class) {
				c := scores[class]
				c.wrong++
				scores[class] = c
				mistakes = append(mistakes, fmt.Sprintf("%s (%s) gives %s", r.record, r.reason, class))
			}
		}
	}
	return scores, mistakes
}

// Floors of the scores. They may be raised.
const (
	leastRecall    = 0.97 // of each class, on rows that detectors were tuned with
	leastPrecision = 0.97
	heldRecall     = 0.97 // of all classes together, on the third that was held back
	heldWrong      = 56   // hard negatives of which at most one may be wrong
)

func TestCorpus(t *testing.T) {
	rows := corpus(t)
	negatives := 0
	for _, r := range rows {
		if r.class == "-" {
			negatives++
		}
	}
	if len(rows) < 400 || negatives*2 < len(rows)-len(rows)/20 {
		t.Errorf("the corpus has %d rows, %d of them hard negatives: it needs 400, half of them negative", len(rows), negatives)
	}
	scores, mistakes := judge(t, slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.held }))
	for _, class := range append(Classes(), Unscanned) {
		c := scores[class]
		t.Logf("%-16s recall %.3f (%d of %d)  precision %.3f", class, c.recall(), c.found, c.have, c.precision())
		if c.recall() < leastRecall || c.precision() < leastPrecision {
			t.Errorf("%s: recall %.3f and precision %.3f, and the floors are %.2f and %.2f", class, c.recall(), c.precision(), leastRecall, leastPrecision)
		}
	}
	if t.Failed() {
		t.Log(strings.Join(mistakes, "\n"))
	}
}

func TestHeldBack(t *testing.T) {
	rows := slices.DeleteFunc(corpus(t), func(r row) bool { return !r.held })
	scores, mistakes := judge(t, rows)
	var all score
	for _, c := range scores {
		all.have, all.found, all.wrong = all.have+c.have, all.found+c.found, all.wrong+c.wrong
	}
	negatives := len(rows) - all.have
	t.Logf("held back: recall %.3f (%d of %d), %d wrong in %d negatives", all.recall(), all.found, all.have, all.wrong, negatives)
	if all.recall() < heldRecall || all.wrong*heldWrong > negatives {
		t.Errorf("recall %.3f, and %d wrong in %d negatives", all.recall(), all.wrong, negatives)
	}
	if t.Failed() && testing.Verbose() {
		t.Log(strings.Join(mistakes, "\n"))
	}
}
