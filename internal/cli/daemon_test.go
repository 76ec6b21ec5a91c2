// SPDX-License-Identifier: GPL-2.0-or-later

package cli_test

import (
	"bufio"
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"google.golang.org/protobuf/encoding/protowire"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/pulp/pulpmetrics/internal/store/storetest"
)

// daemon is a `pulpmetrics serve` in a process of its own.
type daemon struct {
	t       testing.TB
	cmd     *exec.Cmd
	address string
	log     *os.File
	done    chan error
}

// servers are the PostgreSQL servers of tests.
var servers storetest.Server

// withServers runs the tests, and stops the servers after them.
type withServers struct{ *testing.M }

func (m withServers) Run() int { return servers.Run(m.M) }

// copyProject copies the project of this repository into a folder, and commits it there.
func copyProject(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"pulpmetrics.yaml", "proposals"} {
		if out, err := exec.Command("cp", "-r", filepath.Join("..", "..", name), dir).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "all"}} {
		git := exec.Command("git", args...)
		git.Dir = dir
		if out, err := git.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	return dir
}

// startDaemon runs `pulpmetrics serve` in a folder, and waits until it listens. Where a program is
// given before the arguments (see [wrapped]), that runs it.
func startDaemon(t testing.TB, dir, db string, args ...string) *daemon {
	t.Helper()
	return wrapped(t, nil, dir, db, args...)
}

func wrapped(t testing.TB, before []string, dir, db string, args ...string) *daemon {
	t.Helper()
	log, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	line := append(append([]string{}, before...), "pulpmetrics", "serve", "--listen", "127.0.0.1:0", "--site", "dev", "--rate", "0", "--db", db)
	line = append(line, args...)
	d := &daemon{t: t, cmd: exec.Command(line[0], line[1:]...), log: log, done: make(chan error, 1)}
	d.cmd.Dir, d.cmd.Stderr, d.cmd.Stdout = dir, log, log
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { d.done <- d.cmd.Wait() }()
	t.Cleanup(func() { _ = d.cmd.Process.Kill(); _ = log.Close() })
	d.address = d.await("listening", "address")
	return d
}

// await waits for a line of the log, and returns a text of it.
func (d *daemon) await(msg, key string) string {
	d.t.Helper()
	for range 1500 {
		for _, line := range d.lines() {
			if line["msg"] == msg {
				value, _ := line[key].(string)
				return value
			}
		}
		select {
		case err := <-d.done:
			d.done <- err
			d.t.Fatalf("it ended: %v\n%s", err, d.text())
		case <-time.After(20 * time.Millisecond):
		}
	}
	d.t.Fatalf("no line %q:\n%.2000s", msg, d.text())
	return ""
}

func (d *daemon) text() string {
	data, err := os.ReadFile(d.log.Name())
	if err != nil {
		d.t.Fatal(err)
	}
	return string(data)
}

func (d *daemon) lines() (all []map[string]any) {
	for text := range strings.Lines(d.text()) {
		var line map[string]any
		if json.Unmarshal([]byte(text), &line) == nil {
			all = append(all, line)
		}
	}
	return all
}

func (d *daemon) signal(s os.Signal) {
	d.t.Helper()
	if err := d.cmd.Process.Signal(s); err != nil {
		d.t.Fatal(err)
	}
}

// kill ends it as kill -9 does.
func (d *daemon) kill() {
	d.t.Helper()
	d.signal(syscall.SIGKILL)
	<-d.done
}

// terminate ends it with SIGTERM, and returns its exit status.
func (d *daemon) terminate() int {
	d.t.Helper()
	d.signal(syscall.SIGTERM)
	select {
	case err := <-d.done:
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return exit.ExitCode()
		}
		return 0
	case <-time.After(patience):
		d.t.Fatalf("it doesn't end:\n%s", d.text())
		return -1
	}
}

