// SPDX-License-Identifier: GPL-2.0-or-later

package cli_test

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pulp/pulpmetrics/internal/report"
	"github.com/pulp/pulpmetrics/internal/store/storetest"
)

// TestFullDisk fills the disk under load. Reports get 503 and nothing else, the process stays, and
// goes on when there is room again.
func TestFullDisk(t *testing.T) {
	t.Run("limit", func(t *testing.T) { // as long as no file can be longer than 2 MB
		url := storetest.SQLite(t)
		d := wrapped(t, []string{"sh", "-c", `ulimit -S -f 4096; exec "$@"`, "sh"}, copyProject(t), url)
		full(t, d, url, func() {
			if err := unix.Prlimit(d.cmd.Process.Pid, unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: math.MaxUint64, Max: math.MaxUint64}, nil); err != nil {
				t.Fatal(err)
			}
		})
	})
	t.Run("disk", func(t *testing.T) {
		dir := t.TempDir()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=3m"); err != nil {
			t.Logf("only root can mount a small disk: %v", err)
			return
		}
		url := "sqlite:" + filepath.Join(dir, "test.db")
		d := startDaemon(t, copyProject(t), url)
		t.Cleanup(func() {
			_ = d.cmd.Process.Kill()
			<-d.done
			if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
				t.Error(err)
			}
		})
		full(t, d, url, func() {
			if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=100m"); err != nil {
				t.Fatal(err)
			}
		})
	})
}

// full hammers until there is no room, and again when there is.
func full(t *testing.T, d *daemon, url string, makeRoom func()) {
	t.Helper()
	h := startHammer(4, 0, d.dialer)
	for range 1500 {
		if h.refused(http.StatusServiceUnavailable) > 20 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	h.end()
	if len(h.others) != 1 || h.others[http.StatusServiceUnavailable] == 0 || len(h.acked) == 0 {
		t.Fatalf("%d stored, and %v", len(h.acked), h.others)
	}
	if status, _ := d.ask(http.MethodGet, "/healthz", nil); status != http.StatusOK {
		t.Errorf("/healthz: %d", status)
	}
	makeRoom()
	d.post(reportOf(systemID(1_000_000)), http.StatusOK)
	acked := append(h.acked, systemID(1_000_000))
	if status := d.terminate(); status != 0 {
		t.Errorf("it ended with %d", status)
	}
	d.done <- nil // who cleans up waits for it too
	found(t, d.cmd.Dir, url, acked, len(acked))
}

// refused is how many got a status.
func (h *hammer) refused(status int) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.others[status]
}

