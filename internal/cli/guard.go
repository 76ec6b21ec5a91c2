// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/git"
	"github.com/pulp/pulpmetrics/internal/govern"
	"github.com/pulp/pulpmetrics/internal/lint"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/sshsig"
)

// guard adds to a verdict what of a change nobody was allowed to do, and what speaks for its
// decisions. The error says what nobody can tell.
func (a *app) guard(v *verdict, b *base, c *comparison) error {
	after := v.registry
	if b.merged != nil {
		after = b.merged
	}
	var changes []registry.Change
	var decisions []govern.Signed
	for i := range c.changes {
		ch := c.changes[i].Change
		changes = append(changes, ch)
		if ch.Is == nil {
			continue
		}
		for i := range ch.Is.Approval {
			decisions = append(decisions, govern.Signed{ID: ch.ID, Decision: &ch.Is.Approval[i]})
		}
	}
	proofs, err := a.prove(b.registry.Project, b, decisions)
	if err != nil {
		return fmt.Errorf("inconclusive: %w", err)
	}
	entries := entries{app: a, repo: b.repo}
	g := govern.Guard{
		Before: b.registry, After: after, Changes: changes, Base: b.String(), Day: a.today(), Proofs: proofs,
		Signers: changedKeys(v.workspace, govern.SignersFile, b.allowed), Revoked: changedKeys(v.workspace, govern.RevokedFile, b.revoked),
		Entered: func(p *proposal.Proposal) string { return entries.day(b, v.registry, p) },
	}
	found := g.Findings()
	v.diagnostics = slices.DeleteFunc(v.diagnostics, func(d diag.Diagnostic) bool { // the base's word counts
		return d.Rule == "quorum" && slices.ContainsFunc(found, func(f diag.Diagnostic) bool { return f.Rule == d.Rule && f.File == d.File && f.Span == d.Span })
	})
	v.diagnostics = append(v.diagnostics, found...)
	if b.merged != nil {
		a.lintMerged(v, b)
	}
	return entries.err
}

// lintMerged adds the errors that only show once the change is in the base: two changes that pass alone
// may not pass together.
func (a *app) lintMerged(v *verdict, b *base) {
	for _, d := range lint.Run(b.merged, a.Now()) {
		known := func(k diag.Diagnostic) bool { return k.File == d.File && k.Rule == d.Rule && k.Message == d.Message }
		if d.Severity == diag.Error && !slices.ContainsFunc(v.diagnostics, known) {
			d.Message += ", once this is merged into " + b.String()
			v.diagnostics = append(v.diagnostics, d)
		}
	}
}

// prove verifies the signatures of decisions by the lists of keys of a revision; b may be nil, and
// then nobody has a key.
func (a *app) prove(project *proposal.Project, b *base, decisions []govern.Signed) (govern.Proofs, error) {
	ctx := context.Background()
	signed := slices.ContainsFunc(decisions, func(s govern.Signed) bool { return len(s.Decision.Signatures) > 0 })
	if !signed || b == nil || b.allowed == nil {
		return govern.Prove(ctx, project, nil, decisions)
	}
	folder, err := newScratch()
	if err != nil {
		return nil, err
	}
	defer folder.remove()
	ring, err := sshsig.New(a.LookupEnv).Keyring(folder, b.allowed, b.revoked)
	if err != nil {
		return nil, err
	}
	return govern.Prove(ctx, project, ring, decisions)
}

// proofsOf verifies all signatures of one proposal by the keys that HEAD lists, or those at hand where
// there is no HEAD.
func (a *app) proofsOf(w workspace, r *registry.Registry, p *proposal.Proposal) (listing, govern.Proofs, error) {
	l := listing{registry: r, why: "it is built in"}
	var err error
	if w.root != "" {
		l, err = a.listing(w, r)
	}
	if err != nil {
		return l, nil, err
	}
	keys := l.head
	if keys == nil {
		keys = &base{}
		if keys.allowed, err = readKeys(w.fsys, govern.SignersFile); err == nil {
			keys.revoked, err = readKeys(w.fsys, govern.RevokedFile)
		}
		if err != nil {
			return l, nil, err
		}
	}
	var decisions []govern.Signed
	for i := range p.Approval {
		decisions = append(decisions, govern.Signed{ID: p.ID.V, Decision: &p.Approval[i]})
	}
	proofs, err := a.prove(l.registry.Project, keys, decisions)
	return l, proofs, err
}

