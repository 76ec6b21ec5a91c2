// SPDX-License-Identifier: GPL-2.0-or-later

package proposal

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/pulp/pulpmetrics/internal/source"
)

// Suggest helps with a word that isn't among the known ones: the nearest of them if it is near
// enough to be a slip, or else all of them behind a lead such as "write one of ".
func Suggest(word string, known []string, lead string) string {
	if best, _ := nearest(word, known); best != "" {
		return "did you mean `" + best + "`?"
	}
	if len(known) == 0 {
		return ""
	}
	if len(known) > mostSuggested {
		return fmt.Sprintf("%s`%s` and %d more", lead, strings.Join(known[:mostSuggested], "`, `"), len(known)-mostSuggested)
	}
	return lead + "`" + strings.Join(known, "`, `") + "`"
}

// nearest returns the known word that is near enough to be meant, and whether it is beyond doubt: a
// single slip, or other capitals and separators, and no other word is as near.
func nearest(word string, known []string) (best string, sure bool) {
	distance := min(len(word)/3+2, len(word)/2+1)
	for _, k := range known {
		d := editDistance(word, k)
		if fold(word) == fold(k) {
			d = 0
		}
		switch {
		case d < distance:
			best, distance, sure = k, d, d <= 1 && len(word) > 3
		case d == distance:
			sure = false
		}
	}
	return best, sure
}

// fold leaves of a word what people mean by it.
func fold(word string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == ' ' {
			return -1
		}
		return unicode.ToLower(r)
	}, word)
}

// SuggestFix returns the fix that writes the known word that Suggest names in the place of a word, or
// nil if there is none.
func SuggestFix(word source.Text, known []string) *source.Fix {
	best, sure := nearest(word.V, known)
	if best == "" {
		return nil
	}
	return &source.Fix{Title: "write `" + best + "`", Edits: []source.Edit{{Span: word.Span, Text: bare(best)}}, Unsure: !sure}
}

const mostSuggested = 24 // words; more than that is no help

// editDistance counts the insertions, deletions, replacements and swaps of neighbours between two
// words (optimal string alignment).
func editDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 {
		return 64
	}
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+btoi(x[i-1] != y[j-1]))
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
