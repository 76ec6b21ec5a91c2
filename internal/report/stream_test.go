// SPDX-License-Identifier: GPL-2.0-or-later

package report_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// fixtureReports is how many reports testdata/fleet.pb holds.
const fixtureReports = 200

// fixture returns a stream of reports as a fleet of today sends them. With UPDATE=1 in the
// environment it is made anew.
func fixture(t testing.TB) []byte {
	t.Helper()
	const name = "testdata/fleet.pb"
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(name, fleet(pulp(t)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func fleet(m *wire.Message) (out []byte) {
	b := builder{rand.New(rand.NewPCG(20261123, 3)), m, 0}
	for range fixtureReports {
		out = protowire.AppendBytes(out, b.report())
	}
	return out
}

func TestFixtureIsAcceptedWhole(t *testing.T) {
	d := decoder(t, pulp(t))
	count, err := decodeAll(report.NewStream(bytes.NewReader(fixture(t)), 0), d)
	if err != nil || count != fixtureReports {
		t.Errorf("%d of %d reports count; %v", count, fixtureReports, err)
	}
}

// all reads a stream to its end, with the offset of each message.
func all(s *report.Stream) (messages []string, offsets []int64, err error) {
	for {
		at := s.Offset()
		data, err := s.Next()
		if err != nil {
			return messages, offsets, err
		}
		messages, offsets = append(messages, string(data)), append(offsets, at)
	}
}

func TestStream(t *testing.T) {
	long := strings.Repeat("long", 20_000)
	framed := func(messages ...string) (out string) {
		for _, m := range messages {
			out += string(protowire.AppendString(nil, m))
		}
		return out
	}
	for _, test := range []struct {
		name, input string
		want        []string
		err         string
	}{
		{"empty", "", nil, "EOF"},
		{"one", framed("a"), []string{"a"}, "EOF"},
		{"empty messages", framed("", ""), []string{"", ""}, "EOF"},
		{"long ones", framed(long, "b", long), []string{long, "b", long}, "EOF"},
		{"a length in more bytes than it needs", "\x81\x80\x00a", []string{"a"}, "EOF"},
		{"ends inside a message", framed("a") + "\x05abc", []string{"a"}, "byte 2: the stream ends inside a message"},
		{"ends before a message", framed("a") + "\x05", []string{"a"}, "byte 2: the stream ends inside a message"},
		{"ends inside a long message", framed(long)[:70_000], nil, "byte 0: the stream ends inside a message"},
		{"ends inside a length", framed("a") + "\x80", []string{"a"}, "byte 2: the stream ends inside a message"},
		{"a length of 2^63", framed("a") + "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", []string{"a"}, "byte 2: the report is longer than the limit"},
		{"a length of 2^64-1", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", nil, "byte 0: the report is longer than the limit"},
		{"a length of 70 bits", strings.Repeat("\xff", 10) + "\x01", nil, "byte 0: a varint is longer than 64 bits"},
		{"over the limit", framed(long, strings.Repeat("x", 100_001)), []string{long}, "byte 80003: the report is longer than the limit"},
	} {
		for name, wrap := range map[string]func(io.Reader) io.Reader{
			"whole": func(r io.Reader) io.Reader { return r }, "byte by byte": iotest.OneByteReader, "data with error": iotest.DataErrReader,
		} {
			t.Run(test.name+"/"+name, func(t *testing.T) {
				s := report.NewStream(wrap(strings.NewReader(test.input)), 100_000)
				got, _, err := all(s)
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if err.Error() != test.err {
					t.Errorf("error %q, want %q", err, test.err)
				}
				if _, again := s.Next(); again != err {
					t.Errorf("then %v: errors stay", again)
				}
			})
		}
	}
}

func TestStreamPassesErrorsOn(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, input := range []string{"", "\x05", "\x05ab", "\x80"} {
		_, _, err := all(report.NewStream(io.MultiReader(strings.NewReader(input), iotest.ErrReader(broken)), 0))
		if !errors.Is(err, broken) {
			t.Errorf("%q: %v", input, err)
		}
	}
}

// repeat is a stream without an end of one message.
type repeat struct {
	message []byte
	at      int
}

func (r *repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = r.message[r.at]
		r.at = (r.at + 1) % len(r.message)
	}
	return len(p), nil
}

func TestStreamTakesConstantMemory(t *testing.T) {
	for _, size := range []int{0, 148, 1<<16 - 3, 1 << 16, 300_000} {
		s := report.NewStream(&repeat{message: protowire.AppendBytes(nil, make([]byte, size))}, 0)
		if n := testing.AllocsPerRun(1000, func() {
			if data, err := s.Next(); err != nil || len(data) != size {
				t.Fatal(len(data), err)
			}
		}); n != 0 {
			t.Errorf("%v allocations for each message of %d bytes", n, size)
		}
	}
}