func (d *daemon) ask(method, path string, body []byte) (status int, text string) {
	d.t.Helper()
	r, err := http.NewRequest(method, "http://"+d.address+path, bytes.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return answer.StatusCode, string(data)
}

// post posts a report, which must get a status.
func (d *daemon) post(body []byte, want int) {
	d.t.Helper()
	if status, text := d.ask(http.MethodPost, "/", body); status != want {
		d.t.Errorf("%d %s, want %d", status, text, want)
	}
}

// run runs the program to its end, and returns what it printed.
func run(t testing.TB, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("pulpmetrics", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("pulpmetrics %v: %v", args, err)
	}
	return string(out)
}

// systemID is the n-th id.
func systemID(n int) string { return fmt.Sprintf("0190a1b2-c3d4-7e5f-8a6b-%012x", n) }

// reportOf is a report as a system of today sends it, of five components.
func reportOf(system string) []byte {
	text := func(b []byte, number protowire.Number, value []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(b, number, protowire.BytesType), value)
	}
	numbers := func(values ...uint64) (b []byte) {
		for i, v := range values {
			b = protowire.AppendVarint(protowire.AppendTag(b, protowire.Number(i+1), protowire.VarintType), v)
		}
		return b
	}
	b := text(nil, 1, []byte(system))
	b = text(text(b, 2, numbers(4, 2)), 3, numbers(8, 2))
	for _, c := range [componentsOfReport][2]string{{"core", "3.23.0"}, {"container", "2.14.3"}, {"file", "1.12.0"}, {"rpm", "3.19.1"}, {"deb", "3.0.1"}} {
		b = text(b, 4, text(text(nil, 1, []byte(c[0])), 2, []byte(c[1])))
	}
	b = protowire.AppendVarint(protowire.AppendTag(b, 5, protowire.VarintType), 130004)
	return text(b, 6, numbers(5, 3, 2, 1, 4))
}

const componentsOfReport = 5

// database opens the database of a URL as anybody could.
func database(t testing.TB, url string) *sql.DB {
	t.Helper()
	driver, name := "pgx", url
	if path, isSQLite := strings.CutPrefix(url, "sqlite:"); isSQLite {
		driver, name = "sqlite", path
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// number asks for one number.
func number(t testing.TB, db *sql.DB, query string) (n int) {
	t.Helper()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatal(query, err)
	}
	return n
}

// hammer posts reports over connections until it is stopped, each of a new system.
type hammer struct {
	mu      sync.Mutex
	acked   []string // systems whose report was answered with 200
	others  map[int]int
	took    []time.Duration // of those that were answered
	stop    chan struct{}
	workers sync.WaitGroup
}

// startHammer starts so many connections; the systems are numbered from first on.
func startHammer(connections, first int, dial func() (io.ReadWriteCloser, error)) *hammer {
	h := &hammer{others: map[int]int{}, stop: make(chan struct{})}
	next := make(chan int)
	go func() {
		defer close(next)
		for n := first; ; n++ {
			select {
			case next <- n:
			case <-h.stop:
				return
			}
		}
	}()
	for range connections {
		h.workers.Go(func() { h.work(next, dial) })
	}
	return h
}

// end stops it, and waits until everything that was sent was answered.
func (h *hammer) end() {
	close(h.stop)
	h.workers.Wait()
}

func (h *hammer) work(next <-chan int, dial func() (io.ReadWriteCloser, error)) {
	c, err := dial()
	if err != nil {
		return
	}
	defer func() { _ = c.Close() }()
	in, request := bufio.NewReader(c), []byte{}
	for n := range next {
		system := systemID(n)
		body := reportOf(system)
		request = fmt.Appendf(request[:0], "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		start := time.Now()
		if _, err := c.Write(request); err != nil {
			return
		}
		status, err := readAnswer(in)
		if err != nil {
			return // the process was ended: nobody knows what became of this one
		}
		h.note(system, status, time.Since(start))
	}
}

func (h *hammer) note(system string, status int, took time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if status != http.StatusOK {
		h.others[status]++
		return
	}
	h.acked = append(h.acked, system)
	h.took = append(h.took, took)
}

// readAnswer reads an answer as cheaply as can be: the machine is for the service.
func readAnswer(in *bufio.Reader) (status int, err error) {
	length := 0
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		switch {
		case status == 0:
			_, err = fmt.Sscanf(string(line), "HTTP/1.1 %d", &status)
		case bytes.HasPrefix(line, []byte("Content-Length: ")):
			_, err = fmt.Sscanf(string(line), "Content-Length: %d", &length)
		case len(bytes.TrimSpace(line)) == 0:
			_, err = in.Discard(length)
			return status, err
		}
		if err != nil {
			return 0, err
		}
	}
}
