// SPDX-License-Identifier: GPL-2.0-or-later

package cli_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pulp/pulpmetrics"
	"github.com/pulp/pulpmetrics/internal/cli"
	"github.com/pulp/pulpmetrics/internal/govern"
)

// now is the clock of every run inside a script.
var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

var update = flag.Bool("update", false, "write the output into the scripts")

// patience is how long one run may take before it counts as hanging.
const patience = 60 * time.Second

func TestMain(m *testing.M) {
	testscript.Main(withServers{m}, map[string]func(){"pulpmetrics": func() {
		cmd, err := cli.Default(pulpmetrics.Registry)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(cli.ExitMachine)
		}
		os.Exit(cmd.Main(os.Args[1:]))
	}})
}

// TestScripts runs testdata/script/*.txtar. Beside testscript's own commands there are:
//
//	exits N pulpmetrics ARG...   run the program here, under a fixed clock; its status must be N
//	exec pulpmetrics ARG...      run it as a process of its own, as main does
//	project [DIR [FOLDER...]]    make a project: testdata/pulpmetrics.yaml with these folders, or an empty proposals/
//	bytes FILE TEXT [N TEXT]...  write a file, the texts N times; Go's escapes stand for bytes, also in the name
//	copies N FILE                write N copies of a proposal beside it, ids and names numbered
//	mkdirs DIR                   make a folder; Go's escapes stand for bytes
//	sparse FILE SIZE             make a file as long as that, with nothing in it
//	special KIND FILE            make a fifo or a socket
//	golden DIR                   unpack the golden reports, and when they were received
//	seal FILE...                 mend the last seal of proposals, where the word SEAL or an old one stands
//
// $REPO is the folder of this repository, a project itself. In a run that should not be coloured, every byte that a terminal could take for a command fails
// the script.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error {
			repo, err := filepath.Abs("../..")
			env.Setenv("REPO", repo)
			env.Setenv("COLUMNS", "200")
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "project": project, "bytes": writeBytes, "copies": copies, "special": special,
			"mkdirs": mkdirs, "sparse": sparse, "seal": seal,
			"golden": golden,
		},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || args[1] != "pulpmetrics" {
		ts.Fatalf("usage: exits N pulpmetrics ARG...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	for i := range args {
		args[i] = unescape(ts, args[i])
	}
	var stdout, stderr bytes.Buffer
	cmd := &cli.Command{
		Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Dir: ts.MkAbs("."),
		LookupEnv: func(key string) (string, bool) { v := ts.Getenv(key); return v, v != "" },
		Now:       func() time.Time { return now }, Embedded: pulpmetrics.Registry, Build: build(ts),
	}
	got := within(ts, func() int { return cmd.Main(args[2:]) })
	_, _ = ts.Stdout().Write(stdout.Bytes())
	_, _ = ts.Stderr().Write(stderr.Bytes())
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
	for _, stream := range []string{stdout.String(), stderr.String()} {
		if bad := hostile(stream, strings.Contains(strings.Join(args, " "), "--color")); bad != "" {
			ts.Fatalf("the terminal gets %s", bad)
		}
	}
}

// build is what a run knows of its build: nothing, unless the variable BUILD is set.
func build(ts *testscript.TestScript) *debug.BuildInfo {
	if ts.Getenv("BUILD") == "" {
		return nil
	}
	return &debug.BuildInfo{
		GoVersion: "go1.26.0", Main: debug.Module{Version: "v1.2.3"},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123abcd"}, {Key: "vcs.time", Value: "2026-11-23T12:00:00Z"}, {Key: "vcs.modified", Value: "true"}},
	}
}

// within waits for a run, and says what it did where it panics or hangs.
func within(ts *testscript.TestScript, run func() int) int {
	status, panicked := make(chan int, 1), make(chan string, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				panicked <- fmt.Sprintf("%v\n%s", p, debug.Stack())
			}
		}()
		status <- run()
	}()
	select {
	case n := <-status:
		return n
	case text := <-panicked:
		ts.Fatalf("panic: %s", text)
	case <-time.After(patience):
		ts.Fatalf("still running after %v", patience)
	}
	return -1
}

