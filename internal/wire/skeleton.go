// SPDX-License-Identifier: GPL-2.0-or-later

package wire

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bufbuild/protocompile/ast"
	"github.com/bufbuild/protocompile/parser"
	"github.com/bufbuild/protocompile/reporter"
	"github.com/bufbuild/protocompile/sourceinfo"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// CodeImport is the code of what a .proto file says and a proposal can't.
const CodeImport = "import-proto"

//go:embed import-proto.md
var importPage string

// ImportPage returns the Markdown page of CodeImport.
func ImportPage() string { return importPage }

// Skeletons returns a skeleton for each field of a message, in the order of the file, and a problem
// for everything about the message that no proposal can say. Names are not resolved outside the
// file, so that what it imports need not be there. Without a name it is the message called usual,
// or the only one. The error is a *ProtoError: the file can't be parsed, or has no such message.
func Skeletons(file string, data []byte, name, usual string) ([]proposal.Skeleton, []source.Problem, error) {
	im, err := newImporter(file, data)
	if err != nil {
		return nil, nil, err
	}
	m, err := im.choose(name, usual)
	if err != nil {
		return nil, nil, err
	}
	im.message(m)
	return im.skeletons, im.problems, nil
}

// importer reads the fields of one message.
type importer struct {
	file      string
	proto     *descriptorpb.FileDescriptorProto
	locations map[string]*descriptorpb.SourceCodeInfo_Location // by path
	types     map[string]declaredType                          // by full name, with a dot before it
	order     []string                                         // of the messages among them
	used      map[string]string                                // types that a metric declares, with the metric
	skeletons []proposal.Skeleton
	problems  []source.Problem
}

// declaredType is a message or an enum of the file.
type declaredType struct {
	name    string // full, with a dot before it
	message *descriptorpb.DescriptorProto
	enum    *descriptorpb.EnumDescriptorProto
	path    []int32
}

// Numbers of the fields of descriptors, which paths are made of.
const (
	fileMessages      = 4
	fileEnums         = 5
	fileExtensions    = 7
	messageFields     = 2
	messageTypes      = 3
	messageEnums      = 4
	messageExtRanges  = 5
	messageExtensions = 6
	messageReserved   = 9
	enumValues        = 2
)

func newImporter(file string, data []byte) (*importer, error) {
	if bad := precheck(file, data); bad != nil {
		return nil, bad
	}
	reports := &collector{file: file}
	tree, err := parse(file, data, reports)
	if reports.first != nil || err != nil {
		return nil, reports.failure(err)
	}
	proto, info, err := unlinked(tree, reports)
	if reports.first != nil || err != nil {
		return nil, reports.failure(err)
	}
	im := &importer{file: file, proto: proto, locations: map[string]*descriptorpb.SourceCodeInfo_Location{},
		types: map[string]declaredType{}, used: map[string]string{}}
	for _, l := range info.GetLocation() {
		im.locations[pathKey(l.Path)] = l
	}
	scope := ""
	if p := im.proto.GetPackage(); p != "" {
		scope = "." + p
	}
	im.addTypes(scope, im.proto.MessageType, im.proto.EnumType, nil, fileMessages, fileEnums)
	return im, nil
}

// precheck refuses what the library must not be asked about.
func precheck(file string, data []byte) *ProtoError {
	if len(data) > maxProtoBytes {
		return &ProtoError{File: file, Message: fmt.Sprintf("the file is larger than %d KiB", maxProtoBytes>>10)}
	}
	if at := tooDeep(data); at >= 0 {
		return &ProtoError{file, spanAt(data, at), fmt.Sprintf("more than %d levels of brackets inside each other", maxProtoDepth)}
	}
	if at := invalidUTF8(data); at >= 0 {
		return &ProtoError{file, spanAt(data, at), "this is not valid UTF-8"}
	}
	return nil
}

// unlinked makes the descriptors of a file, names in them as they are written, and the places of
// everything. As with parse, a panic of the library is one more mistake in the file.
func unlinked(tree *ast.FileNode, reports *collector) (proto *descriptorpb.FileDescriptorProto, info *descriptorpb.SourceCodeInfo, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("it can't be read: %v", p)
		}
	}()
	result, err := parser.ResultFromAST(tree, true, reporter.NewHandler(reporter.NewReporter(reports.add, nil)))
	if err != nil {
		return nil, nil, err
	}
	return result.FileDescriptorProto(), sourceinfo.GenerateSourceInfo(tree, nil), nil
}

func pathKey(path []int32) string { return fmt.Sprint(path) }

func sub(path []int32, more ...int32) []int32 { return append(slices.Clone(path), more...) }

