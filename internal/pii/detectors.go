// SPDX-License-Identifier: GPL-2.0-or-later

package pii

// detectors returns every detector.
func detectors() []Detector {
	return []Detector{
		email,
		hostname,
		ipv4,
		ipv6,
		mac,
		uuid,
		userPath,
		urlCredentials,
		phone,
		creditCard,
		iban,
		nationalID,
		apiKey,
		jwt,
		privateKey,
		geo,
		personName,
		username,
		freeText,
	}
}
