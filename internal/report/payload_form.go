// SPDX-License-Identifier: GPL-2.0-or-later

package report

import (
	"bytes"

	"google.golang.org/protobuf/encoding/protowire"
)

// form is how a file holds its reports, or why it can't hold any.
type form struct {
	how       formKind
	why, help string // of refused
}

type formKind uint8

const (
	refused formKind = iota
	asText
	asMessage
	asStream
)

// packed are what compressed files begin with, and the program that unpacks each.
var packed = []struct{ magic, name, program string }{
	{"\x1f\x8b", "gzip", "gunzip -c"}, {"BZh", "bzip2", "bunzip2 -c"}, {"\xfd7zXZ\x00", "xz", "xz -dc"},
	{"\x28\xb5\x2f\xfd", "zstd", "zstd -dc"}, {"PK\x03\x04", "zip", "unzip -p"},
}

// recognize tells how a file holds its reports from its beginning; whole says that there is no more.
func (v *Verifier) recognize(head []byte, whole bool) form {
	if len(head) == 0 {
		return form{why: "the file is empty", help: formsHelp}
	}
	for _, p := range packed {
		if bytes.HasPrefix(head, []byte(p.magic)) {
			return form{why: "the file is compressed by " + p.name, help: "unpack it: `" + p.program + " FILE | pulpmetrics verify -`"}
		}
	}
	if bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) {
		return form{why: "the file is text in UTF-16", help: "save it as UTF-8: `iconv -f UTF-16 -t UTF-8 FILE | pulpmetrics verify -`"}
	}
	first, rest, ok := frame(head)
	switch {
	case ok && v.isReport(first):
		return form{how: asStream}
	case whole && v.isReport(head):
		return form{how: asMessage}
	case isText(head):
		return form{how: asText}
	case v.beginsReport(head):
		return form{how: asMessage}
	case v.beginsReport(rest):
		return form{how: asStream}
	}
	return form{why: "the file is neither text nor a serialized `" + v.message.Name + "`", help: formsHelp}
}

// frame returns the first message of a stream, if all of it is there, and what follows its length.
func frame(head []byte) (first, rest []byte, ok bool) {
	length, next := varint(head, 0)
	if next < 0 || length == 0 {
		return nil, nil, false
	}
	rest = head[next:]
	if length > uint64(len(rest)) {
		return nil, rest, false
	}
	return rest[:length], rest, true
}

// isReport reports whether bytes are a message that has the fields which every report has.
func (v *Verifier) isReport(b []byte) bool {
	seen := map[uint64]bool{}
	for i := 0; i < len(b); {
		tag, next := varint(b, i)
		if next < 0 || tag>>3 == 0 || tag>>3 > uint64(protowire.MaxValidNumber) {
			return false
		}
		if i = skip(b, next, tag); i < 0 {
			return false
		}
		seen[tag>>3] = seen[tag>>3] || v.isField(tag)
	}
	for i := range v.message.Fields {
		if f := &v.message.Fields[i]; f.Required && !seen[uint64(f.Number)] {
			return false
		}
	}
	return true
}

// isField reports whether a tag is one that a field of the message could have.
func (v *Verifier) isField(tag uint64) bool {
	for i := range v.message.Fields {
		f := &v.message.Fields[i]
		if f.Number != int64(tag>>3) {
			continue
		}
		long := f.Message != "" || f.Leaves[0].Type == "string"
		return long == (protowire.Type(tag&7) == protowire.BytesType)
	}
	return false
}

// beginsReport reports whether bytes begin with a field that a proposal has.
func (v *Verifier) beginsReport(b []byte) bool {
	tag, next := varint(b, 0)
	if next < 0 || tag>>3 > uint64(protowire.MaxValidNumber) {
		return false
	}
	return v.isField(tag) || len(v.registry.ByNumber(int64(tag>>3))) > 0 && skip(b, next, tag) >= 0
}

// isText reports whether bytes could be text: control characters are those of logs only.
func isText(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\t' && c != '\r' && c != '\f' && c != '\b' && c != 0x1b {
			return false
		}
	}
	return true
}
