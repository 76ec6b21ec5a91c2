// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/govern"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/internal/sshsig"
)

// signFlags are what a signature is made of.
type signFlags struct {
	by, key   string
	decision  int // from 1; 0 is the newest
	statement bool
}

func (a *app) sign() *cobra.Command {
	var flags signFlags
	cmd := &cobra.Command{
		Use:     "sign ID --key FILE [--by HANDLE]",
		GroupID: "govern",
		Short:   "Prove who decided: sign the newest decision on a metric",
		Long: `Sign a decision with ` + "`ssh-keygen -Y sign`" + `, and add the signature to it. All else in the
file stays byte for byte. The signature covers what was decided (the seal), the
decision, its date and where it can be read, so that it fits no other.

The key is a private one, or the public half of one that an agent holds. It proves
something once allowed_signers, beside pulpmetrics.yaml, lists it as the signer's:
` + "`pulpmetrics explain decision-proof`" + `.`,
		Example: `  pulpmetrics sign export_count --key ~/.ssh/id_ed25519
  pulpmetrics sign export_count --by alice --key ~/.ssh/id_ed25519.pub
  pulpmetrics sign export_count --statement`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: a.completeIDs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("decision") && flags.decision < 1 {
				return usagef("--decision is %d: decisions count from 1", flags.decision)
			}
			return a.signDecision(args[0], flags)
		},
	}
	cmd.Flags().StringVar(&flags.key, "key", "", "`FILE` with the key")
	cmd.Flags().StringVar(&flags.by, "by", "", "`HANDLE` of who signs; needed where more than one decided")
	cmd.Flags().IntVar(&flags.decision, "decision", 0, "sign decision `N`, counted from 1; the newest, if left out")
	cmd.Flags().BoolVar(&flags.statement, "statement", false, "only print the bytes that a signature covers")
	cmd.Flags().SortFlags = false
	return cmd
}

// signDecision signs one decision on a metric.
func (a *app) signDecision(id string, flags signFlags) error {
	st, err := a.stage(step{id: id})
	if err != nil {
		return err
	}
	index, err := st.which(flags.decision)
	if err != nil {
		return err
	}
	d := &st.proposal.Approval[index]
	statement := govern.Statement(st.proposal.ID.V, d)
	if flags.statement {
		_, err := a.Stdout.Write(statement)
		return err
	}
	by, err := st.signer(d, flags.by)
	if err != nil {
		return err
	}
	key, err := a.keyFile(flags.key)
	if err != nil {
		return err
	}
	signature, err := sshsig.New(a.LookupEnv).Sign(context.Background(), key, statement)
	if err != nil {
		return err
	}
	if err := a.tryKey(st, d, statement, by, signature); err != nil {
		return err
	}
	if err := st.write(index, &proposal.Signature{By: set(by), Signature: set(signature)}); err != nil {
		return err
	}
	return a.tellSigned(st, index, by, key)
}

// tryKey refuses a signature that proves nothing although its signer has keys on the list: it is by the
// wrong one. Who has none yet may sign, and be put onto the list later.
func (a *app) tryKey(st *stage, d *proposal.Decision, statement []byte, by, signature string) error {
	l, err := a.listing(st.workspace, st.registry)
	if err != nil || l.head == nil || !mentions(l.head.allowed, by) {
		return err
	}
	signed := proposal.Decision{Decision: d.Decision, Date: d.Date, By: d.By, Reference: d.Reference, Reason: d.Reason, Seal: d.Seal,
		Signatures: []proposal.Signature{{By: set(by), Signature: set(signature)}}}
	proofs, err := a.prove(l.registry.Project, l.head, []govern.Signed{{ID: st.proposal.ID.V, Decision: &signed}})
	if err != nil {
		return err
	}
	if bad := proofs[&signed].Bad; len(bad) > 0 {
		return refusef("%s, as %s lists it; sign with the right key, or have the list changed first: nothing was written", bad[0].Message, l)
	}
	return nil
}

// mentions reports whether a list of keys has one of a signer.
func mentions(list []byte, signer string) bool {
	for line := range strings.Lines(string(list)) {
		if fields := strings.Fields(line); len(fields) > 0 && slices.Contains(strings.Split(fields[0], ","), signer) {
			return true
		}
	}
	return false
}

