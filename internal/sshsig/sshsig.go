// SPDX-License-Identifier: GPL-2.0-or-later

// Package sshsig is `ssh-keygen -Y`: SSH signatures of texts, made and verified. In flow a text, a
// key and lists of keys; out come armored signatures, and what is wrong with one.
//
// A signature and a list of keys may come from anybody. ssh-keygen reads them from files in a
// folder of the caller's, gets no more of the environment than [Tool] lists, and has a limited time.
// The format is PROTOCOL.sshsig of OpenSSH, that of the lists ssh-keygen(1), ALLOWED SIGNERS.
package sshsig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// Namespace says what signatures are for: one that was made for anything else doesn't verify.
const Namespace = "pulpmetrics"

// limit is how long one verification may take.
const limit = 30 * time.Second

// patience is how long a signer may take to type a passphrase, or to touch a token.
const patience = 5 * time.Minute

const (
	lingering = 2 * time.Second // how long a command that was stopped may hold its pipes
	mostSaid  = 4 << 10         // bytes of what ssh-keygen says that are kept
)

// Tool is the ssh-keygen of a machine. Of the environment it gets PATH and, where it signs, HOME,
// SSH_AUTH_SOCK, SSH_ASKPASS, SSH_ASKPASS_REQUIRE, DISPLAY, WAYLAND_DISPLAY and TERM.
type Tool struct {
	lookup func(key string) (string, bool)
}

// New returns the ssh-keygen of an environment.
func New(lookup func(key string) (string, bool)) Tool { return Tool{lookup} }

// verifying and signing are the variables that are handed on.
var (
	verifying = []string{"PATH", "SYSTEMROOT"}
	signing   = append([]string{"HOME", "SSH_AUTH_SOCK", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "DISPLAY", "WAYLAND_DISPLAY", "TERM"}, verifying...)
)

func (t Tool) environment(keys []string) []string {
	env := []string{"LC_ALL=C", "TZ=UTC"} // times in lists of keys are UTC
	for _, key := range keys {
		if v, ok := t.lookup(key); ok {
			env = append(env, key+"="+v)
		}
	}
	return env
}

// InvalidError says why a signature proves nothing.
type InvalidError struct{ Reason string }

func (e *InvalidError) Error() string { return e.Reason }

// ErrNotInstalled is returned where there is no ssh-keygen.
var ErrNotInstalled = errors.New("ssh-keygen is not installed, or not on the PATH: signatures can be neither made nor verified without OpenSSH")

// Sign returns the armored signature of a text by a key: the path of a private key, or of a public
// one whose private key an agent holds. ssh-keygen may ask for a passphrase on the terminal.
func (t Tool) Sign(ctx context.Context, key string, text []byte) (string, error) {
	ctx, stop := context.WithTimeoutCause(ctx, patience, fmt.Errorf("no signature within %v", patience))
	defer stop()
	var signature bytes.Buffer
	said, err := t.run(ctx, signing, bytes.NewReader(text), &signature, "-Y", "sign", "-n", Namespace, "-f", key)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return "", fmt.Errorf("ssh-keygen can't sign with %s: %s", key, said)
	}
	if err == nil && !IsArmored(signature.String()) {
		err = errors.New("ssh-keygen wrote something that is no signature")
	}
	return signature.String(), err
}

// run runs ssh-keygen, and returns what it said in one line.
func (t Tool) run(ctx context.Context, env []string, in io.Reader, out io.Writer, args ...string) (said string, err error) {
	cmd := exec.CommandContext(ctx, "ssh-keygen", args...)
	var stderr bounded
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, out, &stderr
	cmd.Env, cmd.WaitDelay = t.environment(env), lingering
	err = cmd.Run()
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = fmt.Errorf("ssh-keygen: %w", cause)
	}
	if errors.Is(err, exec.ErrNotFound) {
		err = ErrNotInstalled
	}
	return strings.Join(strings.Fields(stderr.String()), " "), err
}

// bounded keeps the beginning of what is written to it.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if room := mostSaid - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}

const (
	armorBegin = "-----BEGIN SSH SIGNATURE-----"
	armorEnd   = "-----END SSH SIGNATURE-----"
)

// IsArmored reports whether a text is framed as an SSH signature is. What is inside the frame is for
// ssh-keygen to say.
func IsArmored(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasPrefix(text, armorBegin+"\n") && strings.HasSuffix(text, "\n"+armorEnd) && strings.Count(text, "-----BEGIN") == 1
}
