// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strings"
	"unicode/utf8"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var username = Detector{
	Class: "username", Severity: diag.Error,
	Needs: func(t Traits, n int, c Context) bool {
		return n >= 2 && t.any(Letter|High) && (c.any(SaysUser|SaysUserWeakly|SaysUserMap|SaysPerson) || t.any(Sign))
	},
	Find: func(s *Subject) []Hit {
		if s.Bounded || s.Number {
			return nil
		}
		if s.Whole && isUsername(s) {
			return s.whole()
		}
		return append(append(usersInText(s), domainUsers(s)...), urlUsers(s)...)
	},
}

// isUsername takes a whole value for the name of an account where the path says so.
func isUsername(s *Subject) bool {
	c := s.Context
	if !c.any(SaysUser|SaysUserWeakly|SaysUserMap) && !(c.any(SaysPerson) && c.any(SaysName|SaysID)) || c.any(SaysMeasure|SaysPath|SaysVersion|SaysEmail|SaysPhone|SaysHost|SaysURL|SaysDigest|SaysAddress|SaysLabel|SaysFreeText|SaysIBAN|SaysSecret) && !c.any(SaysUserMap) || c.any(SaysPersonName) && !c.any(SaysUser|SaysUserWeakly) {
		return false
	}
	return accountShaped(s.Text)
}

// accountShaped reports whether a text can be the name of a person's account.
func accountShaped(text string) bool {
	name := text
	if at := strings.IndexByte(name, '@'); at > 0 {
		name = name[:at]
	}
	if slash := strings.LastIndexByte(name, '\\'); slash >= 0 {
		name = name[slash+1:]
	}
	if n := utf8.RuneCountInString(name); n < 2 || n > 64 {
		return false
	}
	for i := range len(name) {
		if c := name[i]; !isAlnum(c) && c < utf8.RuneSelf && strings.IndexByte("._-+$", c) < 0 {
			return false
		}
	}
	lower := strings.ToLower(name)
	return traits(name).any(Letter|High) && !in(accounts, lower) && !in(noAccounts, lower) && !isNothing(lower) && lower[0] != '$' && lower[0] != '%'
}

// noAccounts are the accounts of programs, and what stands where an account would.
var noAccounts = words0("anonymous anonymoususer system service bot cron scheduler worker pulp pulpcore automation github-actions github dependabot renovate internal local superuser staff active inactive basic token ldap saml oidc none null unknown nobody-else root0 wheel sudo dbus sshd chrony polkitd systemd rpc ntp mail adm ftp public private everyone authenticated self owner group other me admin1 reader writer viewer editor creator gunicorn uwsgi nginx httpd apache2 haproxy rabbitmq zookeeper kafka elastic kibana prometheus grafana node_exporter supervisor agent client server daemon-user api web")

// userPhrases are what an account follows in logs.
var userPhrases = []string{"user=", "user '", "user \"", "user: ", "user:", "username: ", "username=", "username:", "login=", "login: ", "logname=", "for user ", "by user ", "as user ", "of user ", "ruser=", "acct=\"", "acct=", "user `", "username '", "username \"", "password for ", "publickey for ", "invalid user ", "session opened for user ", "session closed for user ", "failed for ", "account ", "owner=", "created_by=", "euser=", "suser=", "duser=", "user_name=", "usr=", "user ", "login ", "logged in as ", "uid=", "requested by ", "started by ", "created by ", "cancelled by ", "canceled by ", "triggered by ", "deleted by ", "modified by ", "run by ", "sudo: ", "su: ", "authenticated as ", "connected as ", "granted to ", "assigned to ", "login for ", "userid=", "user_id=", "uploaded by ", "approved by ", "keyboard-interactive/pam for ", "remote_user=", "owned by ", "updated by ", "issued by user ", "launched by ", "locked by ", "submitted by ", "user_login=", "\"user\": ", "logged in: ", "logged out: "}

// loosePhrases are followed by other things too: what follows has to look like an account.
var loosePhrases = words0("user_ account_ login_ assigned_to_ granted_to_ run_by_ started_by_ triggered_by_ sudo:_ su:_ failed_for_ requested_by_ created_by_ deleted_by_ modified_by_ cancelled_by_ canceled_by_ updated_by_ owned_by_ approved_by_ submitted_by_ uploaded_by_ launched_by_ locked_by_ user:_ connected_as_ login_for_ password_for_ login:_")

func usersInText(s *Subject) []Hit {
	var hits []Hit
	lower := strings.ToLower(s.Text)
	for _, phrase := range userPhrases {
		for from := 0; ; {
			i := strings.Index(lower[from:], phrase)
			if i < 0 {
				break
			}
			at := from + i
			from = at + len(phrase)
			if at > 0 && isWordByte(lower[at-1]) && isWordByte(lower[at]) {
				continue
			}
			if h, ok := accountAt(s, from, in(loosePhrases, strings.ReplaceAll(phrase, " ", "_"))); ok {
				hits = append(hits, h)
			}
		}
	}
	return hits
}

