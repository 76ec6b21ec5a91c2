// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strings"
	"sync"
	"unicode"
)

// Context is what a key, a path or the words before a value say about the value.
type Context uint64

// What can be said. The weak ones need a value that looks the part too.
const (
	SaysEmail Context = 1 << iota
	SaysHost
	SaysHostWeakly
	SaysAddress // of the network
	SaysMAC
	SaysUUID
	SaysID // of something
	SaysPhone
	SaysCard
	SaysIBAN
	SaysNationalID
	SaysSecret
	SaysLatitude
	SaysLongitude
	SaysPlace // a street, a town
	SaysPosition
	SaysPersonName
	SaysPerson // the object is a person: its name is one's
	SaysName
	SaysTitle // of a person
	SaysUser
	SaysUserWeakly
	SaysFreeText
	SaysLabel
	SaysContent // the object is one that its users name
	SaysVersion
	SaysDigest
	SaysOID
	SaysMeasure // how many, how long, whether
	SaysURL
	SaysSystemID
	SaysMask
	SaysPath
	SaysSerial
	SaysGeohash
	SaysUserMap // the keys below are users
	SaysHostMap // the keys below are hosts
	SaysLabelMap
)

func (c Context) any(of Context) bool { return c&of != 0 }

// inherited is what holds for everything below a key too.
const inherited = SaysVersion | SaysDigest | SaysOID | SaysPerson | SaysContent | SaysMask | SaysSerial

// key is what a key of a map says.
type key struct {
	name    string
	own     Context
	generic bool // such as "value": the key above says what it is
	hits    []found
}

// words splits a name as people write names in code: remoteAddr, remote_addr, X-Remote-Addr.
func words(name string) []string {
	var list []string
	start, runes := -1, []rune(name)
	flush := func(end int) {
		if start >= 0 {
			list = append(list, strings.ToLower(string(runes[start:end])))
			start = -1
		}
	}
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			flush(i)
			continue
		case start >= 0 && unicode.IsUpper(r) && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			flush(i)
		}
		if start < 0 {
			start = i
		}
	}
	flush(len(runes))
	return list
}

// newKey reads a name.
func newKey(name string) *key {
	if len(name) > mostKeyBytes {
		return &key{name: name}
	}
	list := words(name)
	k := &key{name: name, own: contextOfWords(list)}
	k.generic = len(list) == 0 || len(list) == 1 && in(genericKeys, list[0]) || strings.Trim(name, "0123456789") == ""
	if measures(list) {
		k.own = k.own&inherited&^(SaysPerson|SaysContent) | SaysMeasure
	}
	return k
}

// mostKeyBytes is the length of a key that can still be a name.
const mostKeyBytes = 128

// measures reports whether a name is that of a quantity or a switch: what it counts is not in it.
func measures(list []string) bool {
	if len(list) < 2 {
		return false
	}
	return in(measureHeads, list[0]) || in(measureTails, list[len(list)-1])
}

// contextOfWords adds up what words say, alone and in pairs.
func contextOfWords(list []string) Context {
	var all Context
	for i, w := range list {
		all |= wordContexts()[w]
		if i > 0 {
			all |= pairContexts()[list[i-1]+" "+w]
		}
		if n := len(w) - 1; n > 2 && w[n] == 's' {
			all |= wordContexts()[w[:n]] &^ (SaysMeasure | SaysMask)
		}
	}
	if pairs := joinedContexts()[strings.Join(list, " ")]; pairs != 0 {
		return pairs
	}
	return all
}

var genericKeys = words0("value values val raw text data content contents id number no num primary secondary home work mobile main default first last other current old new from to original input string str entry item items list key src source dst destination target")

var measureHeads = words0("num number count n nr total is has have had can should max min avg mean sum allow allowed use uses enable disable require requires")

var measureTails = words0("count counts total totals num size sizes bytes length len seconds sec secs ms ns us minutes hours days enabled disabled required verified valid set exists present type kind format status state mode policy limit max min avg rate ratio percent pct ttl timeout retries retry index position rank age interval duration level score weight required changed supported optional allowed field fields column columns regex pattern schema class method")

// lexicon builds a table of what words say when it is first asked for, from lines of a context and
// its words.
func lexicon(lines ...line) func() map[string]Context {
	return sync.OnceValue(func() map[string]Context {
		table := map[string]Context{}
		for _, l := range lines {
			for _, w := range strings.Split(l.words, ",") {
				table[strings.TrimSpace(w)] |= l.says
			}
		}
		return table
	})
}

type line struct {
	says  Context
	words string
}

