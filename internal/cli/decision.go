// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// decisionFlags are what a decision is made of.
type decisionFlags struct {
	by                      []string
	reference, reason, date string
}

// add adds the flags of a command. The account is reference or reason: where a decision can be
// read, or why it was made.
func (f *decisionFlags) add(cmd *cobra.Command, account string) {
	flags := cmd.Flags()
	flags.StringSliceVar(&f.by, "by", nil, "those who decided, as `HANDLES` with commas between them")
	if account == "reference" {
		flags.StringVar(&f.reference, account, "", "`TEXT` or URL: where the decision can be read")
	} else {
		flags.StringVar(&f.reason, account, "", "`TEXT`: why, in a sentence")
	}
	flags.StringVar(&f.date, "date", "", "the `DAY` of the decision, YYYY-MM-DD; today, if left out")
	flags.SortFlags = false
}

// decision makes a decision of the flags.
func (f *decisionFlags) decision(a *app, what string) (*proposal.Decision, error) {
	d := &proposal.Decision{Decision: set(what), Date: set(a.today()), Reference: set(f.reference), Reason: set(f.reason)}
	if f.date != "" {
		if _, err := time.Parse(time.DateOnly, f.date); err != nil {
			return nil, usagef("--date is %q: write a day such as 2026-11-23", f.date)
		}
		d.Date = set(f.date)
	}
	for _, who := range f.by {
		who = strings.TrimPrefix(strings.TrimSpace(who), "@")
		if who == "" || !utf8.ValidString(who) {
			return nil, usagef("--by is %q: write handles with commas between them", strings.Join(f.by, ","))
		}
		d.By = append(d.By, set(who))
	}
	account := strings.TrimSpace(f.reference + f.reason)
	switch {
	case account == "" && (what == proposal.Suspended || what == proposal.Withdrawn):
		return nil, usagef("say why with --reason")
	case account == "":
		return nil, usagef("say with --reference where the decision can be read: a URL, or the meeting")
	case !utf8.ValidString(account):
		return nil, usagef("the text isn't valid UTF-8")
	case len(d.By) == 0 && what != proposal.Withdrawn:
		return nil, usagef("say with --by who decided")
	}
	return d, nil
}

func set(text string) source.Text { return source.Text{V: text} }