// which finds the decision that is signed, and says why it can't be.
func (st *stage) which(number int) (int, error) {
	index := number - 1
	if number == 0 {
		index = len(st.proposal.Approval) - 1
	}
	switch {
	case len(st.proposal.Approval) == 0:
		return 0, refusef("nobody decided about `%s` yet; %s", st.id, govern.WayOut(st.id, st.proposal.Status.V))
	case index >= len(st.proposal.Approval):
		return 0, usagef("--decision is %d: `%s` has %s", number, st.id, plural(len(st.proposal.Approval), "decision"))
	}
	d := &st.proposal.Approval[index]
	seal, ok := st.registry.Seal(st.proposal)
	switch {
	case d.Legacy.V:
		return 0, refusef("the decision about `%s` is from before the toolkit: there is nothing that could be signed", st.id)
	case !d.Date.Set() || len(d.By) == 0:
		return 0, refusef("the decision about `%s` doesn't say when it was made, and by whom: `pulpmetrics lint`", st.id)
	case d == standing(st.proposal) && (!ok || seal.Full != d.Seal.V):
		return 0, refusef("the seal of the decision doesn't fit what stands in %s, so nobody should sign it: `pulpmetrics lint`", st.proposal.Path)
	}
	return index, nil
}

// signer is who signs: one of those who decided.
func (st *stage) signer(d *proposal.Decision, by string) (string, error) {
	by = strings.TrimPrefix(by, "@")
	if by == "" && len(d.By) == 1 {
		by = d.By[0].V
	}
	if by == "" {
		return "", usagef("say with --by who signs: %s", joinTexts(d.By))
	}
	is := func(handle source.Text) bool { return strings.EqualFold(handle.V, by) }
	switch at := slices.IndexFunc(d.By, is); {
	case at < 0:
		return "", refusef("`%s` did not decide about `%s`: it was %s", by, st.id, joinTexts(d.By))
	case slices.ContainsFunc(d.Signatures, func(s proposal.Signature) bool { return is(s.By) }):
		return "", refusef("`%s` has signed already; delete that signature first if it is wrong", by)
	default:
		return d.By[at].V, nil
	}
}

// keyFile is the path of a key.
func (a *app) keyFile(name string) (string, error) {
	if name == "" {
		return "", usagef("say with --key which key signs, such as ~/.ssh/id_ed25519")
	}
	if home, ok := a.LookupEnv("HOME"); ok && strings.HasPrefix(name, "~/") {
		name = home + name[1:]
	}
	name = a.abs(name)
	if _, err := os.Stat(name); err != nil {
		return "", err
	}
	return name, nil
}

// write adds a signature to a decision.
func (st *stage) write(index int, signature *proposal.Signature) error {
	data, err := fs.ReadFile(st.fsys, st.proposal.Path)
	if err != nil {
		return err
	}
	root, problems := source.Parse(data)
	if len(problems) > 0 {
		return refusef("%s has mistakes; mend them first: `pulpmetrics lint` shows them", st.proposal.Path)
	}
	edit, err := source.AppendIn(data, root, "approval", index, "signatures", signature.YAML(), signature.Flow())
	if err != nil {
		return refusal{fmt.Errorf("%s: %w", st.proposal.Path, err)}
	}
	if data, err = source.Apply(data, []source.Edit{edit}); err != nil {
		return err
	}
	return replaceFile(st.root, st.proposal.Path, data)
}

// tellSigned says what the signature proves by the keys that HEAD lists.
func (a *app) tellSigned(st *stage, index int, by, key string) error {
	r, err := st.load()
	if err != nil {
		return err
	}
	p := r.Metric(st.proposal.ID.V)
	l, proofs, err := a.proofsOf(st.workspace, r, p)
	if err != nil {
		return err
	}
	d := &p.Approval[index]
	var b strings.Builder
	say := func(head, text string) {
		writeWrapped(&b, fmt.Sprintf("  %-*s  ", widest, head), diag.Printable(text), a.width(a.Stdout))
	}
	b.WriteString(diag.Printable(st.id) + "  is signed by " + diag.Printable(by) + "\n")
	say("decision", fmt.Sprintf("%s on %s by %s", d.Decision.V, d.Date.V, joinTexts(d.By)))
	say("standing", govern.PanelSince(l.registry.Project, l.registry.Metric(st.id), p).Standing(d, proofs[d])+", by the keys of "+l.String())
	for _, o := range proofs[d].Bad {
		say("", o.Message)
	}
	if public, err := os.ReadFile(strings.TrimSuffix(key, ".pub") + ".pub"); err == nil && len(proofs[d].Bad) > 0 {
		if parts := strings.Fields(string(public)); len(parts) > 1 {
			b.WriteString(diag.Printable("\nThis line, in "+govern.SignersFile+", makes the key theirs:\n\n"+by+` namespaces="`+sshsig.Namespace+`" `+parts[0]+" "+parts[1]) + "\n\n")
		}
	}
	say("written", a.shown(st.workspace, p.Path))
	return a.tell(b.String())
}
