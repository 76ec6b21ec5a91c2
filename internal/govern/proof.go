// SPDX-License-Identifier: GPL-2.0-or-later

package govern

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/internal/sshsig"
)

// Required is the policy that decisions have to be proved.
const Required = "required"

// Statement is what a signature of a decision covers, so that it fits no other decision: JSON in the
// canonical form, with the keys date, decision, id, reason, reference and seal, of which those that
// the decision lacks are left out. The page decision-proof specifies it.
func Statement(id string, d *proposal.Decision) []byte {
	entry := func(key, text string) source.Entry {
		value := source.Value{Kind: source.String, Text: strings.Join(strings.Fields(text), " ")}
		if value.Text == "" {
			value.Kind = source.Null
		}
		return source.Entry{Key: source.Text{V: key}, Value: value}
	}
	return proposal.CanonicalText(source.Value{Kind: source.Map, Entries: []source.Entry{
		entry("id", id), entry("decision", d.Decision.V), entry("date", d.Date.V),
		entry("reference", d.Reference.V), entry("reason", d.Reason.V), entry("seal", d.Seal.V),
	}})
}

// Verifier tells whether a signature is one of a text, by somebody, with a key that was theirs on a
// day. An [*sshsig.InvalidError] says why not.
type Verifier interface {
	Verify(ctx context.Context, text []byte, signer, signature, day string) error
}

// Proof is what the signatures of one decision prove.
type Proof struct {
	Signers []string    // whose signatures verify, as the project spells them; each once
	Bad     []Objection // what is wrong with the others
}

// Proofs are proofs by decision.
type Proofs map[*proposal.Decision]*Proof

// Signed is one decision about a metric.
type Signed struct {
	ID       string
	Decision *proposal.Decision
}

// Prove verifies the signatures of decisions, on all cores. The names of approvers are spelled as the
// project has them: forges don't tell upper from lower case, and lists of keys do. A nil verifier
// says that nobody has a key. The error means that nobody can tell.
func Prove(ctx context.Context, project *proposal.Project, verifier Verifier, decisions []Signed) (Proofs, error) {
	proofs := Proofs{}
	var jobs []*job
	for _, s := range decisions {
		proofs[s.Decision] = &Proof{}
		statement := Statement(s.ID, s.Decision)
		for i := range s.Decision.Signatures {
			jobs = append(jobs, &job{decision: s.Decision, signature: &s.Decision.Signatures[i], statement: statement})
		}
	}
	next := make(chan *job)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(jobs)) {
		workers.Go(func() {
			for j := range next {
				j.run(ctx, project, verifier)
			}
		})
	}
	for _, j := range jobs {
		next <- j
	}
	close(next)
	workers.Wait()
	var errs []error
	for _, j := range jobs {
		errs = append(errs, proofs[j.decision].add(j))
	}
	return proofs, errors.Join(errs...)
}

// job is the verification of one signature.
type job struct {
	decision  *proposal.Decision
	signature *proposal.Signature
	statement []byte
	signer    string
	err       error
}

func (j *job) run(ctx context.Context, project *proposal.Project, verifier Verifier) {
	j.signer = Panel{Approvers: project.Approvers}.spelled(j.signature.By.V)
	switch {
	case !names(j.decision.By, j.signature.By.V):
		j.err = &sshsig.InvalidError{Reason: "`by` of the decision doesn't name them"}
	case verifier == nil:
		j.err = &sshsig.InvalidError{Reason: "there is no list of keys: " + SignersFile}
	default:
		j.err = verifier.Verify(ctx, j.statement, j.signer, j.signature.Signature.V, j.decision.Date.V)
	}
}

// add takes in what became of a signature. The error is what the machine failed at.
func (p *Proof) add(j *job) error {
	var invalid *sshsig.InvalidError
	switch {
	case errors.As(j.err, &invalid):
		p.Bad = append(p.Bad, Objection{j.signature.By.Span, fmt.Sprintf("the signature of `%s` proves nothing: %s", j.signature.By.V, invalid.Reason), "sign anew with `pulpmetrics sign`, or leave the signature out"})
	case j.err != nil:
		return fmt.Errorf("the signature of %s can't be verified: %w", j.signature.By.V, j.err)
	case !slices.Contains(p.Signers, j.signer):
		p.Signers = append(p.Signers, j.signer)
	}
	return nil
}

// SignersFile and RevokedFile are the lists of keys beside pulpmetrics.yaml: who may sign with which
// (ssh-keygen(1), ALLOWED SIGNERS), and which may not be used any more.
const (
	SignersFile = "allowed_signers"
	RevokedFile = "revoked_keys"
)

// Proved reports whether enough of those who may make a decision signed it.
func (p Panel) Proved(d *proposal.Decision, proof *Proof) bool {
	if proof == nil {
		return false
	}
	signed := *d
	signed.By = nil
	for _, signer := range proof.Signers {
		signed.By = append(signed.By, source.Text{V: signer})
	}
	return len(signed.By) > 0 && len(p.Objections(&signed)) == 0
}

// Standing says in one word what speaks for a decision, asserted or proved, and by whom.
func (p Panel) Standing(d *proposal.Decision, proof *Proof) string {
	switch {
	case d.Legacy.V:
		return "from before the toolkit"
	case p.Proved(d, proof):
		return "proved: signed by " + strings.Join(proof.Signers, ", ")
	case proof != nil && len(proof.Bad) > 0 && len(proof.Signers) == 0:
		return "asserted: no signature counts"
	case proof != nil && len(proof.Signers) > 0:
		return "asserted: only " + strings.Join(proof.Signers, ", ") + " signed"
	}
	return "asserted: nobody signed"
}

// proof reports what speaks for a new decision, and what signatures lack.
func (g *Guard) proof(ch *registry.Change, d *proposal.Decision) {
	proof := g.Proofs[d]
	if proof != nil {
		for _, o := range proof.Bad {
			g.report(ch.Is, o.Span, RuleProof, o.Help, "%s", o.Message)
		}
	}
	panel := g.panel(ch)
	severity, help := diag.Info, ""
	if g.Before.Project.Signatures.V == Required && d.Decision.V != proposal.Withdrawn && !panel.Proved(d, proof) {
		severity, help = diag.Error, g.Base+" asks for signatures: let those who decided sign it with `pulpmetrics sign "+ch.ID+"`"
	}
	g.found = append(g.found, diag.Diagnostic{
		File: ch.Is.Path, Span: decisionPlace(d), Severity: severity, Rule: RuleProof, Help: help,
		Message: fmt.Sprintf("the decision about `%s` (%s of %s) is %s", ch.ID, d.Decision.V, d.Date.V, panel.Standing(d, proof)),
	})
}