var wordContexts = lexicon(
	line{SaysEmail, "email, mail, emails, mailto, correo, courriel, smtp, recipient, recipients, cc, bcc"},
	line{SaysHost, "host, hosts, hostname, hostnames, fqdn, nodename, vhost, servername, hostnames, netbios, computername, workstation, hostport, domainname"},
	line{SaysHostWeakly, "node, nodes, server, machine, instance, worker, pod, vm, peer, upstream, computer, device, endpoint, remote, client, domain, proxy, gateway, origin, broker, master, replica, target, container, laptop, system, app, content, member"},
	line{SaysAddress, "ip, ips, ipv4, ipv6, addr, address, addresses, ipaddr, ipaddress, cidr, subnet, inet, inet6, xff, nameserver, dns, gateway, netaddr, remoteip, clientip, peer, listen, bind, host"},
	line{SaysMAC, "mac, macs, macaddr, macaddress, hwaddr, ether, ethernet, bssid, hwaddress, lladdr, oui"},
	line{SaysUUID, "uuid, guid, uuids, uid, machineid, instanceid, deviceid"},
	line{SaysID, "id, ids, identifier, href, prn, pk"},
	line{SaysPhone, "phone, phones, tel, telephone, mobile, cell, cellphone, fax, msisdn, whatsapp, sms, callback, phonenumber, telefon, handy, telefono, telefone, call, dial, landline, pager, hotline, caller, callee, voicemail"},
	line{SaysCard, "card, pan, creditcard, cardnumber, ccnumber, visa, mastercard, amex, ccnum, debitcard"},
	line{SaysIBAN, "iban, bankaccount, konto"},
	line{SaysNationalID, "ssn, nin, nino, sin, bsn, pesel, cpf, dni, nie, nif, nir, steuerid, personnummer, fodselsnummer, cpr, aadhaar, aadhar, codicefiscale, curp, rfc, passport, taxid, tin, tfn, ppsn, cnp, egn, hetu, ahv, avs, oib, jmbg, rut, cuil, cuit, nric, rrn, insee, ssnr, isikukood, idcard, tckn, personalausweis, inn, snils, emirates, nationalid, henkilotunnus, rijksregisternummer, nhs, medicare, itin, cnpj"},
	line{SaysSecret, "secret, token, password, passwd, pwd, passphrase, apikey, credential, credentials, authorization, bearer, secretkey, accesskey, privatekey, sessionid, cookie, jwt, passcode, pass, apitoken, authtoken, csrftoken"},
	line{SaysLatitude, "lat, latitude"},
	line{SaysLongitude, "lon, lng, long, longitude"},
	line{SaysPosition, "geo, gps, coordinates, coordinate, coords, coord, latlng, latlon, lonlat, latlong, geolocation, geopoint, geojson, location, point, position, loc, centroid, geoip"},
	line{SaysPlace, "street, postcode, zipcode, zip, city, town, streetaddress, postalcode, plz, suburb, hometown, village, county"},
	line{SaysGeohash, "geohash, pluscode, olc, what3words, w3w"},
	line{SaysPersonName, "fullname, firstname, lastname, surname, givenname, familyname, realname, gecos, displayname, forename, middlename, nickname, vorname, nachname, prenom, nom, nombre, apellido, apellidos, sn, cardholder, signatory, passenger, patient, spouse, fullnames"},
	line{SaysPerson, "user, person, people, author, owner, maintainer, customer, employee, contact, member, assignee, creator, reporter, reviewer, approver, committer, packager, uploader, subscriber, recipient, sender, student, guest, colleague, manager, operator, requester, submitter, patient, contributor, signer, signed, actor, account, profile, registrant, holder, dear, attn, mr, mrs, dr, prof, admin, administrator, attendee, participant, beneficiary, developer, editor, speaker"},
	line{SaysTitle, "mr, mrs, ms, dr, prof, herr, frau, dear, mme, mlle, sir, madam"},
	line{SaysName, "name, names, cn, named, called"},
	line{SaysUser, "user, username, login, userid, loginname, logname, uname, samaccountname, nick, handle, screenname, remoteuser, authuser, useraccount, upn, sudoer, lastlogin, ruser"},
	line{SaysUserWeakly, "owner, author, creator, assignee, actor, principal, account, requester, uploader, maintainer, committer, reviewer, approver, operator, submitter, reporter, member, uid, who, whoami, by, initiator, impersonator, contact, editor, subject, manager"},
	line{SaysFreeText, "description, comment, comments, note, notes, remark, remarks, feedback, bio, biography, freetext, summary, explanation, justification, about, motd, desc, annotation, memo, narrative, testimonial, complaint, prompt, question, answer, reply, inquiry"},
	line{SaysLabel, "label, title, caption, tagline, headline, nickname, alias"},
	line{SaysContent, "repository, repo, repositories, repos, distribution, remote, remotes, distributions, publication, project, workspace, organization, organisation, tenant, group, team, department, channel, collection"},
	line{SaysVersion, "version, versions, ver, release, releases, build, tag, tags, kernel, firmware, nevra, evr, evra, nvr, package, packages, image, images, rpm, rpms, deb, debs, dependency, dependencies, requires, provides, revision, semver, pkg, pkgs, component, components, plugin, plugins, since, compat, driver, upgrade, upgraded, downgrade, glibc, python, openssl, chrome, firefox, bios, pulpcore, django, aiohttp, psycopg, celery, gcc, distro"},
	line{SaysDigest, "digest, digests, checksum, checksums, sha, sha1, sha224, sha256, sha384, sha512, md5, hash, hashes, etag, fingerprint, thumbprint, hmac, crc, crc32, blake2, blake2b, signature, commit, nonce, keyid, artifact, layer, blob, manifest, sum, snapshot, rev"},
	line{SaysOID, "oid, oids, objectidentifier, snmp, mib, section, chapter, clause, paragraph, snmpv2, policyid, eku"},
	line{SaysMeasure, "bytes, size, total, seconds, count, duration, elapsed, uptime, timestamp, time, epoch, date, nanoseconds, milliseconds, offset, inode, pid, ppid, memory, free, used, capacity, port, latency, throughput, mtime, ctime, atime, usec, nsec, counter, sequence, seq, lsn, xid, txid, checkpoint"},
	line{SaysURL, "url, uri, urls, dsn, href, link, referer, referrer, origin, webhook, endpoint"},
	line{SaysMask, "netmask, mask, wildcard, genmask"},
	line{SaysPath, "path, file, filename, dir, directory, folder, cwd, pwd, argv, cmdline, executable, module, script"},
	line{SaysSerial, "serial, serialnumber, barcode, isbn, ean, imei, order, invoice, sku"},
)

