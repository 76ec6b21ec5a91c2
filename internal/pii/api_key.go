// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var apiKey = Detector{
	Class: "api_key", Severity: diag.Error,
	Needs: func(t Traits, n int, c Context) bool {
		return n >= 4 && (c.any(SaysSecret) || n >= 16 && t.any(Letter) && t.any(Digit|Upper|Space|Equals|Colon|Dot))
	},
	Find: func(s *Subject) []Hit {
		if s.Whole && isSecret(s) {
			return s.whole()
		}
		var hits []Hit
		for _, form := range keyForms {
			s.each(form.prefix, func(at int) {
				end := tokenEnd(s.Text, at)
				if n := end - at - len(form.prefix); !isAlnum(s.byteAt(at-1)) && n >= form.least && form.holds(s.Text[at+len(form.prefix):end]) {
					hits = append(hits, Hit{at, end})
				}
			})
		}
		return append(append(hits, bearers(s)...), slackHooks(s)...)
	},
}

// keyForm is how the keys of one service look.
type keyForm struct {
	prefix string
	least  int // characters behind the prefix
	upper  bool
}

func (f keyForm) holds(rest string) bool {
	return !isPlaceholder(rest) && (!f.upper || strings.ToUpper(rest) == rest && mixed(rest) || f.least < 14)
}

var keyForms = []keyForm{
	{"AKIA", 16, true}, {"ASIA", 16, true}, {"AROA", 16, true}, {"ABIA", 16, true}, {"AIDA", 16, true},
	{"ghp_", 30, false}, {"gho_", 30, false}, {"ghu_", 30, false}, {"ghs_", 30, false}, {"ghr_", 30, false}, {"github_pat_", 22, false},
	{"glpat-", 20, false}, {"glptt-", 20, false}, {"gldt-", 20, false}, {"glrt-", 20, false}, {"GR1348941", 20, false}, {"glcbt-", 20, false},
	{"xoxb-", 10, false}, {"xoxp-", 10, false}, {"xoxa-", 10, false}, {"xoxr-", 10, false}, {"xoxs-", 10, false}, {"xapp-", 10, false}, {"xoxe.", 10, false},
	{"sk_live_", 16, false}, {"sk_test_", 16, false}, {"rk_live_", 16, false}, {"rk_test_", 16, false}, {"pk_live_", 16, false}, {"whsec_", 24, false},
	{"sk-ant-", 20, false}, {"sk-proj-", 20, false}, {"sk-svcacct-", 20, false}, {"sk-", 32, false},
	{"AIza", 35, false}, {"ya29.", 20, false}, {"GOCSPX-", 20, false}, {"1//0", 30, false},
	{"npm_", 30, false}, {"pypi-", 40, false}, {"dckr_pat_", 20, false}, {"dop_v1_", 40, false}, {"doo_v1_", 40, false}, {"hf_", 30, false},
	{"SG.", 40, false}, {"shpat_", 30, false}, {"shpss_", 30, false}, {"shpca_", 30, false}, {"lin_api_", 30, false}, {"figd_", 30, false},
	{"sq0atp-", 20, false}, {"sq0csp-", 30, false}, {"EAAA", 50, false}, {"key-", 32, false}, {"hvs.", 20, false}, {"hvb.", 20, false},
	{"sha256~", 40, false}, {"dapi", 32, false}, {"rubygems_", 40, false}, {"AGE-SECRET-KEY-", 40, false}, {"tskey-", 16, false}, {"glsa_", 30, false}, {"eyJrIjoi", 30, false},
	{"sntrys_", 30, false}, {"sntryu_", 30, false}, {"PMAK-", 40, false}, {"ATATT3", 40, false}, {"ATCTT3", 40, false}, {"nvapi-", 40, false}, {"gsk_", 40, false}, {"xai-", 40, false}, {"pul-", 40, false}, {"tfp_", 30, false}, {"CFPAT-", 30, false}, {"AccountKey=", 40, false}, {"SharedAccessKey=", 30, false}, {"secret_", 40, false}, {"ntn_", 40, false}, {"r8_", 30, false}, {"phc_", 30, false}, {"live_", 40, false}, {"fio-u-", 40, false}, {"NRAK-", 20, false}, {"rdme_", 40, false}, {"ops_eyJ", 40, false}, {"ddp_", 30, false}, {"dt0c01.", 20, false}, {"bkua_", 30, false}, {"AQVN", 35, false}, {"LTAI", 16, false},
}

// isSecret takes a whole value for a secret where its key says so.
func isSecret(s *Subject) bool {
	if s.Number || !s.Context.any(SaysSecret) || s.Context.any(SaysMeasure|SaysPath|SaysDigest) || s.Bounded {
		return false
	}
	text := strings.TrimSpace(s.Text)
	if space := strings.IndexByte(text, ' '); space > 0 && space <= len("Bearer") { // the scheme of an Authorization header
		text = text[space+1:]
	}
	return len(text) >= 4 && !isPlaceholder(text) && strings.Count(text, " ") <= 3 && !strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "vault:") && !strings.Contains(text, "://")
}

// bearers finds what an Authorization header carries, wherever it is quoted.
func bearers(s *Subject) []Hit {
	var hits []Hit
	lower := strings.ToLower(s.Text)
	for _, scheme := range []string{"bearer ", "basic ", "token ", "apikey ", "api-key: ", "aws4-hmac-sha256 credential="} {
		for from := 0; ; {
			i := strings.Index(lower[from:], scheme)
			if i < 0 {
				break
			}
			start := from + i + len(scheme)
			from = start
			end := tokenEnd(s.Text, start)
			token := s.Text[start:end]
			long := scheme == "bearer " && len(token) >= 12 || len(token) >= 16
			if long && s.edge(start-len(scheme)) && !isPlaceholder(token) && (mixed(token) || traits(token).all(Upper|Lower)) && !strings.Contains(token, "/") {
				hits = append(hits, Hit{start, end})
			}
		}
	}
	return hits
}

// slackHooks finds webhooks whose address is the secret.
func slackHooks(s *Subject) []Hit {
	var hits []Hit
	for _, hook := range []string{"hooks.slack.com/services/", "discord.com/api/webhooks/", "discordapp.com/api/webhooks/"} {
		s.each(hook, func(at int) {
			if end := tokenEnd(s.Text, at); end-at > len(hook)+16 {
				hits = append(hits, Hit{at, end})
			}
		})
	}
	return hits
}
