// SPDX-License-Identifier: GPL-2.0-or-later

package pii

// Traits says which kinds of characters a text holds. Detectors are asked only about texts that
// have what they need, which most texts of a report don't.
type Traits uint32

// The traits.
const (
	Digit Traits = 1 << iota
	Lower
	Upper
	High // beyond ASCII
	Space
	Dot
	At
	Colon
	Dash
	Slash
	Backslash
	Percent
	Equals
	Plus
	Underscore
	Bracket // of any kind
	Quote
	Comma
	Ampersand
	Tilde
	OtherSign
	ControlChar

	Letter = Lower | Upper

	// Sign is anything that can stand between a value and the words that say what it is.
	Sign = High | Space | Dot | At | Colon | Dash | Slash | Backslash | Percent | Equals | Plus | Underscore | Bracket | Quote | Comma | Ampersand | Tilde | OtherSign | ControlChar
)

// traitOf says what kind of character each byte is.
var traitOf = traitTable()

func traitTable() (table [256]Traits) {
	for c := range table {
		switch {
		case c >= 0x80:
			table[c] = High
		case '0' <= c && c <= '9':
			table[c] = Digit
		case 'a' <= c && c <= 'z':
			table[c] = Lower
		case 'A' <= c && c <= 'Z':
			table[c] = Upper
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			table[c] = Space
		case c < ' ' || c == 0x7f:
			table[c] = ControlChar
		default:
			table[c] = OtherSign
		}
	}
	for signs, trait := range map[string]Traits{
		".": Dot, "@": At, ":": Colon, "-": Dash, "/": Slash, "\\": Backslash, "%": Percent, "=": Equals, "+": Plus,
		"_": Underscore, "()[]{}<>": Bracket, "\"'`": Quote, ",;": Comma, "&": Ampersand, "~": Tilde,
	} {
		for i := range len(signs) {
			table[signs[i]] = trait
		}
	}
	return table
}

// traits returns what a text holds.
func traits[T string | []byte](text T) Traits {
	var all Traits
	for i := range len(text) {
		all |= traitOf[text[i]]
	}
	return all
}

// all reports whether every one of the traits is there.
func (t Traits) all(traits Traits) bool { return t&traits == traits }

// any reports whether one of the traits is there.
func (t Traits) any(traits Traits) bool { return t&traits != 0 }
