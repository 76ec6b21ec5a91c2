// SPDX-License-Identifier: GPL-2.0-or-later

package report_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/pulp/pulpmetrics"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/wire"
)

func verifier(t testing.TB, fsys fs.FS) (*report.Verifier, *wire.Message) {
	t.Helper()
	parser, err := proposal.NewParser()
	if err != nil {
		t.Fatal(err)
	}
	r, err := registry.Load(fsys, parser)
	if err != nil {
		t.Fatal(err)
	}
	m, err := wire.Compile(r, today)
	if err != nil {
		t.Fatal(err)
	}
	v, err := report.NewVerifier(r, m)
	if err != nil {
		t.Fatal(err)
	}
	return v, m
}

func verify(t testing.TB, v *report.Verifier, data []byte) *report.Verdict {
	t.Helper()
	verdict, err := v.Verify("file", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return verdict
}

var (
	subject = regexp.MustCompile("^`([^`]*)`")
	index   = regexp.MustCompile(`\[\d+\]`)
)

// kinds returns what was found: each kind with its path, once.
func kinds(verdict *report.Verdict) []string {
	var found []string
	for _, d := range verdict.Diagnostics {
		path := ""
		if m := subject.FindStringSubmatch(d.Message); m != nil {
			path = index.ReplaceAllString(m[1], "")
		}
		found = append(found, d.Rule+" "+path)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// TestTextAgreesWithBytes holds the readings of a report against each other: its bytes, JSON in
// both spellings of names, and the dict that Python prints.
func TestTextAgreesWithBytes(t *testing.T) {
	for name, fsys := range map[string]fs.FS{"pulp": pulpmetrics.Registry, "zoo": project(zoo)} {
		t.Run(name, func(t *testing.T) {
			v, m := verifier(t, fsys)
			o, compared := newOracle(t, m), 0
			for seed := range uint64(600) {
				b := builder{rand.New(rand.NewPCG(seed, 5)), m, []float64{0, 0.02, 0.1}[seed%3]}
				msg := dynamicpb.NewMessage(o.desc)
				if err := proto.Unmarshal(b.report(), msg); err != nil {
					continue
				}
				msg.SetUnknown(nil)
				data, err := proto.MarshalOptions{Deterministic: true}.Marshal(msg)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := protojson.Marshal(msg); err != nil {
					continue // bytes may hold what is no text, and JSON can't
				}
				want := kinds(verify(t, v, data))
				if slices.ContainsFunc(want, func(s string) bool { return strings.HasPrefix(s, "unknown-field") }) {
					continue // there are no unknown fields in JSON
				}
				compared++
				for spelling, text := range spellings(t, msg) {
					if got := kinds(verify(t, v, text)); !slices.Equal(want, got) {
						t.Fatalf("seed %d, %s: %q, and the bytes %q\n%s", seed, spelling, got, want, text)
					}
				}
			}
			if compared < 200 {
				t.Errorf("only %d reports were compared", compared)
			}
		})
	}
}

func spellings(t *testing.T, msg proto.Message) map[string][]byte {
	t.Helper()
	camel, err := protojson.MarshalOptions{AllowPartial: true}.Marshal(msg)
	if err != nil {
		t.Fatal(err)
	}
	snake, err := protojson.MarshalOptions{AllowPartial: true, UseProtoNames: true, Multiline: true}.Marshal(msg)
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(camel))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		t.Fatal(err)
	}
	line := "Nov 23 10:00:01 host pulp [3f2a]: INFO: Sending to https://example.org/: " + repr(tree) + "\n"
	inside, err := json.Marshal(map[string]string{"level": "info", "msg": strings.TrimSpace(line)})
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{"camelCase": camel, "snake_case": snake, "log": []byte("start {\n" + line + "end }\n"), "log in JSON": inside}
}

// repr prints a tree as Python does.
func repr(v any) string {
	var parts []string
	switch v := v.(type) {
	case map[string]any:
		for k, item := range v {
			parts = append(parts, repr(k)+": "+repr(item))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		for _, item := range v {
			parts = append(parts, repr(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case bool:
		return map[bool]string{true: "True", false: "False"}[v]
	case nil:
		return "None"
	case string:
		return pythonText(v)
	}
	return fmt.Sprint(v)
}

func pythonText(s string) string {
	quote := "'"
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		quote = `"`
	}
	var b strings.Builder
	b.WriteString(quote)
	for _, r := range s {
		switch {
		case r == '\\' || string(r) == quote:
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r < ' ' || 0x7f <= r && r < 0xa0:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + quote
}

// secret is in every value that a test plants; nothing that is printed may hold any part of it.
const secret = "s3kr1t"

// TestSecretsStayInside plants a secret in every place of every form, right and wrong.
func TestSecretsStayInside(t *testing.T) {
	v, m := verifier(t, pulpmetrics.Registry)
	good := `{"systemId": "` + id + `", "components": [{"name": "core", "version": "3.21.0"}, {"name": "rpm", "version": "3.1.0"}], "onlineWorkers": {"processes": 2}, "postgresqlVersion": 130004, "redisInUse": true}`
	var plants []string
	for _, old := range []string{`"` + id + `"`, `"core"`, `"3.21.0"`, `2`, `130004`, `true`, `"systemId"`, `"name"`, `"processes"`, `"onlineWorkers"`, `[{`, `}]`, `, `, `: `} {
		for _, planted := range []string{`"` + secret + `"`, `'` + secret, secret, `{"` + secret + `": "` + secret + `"}`, `["` + secret + `"]`, `"\u0000` + secret + `"`, "\x01" + secret} {
			plants = append(plants, strings.Replace(good, old, planted, 1))
		}
	}
	for _, plant := range slices.Clone(plants) {
		plants = append(plants, "INFO "+secret+" {"+secret+": "+plant+"\n", plant+"\n"+plant, plant[:len(plant)/2], "INFO "+plant[:len(plant)*2/3]+"\n")
	}
	for _, value := range []string{secret, strings.Repeat(secret, 30)} {
		for n := range protowire.Number(9) {
			data := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), id)
			data = protowire.AppendString(protowire.AppendTag(data, n+1, protowire.BytesType), value)
			component := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), value)
			component = protowire.AppendString(protowire.AppendTag(component, n+2, protowire.BytesType), value)
			data = protowire.AppendBytes(protowire.AppendTag(data, 4, protowire.BytesType), component)
			stream := append(binary.AppendUvarint(nil, uint64(len(data))), data...)
			plants = append(plants, string(data), string(data[:len(data)-3]), string(stream), string(stream)+string(stream), string(stream[:len(stream)-3]))
		}
	}
	found := 0
	for _, plant := range plants {
		verdict := verify(t, v, []byte(plant))
		found += len(verdict.Diagnostics)
		for _, d := range verdict.Diagnostics {
			if text := fmt.Sprintf("%+v", d); strings.Contains(text, secret) || strings.Contains(text, secret[:4]) {
				t.Fatalf("%q gives it away: %s", plant, text)
			}
		}
	}
	if found < len(plants)/2 || len(m.Fields) == 0 {
		t.Errorf("only %d findings in %d reports", found, len(plants))
	}
}

func TestBadInput(t *testing.T) {
	v, m := verifier(t, pulpmetrics.Registry)
	data := binary.AppendUvarint(nil, uint64(len(typical())))
	data = append(data, typical()...)
	tests := []struct{ name, data, want string }{
		{"empty", "", "the file is empty"},
		{"gzip", "\x1f\x8b\x08\x00", "compressed by gzip"},
		{"utf-16", "\xff\xfe{\x00", "UTF-16"},
		{"no report", "hello\n", "the text holds no report: no mapping with a name such as `systemId`"},
		{"script", "{systemId: 'x'}", "begins like a report, and can't be read: something else stands where a key in quotes belongs"},
		{"random", "\x00\x01\x02\x03", "neither text nor a serialized `Analytics`"},
		{"truncated message", string(typical()[:len(typical())-1]), "can't be read"},
		{"truncated stream", string(data) + string(data[:len(data)-1]), "report 2, at byte " + fmt.Sprint(len(data)) + ": the stream ends inside a message"},
		{"huge length", string(data) + "\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "report 2, at byte"},
		{"no length", string(data) + strings.Repeat("\xff", 20), "report 2, at byte"},
	}
	for _, tt := range tests {
		verdict := verify(t, v, []byte(tt.data))
		if len(verdict.Diagnostics) != 1 || verdict.Diagnostics[0].Rule != report.KindUnreadable || !strings.Contains(verdict.Diagnostics[0].Message, tt.want) {
			t.Errorf("%s: %+v, want %q", tt.name, verdict.Diagnostics, tt.want)
		}
		if strings.Contains(tt.want, "report 2, ") && verdict.Reports != 2 {
			t.Errorf("%s: %d reports", tt.name, verdict.Reports)
		}
	}
	if _, err := v.Verify("file", iotest.ErrReader(io.ErrClosedPipe)); err == nil {
		t.Error("a reader that fails is no error")
	}
	_ = m
}

// TestVerifyIsBounded counts what is wrong with reports of every kind of unknown number.
func TestVerifyIsBounded(t *testing.T) {
	v, _ := verifier(t, pulpmetrics.Registry)
	var stream []byte
	for n := range 20000 {
		data := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), id)
		data = protowire.AppendVarint(protowire.AppendTag(data, protowire.Number(1000+n), protowire.VarintType), 1)
		stream = append(binary.AppendUvarint(stream, uint64(len(data))), data...)
	}
	verdict := verify(t, v, stream)
	if verdict.Reports != 20000 || len(verdict.Diagnostics) > 600 {
		t.Errorf("%d findings in %d reports", len(verdict.Diagnostics), verdict.Reports)
	}
}

// FuzzVerify holds any bytes to this: there is a verdict, and it doesn't depend on how they arrive.
func FuzzVerify(f *testing.F) {
	v, _ := verifier(f, pulpmetrics.Registry)
	f.Add([]byte("INFO {'systemId': 'x', 'components': [{'name': 'core'}]}\n{\"system_id\": 1}"))
	f.Add(typical())
	f.Add(append(binary.AppendUvarint(nil, uint64(len(typical()))), typical()...))
	f.Fuzz(func(t *testing.T, data []byte) {
		whole := verify(t, v, data)
		pieces, err := v.Verify("file", iotest.HalfReader(bytes.NewReader(data)))
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprintf("%+v", whole.Diagnostics) != fmt.Sprintf("%+v", pieces.Diagnostics) || whole.Reports != pieces.Reports {
			t.Fatalf("%q: %+v, and in pieces %+v", data, whole, pieces)
		}
		if len(whole.Diagnostics) == 0 && whole.Reports == 0 {
			t.Fatalf("%q: neither a report nor a finding", data)
		}
	})
}

// TestRefusedIsReadOn holds reports that the service refuses against what else is wrong with them:
// bytes tell it as the same report in a text does.
func TestRefusedIsReadOn(t *testing.T) {
	v, _ := verifier(t, pulpmetrics.Registry)
	text := func(b []byte, n protowire.Number, s string) []byte {
		return protowire.AppendString(protowire.AppendTag(b, n, protowire.BytesType), s)
	}
	component := text(text(nil, 1, "core"), 2, "my own")
	tests := []struct {
		name, system, json string
		component          []byte
		want               []string
	}{
		{"identifier", "no uuid", `{"systemId": "no uuid", "components": [{"name": "core", "version": "my own"}], "redisInUse": true}`, component,
			[]string{"outside-domain components.version", "outside-domain system_id", "unapproved-field redis_in_use"}},
		{"missing leaf", "no uuid", `{"systemId": "no uuid", "components": [{"version": "my own"}], "redisInUse": true}`, text(nil, 2, "my own"),
			[]string{"missing-field components.name", "outside-domain components.version", "outside-domain system_id", "unapproved-field redis_in_use"}},
		{"no identifier", "", `{"components": [{}], "redisInUse": true}`, nil,
			[]string{"missing-field components.name", "missing-field components.version", "missing-field system_id", "unapproved-field redis_in_use"}},
	}
	for _, tt := range tests {
		var data []byte
		if tt.system != "" {
			data = text(data, 1, tt.system)
		}
		data = protowire.AppendBytes(protowire.AppendTag(data, 4, protowire.BytesType), tt.component)
		data = protowire.AppendVarint(protowire.AppendTag(data, 8, protowire.VarintType), 1)
		inBytes, inText := verify(t, v, data), verify(t, v, []byte(tt.json))
		if got := kinds(inBytes); !slices.Equal(got, tt.want) || len(inBytes.Diagnostics) != len(tt.want) {
			t.Errorf("%s: the bytes give %v", tt.name, inBytes.Diagnostics)
		}
		if got := kinds(inText); !slices.Equal(got, tt.want) {
			t.Errorf("%s: the text gives %q", tt.name, got)
		}
		if len(inBytes.Allowed) == 0 || len(inBytes.Allowed) != len(inText.Allowed) {
			t.Errorf("%s: %d fields of the bytes are approved, and %d of the text", tt.name, len(inBytes.Allowed), len(inText.Allowed))
		}
	}
}

// TestNumbersOutside holds what is said of a number against its domain.
func TestNumbersOutside(t *testing.T) {
	v, _ := verifier(t, pulpmetrics.Registry)
	for sent, want := range map[string]string{
		"2.5": "a number with a fraction", "-1": "a number below 0", "-0.5": "a number below 0", `"-1"`: "a number below 0", "100001": "a number above 100000",
		"1e300": "a number above 100000", "1e999": "a number that no type can hold", "True": "true or false", "'two'": "a text of 3 characters",
	} {
		verdict := verify(t, v, []byte("{'systemId': '"+id+"', 'onlineWorkers': {'processes': "+sent+"}}"))
		want = "`online_workers.processes` (3.1) holds " + want + ", and has to be a whole number from 0 to 100000"
		if len(verdict.Diagnostics) != 1 || verdict.Diagnostics[0].Message != want {
			t.Errorf("%s: %+v, want %q", sent, verdict.Diagnostics, want)
		}
	}
}

// TestVerifyIsLinear reads braces that begin no report in a log in JSON: eight times as much may not
// take far more than eight times as long.
func TestVerifyIsLinear(t *testing.T) {
	v, _ := verifier(t, pulpmetrics.Registry)
	for name, log := range map[string]func(n int) string{
		"one string":   func(n int) string { return `{"log":"` + strings.Repeat(`{\"`, n) + `"}` },
		"many strings": func(n int) string { return `{"log":["` + strings.Repeat(`{'","`, n) + `"]}` },
		"closed":       func(n int) string { return `{"log":"` + strings.Repeat(`{'a':{}}`, n) + `"}` },
		"open":         func(n int) string { return `{"log":"` + strings.Repeat(`{'a':[`, n) + `"}` },
		"cut reports":  func(n int) string { return `{"log":"` + strings.Repeat(`{'systemId':`, n) + `"}` },
	} {
		fastest := func(n int) time.Duration {
			data, best := []byte(log(n)), time.Hour
			for range 5 {
				start := time.Now()
				verify(t, v, data)
				best = min(best, time.Since(start))
			}
			return best
		}
		few, many := fastest(10000), fastest(80000)
		if many > 3*8*few || many > 5*time.Second {
			t.Errorf("%s: %v, and %v for eight times as much", name, few, many)
		}
	}
}

// BenchmarkVerify reads streams and logs of reports that are as they should be.
func BenchmarkVerify(b *testing.B) {
	v, m := verifier(b, pulpmetrics.Registry)
	o := newOracle(b, m)
	var stream, log []byte
	for seed := range uint64(20000) {
		data := (&builder{rand.New(rand.NewPCG(seed, 6)), m, 0}).report()
		stream = append(binary.AppendUvarint(stream, uint64(len(data))), data...)
		if seed%10 == 0 {
			msg := dynamicpb.NewMessage(o.desc)
			if err := proto.Unmarshal(data, msg); err != nil {
				b.Fatal(err)
			}
			text, _ := protojson.Marshal(msg)
			log = append(append(append(log, "pulp [3f2a]: INFO: sent "...), text...), '\n')
		}
	}
	for name, data := range map[string][]byte{"stream": stream, "log": log} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if verdict := verify(b, v, data); len(verdict.Diagnostics) > 0 {
					b.Fatal(verdict.Diagnostics[0])
				}
			}
		})
	}
}
