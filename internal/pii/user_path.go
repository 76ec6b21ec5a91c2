// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var userPath = Detector{
	Class: "user_path", Severity: diag.Error,
	Needs: func(t Traits, n int, _ Context) bool { return n >= len("~a/") && t.any(Slash|Backslash|Tilde) },
	Find: func(s *Subject) []Hit {
		var hits []Hit
		for i := range len(s.Text) {
			switch c := s.Text[i]; {
			case c == '/' || c == '\\':
				if from, ok := homesAt(s.Text, i); ok && homesRoot(s.Text, i) {
					hits = append(hits, named(s.Text, i, from)...)
				}
			case c == '~' && tilde(s, i):
				hits = append(hits, named(s.Text, i, i+1)...)
			}
		}
		return hits
	},
}

// homeFolders are the folders that hold one folder for each user, in their usual spelling and in
// capitals.
var homeFolders = []string{"home", "Users", "Documents and Settings", "homes", "HOME", "USERS", "export/home", "users"}

// homesAt reports whether the folder behind a slash holds homes, and where the name begins.
func homesAt(text string, slash int) (from int, ok bool) {
	for _, folder := range homeFolders {
		rest, found := strings.CutPrefix(text[slash+1:], folder)
		if !found || rest == "" || rest[0] != '/' && rest[0] != '\\' {
			continue
		}
		if folder == "users" && text[slash] == '/' && !drive(text, slash) {
			continue // of an API
		}
		from := slash + 1 + len(folder)
		for from < len(text) && (text[from] == '/' || text[from] == '\\') {
			from++
		}
		return from, true
	}
	return 0, false
}

// drive reports whether what stands before a slash is a drive of Windows, as Windows or one of its
// Unix shells writes it.
func drive(text string, slash int) bool {
	before := strings.TrimRight(text[:slash], `\/`)
	n := len(before)
	return n >= 2 && before[n-1] == ':' && isLetter(before[n-2]) && (n < 3 || !isAlnum(before[n-3])) || n >= 2 && before[n-2] == '/' && isLetter(before[n-1])
}

// homeParents are the folders that homes are mounted in.
var homeParents = words0("/var /export /data /nfs /mnt /net /srv /u01 /misc /gpfs /lustre /storage /volumes /vol /cluster /private /ceph /scratch /media /host /rootfs /sysroot /opt /usr /mnt/c /mnt/d /cygdrive/c /system /afs /shared /remote /tank /zfs /pool /work /root /old /backup /mnt/data /mnt/nfs /var/nfs /export/nfs /run/media")

// homesRoot reports whether a path can have its homes at a slash: it begins there, or on a drive,
// or where homes are mounted.
func homesRoot(text string, slash int) bool {
	start := slash
	for start > 0 && strings.IndexByte(" \t\n\"'`=(),;<>|[]{}!&", text[start-1]) < 0 {
		start--
	}
	before := strings.ToLower(strings.TrimRight(text[start:slash], `/\`))
	if scheme := strings.LastIndex(before, "file:"); scheme >= 0 {
		before = strings.Trim(before[scheme+len("file:"):], "/")
		return before == "" || before == "localhost" || drive("/"+before, len(before)+1)
	}
	if strings.Contains(text[start:slash+1], "://") {
		return false
	}
	if colon := strings.LastIndexByte(before, ':'); colon >= 0 && !(colon == 1 && len(before) == 2) {
		before = before[colon+1:] // PATH=/a:/home/b, host:/home/b
	}
	return before == "" || drive(text, slash) || in(homeParents, before) || strings.HasPrefix(text[start:], `\\`)
}

// tilde reports whether a ~ begins the home of a user: ~name/ at the start of a word, or in the
// path of a URL.
func tilde(s *Subject, at int) bool {
	before := s.byteAt(at - 1)
	if isAlnum(before) || before == '.' || before == ')' || before == '_' || !isLetter(s.byteAt(at+1)) {
		return false
	}
	end := at + 1
	for end < len(s.Text) && (isAlnum(s.Text[end]) || strings.IndexByte("._-", s.Text[end]) >= 0) {
		end++
	}
	return s.byteAt(end) == '/'
}

// accounts are the names of homes that are no person's.
var accounts = words0("pulp root admin administrator user username users ubuntu ec2-user centos fedora debian vagrant runner jenkins git gitlab-runner circleci travis builder build mockbuild linuxbrew app node www-data apache nginx postgres redis default public shared container containeruser service svc deploy ansible jovyan code vscode gitpod foo someone yourname your_name your-name you name me all guest nobody system sysadmin operator oracle hadoop airflow django daemon data test tester lost+found local share .cache .config cloud-user azureuser opc core rocky almalinux kubernetes bitnami celery worker pulpadmin galaxy satellite foreman katello tomcat mysql mongodb appuser nonroot default.migrated defaultaccount networkservice localservice coder user1 home src bin lib go")

// named returns the hit of a path from start to the end of the name that begins at from, unless
// it is no person's.
func named(text string, start, from int) []Hit {
	end := from
	for end < len(text) && strings.IndexByte("/\\:\"'<>|*?,;)]}\n\t`&", text[end]) < 0 {
		if text[end] == ' ' && !strings.Contains(text[start:from], `\`) {
			break
		}
		end++
	}
	name := strings.TrimRight(strings.ToLower(text[from:end]), ". ")
	if first, _, spaced := strings.Cut(name, " "); spaced && (end == len(text) || text[end] != '\\') {
		name, end = first, from+len(first)
	}
	if len(name) < 2 || in(accounts, name) || strings.IndexByte("$%{.-", name[0]) >= 0 || strings.Trim(name, "0123456789*x…") == "" {
		return nil
	}
	return []Hit{{start, end}}
}