var pairContexts = lexicon(
	line{SaysEmail, "e mail, user principal"},
	line{SaysHost, "host name, dns name, server name, node name, machine name, computer name, on host, common name, worker host, at host, domain name, canonical name, alt name"},
	line{SaysAddress, "ip address, remote addr, client ip, source ip, peer address, forwarded for, real ip, remote address, listen address, bind address, last ip, src ip, dst ip, connection from, connect to, connecting to, client addr"},
	line{SaysMAC, "mac address, hardware address, ethernet address, physical address, link ether, hw address, link layer"},
	line{SaysUUID, "machine id, instance id, system id, device id, correlation id, request id, task id, trace id, session id, boot id, installation id, client id, user id, host id, object id, product uuid"},
	line{SaysPhone, "phone number, mobile number, contact number, cell number, tel number, call me, call back, text me, reach me, fax number, home phone, work phone"},
	line{SaysCard, "card number, credit card, debit card, card no, payment card, cc number, card ending, card num, account pan"},
	line{SaysIBAN, "bank account, account iban"},
	line{SaysNationalID, "social security, national id, tax id, national insurance, personal number, identity number, identity card, tax number, insurance number, steuer id, id card, passport number, passport no, citizen id, fiscal code, codice fiscale, national identification, personal id, id number, id no, identification number, national number, numero fiscal, driver license, drivers license, driving licence, health insurance, resident id, social insurance, national identity, insurance no, personal identity, taxpayer id, national register"},
	line{SaysSecret, "api key, access key, secret key, private key, access token, auth token, client secret, session key, session id, refresh token, api token, api secret, shared secret, encryption key, signing key, auth key, private token, security token, db password, account key, master key, license key, storage key, x api, service key, recovery code, app key, consumer secret, webhook secret, basic auth"},
	line{SaysLatitude, "geo lat"},
	line{SaysLongitude, "geo lon, geo lng"},
	line{SaysPosition, "lat lon, lat lng, lat long, geo location, geo point, gps position, last location, lon lat, located at, current location, device location, user location"},
	line{SaysPlace, "home address, street address, postal code, zip code, post code, mailing address, postal address, billing address, shipping address, office address, street name, residential address, delivery address"},
	line{SaysGeohash, "geo hash, plus code"},
	line{SaysPersonName, "full name, first name, last name, given name, family name, real name, display name, user name, contact name, owner name, author name, customer name, legal name, middle name, employee name, person name, maiden name, contact person, account holder, requested by, card holder, signed off, preferred name, cardholder name, birth name, sur name, signed by, reported by, reviewed by, approved by, member name, holder name, creator name, maintainer name, line manager, written by, off by, emergency contact, assigned to, submitted by, recipient name, sender name, christian name, off by, authored by, created by"},
	line{SaysUser, "user name, login name, account name, user id, user login, remote user, created by, modified by, updated by, requested by, deleted by, run as, sudo user, screen name, user handle, sam account, for user, of user, as user, by user, started by, triggered by, approved by, owned by, last editor, publickey for, password for, invalid user, accepted for, db user, unix user, effective user, real user, locked by, uploaded by, assigned to, dispatched by, pulp created, cancelled by, launched by, executed by, submitted by, changed by, logged in, performed by, invoked by, github login, ssh user"},
	line{SaysUserMap, "by user, per user, by username, by owner, per owner, by login, by author, per username, by account, user counts, by users, tasks user"},
	line{SaysHostMap, "by host, per host, by hostname, by node, per node, by server, per server, per hostname, by ip, by worker, per worker, by client, by machine"},
	line{SaysLabelMap, "pulp labels, user labels, custom labels, user tags"},
	line{SaysFreeText, "commit message, user comment, release notes, free text, long description, short description, user input, search query, search term, user query, reason text, support message, chat message, support ticket, issue body, error report, user message, admin comment, user agent comment, body text, review text, other text, custom message"},
	line{SaysLabel, "custom label, display label, repository name, repo name, remote name, distribution name, project name, team name, organization name, tenant name, group name, workspace name, domain label, content guard"},
	line{SaysVersion, "image tag, user agent, os release"},
	line{SaysSystemID, "system id, pulp system"},
	line{SaysDigest, "content hash, key fingerprint, serial number, correlation hash, sha 256, sha 1, sha 512, commit id, git commit, image id, layer id, tree hash, key id, span digest, content id"},
	line{SaysOID, "object identifier, enterprise oid, policy oid, system object"},
	line{SaysMeasure, "time stamp, postgresql version, server version, zip file, zip size, card count, file size, created at, updated at"},
)