func (im *importer) addTypes(scope string, messages []*descriptorpb.DescriptorProto, enums []*descriptorpb.EnumDescriptorProto, path []int32, messageField, enumField int32) {
	for i, e := range enums {
		name := scope + "." + e.GetName()
		im.types[name] = declaredType{name, nil, e, sub(path, enumField, int32(i))}
	}
	for i, m := range messages {
		name, at := scope+"."+m.GetName(), sub(path, messageField, int32(i))
		im.types[name] = declaredType{name, m, nil, at}
		if !m.GetOptions().GetMapEntry() {
			im.order = append(im.order, name)
		}
		im.addTypes(name, m.NestedType, m.EnumType, at, messageTypes, messageEnums)
	}
}

// choose returns the message to read.
func (im *importer) choose(name, usual string) (declaredType, error) {
	if name == "" {
		top := slices.DeleteFunc(slices.Clone(im.order), func(n string) bool { return len(im.types[n].path) > 2 })
		if len(top) == 1 {
			return im.types[top[0]], nil
		}
		name = usual
	}
	for _, full := range im.order {
		if full == "."+name || strings.HasSuffix(full, "."+name) {
			return im.types[full], nil
		}
	}
	if len(im.order) == 0 {
		return declaredType{}, &ProtoError{File: im.file, Message: "it holds no message"}
	}
	var known []string
	for _, full := range im.order {
		known = append(known, strings.TrimPrefix(full, "."))
	}
	return declaredType{}, &ProtoError{File: im.file, Message: fmt.Sprintf("it holds no message `%s`: %s", name, proposal.Suggest(name, known, "the messages are "))}
}

// resolve finds the type that a name means inside a message of the file.
func (im *importer) resolve(name, scope string) (declaredType, bool) {
	if strings.HasPrefix(name, ".") {
		t, ok := im.types[name]
		return t, ok
	}
	for {
		if t, ok := im.types[scope+"."+name]; ok {
			return t, true
		}
		i := strings.LastIndexByte(scope, '.')
		if i < 0 {
			return declaredType{}, false
		}
		scope = scope[:i]
	}
}

func (im *importer) problem(path []int32, help, format string, args ...any) {
	im.problems = append(im.problems, source.Problem{Code: CodeImport, Span: im.span(path), Message: fmt.Sprintf(format, args...), Help: help})
}

// span returns where something stands; only its first line, if it has more.
func (im *importer) span(path []int32) source.Span {
	l := im.locations[pathKey(path)]
	if l == nil || len(l.Span) < 3 {
		return source.Span{}
	}
	start := source.Pos{Line: l.Span[0] + 1, Column: l.Span[1] + 1}
	end := source.Pos{Line: start.Line, Column: start.Column + 1}
	if len(l.Span) == 3 {
		end.Column = max(l.Span[2]+1, end.Column)
	}
	return source.Span{Start: start, End: end}
}

// comment returns what the author wrote before something, or behind it on its line.
func (im *importer) comment(path []int32) string {
	l := im.locations[pathKey(path)]
	text := l.GetLeadingComments()
	if strings.TrimSpace(text) == "" {
		text = l.GetTrailingComments()
	}
	lines := strings.Split(strings.ToValidUTF8(text, ""), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// line returns a comment on one line, without what generate adds to a description.
func (im *importer) line(path []int32) string { return describe(paragraphs(im.comment(path))) }

// generated is how the paragraphs begin that generate adds behind what an author wrote.
var generated = regexp.MustCompile(`^(Values: |Personal data: |(Suspended: .*|No longer sent from .*)?(Since .*)?See \S+\.yaml\.$|Since \S+\.$)`)

// paragraphs splits a comment at blank lines; each paragraph becomes one line.
func paragraphs(comment string) (all []string) {
	for text := range strings.SplitSeq(comment, "\n\n") {
		if line := strings.Join(strings.Fields(text), " "); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// describe joins what an author wrote about a leaf.
func describe(parts []string) string {
	end := slices.IndexFunc(parts, generated.MatchString)
	if end < 0 {
		return strings.Join(parts, " ")
	}
	return strings.TrimSuffix(strings.Join(parts[:end], " "), ".") // generate adds it
}

// ask splits the comment of a metric into the question, which is its first paragraph, and the
// description of a scalar, which generate puts behind where the metric was decided.
func ask(comment string) (question, description string) {
	parts := paragraphs(comment)
	if len(parts) == 0 || !strings.Contains(parts[0], "?") {
		return "", describe(parts)
	}
	for i, p := range parts {
		if strings.HasSuffix(p, ".yaml.") && generated.MatchString(p) {
			description = strings.TrimSuffix(describe(parts[i+1:]), ".")
		}
	}
	question, _, _ = strings.Cut(comment, "\n\n")
	return question, description
}
