// SPDX-License-Identifier: GPL-2.0-or-later

package pii

import (
	"strings"

	"github.com/pulp/pulpmetrics/internal/diag"
)

var nationalID = Detector{
	Class: "national_id", Severity: diag.Error,
	Needs: func(t Traits, n int, c Context) bool {
		return n >= 5 && t.all(Digit) && (c.any(SaysNationalID) || n >= 8 && (t.any(Sign|Letter) || n == 18))
	},
	Find: func(s *Subject) []Hit {
		var hits []Hit
		keep := func(c byte) bool { return isAlnum(c) || strings.IndexByte(" -./+", c) >= 0 }
		s.runs(keep, func(start, end int) {
			hits = append(hits, idsIn(s, start, end)...)
		})
		return hits
	},
}

// idsIn looks for numbers of persons in words and what groups their digits.
func idsIn(s *Subject, start, end int) []Hit {
	if s.Whole && s.Context.any(SaysNationalID) && !s.Context.any(SaysMeasure) {
		if start == 0 && end == len(s.Text) && idShaped(s.Text) {
			return s.whole()
		}
	}
	var hits []Hit
	for from := start; from < end; {
		if !isAlnum(s.Text[from]) || isAlnum(s.byteAt(from-1)) {
			from++
			continue
		}
		to, ok := idAt(s, from, end)
		if ok {
			hits = append(hits, Hit{from, to})
			from = to
			continue
		}
		for from < end && isAlnum(s.Text[from]) {
			from++
		}
	}
	return hits
}

// idShaped reports whether a text can be the number of a person, if somebody says that it is.
func idShaped(text string) bool {
	n := len(digitsOf(text))
	letters := 0
	for i := range len(text) {
		if isLetter(text[i]) {
			letters++
		}
	}
	return n >= 5 && n <= 18 && letters <= 11 && len(text) <= 24 && strings.Count(text, " ") <= 6
}

// mostIDBytes is the length of the longest number with what groups it.
const mostIDBytes = 24

// idAt looks for a number of a person that begins at an offset.
func idAt(s *Subject, from, end int) (int, bool) {
	told, asked := false, false
	for to := min(end, from+mostIDBytes); to >= from+8; to-- {
		if !isAlnum(s.Text[to-1]) || isAlnum(s.byteAt(to)) || s.byteAt(to) == '_' {
			continue
		}
		text := s.Text[from:to]
		sure, shaped := personNumber(text)
		if !sure && !shaped {
			continue
		}
		if !asked {
			told, asked = s.says(from, SaysNationalID) && !s.near(from).any(SaysMeasure), true
		}
		alone := sure && !s.Context.any(SaysVersion|SaysDigest|SaysMeasure|SaysPhone|SaysUUID|SaysSerial) && s.byteAt(from-1) != '-' && s.byteAt(to) != '-' && s.byteAt(from-1) != '.' && s.byteAt(from-1) != '/'
		if alone || told {
			return to, true
		}
	}
	return 0, false
}

// personNumber reports whether a text is the number of a person: surely, by a form and a check
// that nothing else has; or by its shape, if somebody says that it is one.
func personNumber(text string) (sure, shaped bool) {
	form := formOf(text)
	digits := digitsOf(text)
	switch form {
	case "999-99-9999": // United States
		ok := digits[:3] != "000" && digits[:3] != "666" && digits[3:5] != "00" && digits[5:] != "0000"
		return ok, ok
	case "999 99 9999", "999.99.9999":
		return false, digits[:3] != "000"
	case "999.999.999-99": // Brazil
		return cpf(digits), true
	case "756.9999.9999.99", "999.9999.9999.99": // Switzerland
		return digits[:3] == "756" && ean(digits), digits[:3] == "756"
	case "AAAAAA99A99A999A": // Italy
		return italian(strings.ToUpper(text)), true
	case "AAAA999999AAAAAA99", "AAAA999999AAAAAAA9": // Mexico
		return strings.ContainsAny(strings.ToUpper(text[10:11]), "HMX"), true
	case "AA 99 99 99 A", "AA-99-99-99-A": // United Kingdom
		return true, true
	case "AA999999A", "AA 999999 A", "99999999A", "A9999999A", "99999999-A", "A-9999999-A", "A9999999-A", "9999999A", "9999999AA":
		return false, true
	case "99.999.999-9", "99.999.999-A": // Chile
		return true, true
	case "999999-9999", "999999+9999", "99999999-9999": // the Nordic countries
		return luhnTail(digits, 10) && birthday(digits), true
	case "999999-999A", "999999A999A", "999999-9999A": // Finland
		return finnish(text), true
	case "99.99.99-999.99", "999999/9999", "999999/999", "999999-9999999", "9 99 99 99 999 999 99", "999-999-999", "999 999 999", "9999 9999 9999", "999-999-999 99", "99 999999 A 999", "999 99 99 99", "99-9999999":
		return form == "99.99.99-999.99" && belgian(digits), true
	}
	switch strings.Trim(form, "9A") {
	case "":
		return chinese(text), len(digits) >= 8 && len(text) <= 18
	}
	return false, false
}

