// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var hostname = Detector{
	Class: "hostname", Severity: diag.Error,
	Needs: func(t Traits, n int, c Context) bool {
		return n >= 2 && t.any(Letter|High) && (t.any(Sign) || c.any(SaysHost|SaysHostWeakly|SaysHostMap|SaysAddress))
	},
	Find: func(s *Subject) []Hit {
		var hits []Hit
		if h, ok := bareHost(s); ok {
			return h
		}
		s.runs(isHostByte, func(start, end int) {
			if h, ok := hostAt(s, start, end); ok {
				hits = append(hits, h)
			}
		})
		return append(hits, domainComponents(s)...)
	},
}

func isHostByte(c byte) bool {
	return isAlnum(c) || c == '.' || c == '-' || c == '_' || c >= utf8.RuneSelf
}

// genericHosts are what stands for a host in a configuration, and names none.
var genericHosts = words0("localhost none null unknown undefined default any all true false yes no n/a na self this local here primary secondary standby master replica leader follower active inactive up down online offline running stopped ok error enabled disabled linux windows nginx apache gunicorn uwsgi werkzeug aiohttp caddy envoy amazons3 x86_64 aarch64 disconnected connected healthy unhealthy production development staging host hostname redacted hidden empty docker kubernetes podman container vm physical virtual bare-metal cloud missing worker api content scheduler")

// hostLabel reports whether a text can be the name of a machine without its domain.
func hostLabel(name string) bool {
	if len(name) < 2 || len(name) > 63 || !isAlnumRune(name, true) {
		return false
	}
	lower := strings.ToLower(name)
	hex, prefixed := strings.CutPrefix(lower, "0x")
	return traits(lower).any(Letter|High) && !in(genericHosts, lower) && !isLoopback(lower) && !(prefixed && isHexText(hex))
}

// isAlnumRune reports whether a text is letters, digits and inner hyphens or underscores.
func isAlnumRune(name string, hyphens bool) bool {
	for i := range len(name) {
		c := name[i]
		inner := hyphens && i > 0 && i < len(name)-1 && (c == '-' || c == '_')
		if !isAlnum(c) && c < utf8.RuneSelf && !inner {
			return false
		}
	}
	return name != ""
}

// bareHost takes a whole value for a host where the path says so.
func bareHost(s *Subject) ([]Hit, bool) {
	if !s.Whole || s.Number || s.Context.any(SaysMeasure|SaysVersion|SaysDigest|SaysURL|SaysPath|SaysEmail|SaysSecret|SaysUUID) {
		return nil, false
	}
	name := strings.TrimSuffix(s.Text, ".")
	if host, port, found := strings.Cut(name, ":"); found && strings.Trim(port, "0123456789") == "" {
		name = host
	}
	if labels, kind := domainOf(name); kind != noDomain && s.Context.any(SaysHost|SaysHostMap) && isAlnumRune(strings.ReplaceAll(name, ".", ""), true) {
		return []Hit{{0, len(name)}}, !isPublic(labels) && !isLoopback(name) && strings.Trim(strings.Join(labels[:len(labels)-1], ""), "0123456789") != ""
	}
	if !hostLabel(name) {
		return nil, false
	}
	strong := s.Context.any(SaysHost | SaysHostMap)
	weak := s.Context.any(SaysHostWeakly|SaysAddress) && hostShaped(strings.ToLower(name)) && !looksVersioned(name)
	return []Hit{{0, len(name)}}, strong || weak
}

// looksVersioned reports whether a name ends like a product with its version: python3.
func looksVersioned(name string) bool {
	name = strings.ToLower(name)
	for _, product := range []string{"python", "el", "fc", "rhel", "centos", "debian", "ubuntu", "ipv", "http", "v", "postgresql", "postgres", "pg", "sha", "md", "utf-", "fedora", "s", "api-v", "x86-"} {
		if rest, ok := strings.CutPrefix(name, product); ok && strings.Trim(rest, "0123456789.-") == "" {
			return true
		}
	}
	return false
}

// hostAt reads a run of the characters of host names.
func hostAt(s *Subject, start, end int) (Hit, bool) {
	for end > start && strings.IndexByte(".-_", s.Text[end-1]) >= 0 {
		end--
	}
	for start < end && strings.IndexByte(".-", s.Text[start]) >= 0 {
		start++
	}
	name := s.Text[start:end]
	if len(name) < 2 || isLoopback(name) || s.byteAt(start-1) == '%' {
		return Hit{}, false
	}
	hit := Hit{start, end}
	if before := s.byteAt(start - 1); before == '@' && isWorkerAt(s, start-1) {
		return hit, hostLabel(name) && !strings.Contains(name, ".") || strings.Contains(name, ".") && labelsOf(name) != nil && strings.Trim(name, "0123456789.") != "" && !isUnit(name)
	}
	if embedsAddress(name) {
		return hit, true
	}
	if !strings.Contains(name, ".") {
		return hit, bareInText(s, start, name)
	}
	return hit, dottedHost(s, start, end, name)
}

