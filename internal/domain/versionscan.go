// SPDX-License-Identifier: GPL-2.0-or-later

package domain

const (
	maxDigits     = 18 // of one number of a version, so that it fits an int64
	minHashDigits = 4
	maxHashDigits = 40
)

// An extent is where a part of a version stands, from and to in bytes; empty
// when from == to.
type extent struct{ from, to uint8 }

func (e extent) of(b []byte) []byte { return b[e.from:e.to] }

// versionParts says where the parts of a version stand. Numbers that are left
// out, as in 3.20.3.dev, have an empty extent.
type versionParts struct {
	epoch, release, pre, post, dev, local extent
	stage                                 byte // a, b or r (rc); 0 is none
	hasPost, hasDev                       bool
}

// A versionScanner reads a version from left to right. Nothing is ever taken
// back: no part can start with what an earlier part could still take.
type versionScanner struct {
	b     []byte
	i     int
	parts versionParts
}

// scanVersion finds the parts of a member of Version.
func scanVersion(b []byte) (versionParts, bool) {
	if len(b) > maxVersionLen {
		return versionParts{}, false
	}
	end, ok := scanRelease(b, 0)
	if ok && end == len(b) { // nearly all versions that are ever sent
		return versionParts{release: extent{0, uint8(end)}}, true
	}
	s := versionScanner{b: b}
	ok = s.numbers() && s.pre() && s.post() && s.dev() && s.local()
	return s.parts, ok && s.i == len(b)
}

// scanRelease returns the end of dotted numbers that start at i. A dot that no
// digit follows is not part of them.
func scanRelease(b []byte, i int) (end int, ok bool) {
	for {
		start := i
		for i < len(b) && isDigit(b[i]) {
			i++
		}
		if n := i - start; n == 0 || n > maxDigits {
			return i, false
		}
		if i+1 >= len(b) || b[i] != '.' || !isDigit(b[i+1]) {
			return i, true
		}
		i++
	}
}

// numbers reads the epoch, if any, and the release.
func (s *versionScanner) numbers() bool {
	first, ok := s.number()
	if !ok || first.from == first.to {
		return false
	}
	start := 0
	if s.i < len(s.b) && s.b[s.i] == '!' {
		s.parts.epoch = first
		start = s.i + 1
	}
	s.i, ok = scanRelease(s.b, start)
	s.parts.release = extent{uint8(start), uint8(s.i)}
	return ok
}

// number reads digits; none is fine, too many are not.
func (s *versionScanner) number() (extent, bool) {
	start := s.i
	for s.i < len(s.b) && isDigit(s.b[s.i]) {
		s.i++
	}
	return extent{uint8(start), uint8(s.i)}, s.i-start <= maxDigits
}

// pre reads a1, -beta.2, RC and the like.
func (s *versionScanner) pre() (ok bool) {
	ok = true
	switch {
	case s.label("alpha"), s.label("a"):
		s.parts.stage = 'a'
	case s.label("beta"), s.label("b"):
		s.parts.stage = 'b'
	case s.label("rc"), s.label("c"), s.label("preview"), s.label("pre"):
		s.parts.stage = 'r'
	default:
		return true
	}
	s.parts.pre, ok = s.labelNumber()
	return ok
}

// post reads -1, .post2, rev, r3 and the like.
func (s *versionScanner) post() (ok bool) {
	ok = true
	switch {
	case s.i+1 < len(s.b) && s.b[s.i] == '-' && isDigit(s.b[s.i+1]):
		s.i++
		s.parts.post, ok = s.number()
	case s.label("post"), s.label("rev"), s.label("r"):
		s.parts.post, ok = s.labelNumber()
	default:
		return true
	}
	s.parts.hasPost = true
	return ok
}

// dev reads .dev, dev3 and the like.
func (s *versionScanner) dev() (ok bool) {
	if !s.label("dev") {
		return true
	}
	s.parts.hasDev = true
	s.parts.dev, ok = s.labelNumber()
	return ok
}

// local reads + and a commit's hash, as git describe spells it.
func (s *versionScanner) local() bool {
	if s.i == len(s.b) {
		return true
	}
	rest := s.b[s.i:]
	if len(rest) < len("+g") || rest[0] != '+' || rest[1] != 'g' {
		return false
	}
	hash := rest[len("+g"):]
	for _, c := range hash {
		if !isDigit(c) && (c < 'a' || c > 'f') {
			return false
		}
	}
	s.parts.local = extent{uint8(s.i + 1), uint8(len(s.b))}
	s.i = len(s.b)
	return minHashDigits <= len(hash) && len(hash) <= maxHashDigits
}

// label reads a separator, if any, and the lower-case word in any case; if the
// word is not there it reads nothing.
func (s *versionScanner) label(word string) bool {
	i := s.i
	if i < len(s.b) && isSeparator(s.b[i]) {
		i++
	}
	if len(s.b)-i < len(word) {
		return false
	}
	for n := range len(word) {
		if s.b[i+n]|0x20 != word[n] {
			return false
		}
	}
	s.i = i + len(word)
	return true
}

// labelNumber reads what may follow a label: a separator and a number, each of
// which may be missing.
func (s *versionScanner) labelNumber() (extent, bool) {
	if s.i < len(s.b) && isSeparator(s.b[s.i]) {
		s.i++
	}
	return s.number()
}

func isSeparator(c byte) bool { return c == '.' || c == '-' || c == '_' }
