// SPDX-License-Identifier: GPL-2.0-or-later

package storetest

import (
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Own is a PostgreSQL server of a test's own, which it may stop and start.
type Own struct {
	URL    string // of an empty database
	t      testing.TB
	bin    string
	server *server
}

// keep runs a server until its input ends, and leaves its data.
const keep = `"$@" >>server.log 2>&1 & server=$!; cat >/dev/null; kill -QUIT $server; wait $server`

// NewOwn starts a server, which is gone when the test ends. Where PostgreSQL is missing the test is
// skipped; in CI it fails.
func NewOwn(t testing.TB) *Own {
	t.Helper()
	bin, err := binaries()
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatal(err)
	case err != nil:
		t.Skip(err)
	}
	dir, err := os.MkdirTemp("/tmp", "pg")
	if err != nil {
		t.Fatal(err)
	}
	o := &Own{URL: "postgres://tests@/postgres?host=" + url.QueryEscape(dir), t: t, bin: bin, server: &server{dir: dir}}
	t.Cleanup(func() {
		o.Stop()
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	who, err := unprivileged()
	if err != nil {
		t.Fatal(err)
	}
	if who != nil {
		if err := os.Chown(dir, int(who.Credential.Uid), int(who.Credential.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"), "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = who, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	o.Start()
	return o
}

// Start starts the server, and returns when it answers.
func (o *Own) Start() {
	o.t.Helper()
	who, err := unprivileged()
	if err != nil {
		o.t.Fatal(err)
	}
	s := o.server
	s.process = exec.Command("sh", "-c", keep, "sh", filepath.Join(o.bin, "postgres"), "-D", filepath.Join(s.dir, "data"), "-k", s.dir, "-c", "listen_addresses=", "-c", "max_connections=60")
	s.process.SysProcAttr, s.process.Dir = who, s.dir
	if s.alive, err = s.process.StdinPipe(); err != nil {
		o.t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		o.t.Fatal(err)
	}
	if err := s.ready(filepath.Join(o.bin, "pg_isready")); err != nil {
		o.t.Fatal(err)
	}
}

// Stop ends the server at once, without a word to its clients.
func (o *Own) Stop() {
	o.t.Helper()
	if o.server.process == nil {
		return
	}
	_ = o.server.alive.Close()
	_ = o.server.process.Wait() // its status says that it was ended
	o.server.process = nil
}
