// SPDX-License-Identifier: GPL-2.0-or-later

package wire_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/pulp/pulpmetrics/internal/wire"
)

// pair is one file of testdata/breaking: what it is about; before.proto and after.proto; the rules
// that buf's category WIRE_JSON finds broken; and under ours those that only we report, each with
// the reason.
type pair struct {
	name, before, after string
	breaks, ours        []string
}

// leastPairs says that the table has not shrunk.
const leastPairs = 80

func pairs(t *testing.T) []pair {
	t.Helper()
	files, err := filepath.Glob("testdata/breaking/*.txtar")
	if err != nil || len(files) < leastPairs {
		t.Fatalf("%d pairs in testdata/breaking, want at least %d (%v)", len(files), leastPairs, err)
	}
	var all []pair
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p := pair{name: strings.TrimSuffix(filepath.Base(file), ".txtar")}
		for _, f := range archive.Files {
			switch text := string(f.Data); f.Name {
			case "before.proto":
				p.before = text
			case "after.proto":
				p.after = text
			case "breaks":
				p.breaks = strings.Fields(text)
			case "ours":
				rule, reason, _ := strings.Cut(text, ": ")
				if len(reason) < 20 {
					t.Errorf("%s: say why buf doesn't report %s", p.name, rule)
				}
				p.ours = append(p.ours, rule)
			}
		}
		all = append(all, p)
	}
	return all
}

func TestBreaking(t *testing.T) {
	for _, p := range pairs(t) {
		t.Run(p.name, func(t *testing.T) {
			before, err := wire.ReadProto("before.proto", []byte(p.before))
			if err != nil {
				t.Fatal(err)
			}
			after, err := wire.ReadProto("after.proto", []byte(p.after))
			if err != nil {
				t.Fatal(err)
			}
			var rules []string
			for _, b := range wire.Breaking(before, after) {
				if b.Text == "" || strings.Contains(b.Text, "%!") {
					t.Errorf("%s says %q", b.Rule, b.Text)
				}
				rules = append(rules, b.Rule)
			}
			slices.Sort(rules)
			want := slices.Sorted(slices.Values(slices.Concat(p.breaks, p.ours)))
			if diff := cmp.Diff(want, slices.Compact(rules)); diff != "" {
				t.Errorf("rules (-want +got):\n%s", diff)
			}
			if same := wire.Breaking(before, before); len(same) > 0 {
				t.Errorf("a file breaks itself: %v", same)
			}
		})
	}
}

const bufConfig = `{"version":"v2","breaking":{"use":["WIRE_JSON"]}}`

// TestBreakingAgainstBuf holds the table against buf's own verdict. CI installs buf; elsewhere it
// has to be on the PATH.
func TestBreakingAgainstBuf(t *testing.T) {
	buf, err := exec.LookPath("buf")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("buf is not on the PATH")
	}
	home := t.TempDir()
	for _, p := range pairs(t) {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for name, text := range map[string]string{"before": p.before, "after": p.after} {
				if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, name, "analytics.proto"), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.Command(buf, "breaking", filepath.Join(dir, "after"), "--against", filepath.Join(dir, "before"), "--config", bufConfig, "--against-config", bufConfig, "--error-format", "json")
			cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CACHE_HOME="+home)
			if diff := cmp.Diff(p.breaks, bufRules(t, cmd)); diff != "" {
				t.Errorf("rules (-table +buf):\n%s", diff)
			}
		})
	}
}

// breakingStatus is buf's exit status where it found something.
const breakingStatus = 100

func bufRules(t *testing.T, cmd *exec.Cmd) []string {
	t.Helper()
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != breakingStatus) {
		t.Fatalf("buf: %v\n%s", err, out)
	}
	rules := []string{}
	for line := range bytes.Lines(out) {
		var finding struct{ Type string }
		if err := json.Unmarshal(line, &finding); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		rules = append(rules, finding.Type)
	}
	slices.Sort(rules)
	return slices.Compact(rules)
}