// isUnit reports whether a name is that of a unit of systemd, as behind the @ of
// pulpcore-worker@1.service, or of a digest.
func isUnit(name string) bool {
	return in(unitSuffixes, name[strings.LastIndexByte(name, '.')+1:]) || strings.HasPrefix(name, "sha256")
}

// isWorkerAt reports whether what stands before an @ is the name of a process.
func isWorkerAt(s *Subject, at int) bool {
	start := at
	for start > 0 && (isAlnum(s.Text[start-1]) || s.Text[start-1] == '-' || s.Text[start-1] == '_') {
		start--
	}
	return start < at && isProcess(s.Text[start:at])
}

// bareInText takes a name without dots for a host where it stands behind the word, or in a URL.
func bareInText(s *Subject, start int, name string) bool {
	if !hostLabel(name) || looksVersioned(name) {
		return false
	}
	if strings.HasSuffix(s.Text[:start], "://") || strings.HasSuffix(s.Text[:start], "@") && isUserinfo(s, start-1) {
		return !strings.HasSuffix(s.Text[:start], "file://") && !strings.Contains(name, "_") && urlHostEnd(s.byteAt(start+len(name))) && !beforeHost(s.Text[start:])
	}
	before := s.Text[:start]
	for _, word := range []string{"host ", "hostname ", "hostname: ", "host: ", "host name ", "node ", "server ", "machine "} {
		before := strings.TrimRight(before, `"'`)
		if n := len(before) - len(word); n >= 0 && strings.EqualFold(before[n:], word) && s.edge(n) {
			return hostShaped(strings.ToLower(name))
		}
	}
	return start > 0 && syslogHost(s.Text, start)
}

// beforeHost reports whether a text begins with the user of a URL.
func beforeHost(text string) bool {
	if end := strings.IndexAny(text, "/?# \"'<>"); end >= 0 {
		text = text[:end]
	}
	return strings.Contains(text, "@")
}

func urlHostEnd(c byte) bool {
	return c == 0 || c == ':' || c == '/' || c == '?' || c == ' ' || c == '"' || c == '\'' || c == ')' || c == ',' || c == '>'
}

// syslogHost reports whether a word stands where a line of syslog has the host:
// Nov 23 12:00:00 HOST program[pid]:
func syslogHost(text string, start int) bool {
	if start < len("Nov  3 12:00:00 ") || start > len("Nov 23 12:00:00 ") || text[start-1] != ' ' || text[start-4] != ':' || text[start-7] != ':' {
		return false
	}
	rest := text[start:]
	space := strings.IndexByte(rest, ' ')
	if space < 0 || strings.Index("JanFebMarAprMayJunJulAugSepOctNovDec", text[:3])%3 != 0 {
		return false
	}
	colon := strings.IndexByte(rest[space:], ':')
	return colon > 0 && !strings.Contains(rest[space+1:space+colon], " ")
}

// embedsAddress reports whether a name has an address in it: ip-10-0-0-5, host-192-168-1-7.isp.example.
func embedsAddress(name string) bool {
	label, _, _ := strings.Cut(strings.ToLower(name), ".")
	parts := strings.FieldsFunc(label, func(r rune) bool { return r == '-' || r == '_' })
	if len(parts) < 5 || strings.Trim(parts[0], "0123456789") == "" {
		return embedsHex(parts)
	}
	for n := 1; n+4 <= len(parts); n++ {
		if octets(parts[n : n+4]) {
			switch parts[n-1] {
			case "ip", "host", "ec2", "dhcp", "node", "static", "cpe", "dsl", "client", "pool", "dyn", "vm", "adsl", "cable", "c", "ppp", "dynamic", "user", "internal", "worker", "pulp", "p", "srv", "server", "web", "instance", "pc", "addr":
				return true
			}
			return strings.Contains(name, ".")
		}
	}
	return false
}

func embedsHex(parts []string) bool {
	return len(parts) == 2 && (parts[0] == "ip" || parts[0] == "host") && len(parts[1]) == 8 && isHexText(parts[1])
}

func isHexText(s string) bool {
	for i := range len(s) {
		if !isHex(s[i]) {
			return false
		}
	}
	return s != ""
}

