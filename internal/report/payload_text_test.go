// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/pulp/pulpmetrics/internal/source"
)

// parseText reads one value that takes all of a text.
func parseText(data string) (source.Value, *textError) {
	p := &textParser{data: []byte(data), place: placer{raw: []byte(data), at: source.Pos{Line: 1, Column: 1}}}
	v, err := p.value(0)
	var bad *textError
	if err == nil && p.space() {
		bad = p.fail(p.at, "more follows")
	}
	errors.As(err, &bad)
	return v, bad
}

func TestTextSpellings(t *testing.T) {
	deep := strings.Repeat("[", maxTextDepth+2)
	tests := []struct{ text, want string }{ // want as JSON; or the error behind a colon
		{`{'a': 'b'}`, `{"a":"b"}`},
		{`{"a": "it's", 'b': 'say "x"', 'c': "it's \"x\""}`, `{"a":"it's","b":"say \"x\"","c":"it's \"x\""}`},
		{`{'a': 'it\'s \\ \n \t \x41 \u00e9 \U0001F600 é'}`, `{"a":"it's \\ \n \t A é 😀 é"}`},
		{`{"a": "\ud83d\ude00 \/ \b\f\r"}`, `{"a":"😀 / \b\f\r"}`},
		{`{'a': True, 'b': False, 'c': None, "d": true, "e": false, "f": null}`, `{"a":true,"b":false,"c":null,"d":true,"e":false,"f":null}`},
		{`[0, -0, 7, -7, 1.5, 1e+16, 1e-05, -1.5E3, 123456789012345678901234567890]`, `[0,0,7,-7,1.5,1e+16,1e-05,-1.5E3,123456789012345678901234567890]`},
		{`(1, 2)`, `[1,2]`}, {`(1,)`, `[1]`}, {`()`, `[]`}, {`[]`, `[]`}, {`{}`, `{}`},
		{" \t\r\n { \"a\" :\n[ 1 , {'b':(None,)} ] } ", `{"a":[1,{"b":[null]}]}`},
		{`[1,]`, `: `}, {`{'a': 1,}`, `: `}, {`[1 2]`, `: `}, {`{'a' 1}`, `: `}, {`{a: 1}`, `: `}, {`{1: 2}`, `: `}, {`{'a'}`, `: `},
		{`{'a': 1, 'a': 2}`, `: a mapping has the same key twice`}, {`{'a': 1, "\x61": 2}`, `: a mapping has the same key twice`},
		{`NaN`, `: `}, {`[NaN]`, `: a number of a report is finite`}, {`[-Infinity]`, `: a number of a report is finite`}, {`[nan]`, `: a number of a report`},
		{`[-inf]`, `: a number of a report is finite`}, {`[UUID('x')]`, `: a word without quotes`}, {`[b'x']`, `: `}, {`[undefined]`, `: a word`},
		{`[01]`, `: this number`}, {`[-]`, `: this number`}, {`[1.]`, `: this number`}, {`[.5]`, `: a value can't begin`}, {`[1e]`, `: this number`}, {`[0x10]`, `: this number`},
		{`[1_000]`, `: this number`}, {`[+1]`, `: a value can't begin`}, {`[1.2.3]`, `: this number`}, {"[" + strings.Repeat("1", maxNumber+1) + "]", `: a number has`},
		{`['\q']`, `: neither JSON nor Python`}, {`['\x4']`, `: an escape`}, {`['\ud800']`, `: an escape in a text stands for no character`},
		{`['\ud800\u0041']`, `: an escape in a text stands for no`}, {`['\U00110000']`, `: an escape`}, {"['a\nb']", `: the line ends inside a text`}, {"['\x01']", `: a control`},
		{"['\xff']", `: a text is not valid UTF-8`}, {"['\xff\\n']", `: a text is not valid UTF-8`},
		{`{`, `: the text ends`}, {`{'a`, `: the text ends`}, {`{'a'`, `: the text ends`}, {`{'a':`, `: the text ends`}, {`['\`, `: the text ends`}, {`['\u00`, `: the text ends`},
		{`[1`, `: the text ends`}, {`[1, `, `: the text ends`}, {`[Tr`, `: the text ends`}, {`['\ud83d\`, `: the text ends`},
		{deep, `: values are nested`}, {"[" + strings.Repeat("0,", maxTextValues) + "0]", `: there are more than`}, {`[1] 2`, `: more follows`},
	}
	for _, tt := range tests {
		v, bad := parseText(tt.text)
		if message, isErr := strings.CutPrefix(tt.want, ": "); isErr {
			if bad == nil || !strings.HasPrefix(bad.message, message) {
				t.Errorf("%.60s: error %v, want %q", tt.text, bad, message)
			}
			continue
		}
		if bad != nil {
			t.Errorf("%.60s: %v", tt.text, bad)
			continue
		}
		var want any
		if err := decodeJSON([]byte(tt.want), &want); err != nil {
			t.Fatal(err)
		}
		if got := v.Any(); !reflect.DeepEqual(numbered(got), want) {
			t.Errorf("%.60s is %v, want %v", tt.text, got, want)
		}
	}
}

func decodeJSON(data []byte, into *any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(into); err != nil {
		return err
	}
	*into = numbered(*into)
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more follows")
	}
	return nil
}

// numbered makes every number a float64, so that two trees can be compared.
func numbered(v any) any {
	switch v := v.(type) {
	case json.Number:
		f, _ := v.Float64()
		return f
	case int64:
		return float64(v)
	case []any:
		for i := range v {
			v[i] = numbered(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = numbered(v[k])
		}
	}
	return v
}

func TestTextPlaces(t *testing.T) {
	v, bad := parseText("{'é': 1,\n  \"b\": [2,\n3]}")
	if bad != nil {
		t.Fatal(bad)
	}
	pos := func(line, column int32) source.Pos { return source.Pos{Line: line, Column: column} }
	for _, tt := range []struct{ got, want source.Span }{
		{v.Span, source.Span{Start: pos(1, 1), End: pos(3, 4)}},
		{v.Entries[0].Key.Span, source.Span{Start: pos(1, 2), End: pos(1, 5)}},
		{v.Entries[0].Value.Span, source.Span{Start: pos(1, 7), End: pos(1, 8)}},
		{v.Entries[1].Key.Span, source.Span{Start: pos(2, 3), End: pos(2, 6)}},
		{v.Entries[1].Value.Items[1].Span, source.Span{Start: pos(3, 1), End: pos(3, 2)}},
	} {
		if tt.got != tt.want {
			t.Errorf("span %v, want %v", tt.got, tt.want)
		}
	}
}

// scanAll returns the reports of a text, read in pieces.
func scanAll(t *testing.T, r io.Reader) (found []foundText) {
	t.Helper()
	known := &names{known: map[string]bool{"systemId": true, "components": true}, required: map[string]bool{"systemId": true}}
	s := newTextScanner(r, known)
	for {
		f, err := s.next()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, f)
	}
}

func TestScanFindsReports(t *testing.T) {
	tests := []struct {
		name, text string
		want       string // line:column of each, with ! for one that can't be read
	}{
		{"log line", "pulp [x]: pulpcore:INFO: to https://x/: {'systemId': 1}\n", "1:41"},
		{"noise with braces", "{ {x} {'a': 1} } {'a': {'b\n{\"a\": [1, {\n{'systemId': 1}", "3:1"},
		{"cut line", "INFO {'systemId': 'abc\nINFO {'systemId': 2}", "1:23! 2:6"},
		{"cut at the end", "INFO {'systemId': 'abc", "1:23!"},
		{"lines", "{\"systemId\": 1}\n{\"systemId\": 2}\n", "1:1 2:1"},
		{"list", "[{\"systemId\": 1}, {\"systemId\": 2}]", "1:2 1:19"},
		{"pretty list", "[{\n\"systemId\": 1\n},{\n\"systemId\": 2\n}]", "1:2 3:3"},
		{"pretty", "{\n  \"components\": [],\n  \"systemId\":\n 1\n}\n{\n  \"systemId\": 2}", "1:1 6:1"},
		{"log in JSON", `{"a": "{x", "m": "to: {'systemId': 'é\\n'}"}` + "\n", "1:23"},
		{"log in JSON, cut", `{"m": "é to: {'systemId': 'a"}` + "\n", "1:28!"},
		{"inside another", `{"event": {"payload": {"systemId": 1}}}`, "1:23"},
		{"only an optional name", `INFO {'components': []}`, "1:6"},
		{"none", "hello\n{}\n{'a': 1}\n", ""},
		{"byte order mark", "\ufeff{\n\"systemId\": 1}", "1:2"},
		{"same key", "{\"systemId\": 1, \n\"systemId\": 2}", "2:1!"},
	}
	for _, tt := range tests {
		for name, r := range map[string]io.Reader{"whole": strings.NewReader(tt.text), "bytes": iotest.OneByteReader(strings.NewReader(tt.text))} {
			var got []string
			for _, f := range scanAll(t, r) {
				text := posText(f.at)
				if f.err != nil {
					text += "!"
				}
				got = append(got, text)
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("%s, %s: %q, want %q", tt.name, name, s, tt.want)
			}
		}
	}
}

func posText(p source.Pos) string {
	b, _ := json.Marshal([]int32{p.Line, p.Column})
	return strings.ReplaceAll(strings.Trim(string(b), "[]"), ",", ":")
}

// TestScanIsBounded reads far more than fits into the window, of what never ends.
func TestScanIsBounded(t *testing.T) {
	for name, piece := range map[string]string{
		"one line": "x", "braces": "{", "open texts": "{'a", "open report": "{'systemId': [0,", "quotes": `{"`, "escapes": `{"\`, "lists": "{'a': [", "lines": "\n{'a': [\n",
	} {
		t.Run(name, func(t *testing.T) {
			const limit = 128 << 10
			r := &repeating{piece: piece, left: 4 * limit}
			s := newTextScanner(r, &names{known: map[string]bool{"systemId": true}, required: map[string]bool{"systemId": true}})
			s.limit = limit
			for {
				if _, err := s.next(); err != nil {
					break
				}
			}
			if cap(s.storage) > limit {
				t.Errorf("the window has %d bytes", cap(s.storage))
			}
		})
	}
}

type repeating struct {
	piece    string
	at, left int
}

func (r *repeating) Read(b []byte) (int, error) {
	if r.left <= 0 {
		return 0, io.EOF
	}
	for i := range b {
		b[i] = r.piece[r.at]
		r.at = (r.at + 1) % len(r.piece)
	}
	r.left -= len(b)
	return len(b), nil
}

// FuzzText holds the parser to three things: what JSON is, it reads as encoding/json does; what it
// reads, it reads again from JSON; and every place lies in the text.
func FuzzText(f *testing.F) {
	for _, s := range []string{`{'systemId': 'f3', "a": [1, (2,), -1.5e3], 'c': None}`, `"\ud83d\ude00\x41\U0001F600"`, `[[[{"a": {}}]]]`, "{'a':\n'b'}", `[1,]`, `NaN`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = "[" + text + "]" // a report is never a bare number, which could go on
		v, bad := parseText(text)
		var want any
		if err := decodeJSON([]byte(text), &want); err == nil && bad != nil && jsonSame(text) {
			t.Fatalf("%q is JSON: %v", text, bad)
		} else if err == nil && bad == nil && jsonSame(text) && !reflect.DeepEqual(numbered(v.Any()), want) {
			t.Fatalf("%q is read as %v, not %v", text, v.Any(), want)
		}
		if bad != nil {
			if bad.offset < 0 || bad.offset > len(text) || bad.message == "" {
				t.Fatalf("%q: error at %d: %q", text, bad.offset, bad.message)
			}
			return
		}
		checkSpans(t, v, v.Span)
		out, err := json.Marshal(v.Any())
		if err != nil {
			t.Fatal(err)
		}
		if again, bad := parseText(string(out)); bad != nil || !reflect.DeepEqual(numbered(again.Any()), numbered(v.Any())) {
			t.Fatalf("%q becomes %s: %v", text, out, bad)
		}
	})
}

// jsonSame reports whether nothing is in a text that encoding/json reads in another way: halves of
// surrogate pairs, bytes that are no UTF-8, a key twice, and what goes over the limits.
func jsonSame(text string) bool {
	v, bad := parseText(text)
	_ = v
	if bad != nil {
		for _, why := range []string{"same key", "stands for no character", "valid UTF-8", "nested", "more than", "characters; no number"} {
			if strings.Contains(bad.message, why) {
				return false
			}
		}
	}
	return !strings.Contains(text, "\ufffd")
}

func checkSpans(t *testing.T, v source.Value, outer source.Span) {
	t.Helper()
	if !outer.Contains(v.Span) {
		t.Fatalf("%v is not in %v", v.Span, outer)
	}
	for _, item := range v.Items {
		checkSpans(t, item, v.Span)
	}
	for _, e := range v.Entries {
		if !v.Span.Contains(e.Key.Span) {
			t.Fatalf("the key at %v is not in %v", e.Key.Span, v.Span)
		}
		checkSpans(t, e.Value, v.Span)
	}
}
