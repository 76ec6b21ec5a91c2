// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"fmt"
	"strconv"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
	"github.com/pulp/pulpmetrics/internal/wire"
)

// The kinds of what can be wrong with a report. Each has a page.
const (
	KindUnreadable   = "unreadable-report"
	KindMissing      = "missing-field"
	KindUnknown      = "unknown-field"
	KindUnapproved   = "unapproved-field"
	KindOutside      = "outside-domain"
	KindDuplicateKey = "duplicate-key"
	KindTooMany      = "too-many-items"
)

// Kinds returns every kind, in the order in which a reader meets them.
func Kinds() []string {
	return []string{KindUnreadable, KindMissing, KindUnknown, KindUnapproved, KindOutside, KindDuplicateKey, KindTooMany}
}

// deviation is one thing in a report that is not as it was approved. It says where, and what kind
// of value stands there, and never the value.
type deviation struct {
	kind   string
	path   string // as in components.version
	item   int    // of a repeated message, from 0; -1 is none
	number string // of the fields on the path, as in 4.2; "" is the report itself
	hint   string // kind and size of what was sent; may be empty
	phrase string // what is wrong, the same for every value
	detail string // goes on where one report is looked at; may be empty
	help   string
	at     source.Span // in a text; zero in bytes
}

// String says what is wrong with one value.
func (d *deviation) String() string {
	text := "`" + d.subject() + "`" + d.numbered() + " "
	if d.hint != "" {
		text += "holds " + d.hint + ", and "
	}
	return text + d.phrase + d.detail
}

// general says what is wrong with every value of the kind.
func (d *deviation) general() string { return "`" + d.path + "`" + d.numbered() + " " + d.phrase }

func (d *deviation) numbered() string {
	if d.number == "" {
		return ""
	}
	return " (" + d.number + ")"
}

// subject is the path with the item in it: components[3].version.
func (d *deviation) subject() string {
	if d.item < 0 {
		return d.path
	}
	for i, c := range d.path {
		if c == '.' {
			return d.path[:i] + "[" + strconv.Itoa(d.item) + "]" + d.path[i:]
		}
	}
	return d.path + "[" + strconv.Itoa(d.item) + "]"
}

// words makes deviations: texts and bytes get the same ones.
type words struct {
	message  *wire.Message
	registry *registry.Registry
}

// numbers returns the numbers on the way to a leaf, as in 4.2.
func numbers(f *wire.Field, leaf *wire.Leaf) string {
	if leaf == nil || f.Message == "" {
		return strconv.FormatInt(f.Number, 10)
	}
	return fmt.Sprintf("%d.%d", f.Number, leaf.Number)
}

func pathOf(f *wire.Field, leaf *wire.Leaf) string {
	if leaf == nil {
		return f.Name
	}
	return f.Path(leaf)
}

// about returns a deviation of one field.
func (w words) about(kind string, f *wire.Field, leaf *wire.Leaf, item int) deviation {
	return deviation{kind: kind, path: pathOf(f, leaf), item: item, number: numbers(f, leaf)}
}

// outside says that a value lies outside its domain. The hint is its kind and size.
func (w words) outside(f *wire.Field, leaf *wire.Leaf, item int, hint string) deviation {
	d := w.about(KindOutside, f, leaf, item)
	d.hint, d.phrase = hint, "has to be "+domainText(leaf)
	d.help = "the service drops the whole metric `" + f.Name + "` of such a report; what may be sent stands in " + f.Metric.Path
	if f.Required {
		d.help = "the service refuses such a report; what may be sent stands in " + f.Metric.Path
	}
	return d
}

// domainText says what a leaf may hold: of integers, that they are whole.
func domainText(leaf *wire.Leaf) string {
	if numbers := leaf.Domain.Numbers; isWhole(leaf) && numbers.Values() == nil {
		least, greatest, _ := numbers.Bounds()
		return fmt.Sprintf("a whole number from %s to %s", least, greatest)
	}
	return leaf.Domain.String()
}

