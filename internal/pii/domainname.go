// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// domainKind says how surely dotted labels are a domain name. Suffixes of files, attributes of
// code and top-level domains are often the same words.
type domainKind uint8

const (
	noDomain  domainKind = iota
	likeCode             // a top-level domain, and as likely a file or an attribute
	ambiguous            // a top-level domain that is an ordinary word
	surely
)

// localSuffixes are what networks use that the root doesn't have, and what documents use.
var localSuffixes = words0("local lan internal corp home localdomain example test invalid lab intra intranet private onion arpa svc cluster dmz prod ad ipa domain")

// attributeSuffixes are local suffixes that are attributes of code too.
var attributeSuffixes = words0("test internal private home lab svc cluster prod ad ipa domain invalid")

// fileSuffixes are top-level domains that files end in.
var fileSuffixes = words0("py sh md rs pl so ps cc pm am zip mov app in la st tf hs ml mm as bz do js mk sc cs vi ms gz cab pub bar save new ai nc ph tar map bin box")

// plainSuffixes are generic top-level domains that stand for nothing else.
var plainSuffixes = words0("com org net edu gov mil eu int arpa")

// codeCountries are top-level domains of countries that code has as attributes.
var codeCountries = words0("id is to do at it no as be by me my us in tv io ai im am so gl fm cc ws ac pro name info")

// unitSuffixes are what systemd's units end in.
var unitSuffixes = words0("service target socket timer mount slice scope device path swap automount")

// codeRoots are what dotted names of code begin with.
var codeRoots = words0("pulpcore pulp django rest_framework celery asyncio os sys logging json rq redis aiohttp drf gunicorn psycopg psycopg2 self cls obj request response settings config conf threading thread socket http urllib requests yarl python com org net io java javax jakarta app tests test src lib core plugin models views tasks serializers module")

// hostWords are labels that machines are named by.
var hostWords = words0("www mail smtp imap pop mx ns dns ftp api git gitlab jenkins ci dev prod staging stage qa db database vpn ldap registry mirror repo repos pulp satellite foreman katello capsule proxy node server host web worker master build builder cache cdn gw gateway router switch printer nas backup monitor grafana prometheus kafka redis postgres postgresql mysql mongo elastic k8s kube ocp openshift rancher vault consul nexus artifactory harbor intranet portal sso auth idp ipa ad dc kdc ntp syslog log puppet ansible awx tower storage nfs ceph minio s3 lb haproxy nginx bastion jump dhcp laptop desktop workstation pc vm esx esxi hyper idm")

func words0(list string) []string {
	all := strings.Fields(list)
	slices.Sort(all)
	return all
}

func in(list []string, word string) bool {
	_, found := slices.BinarySearch(list, word)
	return found
}

// labelsOf splits a domain name into labels in lower case, or returns nil where one can't be a
// label.
func labelsOf(name string) []string {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if len(name) > 253 || len(name) < 3 {
		return nil
	}
	labels := strings.Split(name, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return nil
		}
	}
	return labels
}

// domainOf says how surely a dotted name is a domain name.
func domainOf(name string) (labels []string, kind domainKind) {
	labels = labelsOf(name)
	if len(labels) < 2 {
		return labels, noDomain
	}
	last := labels[len(labels)-1]
	switch {
	case in(unitSuffixes, last):
		return labels, noDomain
	case in(localSuffixes, last):
		return labels, kindOfLocal(labels, last)
	case !isTopLevel(last):
		return labels, noDomain
	case in(fileSuffixes, last):
		return labels, likeCode
	case in(plainSuffixes, last), len(last) == 2 && !in(codeCountries, last), strings.HasPrefix(last, "xn--"), !isASCII(last):
		return labels, surely
	}
	return labels, ambiguous
}

func kindOfLocal(labels []string, last string) domainKind {
	if in(attributeSuffixes, last) && len(labels) == 2 {
		return ambiguous
	}
	if len(labels) == 2 && in(codeRoots, labels[0]) && last != "example" {
		return ambiguous
	}
	return surely
}

// isTopLevel reports whether the root of the DNS has a label.
func isTopLevel(label string) bool {
	if !isASCII(label) {
		ascii, err := idna.Lookup.ToASCII(label)
		if err != nil {
			return false
		}
		label = ascii
	}
	_, listed := publicsuffix.PublicSuffix(label)
	return listed
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// hosty reports whether labels look like those of a machine.
func hosty(labels []string) bool {
	for _, l := range labels[:len(labels)-1] {
		if in(hostWords, strings.TrimRight(l, "0123456789")) || hostShaped(l) {
			return true
		}
	}
	return false
}

// hostShaped reports whether a name looks like one of many machines: web-01, node7.
func hostShaped(label string) bool {
	letters := strings.IndexFunc(label, func(r rune) bool { return r > '9' }) >= 0
	numbered := label != "" && isDigit(label[len(label)-1]) && !strings.HasPrefix(label, "v")
	return letters && (numbered || strings.Contains(label, "-"))
}

// publicHosts are the registered domains of services that everybody uses: naming one says nothing
// about an installation.
var publicHosts = words0(`github.com githubusercontent.com gitlab.com pypi.org pythonhosted.org python.org w3.org ietf.org rfc-editor.org
	pulpproject.org fedoraproject.org centos.org almalinux.org rockylinux.org debian.org ubuntu.com kernel.org gnu.org
	docker.io docker.com quay.io gcr.io ghcr.io k8s.io kubernetes.io npmjs.org npmjs.com rubygems.org maven.org apache.org
	ansible.com redhat.com readthedocs.io readthedocs.org djangoproject.com django-rest-framework.org postgresql.org
	sentry.io opensuse.org suse.com microsoft.com mozilla.org wikipedia.org spdx.org opensource.org json-schema.org
	schema.org openapis.org yaml.org hackmd.io matrix.org stackoverflow.com letsencrypt.org golang.org go.dev crates.io
	galaxyproject.org openid.net xmlsoap.org oasis-open.org opencontainers.org purl.org dublincore.org xmlns.com ansi.org`)

// isPublic reports whether a name is that of a public service.
func isPublic(labels []string) bool {
	for n := 2; n <= 3 && n <= len(labels); n++ {
		if in(publicHosts, strings.Join(labels[len(labels)-n:], ".")) {
			return true
		}
	}
	return false
}

// isLoopback reports whether a name is that of the machine itself.
func isLoopback(name string) bool {
	switch name = strings.ToLower(strings.TrimSuffix(name, ".")); {
	case strings.HasPrefix(name, "localhost"), strings.HasSuffix(name, ".localhost"), name == "ip6-localhost", name == "ip6-loopback", name == "host.docker.internal":
		return true
	case name == "kubernetes.default.svc", name == "kubernetes.default.svc.cluster.local", name == "container.internal":
		return true
	}
	return false
}
