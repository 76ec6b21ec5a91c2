// SPDX-License-Identifier: GPL-2.0-or-later

package registry

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// alike reports whether two values of one type say the same, wherever they stand in a file.
func alike(a, b any) bool { return alikeValues(reflect.ValueOf(a), reflect.ValueOf(b)) }

var (
	spanType = reflect.TypeFor[source.Span]()
	nodeType = reflect.TypeFor[source.Node]()
)

func alikeValues(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Pointer:
		return a.IsNil() && b.IsNil() || !a.IsNil() && !b.IsNil() && alikeValues(a.Elem(), b.Elem())
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !alikeValues(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Struct:
		for i := range a.NumField() {
			f := a.Type().Field(i)
			if f.IsExported() && f.Type != spanType && f.Type != nodeType && !alikeValues(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	}
	return a.Interface() == b.Interface()
}

// changedKeys returns the keys under which two mappings differ, in the order of their type.
func changedKeys[T any](was, is *T) []string {
	var keys []string
	a, b := reflect.ValueOf(was).Elem(), reflect.ValueOf(is).Elem()
	for i := range a.NumField() {
		if key := a.Type().Field(i).Tag.Get("source"); key != "" && !alikeValues(a.Field(i), b.Field(i)) {
			keys = append(keys, key)
		}
	}
	return keys
}

// summaries says what becomes of the summaries of a metric, and of how absent values are read.
func (c *comparer) summaries(was, is *proposal.Proposal) []string {
	out := describe("summary", was.Summaries(), is.Summaries(), func(s *proposal.Summary) string { return s.ID.V })
	for i := range is.Summaries() {
		for _, key := range is.Summaries()[i].By {
			before, had := c.before.Project.Keys.Get(key.Field.V)
			if after, has := c.after.Project.Keys.Get(key.Field.V); had && has && !alike(before, after) {
				out = append(out, fmt.Sprintf("the key `%s` of the summary `%s` means something else", key.Field.V, is.Summaries()[i].ID.V))
			}
		}
	}
	if was.Field == nil || is.Field == nil {
		return out
	}
	absent := func(name, before, after string) {
		if cmp.Or(before, "skip") != cmp.Or(after, "skip") {
			out = append(out, fmt.Sprintf("%s is read as `%s` where it is missing, not as `%s`", name, cmp.Or(after, "skip"), cmp.Or(before, "skip")))
		}
	}
	absent("it", was.Field.Absent.V, is.Field.Absent.V)
	for i := range is.Field.Fields {
		now := &is.Field.Fields[i]
		if old := was.Field.LeafNamed(now.Name.V); old != nil {
			absent("`"+now.Name.V+"`", old.Absent.V, now.Absent.V)
		}
	}
	return out
}

func charts(was, is *proposal.Proposal) []string {
	return describe("chart", was.Charts(), is.Charts(), func(c *proposal.Chart) string { return c.Title.V })
}

// describe says which of two lists' items are new, gone or changed. Items of one name are told
// apart by their order.
func describe[T any](noun string, was, is []T, name func(*T) string) []string {
	var out []string
	taken := make([]bool, len(was))
	for i := range is {
		now := &is[i]
		at := -1
		for j := range was {
			if at < 0 && !taken[j] && name(&was[j]) == name(now) {
				at = j
			}
		}
		if at < 0 {
			out = append(out, fmt.Sprintf("the %s `%s` is new", noun, name(now)))
			continue
		}
		taken[at] = true
		if keys := changedKeys(&was[at], now); len(keys) > 0 {
			out = append(out, fmt.Sprintf("the %s `%s` changes its %s", noun, name(now), strings.Join(keys, ", ")))
		}
	}
	for j := range was {
		if !taken[j] {
			out = append(out, fmt.Sprintf("the %s `%s` is gone", noun, name(&was[j])))
		}
	}
	return out
}

// notes says what changes about releases and dates.
func notes(was, is *proposal.Proposal) []string {
	if was == nil || is == nil {
		return nil
	}
	var out []string
	before, after := versions(was), versions(is)
	for _, since := range after.since {
		if !slices.Contains(before.since, since) {
			out = append(out, fmt.Sprintf("%s begins to send it", since))
		}
	}
	for _, since := range before.since {
		if !slices.Contains(after.since, since) {
			out = append(out, fmt.Sprintf("%s is no longer said to begin to send it", since))
		}
	}
	if before.removed != after.removed {
		out = append(out, cmp.Or(after.removed, "no release")+" stops sending it")
	}
	if was.Retired.V != is.Retired.V {
		out = append(out, fmt.Sprintf("it is retired on %s, not on %s", cmp.Or(is.Retired.V, "no day"), cmp.Or(was.Retired.V, "no day")))
	}
	return out
}

type sent struct {
	since   []string
	removed string
}

func versions(p *proposal.Proposal) sent {
	if p.Version == nil {
		return sent{}
	}
	return sent{texts(p.Version.Since), p.Version.Removed.V}
}

// compareProjects says what pulpmetrics.yaml changes about everything that is collected.
func compareProjects(was, is *proposal.Project) []Difference {
	var out []Difference
	if before, after := was.Proto.V, is.Proto.V; before != after {
		out = append(out, Difference{Amount: Same, Text: fmt.Sprintf("the .proto file was `%s` and is `%s`; clients import it by its name", before, after)})
	}
	if before, after := was.Message.V, is.Message.V; before != after {
		out = append(out, Difference{Amount: Same, Text: fmt.Sprintf("the message was `%s` and is `%s`; clients and sites use it by its name", before, after)})
	}
	if before, after := was.RetentionDays.V, is.RetentionDays.V; before != after {
		out = append(out, Difference{Amount: Amount(cmp.Compare(after, before)), Text: fmt.Sprintf("reports are kept for %d days, not %d", after, before)})
	}
	if before, after := was.MinCell.V, is.MinCell.V; before != after {
		out = append(out, Difference{Amount: Amount(cmp.Compare(before, after)), Text: fmt.Sprintf("the smallest number of systems that is published is %d, not %d", after, before)})
	}
	if !alike(was.Sites, is.Sites) {
		out = append(out, Difference{Amount: Same, Text: "the sites that reports are sent to, or what they accept, change"})
	}
	return out
}
