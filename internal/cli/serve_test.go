// SPDX-License-Identifier: GPL-2.0-or-later

package cli_test

import (
	"flag"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pulp/pulpmetrics/internal/domain"
)

var crashes = flag.Int("crashes", 4, "how often TestKill kills the service")

// dialer connects to a daemon.
func (d *daemon) dialer() (io.ReadWriteCloser, error) { return net.Dial("tcp", d.address) }

// TestServe runs the service as operators do.
func TestServe(t *testing.T) {
	servers.Each(t, func(t *testing.T, url string) {
		dir, db := copyProject(t), database(t, url)
		d := startDaemon(t, dir, url)
		for n := range 10 {
			d.post(reportOf(systemID(n)), http.StatusOK)
		}
		d.post(reportOf(systemID(1)), http.StatusOK)
		d.post(append(reportOf(systemID(11)), 0xe8, 4, 1), http.StatusOK) // field 77
		d.post([]byte("{}"), http.StatusBadRequest)
		for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ok\n"} {
			if status, text := d.ask(http.MethodGet, path, nil); status != http.StatusOK || text != want {
				t.Errorf("%s: %d %s", path, status, text)
			}
		}
		audit := run(t, dir, "audit", "--db", url)
		want := time.Now().UTC().Format(time.DateOnly) + `
   1  reports left out: the system had reported that day
  11  reports stored
   1  field 77: nobody proposed it
`
		if audit != want {
			t.Errorf("audit:\n%s, want\n%s", audit, want)
		}
		if n := number(t, db, "SELECT count(*) FROM report"); n != 11 {
			t.Errorf("%d reports", n)
		}
		if out := run(t, dir, "forget", "--db", url, "{"+strings.ToUpper(systemID(3))+"}"); out != "Nothing is stored about this system any more.\n" {
			t.Error(out)
		}
		if n := number(t, db, "SELECT count(*) FROM report") + number(t, db, "SELECT count(*) FROM system"); n != 20 {
			t.Errorf("%d rows after one was forgotten", n)
		}
		if n := number(t, db, "SELECT count(*) FROM report_components"); n != 10*componentsOfReport {
			t.Errorf("%d components", n)
		}
		run(t, dir, "suspend", "components", "--by", "dkliban", "--reason", "A test of the stop.")
		d.signal(syscall.SIGHUP)
		d.await("the registry was reloaded", "")
		d.post(reportOf(systemID(20)), http.StatusOK)
		if n := number(t, db, "SELECT count(*) FROM report_components"); n != 0 {
			t.Errorf("%d components after they were suspended", n)
		}
		if err := os.WriteFile(filepath.Join(dir, "proposals", "components.yaml"), []byte("id: ["), 0o600); err != nil {
			t.Fatal(err)
		}
		d.signal(syscall.SIGHUP)
		d.await("the registry was not reloaded", "error")
		d.post(reportOf(systemID(21)), http.StatusOK)
		if status := d.terminate(); status != 0 {
			t.Errorf("it ended with %d:\n%s", status, d.text())
		}
		if n := number(t, db, "SELECT count(*) FROM report"); n != 12 {
			t.Errorf("%d reports in the end", n)
		}
	})
}

// TestKill kills the service at random moments under load. Every report that was acknowledged is
// found afterwards, whole, and once.
func TestKill(t *testing.T) {
	servers.Each(t, func(t *testing.T, url string) {
		dir, random := copyProject(t), rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
		var acked []string
		sent := 0
		for round := range *crashes {
			d := startDaemon(t, dir, url)
			h := startHammer(8, round*1_000_000, d.dialer)
			time.Sleep(time.Duration(20+random.IntN(400)) * time.Millisecond)
			d.kill()
			h.end()
			acked = append(acked, h.acked...)
			sent += len(h.acked) + 8
			if len(h.others) > 0 {
				t.Errorf("round %d: answers %v", round, h.others)
			}
		}
		t.Logf("%d crashes, %d reports acknowledged", *crashes, len(acked))
		found(t, dir, url, acked, sent)
	})
}

// found holds the database against the systems whose reports were acknowledged, and the number that
// was sent at most.
func found(t *testing.T, dir, url string, acked []string, sent int) {
	t.Helper()
	d := startDaemon(t, dir, url) // recovers what there is to recover
	defer d.terminate()
	db := database(t, url)
	components, reports := map[string]int{}, map[string]int{}
	for table, counts := range map[string]map[string]int{"report": reports, "report_components": components} {
		rows, err := db.Query("SELECT system_id FROM " + table)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var id any
			if err := rows.Scan(&id); err != nil {
				t.Fatal(err)
			}
			counts[canonical(t, id)]++
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	for _, system := range acked {
		if reports[system] != 1 || components[system] != componentsOfReport {
			t.Errorf("%s was acknowledged: %d reports with %d components are there", system, reports[system], components[system])
		}
	}
	if len(acked) == 0 || len(reports) < len(acked) || len(reports) > sent {
		t.Errorf("%d were acknowledged, %d are stored, %d were sent", len(acked), len(reports), sent)
	}
	for system := range components {
		if components[system] != componentsOfReport || reports[system] != 1 {
			t.Errorf("%s is stored in part", system)
		}
	}
	if n := number(t, db, "SELECT sum(count) FROM audit_count WHERE reason = 'stored'"); n != len(reports) {
		t.Errorf("%d reports are counted, and %d stored", n, len(reports))
	}
}

// canonical is an id as the drivers return it, in its canonical spelling.
func canonical(t *testing.T, id any) string {
	t.Helper()
	switch id := id.(type) {
	case string:
		return id
	case []byte:
		if len(id) == 16 {
			return domain.FormatUUID([16]byte(id))
		}
		return string(id)
	}
	t.Fatalf("an id of type %T", id)
	return ""
}

// TestTerminate ends the service under load: all that was begun is answered, and all of it stored.
func TestTerminate(t *testing.T) {
	servers.Each(t, func(t *testing.T, url string) {
		dir := copyProject(t)
		d := startDaemon(t, dir, url)
		h := startHammer(8, 0, d.dialer)
		time.Sleep(300 * time.Millisecond)
		if status := d.terminate(); status != 0 {
			t.Errorf("it ended with %d:\n%s", status, d.text())
		}
		h.end()
		if len(h.others) > 0 {
			t.Errorf("answers %v", h.others)
		}
		found(t, dir, url, h.acked, len(h.acked)) // nothing was stored and not acknowledged either
	})
}
