// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var iban = Detector{
	Class: "iban", Severity: diag.Error,
	Needs: func(t Traits, n int, _ Context) bool { return n >= 15 && t.all(Digit) && t.any(Letter) },
	Find: func(s *Subject) []Hit {
		var hits []Hit
		for i := 0; i+4 < len(s.Text); i++ {
			if !isLetter(s.Text[i]) || !isLetter(s.Text[i+1]) || !isDigit(s.Text[i+2]) || isWordByte(s.byteAt(i-1)) && s.byteAt(i-1) != '_' {
				continue
			}
			if end, ok := ibanAt(s, i); ok {
				hits = append(hits, Hit{i, end})
				i = end
			}
		}
		return hits
	},
}

// ibanLengths are the lengths of the registry of ISO 13616, by country.
const ibanLengths = "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30"

func ibanLength(country string) int {
	for i := 0; i < len(ibanLengths); i += 4 {
		if ibanLengths[i:i+2] == country {
			return int(ibanLengths[i+2]-'0')*10 + int(ibanLengths[i+3]-'0')
		}
	}
	return 0
}

// ibanAt reads an account number, whole or in groups, and returns where it ends.
func ibanAt(s *Subject, at int) (int, bool) {
	length := ibanLength(strings.ToUpper(s.Text[at : at+2]))
	if length == 0 || s.Context.any(SaysDigest) {
		return 0, false
	}
	number := make([]byte, 0, length)
	i := at
	for ; i < len(s.Text) && len(number) < length; i++ {
		switch c := s.Text[i]; {
		case isAlnum(c):
			number = append(number, c&^(0x20*(c>>6&1)))
		case c == ' ' || c == '-' || c == '.':
			if len(number)%4 != 0 || !isAlnum(s.byteAt(i+1)) {
				return 0, false
			}
		default:
			return 0, false
		}
	}
	return i, len(number) == length && !isWordByte(s.byteAt(i)) && mod97(number) == 1
}

// mod97 returns the remainder that the two check digits make 1.
func mod97(number []byte) int {
	rest := 0
	for i := range number {
		switch c := number[(i+4)%len(number)]; {
		case isDigit(c):
			rest = (rest*10 + int(c-'0')) % 97
		default:
			rest = (rest*100 + int(c-'A') + 10) % 97
		}
	}
	return rest
}