// changedKeys reports whether a list of keys is not what it was.
func changedKeys(w workspace, name string, was []byte) bool {
	is, err := readKeys(w.fsys, name)
	return err != nil || !bytes.Equal(is, was)
}

// readKeys reads a list of keys; nil where there is none.
func readKeys(fsys fs.FS, name string) ([]byte, error) {
	data, err := readSome(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// scratch is a folder for files that another program reads.
type scratch struct {
	dir   string
	files atomic.Int64
}

func newScratch() (*scratch, error) {
	dir, err := os.MkdirTemp("", "pulpmetrics-")
	return &scratch{dir: dir}, err
}

// Write puts bytes into a new file, and returns its path.
func (s *scratch) Write(data []byte) (string, error) {
	name := path.Join(s.dir, strconv.FormatInt(s.files.Add(1), 10))
	return name, os.WriteFile(name, data, 0o600)
}

func (s *scratch) remove() { _ = os.RemoveAll(s.dir) }

// entries finds the days on which proposals came into the history of HEAD.
type entries struct {
	*app
	repo    *git.Repository
	once    sync.Once
	history *govern.History
	left    string // the day of the commit that the change left the base at, YYYY-MM-DD; "" if there is none
	err     error
}

// day returns the day on which a proposal was committed first, YYYY-MM-DD; the day before today's if
// it isn't committed yet; "" where nobody can tell.
func (e *entries) day(b *base, here *registry.Registry, p *proposal.Proposal) string {
	e.once.Do(func() {
		tip, err := e.repo.Resolve(context.Background(), "HEAD")
		if err == nil {
			e.history, err = govern.ReadPaths(context.Background(), e.repo, tip, folders(e.repo, here, b.registry))
		}
		if err == nil {
			e.left, err = leftOn(e.repo, tip, b.commit)
		}
		e.err = err
	})
	if e.history == nil {
		return ""
	}
	line := e.history.At(path.Join(e.repo.Folder(), p.Path))
	if line == nil {
		line = e.history.Find(p.ID.V)
	}
	if line == nil {
		return e.today()
	}
	entered := dayOf(line.Entered().Committed)
	if b.registry.Metric(p.ID.V) == nil { // dates of commits are anybody's to write, but for those of the base
		return max(entered, e.left)
	}
	return entered
}

// leftOn returns the day of the newest commit that a change has in common with its base; "" if there is
// none.
func leftOn(repo *git.Repository, tip, base git.Commit) (string, error) {
	commit, err := repo.MergeBase(context.Background(), tip, base)
	var missing *git.InconclusiveError
	if errors.As(err, &missing) {
		return "", err
	}
	if err != nil {
		return "", nil // they have no history in common
	}
	at, err := repo.Committed(context.Background(), commit)
	return dayOf(at), err
}

// dayOf is the day of a commit, in UTC. A year of five digits, which only a forger writes, is no day to
// compare with.
func dayOf(at time.Time) string {
	if at.Year() > 9999 || at.Year() < 0 {
		return ""
	}
	return at.Format(time.DateOnly)
}

// readHistory reads the history of the proposals of a project.
func readHistory(repo *git.Repository, tip git.Commit, r *registry.Registry) (*govern.History, error) {
	return govern.ReadHistory(context.Background(), repo, tip, folders(repo, r))
}

// folders are where versions of a project have their proposals, from the top of the work tree.
func folders(repo *git.Repository, versions ...*registry.Registry) []string {
	var all []string
	for _, r := range versions {
		for _, folder := range r.Project.Proposals {
			if name := path.Join(repo.Folder(), path.Clean(folder.V)); !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}