// isWhole reports whether a leaf holds integers.
func isWhole(leaf *wire.Leaf) bool {
	return leaf.Domain.Kind == wire.Numeric && leaf.Type != "double" && leaf.Type != "float"
}

func (w words) missing(f *wire.Field, leaf *wire.Leaf, item int) deviation {
	d := w.about(KindMissing, f, leaf, item)
	d.phrase, d.help = "is required, and missing", "the service refuses a report without it"
	return d
}

func (w words) duplicateKey(f *wire.Field, item int) deviation {
	key := ""
	for i, leaf := range f.Key {
		if i > 0 {
			key += ", "
		}
		key += "`" + f.Leaves[leaf].Name + "`"
	}
	d := w.about(KindDuplicateKey, f, nil, item)
	d.phrase, d.help = "has the same "+key+" as another item", "a report with two items of one key is not counted"
	return d
}

func (w words) tooMany(f *wire.Field, items int) deviation {
	d := w.about(KindTooMany, f, nil, -1)
	d.phrase = fmt.Sprintf("may hold at most %s", count(f.MaxItems, "item"))
	d.help = "the service drops the whole metric `" + f.Name + "` of such a report"
	if items > 0 {
		d.hint = count(items, "item")
	}
	return d
}

// unknown is a field that no proposal has, inside a metric or, if f is nil, of the report itself.
// It is called by its number; where that isn't known, by the length of its name.
func (w words) unknown(f *wire.Field, item int, name string) deviation {
	d := deviation{kind: KindUnknown, path: w.message.Name, item: -1, phrase: "holds a field that no proposal has: " + name,
		help: "the service drops it. Nothing may be sent that no approved proposal has: write one, or stop sending it"}
	if f != nil {
		d.path, d.number, d.item = f.Name, numbers(f, nil), item
	}
	return d
}

// misshapen says that a value can't be a field's at all.
func (w words) misshapen(f *wire.Field, leaf *wire.Leaf, item int, hint, phrase string) deviation {
	d := w.about(KindUnreadable, f, leaf, item)
	d.hint, d.phrase, d.help = hint, phrase, "no message can be made of it: correct what writes the report"
	return d
}

// unreadable says why something is no report at all.
func (w words) unreadable(why, detail string) deviation {
	return deviation{kind: KindUnreadable, path: w.message.Name, item: -1, phrase: "can't be read: " + why, detail: detail,
		help: "the service refuses such a report"}
}

func nameByNumber(n int64) string { return fmt.Sprintf("number %d", n) }

func nameByLength(name string) string {
	return fmt.Sprintf("a name of %s", count(len([]rune(name)), "character"))
}

// unapproved is a field whose proposal there is, and doesn't allow it.
func (w words) unapproved(p *proposal.Proposal, state string) deviation {
	d := deviation{kind: KindUnapproved, path: p.ID.V, item: -1, help: "the service drops it. Stop sending it until it is approved",
		phrase: fmt.Sprintf("is not approved: %s is %s", p.Path, state)}
	if p.Field != nil && p.Field.Number.Set() {
		d.number = strconv.FormatInt(p.Field.Number.V, 10)
	}
	return d
}

// forbidden returns the deviation of a field that is not in force: known to a proposal, or to none.
func (w words) forbidden(ps []*proposal.Proposal, name string) deviation {
	for _, p := range ps {
		if p.Derived() {
			continue
		}
		return w.unapproved(p, w.state(p))
	}
	return w.unknown(nil, -1, name)
}

// state says in one word why a proposal doesn't allow its field.
func (w words) state(p *proposal.Proposal) string {
	if p.Status.V == proposal.Approved {
		return "retired"
	}
	return p.Status.V
}

func count[N int | int64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(int64(n)) + " " + noun + "s"
}

// thousands writes a number with commas.
func thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
