// SPDX-License-Identifier: GPL-2.0-or-later

package sshsig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// Folder is where files can be put that ssh-keygen reads. It can be used by many goroutines.
type Folder interface {
	// Write puts bytes into a new file, and returns its path.
	Write(data []byte) (path string, err error)
}

// Keyring is who may sign, and with which keys.
type Keyring struct {
	tool             Tool
	folder           Folder
	allowed, revoked string // paths; revoked is "" where nothing is
}

// Keyring returns the keyring of a list of allowed signers and one of revoked keys, which may be
// nil. The error is the folder's.
func (t Tool) Keyring(folder Folder, allowed, revoked []byte) (*Keyring, error) {
	k := &Keyring{tool: t, folder: folder}
	var err error
	if k.allowed, err = folder.Write(allowed); err != nil {
		return nil, err
	}
	if revoked != nil {
		k.revoked, err = folder.Write(revoked)
	}
	return k, err
}

// mostBytes is how long a signature may be: that of a large RSA key takes two kilobytes.
const mostBytes = 16 << 10

// Verify verifies the armored signature of a text by a signer, with a key that was theirs at the end
// of a day, YYYY-MM-DD, in UTC. The error is an [*InvalidError] where the signature proves nothing;
// any other says that nobody can tell.
func (k *Keyring) Verify(ctx context.Context, text []byte, signer, signature, day string) error {
	at, err := time.Parse(time.DateOnly, day)
	switch {
	case err != nil:
		return &InvalidError{"the decision has no date"}
	case !IsArmored(signature) || len(signature) > mostBytes:
		return &InvalidError{"it is no SSH signature"}
	}
	file, err := k.folder.Write([]byte(strings.TrimSpace(signature) + "\n"))
	if err != nil {
		return err
	}
	args := []string{"-Y", "verify", "-n", Namespace, "-f", k.allowed, "-I", signer, "-s", file, "-O", "verify-time=" + at.Format("20060102") + "235959Z"}
	if k.revoked == "" {
		return k.ask(ctx, text, args)
	}
	err = k.ask(ctx, text, append(args[:len(args):len(args)], "-r", k.revoked))
	var invalid *InvalidError
	if errors.As(err, &invalid) && k.ask(ctx, text, args) == nil { // ssh-keygen doesn't say so itself
		return &InvalidError{"its key was revoked"}
	}
	return err
}

// ask runs one verification.
func (k *Keyring) ask(ctx context.Context, text []byte, args []string) error {
	ctx, stop := context.WithTimeoutCause(ctx, limit, fmt.Errorf("no answer within %v", limit))
	defer stop()
	var out bounded
	said, err := k.tool.run(ctx, verifying, bytes.NewReader(text), &out, args...)
	var exit *exec.ExitError
	if errors.As(err, &exit) && context.Cause(ctx) == nil {
		return &InvalidError{reason(said)}
	}
	return err
}

// reason says in the words of a reader what ssh-keygen found.
func reason(said string) string {
	for _, r := range []struct{ sign, reason string }{
		{"incorrect signature", "it is of something else: id, seal, decision, date, reference or reason differ from what was signed"},
		{"namespace", "it was not made for decisions: its namespace isn't " + Namespace},
		{"has expired", "its key was no longer the signer's on that day"},
		{"not yet valid", "its key was not yet the signer's on that day"},
		{"parse", "it can't be read"},
	} {
		if strings.Contains(strings.ToLower(said), r.sign) {
			return r.reason
		}
	}
	return "its key is not on the list as the signer's, or it is damaged"
}
