// SPDX-License-Identifier: GPL-2.0-or-later

// Package storetest gives tests a database of each engine. In flows a test; out come URLs of empty
// databases that are gone when it ends. It is for tests alone.
//
// PostgreSQL is the server at PULPMETRICS_TEST_POSTGRES, a URL of a role that may create databases,
// or else a private one that is started from the system's binaries, without a network.
package storetest

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// serverVariable names a server that tests use in place of a private one.
const serverVariable = "PULPMETRICS_TEST_POSTGRES"

// server is a PostgreSQL server.
type server struct {
	url     string // of the database postgres
	dir     string // "" if the server is somebody else's
	process *exec.Cmd
	alive   io.Closer // as long as it is open, the server runs
}

// binaries returns the folder of the newest installed server.
func binaries() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	slices.SortFunc(found, func(a, b string) int { return version(a) - version(b) })
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	path, err := exec.LookPath("postgres")
	if err != nil {
		return "", errors.New("PostgreSQL is not installed (apt-get install postgresql), and " + serverVariable + " names no server")
	}
	return filepath.Dir(path), nil
}

func version(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	return n
}

// start starts a private server on a socket in a folder of its own, or connects to the one that the
// environment names.
func start() (*server, error) {
	if named := os.Getenv(serverVariable); named != "" {
		return &server{url: named}, nil
	}
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("/tmp", "pg") // the address of a socket is short
	if err != nil {
		return nil, err
	}
	s := &server{dir: dir, url: "postgres://tests@/postgres?host=" + url.QueryEscape(dir)}
	if err := s.run(bin); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

func (s *server) run(bin string) error {
	who, err := unprivileged()
	if err != nil {
		return err
	}
	if who != nil {
		if err := os.Chown(s.dir, int(who.Credential.Uid), int(who.Credential.Gid)); err != nil {
			return err
		}
	}
	data := filepath.Join(s.dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = who, s.dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	s.process = exec.Command("sh", "-c", watch, "sh", filepath.Join(bin, "postgres"), "-D", data, "-k", s.dir, "-c", "listen_addresses=", "-c", "max_connections=60")
	s.process.SysProcAttr, s.process.Dir = who, s.dir
	if s.alive, err = s.process.StdinPipe(); err != nil {
		return err
	}
	if err := s.process.Start(); err != nil {
		return err
	}
	return s.ready(filepath.Join(bin, "pg_isready"))
}

// watch runs a server until its input ends: when the test stops it, and also when the test dies.
const watch = `"$@" >server.log 2>&1 & server=$!; cat >/dev/null; kill -INT $server; wait $server; rm -rf data`

// ready waits until the server answers.
func (s *server) ready(isReady string) error {
	var err error
	for range 300 {
		if err = exec.Command(isReady, "-q", "-h", s.dir, "-U", "tests").Run(); err == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("the private PostgreSQL server doesn't answer: %w", err)
}

// unprivileged returns how to run as somebody else where this is root, since the server refuses to
// be; nil elsewhere.
func unprivileged() (*syscall.SysProcAttr, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.ParseUint(u.Uid, 10, 32)
		gid, _ := strconv.ParseUint(u.Gid, 10, 32)
		return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
	}
	return nil, errors.New("there is no user postgres or nobody to run the server as")
}

// stop shuts a private server down, and deletes what it had.
func (s *server) stop() error {
	if s.dir == "" {
		return nil
	}
	var failed error
	if s.process != nil && s.process.Process != nil {
		failed = errors.Join(s.alive.Close(), s.process.Wait())
	}
	return errors.Join(failed, os.RemoveAll(s.dir))
}

// database returns the URL of another database of the server.
func (s *server) database(name string) (string, error) {
	u, err := url.Parse(s.url)
	if err != nil {
		return "", err
	}
	u.Path = "/" + strings.TrimPrefix(name, "/")
	return u.String(), nil
}