var sgr = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// hostile names the first character that could do something to a terminal: control characters,
// and those that turn the direction of writing or can't be seen.
func hostile(s string, coloured bool) string {
	if coloured {
		s = sgr.ReplaceAllString(s, "")
	}
	for i, r := range s {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) || r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return fmt.Sprintf("%q at byte %d: %.80q", r, i, s[max(0, i-20):])
		}
	}
	return ""
}

func project(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: project [DIR [FOLDER...]]")
	}
	dir, folders := ts.MkAbs("."), []string{"proposals"}
	if len(args) > 0 {
		dir = ts.MkAbs(unescape(ts, args[0]))
	}
	if len(args) > 1 {
		folders = args[1:]
	} else {
		ts.Check(os.MkdirAll(filepath.Join(dir, "proposals"), 0o755))
	}
	config, err := os.ReadFile("testdata/pulpmetrics.yaml")
	ts.Check(err)
	text := strings.Replace(string(config), "[proposals]", "["+strings.Join(folders, ", ")+"]", 1)
	ts.Check(os.WriteFile(filepath.Join(dir, "pulpmetrics.yaml"), []byte(text), 0o644))
}

func unescape(ts *testscript.TestScript, text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	out, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`)
	if err != nil {
		ts.Fatalf("%s: %v", text, err)
	}
	return out
}

func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 || len(args)%2 == 1 && len(args) > 1 {
		ts.Fatalf("usage: bytes FILE [TEXT [N TEXT]...]")
	}
	var out strings.Builder
	for i := 1; i < len(args); i += 2 {
		n := 1
		if i > 1 {
			var err error
			n, err = strconv.Atoi(args[i-1])
			ts.Check(err)
		}
		out.WriteString(strings.Repeat(unescape(ts, args[i]), n))
	}
	ts.Check(os.WriteFile(ts.MkAbs(unescape(ts, args[0])), []byte(out.String()), 0o644))
}

func copies(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: copies N FILE")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	text, id := ts.ReadFile(args[1]), strings.TrimSuffix(filepath.Base(args[1]), ".yaml")
	for i := range n {
		name := fmt.Sprintf("%s_%05d", id, i)
		file := filepath.Join(filepath.Dir(ts.MkAbs(args[1])), name+".yaml")
		ts.Check(os.WriteFile(file, []byte(strings.ReplaceAll(text, "id: "+id+"\n", "id: "+name+"\n")), 0o644))
	}
}

func special(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: special fifo|socket FILE")
	}
	file := ts.MkAbs(unescape(ts, args[1]))
	switch args[0] {
	case "fifo":
		ts.Check(syscall.Mkfifo(file, 0o644))
	case "socket":
		// A socket's address is short, so it is made somewhere short and moved.
		dir, err := os.MkdirTemp("/tmp", "s")
		ts.Check(err)
		l, err := net.Listen("unix", filepath.Join(dir, "s"))
		ts.Check(err)
		ts.Defer(func() { _ = l.Close(); _ = os.RemoveAll(dir) })
		ts.Check(os.Rename(filepath.Join(dir, "s"), file))
		if info, err := os.Lstat(file); err != nil || info.Mode().Type() != fs.ModeSocket {
			ts.Fatalf("%s is no socket: %v", file, err)
		}
	default:
		ts.Fatalf("unknown kind %s", args[0])
	}
}

func mkdirs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: mkdirs DIR")
	}
	ts.Check(os.MkdirAll(ts.MkAbs(unescape(ts, args[0])), 0o755))
}

var anySeal = regexp.MustCompile(`SEAL|sha256:[0-9a-f]{64}`)

func seal(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: seal FILE...")
	}
	for _, name := range args {
		text := ts.ReadFile(name)
		_, digests, err := govern.Form([]byte(text), func(id string) (string, bool) {
			_, read, err := govern.Form([]byte(ts.ReadFile(filepath.Join(filepath.Dir(name), id+".yaml"))), nil)
			return read.Machine, err == nil
		})
		ts.Check(err)
		places := anySeal.FindAllStringIndex(text, -1)
		if len(places) == 0 {
			ts.Fatalf("%s has no SEAL", name)
		}
		last := places[len(places)-1]
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text[:last[0]]+digests.Full+text[last[1]:]), 0o644))
	}
}

func sparse(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sparse FILE SIZE")
	}
	size, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), size))
}