// TestDatabaseAway stops the database under load, and starts it again. Meanwhile reports get 503; the
// service itself is not started again.
func TestDatabaseAway(t *testing.T) {
	server, dir := storetest.NewOwn(t), copyProject(t)
	d := startDaemon(t, dir, server.URL)
	h := startHammer(4, 0, d.dialer)
	time.Sleep(300 * time.Millisecond)
	server.Stop()
	for range 1000 {
		if h.refused(http.StatusServiceUnavailable) > 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	for path, want := range map[string]int{"/readyz": http.StatusServiceUnavailable, "/healthz": http.StatusOK} {
		if status, text := d.ask(http.MethodGet, path, nil); status != want {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
	d.post([]byte("{}"), http.StatusBadRequest)
	server.Start()
	h.mu.Lock()
	before := len(h.acked)
	h.mu.Unlock()
	for range 500 {
		h.mu.Lock()
		again := len(h.acked) > before+20
		h.mu.Unlock()
		if again {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	h.end()
	if len(h.acked) <= before || len(h.others) != 1 {
		t.Errorf("%d acknowledged before, %d after; %v", before, len(h.acked), h.others)
	}
	if status, _ := d.ask(http.MethodGet, "/readyz", nil); status != http.StatusOK {
		t.Errorf("/readyz is %d in the end", status)
	}
	d.terminate()
	found(t, dir, server.URL, h.acked, len(h.acked)+4) // those under way when it stopped may be stored
}

// TestMutations posts 10,000 reports that are broken at random. None of them gets an answer of 500 or
// above, nothing outside the domains is stored, and memory stays as it was.
func TestMutations(t *testing.T) {
	url, dir := storetest.SQLite(t), copyProject(t)
	d := startDaemon(t, dir, url)
	seeds := goldenReports(t)
	statuses := make([]map[int]int, 4)
	var workers sync.WaitGroup
	for i := range statuses {
		workers.Go(func() { statuses[i] = d.mutate(t, seeds, uint64(i), 2500) })
	}
	workers.Wait()
	sum := 0
	for _, byStatus := range statuses {
		for status, n := range byStatus {
			if status != http.StatusOK && status != http.StatusBadRequest {
				t.Errorf("%d answers of %d", n, status)
			}
			sum += n
		}
	}
	if sum != 10_000 || statuses[0][http.StatusOK] < 100 || statuses[0][http.StatusBadRequest] < 100 {
		t.Errorf("%d answers: %v", sum, statuses)
	}
	if status := d.terminate(); status != 0 || strings.Contains(d.text(), "a mistake in the program") {
		t.Errorf("it ended with %d", status)
	}
	onlyDomains(t, url)
	most := int64(200 << 20)
	if watched { // by the race detector, which takes five to ten times the memory
		most *= 10
	}
	if peak := d.cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10; peak > most {
		t.Errorf("it took %d MB", peak>>20)
	}
}

// onlyDomains looks for values that nobody approved.
func onlyDomains(t *testing.T, url string) {
	t.Helper()
	rows, err := database(t, url).Query("SELECT DISTINCT name, version FROM report_components")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	name, version := regexp.MustCompile(`^[a-z][a-z0-9_]{0,49}$`), regexp.MustCompile(`^[0-9a-z.+!-]{1,32}$`)
	n := 0
	for rows.Next() {
		var value [2]string
		if err := rows.Scan(&value[0], &value[1]); err != nil {
			t.Fatal(err)
		}
		if n++; !name.MatchString(value[0]) || !version.MatchString(value[1]) {
			t.Errorf("%q is stored", value)
		}
	}
	if err := rows.Err(); err != nil || n == 0 {
		t.Fatal(n, err)
	}
}

// goldenReports returns reports of testdata/golden.
func goldenReports(t *testing.T) (all [][]byte) {
	t.Helper()
	stream := report.NewStream(bytes.NewReader(storetest.Golden(t, "reports/2026-03-02.pb")), 0)
	for range 100 {
		data, err := stream.Next()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, bytes.Clone(data))
	}
	return all
}

// mutate posts broken reports over one connection, and counts the answers.
func (d *daemon) mutate(t *testing.T, seeds [][]byte, seed uint64, times int) map[int]int {
	random, statuses := rand.New(rand.NewPCG(seed, 1)), map[int]int{}
	c, err := d.dialer()
	if err != nil {
		t.Error(err)
		return statuses
	}
	defer c.Close()
	in := bufio.NewReader(c)
	for range times {
		body := broken(random, seeds)
		if _, err := fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %s\r\n\r\n%s", strconv.Itoa(len(body)), body); err != nil {
			t.Error(err)
			return statuses
		}
		status, err := readAnswer(in)
		if err != nil {
			t.Errorf("no answer to %x: %v", body, err)
			return statuses
		}
		statuses[status]++
	}
	return statuses
}

// broken returns a report with a few changes at random: bits, bytes, pieces of others, cuts.
func broken(random *rand.Rand, seeds [][]byte) []byte {
	body := bytes.Clone(seeds[random.IntN(len(seeds))])
	for range 1 + random.IntN(4) {
		at := random.IntN(len(body) + 1)
		switch random.IntN(6) {
		case 0:
			body = body[:at]
		case 1:
			body = append(body[:at:at], append([]byte{byte(random.Uint32())}, body[at:]...)...)
		case 2:
			other := seeds[random.IntN(len(seeds))]
			body = append(body[:at:at], other[random.IntN(len(other)):]...)
		case 3:
			body = append(body[:at:at], append(bytes.Repeat([]byte{0xff}, random.IntN(12)), body[at:]...)...)
		default:
			if at < len(body) {
				body[at] ^= 1 << random.IntN(8)
			}
		}
	}
	return body
}