// accountAt reads the name of an account from an offset. Where other words may stand, it has to
// have what words don't: a digit, a dot or underscore between letters, quotes around it.
func accountAt(s *Subject, start int, loose bool) (Hit, bool) {
	if strings.HasPrefix(s.Text[start:], "uid=") || strings.HasPrefix(s.Text[start:], "0(") {
		return Hit{}, false
	}
	quoted := start < len(s.Text) && strings.IndexByte("'\"`", s.Text[start]) >= 0
	if quoted {
		start++
	}
	if open := start + strings.IndexFunc(s.Text[start:], func(r rune) bool { return r < '0' || r > '9' }); open > start && s.byteAt(open) == '(' {
		start, loose = open+1, false // uid=1000(alice)
	}
	end := start
	for end < len(s.Text) && (isAlnum(s.Text[end]) || s.Text[end] >= utf8.RuneSelf || strings.IndexByte("._-+\\", s.Text[end]) >= 0) {
		end++
	}
	for end > start && strings.IndexByte(".-+", s.Text[end-1]) >= 0 {
		end--
	}
	name := s.Text[start:end]
	if strings.HasPrefix(s.Text[end:], " : TTY=") {
		loose = false // of sudo
	}
	if next := s.byteAt(end); next == '(' && !strings.HasPrefix(s.Text[end:], "(uid=") || next == '=' || next == '/' && !quoted || next == '[' {
		return Hit{}, false
	}
	quoted = quoted && end < len(s.Text) && strings.IndexByte("'\"`", s.Text[end]) >= 0 || s.byteAt(start-1) == '\''
	if !accountShaped(name) || loose && !quoted && !accountLike(name) || looksVersioned(name) {
		return Hit{}, false
	}
	return Hit{start, end}, !(strings.Contains(name, ".") && traits(name).any(Digit) && strings.Trim(name, "0123456789.") == "")
}

// accountLike reports whether a word looks like an account rather than a word of a sentence.
func accountLike(name string) bool {
	inner := strings.Trim(name, "._-")
	return traits(name).any(Digit) && traits(name).any(Lower) || strings.ContainsAny(inner, "._") || consonants(inner) || strings.Contains(name, `\`)
}

// consonants reports whether a short word begins as no English word does: jdoe, mkovacs.
func consonants(name string) bool {
	if len(name) < 4 || len(name) > 12 || strings.ToLower(name) != name {
		return false
	}
	switch name[:2] {
	case "jd", "jm", "js", "jb", "jk", "jl", "jr", "jt", "jw", "jp", "jh", "jg", "jc", "jf", "mk", "mm", "mb", "mj", "ml", "mr", "ms", "mt", "mw", "mz", "bm", "bj", "bs", "bk", "bw", "bd", "bh", "dk", "dm", "dj", "ds", "db", "dl", "dh", "dp", "gg", "gm", "gb", "gs", "gk", "hk", "hm", "hs", "hb", "kb", "km", "ks", "kj", "kp", "lk", "lm", "ls", "lb", "lj", "nk", "nm", "ns", "pk", "pm", "pj", "pb", "rk", "rm", "rs", "rb", "rj", "rd", "rp", "sj", "sb", "sd", "sg", "tj", "tk", "tm", "tb", "ts", "td", "vk", "vm", "vs", "vj", "wj", "wk", "zk", "aj", "cj", "cm", "cb", "cs", "cd", "ck", "fm", "fs", "fj":
		return true
	}
	return false
}

// domainUsers finds the accounts of Windows: CORP\alice.
func domainUsers(s *Subject) []Hit {
	var hits []Hit
	s.each(`\`, func(at int) {
		start, end := at, at+1
		if s.byteAt(end) == '\\' {
			end++
		}
		from := end
		for start > 0 && (isAlnum(s.Text[start-1]) || s.Text[start-1] == '-' || s.Text[start-1] == '.') {
			start--
		}
		for end < len(s.Text) && (isAlnum(s.Text[end]) || strings.IndexByte("._-", s.Text[end]) >= 0) {
			end++
		}
		domain, name := s.Text[start:at], strings.TrimRight(s.Text[from:end], ".")
		before, after := s.byteAt(start-1), s.byteAt(end)
		if len(domain) < 2 || len(domain) > 15 || strings.ToUpper(domain) != domain || !isLetter(domain[0]) || domain[len(domain)-1] == '-' || before == '\\' || before == '/' || before == ':' || after == '\\' || after == '/' || domain[0] == 'H' && strings.HasPrefix(domain, "HKEY") {
			return
		}
		if len(name) >= 3 && accountShaped(name) && !(domain == "NT" || domain == "BUILTIN" || domain == "AUTHORITY") && !strings.Contains(name, "..") && traits(name).any(Lower|Digit) {
			hits = append(hits, Hit{start, end})
		}
	})
	return hits
}

// urlUsers finds the user that a URL logs in as, without a password: ssh://alice@host; and the
// uid of a distinguished name.
func urlUsers(s *Subject) []Hit {
	var hits []Hit
	s.each("://", func(at int) {
		start := at + 3
		end := start
		for end < len(s.Text) && (isAlnum(s.Text[end]) || strings.IndexByte("._-+", s.Text[end]) >= 0) {
			end++
		}
		if s.byteAt(end) == '@' && accountShaped(s.Text[start:end]) && s.Text[start:end] != "git" && !(end-start >= 16 && mixed(s.Text[start:end])) {
			hits = append(hits, Hit{start, end})
		}
	})
	for _, attribute := range []string{"uid=", "UID=", "sAMAccountName="} {
		s.each(attribute, func(at int) {
			start := at + len(attribute)
			end := start
			for end < len(s.Text) && (isAlnum(s.Text[end]) || strings.IndexByte("._-", s.Text[end]) >= 0) {
				end++
			}
			if !isWordByte(s.byteAt(at-1)) && accountShaped(s.Text[start:end]) {
				hits = append(hits, Hit{start, end})
			}
		})
	}
	return hits
}