func octets(parts []string) bool {
	for _, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n > 255 || len(p) > 3 {
			return false
		}
	}
	return true
}

// dottedHost weighs a name with dots.
func dottedHost(s *Subject, start, end int, name string) bool {
	labels, kind := domainOf(name)
	if kind == noDomain || isPublic(labels) || numbered(labels) {
		return false
	}
	before, after := s.byteAt(start-1), s.byteAt(end)
	inURL := strings.HasSuffix(s.Text[:start], "://") && !strings.HasSuffix(s.Text[:start], "file://") || before == '@' && isUserinfo(s, start-1)
	underscored := strings.Contains(strings.ReplaceAll("."+name, "._", "."), "_")
	told := inURL || s.Context.any(SaysHost) || !s.Context.any(SaysPath) && s.near(start).any(SaysHost)
	switch {
	case inURL:
		return (!underscored || kind == surely) && !beforeHost(s.Text[start:])
	case before == '@' && start > 1 && isWordByte(s.byteAt(start-2)), before == '$', after == '(', after == '[', strings.HasPrefix(name, "vnd."), strings.HasPrefix(name, "x-"):
		return false
	case before == '/' || before == '\\':
		return inPath(s, start, labels, kind)
	case kind != surely && !told && camelCased(name):
		return false
	case underscored && kind != surely, in(codeRoots, labels[0]) && !told && kind != surely:
		return false
	case reversed(labels, name):
		return false
	case s.Context.any(SaysPath|SaysVersion|SaysDigest) && !s.Context.any(SaysHost) && kind != surely:
		return false
	}
	return weigh(labels, name, kind, told)
}

// camelCased reports whether a small letter comes before a capital, as in names of code and in
// base64.
func camelCased(name string) bool {
	for i := 1; i < len(name); i++ {
		if 'A' <= name[i] && name[i] <= 'Z' && 'a' <= name[i-1] && name[i-1] <= 'z' {
			return true
		}
	}
	return false
}

// inPath weighs a name that a slash stands before: a part of a path that can be nothing else.
func inPath(s *Subject, start int, labels []string, kind domainKind) bool {
	if strings.HasSuffix(s.Text[:start], "//") {
		return kind == surely
	}
	return kind == surely && len(labels) >= 3 && hosty(labels) && !s.Context.any(SaysPath|SaysMeasure)
}

func weigh(labels []string, name string, kind domainKind, told bool) bool {
	switch kind {
	case surely:
		return !(len(labels) == 2 && strings.ToLower(labels[0]) == "asp") // ASP.NET
	case ambiguous:
		return told || len(labels) >= 3 && hosty(labels) || len(labels) == 2 && hosty(labels) && (hostShaped(labels[0]) || in(localSuffixes, labels[1]))
	}
	return told && len(labels) >= 3 || labels[0] == "www"
}

// reversed reports whether a name is one of code that begins with a domain backwards, such as
// com.example.App.
func reversed(labels []string, name string) bool {
	if len(labels) < 3 {
		return false
	}
	switch labels[0] {
	case "com", "org", "net", "io", "edu", "gov", "dev", "de", "eu", "java", "javax":
		return !in(plainSuffixes, labels[len(labels)-1])
	}
	return false
}

// numbered reports whether labels are those of a version, such as 3.20.3.dev.
func numbered(labels []string) bool {
	digits := 0
	for _, l := range labels {
		if strings.Trim(strings.TrimPrefix(l, "v"), "0123456789") == "" {
			digits++
		}
	}
	last := labels[len(labels)-1]
	if last == "arpa" {
		return false
	}
	return digits >= len(labels)-1 && !(len(labels) == 2 && in(plainSuffixes, last)) || digits >= 2 && digits < 4
}

// domainComponents reads the parts of a distinguished name: DC=lab,DC=example,DC=com.
func domainComponents(s *Subject) []Hit {
	start, end, n := -1, 0, 0
	for at := 0; at < len(s.Text); {
		part, next := s.Text[at:], len(s.Text)
		if cut := strings.IndexAny(part, ",/;+"); cut >= 0 {
			part, next = part[:cut], at+cut+1
		}
		trimmed := strings.TrimSpace(part)
		if len(trimmed) > 3 && strings.EqualFold(trimmed[:3], "dc=") {
			if start < 0 {
				start = at + strings.Index(part, trimmed)
			}
			end, n = at+strings.Index(part, trimmed)+len(trimmed), n+1
		}
		at = next
	}
	if n < 2 {
		return nil
	}
	return []Hit{{start, end}}
}
