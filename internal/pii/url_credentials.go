// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var urlCredentials = Detector{
	Class: "url_credentials", Severity: diag.Error,
	Needs: func(t Traits, n int, _ Context) bool {
		return n >= len("a://b:c@d") && (t.all(Colon|Slash|At) || t.any(Equals))
	},
	Find: func(s *Subject) []Hit {
		var hits []Hit
		s.each("://", func(at int) {
			if h, ok := userinfoAt(s.Text, at+len("://")); ok {
				hits = append(hits, h)
			}
		})
		return append(hits, secretParameters(s)...)
	},
}

// userinfoAt reads the user and password at the start of what follows the scheme of a URL.
func userinfoAt(text string, from int) (Hit, bool) {
	rest := text[from:]
	if end := strings.IndexAny(rest, "/?# \t\n\"'<>`"); end >= 0 {
		rest = passwordWithSlash(rest, end)
	}
	at := strings.LastIndexByte(rest, '@')
	if at <= 0 {
		return Hit{}, false
	}
	hit := Hit{from, from + at}
	name, password, both := strings.Cut(rest[:at], ":")
	if !both {
		return hit, len(name) >= 16 && !strings.Contains(name, "%40") && mixed(name) // a token in place of a user
	}
	return hit, password != "" && !isPlaceholder(password)
}

// passwordWithSlash returns the authority of a URL, whose password may hold what should have been
// escaped.
func passwordWithSlash(rest string, end int) string {
	authority := rest[:end]
	if rest[end] != '/' && rest[end] != '#' && rest[end] != '?' || !strings.Contains(authority, ":") || strings.Contains(authority, "@") {
		return authority
	}
	more := rest[end:]
	if stop := strings.IndexAny(more, " \t\n\"'<>`"); stop >= 0 {
		more = more[:stop]
	}
	at := strings.IndexByte(more, '@')
	_, port, _ := strings.Cut(authority, ":")
	if at < 0 || strings.Trim(port, "0123456789") == "" || strings.Contains(more[:at], "/@") {
		return authority
	}
	return authority + more[:at+1]
}

// isPlaceholder reports whether something stands where a secret was, or will be.
func isPlaceholder(secret string) bool {
	secret = strings.Trim(strings.ToLower(secret), `"' `)
	if strings.Trim(secret, "*•x.-_#?") == "" {
		return true
	}
	switch secret[0] {
	case '<', '$', '{', '[', '%', '(':
		last := secret[len(secret)-1]
		if secret[0] == '$' && !strings.ContainsAny(secret[1:], "$/") || secret[0] == '%' && (last == '%' || len(secret) == 2) || strings.IndexByte(">}])", last) >= 0 {
			return true
		}
	}
	if strings.HasPrefix(secret, "%3c") || strings.HasPrefix(secret, "%7b") || strings.HasPrefix(secret, "%5b") || strings.HasPrefix(secret, "%2a%2a") {
		return true
	}
	switch strings.Trim(secret, "<>[](){}*_-# ") {
	case "redacted", "hidden", "masked", "removed", "filtered", "none", "null", "nil", "true", "false", "password", "secret", "changeme", "change-me", "example", "placeholder",
		"unset", "set", "not set", "empty", "undefined", "your-password", "your_password", "yourpassword", "pass", "pwd", "token", "sensitive", "protected", "censored", "value_specified_in_no_log_parameter", "no_log", "yes", "no", "optional", "required", "default", "encrypted", "unknown", "n/a", "disabled", "enabled", "present", "absent", "configured", "missing", "expired", "invalid", "ok", "basic", "bearer", "digest", "kerberos", "ldap", "negotiate", "password_here", "obfuscated", "scrubbed", "omitted", "auto", "****":
		return true
	}
	return false
}

// mixed reports whether a text has letters and digits, as keys have.
func mixed(text string) bool {
	t := traits(text)
	return t.any(Digit) && t.any(Letter)
}

// secretParameters are the parameters of a query, or of a connection, that hold what opens a door.
var secretParameters0 = words0("password passwd pwd token access_token auth_token api_key apikey secret client_secret sig signature x-amz-signature x-goog-signature auth private_token refresh_token id_token passphrase sessionid jsessionid phpsessid session_token code_verifier x-amz-security-token x-amz-credential sv_sig oauth_token pass key access_key awsaccesskeyid accesskey subscription-key api-key session jwt pin")

// secretParameters finds secrets in the queries of URLs, and in connection strings.
func secretParameters(s *Subject) []Hit {
	var hits []Hit
	s.each("=", func(at int) {
		start := at
		for start > 0 && (isAlnum(s.Text[start-1]) || s.Text[start-1] == '_' || s.Text[start-1] == '-') {
			start--
		}
		before := s.byteAt(start - 1)
		if start == at || before != '?' && before != '&' && !(before == ';' && strings.Contains(s.Text[:start], "://")) || !in(secretParameters0, strings.ToLower(s.Text[start:at])) {
			return
		}
		end := at + 1
		for end < len(s.Text) && strings.IndexByte("&; \t\n\"'<>#", s.Text[end]) < 0 {
			end++
		}
		if end > at+4 && !isPlaceholder(s.Text[at+1:end]) {
			hits = append(hits, Hit{start, end})
		}
	})
	return hits
}