// joinedContexts are whole names that say something else than their words do.
var joinedContexts = sync.OnceValue(func() map[string]Context {
	return map[string]Context{
		"user agent": SaysVersion, "useragent": SaysVersion, "http user agent": SaysVersion, "browser": SaysVersion,
		"remote": SaysHostWeakly | SaysContent, "system id": SaysUUID | SaysID | SaysSystemID, "systemid": SaysUUID | SaysID | SaysSystemID,
		"server version num": SaysMeasure, "postgresql version": SaysMeasure | SaysVersion, "token type": SaysMeasure,
		"time zone": SaysMeasure, "timezone": SaysMeasure, "tz": SaysMeasure, "host os": SaysVersion, "node version": SaysVersion,
		"file name": SaysPath, "file names": SaysPath, "class name": SaysPath, "task name": SaysPath, "module name": SaysPath, "function name": SaysPath,
		"package name": SaysVersion, "component name": SaysVersion, "plugin name": SaysVersion, "metric name": SaysPath, "logger name": SaysPath,
		"event name": SaysPath, "app label": SaysPath, "service name": SaysPath, "app name": SaysPath, "process name": SaysPath, "queue name": SaysPath,
		"role name": SaysPath, "image name": SaysVersion, "codename": SaysVersion, "code name": SaysVersion, "os name": SaysVersion, "product name": SaysVersion,
		"pulp href": SaysUUID | SaysID, "public key": SaysMeasure, "sort key": SaysMeasure, "primary key": SaysMeasure, "secret name": SaysPath,
		"key name": SaysPath, "token name": SaysPath, "table name": SaysPath, "column name": SaysPath, "field name": SaysPath, "content type": SaysMeasure,
		"media type": SaysMeasure, "mime type": SaysMeasure, "mediatype": SaysMeasure, "mimetype": SaysMeasure, "remote port": SaysMeasure,
		"address family": SaysMeasure, "mac algorithm": SaysMeasure, "summary id": SaysPath, "summary": SaysFreeText, "load average": SaysMeasure,
		"lat ms": SaysMeasure, "user time": SaysMeasure, "usertime": SaysMeasure, "system time": SaysMeasure, "mail server": SaysHost, "smtp host": SaysHost,
		"host groups": SaysLabel, "user groups": SaysLabel, "host key": SaysSecret, "host arch": SaysVersion, "architecture": SaysVersion, "arch": SaysVersion,
		"user role": SaysPath, "account type": SaysMeasure, "session count": SaysMeasure, "auth method": SaysMeasure, "remote type": SaysMeasure,
		"secret set": SaysMeasure, "pass rate": SaysMeasure, "passed": SaysMeasure, "note": SaysFreeText, "notes": SaysFreeText, "zip": SaysPlace,
	}
})
