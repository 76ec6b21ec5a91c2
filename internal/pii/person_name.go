// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var personName = Detector{
	Class: "person_name", Severity: diag.Error,
	Needs: func(t Traits, n int, c Context) bool {
		return n >= 2 && t.any(Letter|High) && (c.any(SaysPersonName|SaysPerson|SaysName) || t.any(Upper|High) && t.any(Space|Equals))
	},
	Find: func(s *Subject) []Hit {
		if s.Bounded || s.Number {
			return nil
		}
		if s.Whole && isPersonName(s) {
			return s.whole()
		}
		return append(namesInText(s), commonNames(s)...)
	},
}

// isPersonName takes a whole value for the name of a person where the path says so.
func isPersonName(s *Subject) bool {
	c, text := s.Context, strings.TrimSpace(s.Text)
	if !s.Traits.any(Letter | High) {
		return false
	}
	if c.any(SaysMeasure|SaysPath|SaysVersion|SaysURL|SaysDigest|SaysHost|SaysEmail|SaysPhone|SaysAddress|SaysUUID|SaysSecret) && !c.any(SaysPersonName) || isNothing(text) || !namelike(text) || isBody(text) {
		return false
	}
	text, _, _ = strings.Cut(text, " <")
	parts := nameParts(text)
	switch {
	case c.any(SaysPersonName) && c.any(SaysUser|SaysUserWeakly) && len(parts) == 1 && isASCII(text) && !capitalized(text):
		return false // an account
	case c.any(SaysPersonName):
		return c&(SaysMeasure|SaysPath|SaysVersion|SaysHost) == 0 && (len(parts) >= 1 && len(parts) <= 6 && !in(genericNames, strings.ToLower(text)))
	case c.any(SaysPerson) && c.any(SaysName):
		return len(parts) >= 2 || !isASCII(text) || len(parts) == 1 && capitalized(parts[0]) && !in(genericNames, strings.ToLower(text))
	case c.any(SaysPerson | SaysUser | SaysUserWeakly):
		return len(parts) >= 2 && allCapitalized(parts) || manyRunes(text)
	}
	return false
}

var genericNames = words0("admin administrator root pulp system user users test anonymous guest default name nobody unknown none service bot github-actions dependabot dependabot[bot] viewer owner creator reader editor all team")

// namelike reports whether a text has only what names of people have.
func namelike(text string) bool {
	if n := utf8.RuneCountInString(text); n < 2 || n > 80 {
		return false
	}
	before, rest, found := strings.Cut(text, " <")
	if found && strings.HasSuffix(rest, ">") {
		text = before
	}
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(" '’-.,·()", r) {
			return false
		}
	}
	return true
}

// nameParts splits a name into its words, without titles.
func nameParts(text string) []string {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '·' })
	for len(parts) > 1 && isTitle(parts[0]) {
		parts = parts[1:]
	}
	return parts
}

func isTitle(word string) bool {
	switch strings.ToLower(strings.TrimRight(word, ".")) {
	case "mr", "mrs", "ms", "dr", "prof", "herr", "frau", "mme", "mlle", "sir", "sra", "sr", "mx", "madam", "signor", "signora", "monsieur", "madame":
		return true
	}
	return false
}

func capitalized(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(r) || unicode.IsLetter(r) && !unicode.IsLower(r)
}

// particles are parts of names that are written small.
var particles = words0("van von de der den la le da di dos du del bin ibn al el ter zu zur af av y e i ben dela san st")

func allCapitalized(parts []string) bool {
	first := false
	for _, p := range parts {
		if !capitalized(p) && !in(particles, p) {
			return false
		}
		first = first || capitalized(p)
	}
	return first && len(parts) <= 6
}

// manyRunes reports whether a text is written in letters that names are two or more of.
func manyRunes(text string) bool {
	for _, r := range text {
		if !unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) && r != ' ' && r != '·' {
			return false
		}
	}
	return utf8.RuneCountInString(text) >= 2
}

// bodies are words in names of organizations, programs and groups.
var bodies = words0("team project foundation inc inc. ltd ltd. llc gmbh corp corp. corporation company developers contributors community group hat software systems labs university institute department ca root authority certificate certification issuing intermediate service services server network networks engineering security operations support admin admins administrators users repository repositories core viewer owner plugin agency office bank solutions technologies technology media open source linux fedora debian ubuntu centos automation bot daemon account test ag sa bv plc oy ab kg association committee working platform infrastructure devops release packaging maintainers packagers robot ci system default global trust signing services. packages packager build builder manager role roles domain guard file container python deb ansible rpm content pulp access policy creator reader global model task")

// isBody reports whether a name is that of an organization or a program.
func isBody(text string) bool {
	for _, w := range strings.Fields(strings.ToLower(text)) {
		if in(bodies, strings.Trim(w, ",()'")) {
			return true
		}
	}
	return false
}

