// SPDX-License-Identifier: GPL-2.0-or-later

package sshsig_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulp/pulpmetrics/internal/sshsig"
)

// folder puts files into a folder of the test.
type folder struct{ dir string }

func (f folder) Write(data []byte) (string, error) {
	file, err := os.CreateTemp(f.dir, "")
	if err != nil {
		return "", err
	}
	_, err = file.Write(data)
	return file.Name(), errors.Join(err, file.Close())
}

// key makes a key pair, and returns its path and the public half.
func key(t *testing.T) (path, public string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "key")
	if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "x", "-f", path).CombinedOutput(); err != nil {
		if errors.Is(err, exec.ErrNotFound) && os.Getenv("CI") != "true" {
			t.Skip("no ssh-keygen")
		}
		t.Fatalf("ssh-keygen: %v\n%s", err, out)
	}
	data, err := os.ReadFile(path + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	return path, strings.TrimSpace(string(data))
}

func sign(t *testing.T, key, text string) string {
	t.Helper()
	signature, err := sshsig.New(os.LookupEnv).Sign(t.Context(), key, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

func TestVerify(t *testing.T) {
	alice, alicePublic := key(t)
	bob, bobPublic := key(t)
	eve, evePublic := key(t)
	allowed := "# approvers\n" + `alice namespaces="pulpmetrics",valid-before="20260301" ` + alicePublic + "\n" +
		"alice,carol " + evePublic + "\n" + `bob valid-after="20260301" ` + bobPublic + "\n" + "-I namespaces=\"pulpmetrics\" " + bobPublic + "\nbroken \"line\n"
	const text = "what was decided"
	good := sign(t, alice, text)
	tests := []struct {
		name, text, signer, signature, day, revoked string
		want                                        string
	}{
		{"good", text, "alice", good, "2026-02-28", "", ""},
		{"good beside another's revoked key", text, "alice", good, "2026-02-28", bobPublic, ""},
		{"another text", text + ".", "alice", good, "2026-02-28", "", "something else"},
		{"another signer", text, "bob", good, "2026-04-01", "", "not on the list"},
		{"nobody", text, "zoe", good, "2026-02-28", "", "not on the list"},
		{"no longer", text, "alice", good, "2026-03-01", "", "no longer the signer's"},
		{"not yet", text, "bob", sign(t, bob, text), "2026-02-28", "", "not yet the signer's"},
		{"from that day on", text, "bob", sign(t, bob, text), "2026-03-01", "", ""},
		{"revoked", text, "alice", good, "2026-02-28", alicePublic, "revoked"},
		{"revoked and wrong", text + ".", "alice", good, "2026-02-28", alicePublic, "something else"},
		{"another purpose", text, "alice", signFor(t, "git", alice, text), "2026-02-28", "", "not made for decisions"},
		{"nothing", text, "alice", "", "2026-02-28", "", "no SSH signature"},
		{"no frame", text, "alice", "hello", "2026-02-28", "", "no SSH signature"},
		{"empty", text, "alice", "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----", "2026-02-28", "", "can't be read"},
		{"cut off", text, "alice", good[:40] + good[len(good)-30:], "2026-02-28", "", "damaged"},
		{"two of them", text, "alice", good + good, "2026-02-28", "", "no SSH signature"},
		{"huge", text, "alice", "-----BEGIN SSH SIGNATURE-----\n" + strings.Repeat("A", 1<<20) + "\n-----END SSH SIGNATURE-----", "2026-02-28", "", "no SSH signature"},
		{"no day", text, "alice", good, "", "", "no date"},
		{"a pattern as signer", text, "*", good, "2026-02-28", "", "not on the list"},
		{"an option as signer", text, "-I", sign(t, bob, text), "2026-02-28", "", ""},
		{"no signer", text, "", good, "2026-02-28", "", "not on the list"},
		{"eve as carol", text, "carol", sign(t, eve, text), "2026-02-28", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var revoked []byte
			if test.revoked != "" {
				revoked = []byte(test.revoked + "\n")
			}
			ring, err := sshsig.New(os.LookupEnv).Keyring(folder{t.TempDir()}, []byte(allowed), revoked)
			if err != nil {
				t.Fatal(err)
			}
			err = ring.Verify(t.Context(), []byte(test.text), test.signer, test.signature, test.day)
			var invalid *sshsig.InvalidError
			switch {
			case test.want == "" && err != nil, test.want != "" && !errors.As(err, &invalid):
				t.Errorf("got %v", err)
			case test.want != "" && !strings.Contains(err.Error(), test.want):
				t.Errorf("got %q, want %q", err, test.want)
			}
		})
	}
}

// signFor signs a text for another purpose.
func signFor(t *testing.T, namespace, key, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("ssh-keygen", "-Y", "sign", "-n", namespace, "-f", key, file).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen: %v\n%s", err, out)
	}
	signature, err := os.ReadFile(file + ".sig")
	if err != nil {
		t.Fatal(err)
	}
	return string(signature)
}

// What the machine can't do is never taken for a bad signature.
func TestMachine(t *testing.T) {
	nowhere := func(string) (string, bool) { return "", false }
	tool := sshsig.New(os.LookupEnv)
	path, public := key(t)
	if _, err := tool.Sign(t.Context(), filepath.Join(t.TempDir(), "no key"), nil); err == nil || !strings.Contains(err.Error(), "no key") {
		t.Errorf("a key that isn't there: %v", err)
	}
	ring, err := tool.Keyring(folder{t.TempDir()}, []byte("a "+public), nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var invalid *sshsig.InvalidError
	if err := ring.Verify(ctx, nil, "a", sign(t, path, ""), "2026-01-01"); err == nil || errors.As(err, &invalid) {
		t.Errorf("stopped: %v", err)
	}
	if _, err := tool.Keyring(folder{filepath.Join(t.TempDir(), "gone")}, nil, nil); err == nil {
		t.Error("a folder that isn't there")
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := sshsig.New(nowhere).Sign(t.Context(), path, nil); !errors.Is(err, sshsig.ErrNotInstalled) {
		t.Errorf("without ssh-keygen: %v", err)
	}
}