// formOf writes every digit as 9 and every letter as A.
func formOf(text string) string {
	form := []byte(text)
	for i, c := range form {
		switch {
		case isDigit(c):
			form[i] = '9'
		case isLetter(c):
			form[i] = 'A'
		}
	}
	if strings.HasPrefix(text, "756.") {
		return "756" + string(form[3:])
	}
	return string(form)
}

// cpf checks the two last digits of a Brazilian number.
func cpf(d string) bool {
	if len(d) != 11 || strings.Trim(d, d[:1]) == "" {
		return false
	}
	for n := 9; n <= 10; n++ {
		sum := 0
		for i := range n {
			sum += int(d[i]-'0') * (n + 1 - i)
		}
		if sum*10%11%10 != int(d[n]-'0') {
			return false
		}
	}
	return true
}

// ean checks the last of thirteen digits.
func ean(d string) bool {
	sum := 0
	for i := range len(d) {
		sum += int(d[i]-'0') * (1 + i%2*2)
	}
	return len(d) == 13 && sum%10 == 0
}

// italian checks the letter at the end of an Italian number.
func italian(text string) bool {
	odd := [...]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}
	sum := 0
	for i := range 15 {
		n := int(text[i] - 'A')
		if isDigit(text[i]) {
			n = int(text[i] - '0')
		}
		if i%2 == 0 {
			n = odd[n]
		}
		sum += n
	}
	return byte('A'+sum%26) == text[15]
}

// luhnTail checks the last n digits.
func luhnTail(d string, n int) bool { return len(d) >= n && luhn(d[len(d)-n:]) }

// birthday reports whether the last ten digits begin with a day, the year first.
func birthday(d string) bool {
	d = d[len(d)-10:]
	return d[2:4] >= "01" && d[2:4] <= "12" && d[4:6] >= "01" && d[4:6] <= "31"
}

func finnish(text string) bool {
	d := digitsOf(text[:len(text)-1])
	if len(d) != 9 || d[:2] < "01" || d[:2] > "31" || d[2:4] < "01" || d[2:4] > "12" {
		return false
	}
	n := 0
	for i := range len(d) {
		n = n*10 + int(d[i]-'0')
	}
	return "0123456789ABCDEFHJKLMNPRSTUVWXY"[n%31] == text[len(text)-1]&^0x20
}

func belgian(d string) bool {
	n := 0
	for i := range 9 {
		n = n*10 + int(d[i]-'0')
	}
	check := int(d[9]-'0')*10 + int(d[10]-'0')
	return 97-n%97 == check || 97-(2_000_000_000+n)%97 == check
}

// chinese checks the last character of the eighteen of a resident's number.
func chinese(text string) bool {
	if len(text) != 18 || strings.Trim(text[:17], "0123456789") != "" || text[6:8] != "19" && text[6:8] != "20" || text[10:12] < "01" || text[10:12] > "12" || text[12:14] < "01" || text[12:14] > "31" || text[0] == '0' {
		return false
	}
	sum := 0
	for i, weight := range [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(text[i]-'0') * weight
	}
	return "10X98765432"[sum%11] == text[17]&^(text[17]>>1&0x20)
}