// namesInText finds names behind words that a name follows, or before an address in angle
// brackets.
func namesInText(s *Subject) []Hit {
	var hits []Hit
	for at := 0; at < len(s.Text); {
		start, end, parts := nextName(s.Text, at)
		if start < 0 {
			break
		}
		at = end
		if len(parts) > 1 && isTitle(parts[0]) {
			hits = append(hits, Hit{start, end})
			continue
		}
		if len(parts) < 2 || isBody(s.Text[start:end]) {
			continue
		}
		angle := strings.HasPrefix(s.Text[end:], " <") && strings.Contains(s.Text[end:], "@")
		if angle || introduces(s.Text[:start]) {
			hits = append(hits, Hit{start, end})
		}
	}
	return hits
}

// nextName returns the next run of capitalized words.
func nextName(text string, from int) (start, end int, parts []string) {
	for at := from; at < len(text); {
		wordEnd := at
		for wordEnd < len(text) && text[wordEnd] != ' ' && text[wordEnd] != '\n' {
			wordEnd++
		}
		begin := at
		for begin < wordEnd && strings.IndexByte("\"'(=:[", text[begin]) >= 0 {
			begin++
		}
		if eq := strings.LastIndexByte(text[begin:wordEnd], '='); eq >= 0 {
			begin += eq + 1
		}
		if word := text[begin:wordEnd]; capitalized(word) && !strings.HasSuffix(word, ":") {
			end, parts := nameRun(text, begin)
			if end > begin {
				return begin, end, parts
			}
		}
		at = wordEnd + 1
	}
	return -1, 0, nil
}

// nameRun reads words of a name from an offset.
func nameRun(text string, at int) (end int, parts []string) {
	for at < len(text) && len(parts) < 5 {
		stop := at
		for stop < len(text) && strings.IndexByte(" \n,;:<>()\"[]{}=|/", text[stop]) < 0 {
			stop++
		}
		word := strings.TrimRight(text[at:stop], ".'")
		if isTitle(text[at:stop]) || len([]rune(word)) == 1 {
			word = text[at:stop]
		}
		if !namelikeWord(word) || !capitalized(word) && (len(parts) == 0 || !in(particles, word)) {
			break
		}
		parts = append(parts, word)
		end = at + len(word)
		if end < stop || stop >= len(text) || text[stop] != ' ' {
			break
		}
		at = stop + 1
	}
	for len(parts) > 1 && in(particles, parts[len(parts)-1]) {
		end -= len(parts[len(parts)-1]) + 1
		parts = parts[:len(parts)-1]
	}
	return end, parts
}

func namelikeWord(word string) bool {
	if word == "" {
		return false
	}
	for _, r := range word {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune("'’-.", r) {
			return false
		}
	}
	return true
}

// introductions are what a name follows.
var introductions = []string{"signed-off-by: ", "author: ", "authored-by: ", "co-authored-by: ", "reviewed-by: ", "reported-by: ", "tested-by: ", "acked-by: ", "committer: ", "maintainer: ", "dear ", "contact: ", "name: ", "owner: ", "user: ", "by: ", "from: ", "to: ", "cc: ", "assigned to ", "requested by ", "created by ", "submitted by ", "approved by ", "reported by ", "uploaded by ", "written by ", "owned by ", "employee ", "customer ", "name is ", "attn: ", "regards, ", "packager: ", "patient ", "on behalf of ", "employee: ", "customer: ", "user ", "contact ", "opened by ", "author ", "for user ", "owner ", "call ", "ask ", "name=", "name='", "name=\"", "author=", "owner=", "user=\"", "user='", "author='", "author=\"", "owner='", "owner=\"", "full_name=", "full_name=\"", "full_name='", "fullname=", "modified by ", "changed by ", "user '", "user \"", "assignee: ", "reporter: ", "thanks, ", "hello ", "hi "}

func introduces(before string) bool {
	lower := strings.ToLower(before)
	for _, i := range introductions {
		if rest, ok := strings.CutSuffix(lower, i); ok && (rest == "" || !isWordByte(rest[len(rest)-1]) && rest[len(rest)-1] != '_') {
			return true
		}
	}
	return false
}

// commonNames finds people in distinguished names: CN=Alice Example,OU=people.
func commonNames(s *Subject) []Hit {
	var hits []Hit
	for _, attribute := range []string{"CN=", "cn=", "GN=", "SN=", "givenName=", "sn=", "displayName=", "surname="} {
		s.each(attribute, func(at int) {
			start := at + len(attribute)
			end := start
			for end < len(s.Text) && strings.IndexByte(",/;+\"", s.Text[end]) < 0 {
				end++
			}
			name := strings.TrimSpace(s.Text[start:end])
			if isWordByte(s.byteAt(at-1)) || !namelike(name) || isBody(name) || strings.Contains(name, ".") && !strings.Contains(name, " ") {
				return
			}
			parts := nameParts(name)
			if len(parts) >= 2 && allCapitalized(parts) || attribute[0]|0x20 != 'c' && len(parts) == 1 && capitalized(name) || !isASCII(name) {
				hits = append(hits, Hit{start, start + len(strings.TrimRight(s.Text[start:end], " "))})
			}
		})
	}
	return hits
}
