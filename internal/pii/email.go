// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"net/mail"
	"strings"
	"unicode/utf8"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var email = Detector{
	Class: "email", Severity: diag.Error,
	Needs: func(t Traits, n int, _ Context) bool { return t.all(At) && n >= len("a@b") },
	Find: func(s *Subject) []Hit {
		var hits []Hit
		s.each("@", func(at int) {
			if h, ok := emailAt(s, at); ok {
				hits = append(hits, h)
			}
		})
		return hits
	},
}

// emailAt reads the address around an @.
func emailAt(s *Subject, at int) (Hit, bool) {
	start, end := localStart(s.Text, at), domainEnd(s.Text, at+1)
	if start == at || end == at+1 || isUserinfo(s, start) {
		return Hit{}, false
	}
	local, domain := s.Text[start:at], s.Text[at+1:end]
	if isProcess(local) && !s.says(start, SaysEmail) || !mailDomain(s, start, domain) {
		return Hit{}, false
	}
	if next := s.byteAt(end); local == "git" && (next == ':' || next == '/') {
		return Hit{}, false // where a repository is cloned from
	}
	if _, err := mail.ParseAddress(local + "@" + asciiDomain(domain)); err != nil && local[0] != '"' {
		return Hit{}, false
	}
	return Hit{start, end}, true
}

// localStart returns where the part before an @ begins.
func localStart(text string, at int) int {
	if at > 1 && text[at-1] == '"' {
		if open := strings.LastIndexByte(text[:at-1], '"'); open >= 0 && at-open <= 66 {
			return open
		}
	}
	start := at
	for start > 0 && at-start < 64 {
		c := text[start-1]
		if !isAlnum(c) && c < utf8.RuneSelf && !strings.ContainsRune("._%+-'!#$&*=?^{|}~", rune(c)) {
			break
		}
		start--
	}
	if eq := strings.LastIndexAny(text[start:at], "=?&|{}'*"); eq >= 0 {
		start += eq + 1 // from=alice@…
	}
	for start < at && strings.IndexByte(".-!#$^~", text[start]) >= 0 {
		start++
	}
	return start
}

// domainEnd returns where the domain behind an @ ends: a name, or an address in brackets.
func domainEnd(text string, from int) int {
	if from < len(text) && text[from] == '[' {
		if n := strings.IndexByte(text[from:], ']'); n > 1 && strings.Trim(text[from+1:from+n], "0123456789abcdefABCDEF.:IPv") == "" {
			return from + n + 1
		}
	}
	end := from
	for end < len(text) && (isAlnum(text[end]) || text[end] == '.' || text[end] == '-' || text[end] >= utf8.RuneSelf) {
		end++
	}
	for end > from && (text[end-1] == '.' || text[end-1] == '-') {
		end--
	}
	return end
}

func mailDomain(s *Subject, start int, domain string) bool {
	if strings.HasPrefix(domain, "[") {
		return true
	}
	labels, kind := domainOf(domain)
	if kind == noDomain {
		return len(labels) == 0 && s.Context.any(SaysEmail) && hostLabel(domain) && !isLoopback(domain)
	}
	for _, l := range labels[:len(labels)-1] {
		if strings.Trim(l, "0123456789") != "" {
			return !isLoopback(domain)
		}
	}
	return len(labels) == 2 && kind == surely // 163.com, and no version
}

func asciiDomain(domain string) string {
	if isASCII(domain) {
		return domain
	}
	return "idn.example"
}

// isUserinfo reports whether what begins at start is the user of a URL.
func isUserinfo(s *Subject, start int) bool {
	from := strings.LastIndexAny(s.Text[:start], " \t\n\"'<>(),;|") + 1
	scheme := strings.LastIndex(s.Text[from:start], "://")
	return scheme >= 0 && !strings.ContainsAny(s.Text[from+scheme+3:start], "/?#&=")
}

// isProcess reports whether the part before an @ names a process rather than a mailbox: that is
// how workers are called, 49007@pulp3.lab.example.com.
func isProcess(local string) bool {
	if strings.Trim(local, "0123456789") == "" {
		return len(local) <= 7
	}
	local = strings.ToLower(local)
	for _, part := range []string{"worker", "resource-manager", "resource_manager", "content-app", "celery", "gunicorn", "pulpcore-", "api-app", "scheduler", "rq-"} {
		if strings.Contains(local, part) {
			return true
		}
	}
	return false
}
