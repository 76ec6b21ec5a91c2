// SPDX-License-Identifier: GPL-2.0-or-later

// Package lsp is a language server for proposals. In flow the messages of an editor; out come
// diagnostics as somebody types, what keys and rules mean, completions, where a name leads, and fixes.
// Only the document that changes is parsed anew.
package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/lint"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/schema"
)

// Server is what the language server takes from its surroundings.
type Server struct {
	Version string
	Now     func() time.Time
	// Find opens the project that a folder is in: its files, and its own folder. There may be none.
	Find func(folder string) (fsys fs.FS, root string, err error)
	// Page returns the page of a rule, in Markdown, or "".
	Page func(rule string) string
}

// Serve speaks with an editor until it says good-bye, or hangs up. It reports whether the editor asked
// to shut down first, as it should.
func (s *Server) Serve(ctx context.Context, stream io.ReadWriteCloser) (orderly bool, err error) {
	h := &handler{Server: s, goodbye: make(chan struct{}, 1), folders: map[string]*project{}, projects: map[string]*project{}}
	if h.parser, err = proposal.NewParser(); err != nil {
		return false, err
	}
	if h.proposals, err = parseKeys(schema.Proposal); err != nil {
		return false, err
	}
	if h.project, err = parseKeys(schema.Project); err != nil {
		return false, err
	}
	conn := jsonrpc2.NewConn(ctx, jsonrpc2.NewBufferedStream(stream, jsonrpc2.VSCodeObjectCodec{}), jsonrpc2.HandlerWithError(h.handle).SuppressErrClosed(), jsonrpc2.SetLogger(quiet{}))
	select {
	case <-h.goodbye:
		_ = conn.Close() // there is nobody left to tell
	case <-conn.DisconnectNotify():
	}
	return h.shutdown.Load(), nil
}

// quiet drops what the library would log: editors show standard error to people.
type quiet struct{}

func (quiet) Printf(string, ...any) {}

// handler answers one editor, one message after the other.
type handler struct {
	*Server
	parser             *proposal.Parser
	proposals, project *key                // what the schemas say
	folders, projects  map[string]*project // by folder: the one that it is in, and the one that it is
	ready              bool
	shutdown           atomic.Bool
	goodbye            chan struct{} // holds one
}

// Errors of the protocol.
const (
	notReady  = -32002
	badParams = jsonrpc2.CodeInvalidParams
)

func (h *handler) handle(ctx context.Context, conn *jsonrpc2.Conn, req *jsonrpc2.Request) (result any, err error) {
	switch {
	case req.Method == "exit":
		select {
		case h.goodbye <- struct{}{}:
		default: // it was said before
		}
		return nil, nil
	case req.Method == "initialize":
		h.ready = true
		return h.initialize(), nil
	case !h.ready && !req.Notif:
		return nil, &jsonrpc2.Error{Code: notReady, Message: "say `initialize` first"}
	case h.shutdown.Load() && !req.Notif:
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "the server was asked to shut down"}
	case !h.ready:
		return nil, nil
	}
	switch req.Method {
	case "shutdown":
		h.shutdown.Store(true)
		return nil, nil
	case "textDocument/didOpen", "textDocument/didChange", "textDocument/didClose", "textDocument/didSave", "workspace/didChangeWatchedFiles":
		return nil, h.notice(ctx, conn, req)
	case "textDocument/hover":
		return answer(req, h.hover)
	case "textDocument/completion":
		return answer(req, h.complete)
	case "textDocument/definition":
		return answer(req, h.define)
	case "textDocument/codeAction":
		return answer(req, h.actions)
	}
	if req.Notif {
		return nil, nil
	}
	return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeMethodNotFound, Message: "there is no method " + req.Method}
}

// answer reads the parameters of a request, and answers it.
func answer[P, R any](req *jsonrpc2.Request, reply func(P) R) (any, error) {
	var p P
	if err := read(req, &p); err != nil {
		return nil, err
	}
	return reply(p), nil
}

func read(req *jsonrpc2.Request, into any) error {
	if req.Params == nil {
		return &jsonrpc2.Error{Code: badParams, Message: "parameters are missing"}
	}
	if err := json.Unmarshal(*req.Params, into); err != nil {
		return &jsonrpc2.Error{Code: badParams, Message: err.Error()}
	}
	return nil
}

func (h *handler) initialize() any {
	return map[string]any{
		"serverInfo": map[string]any{"name": diag.Program, "version": h.Version},
		"capabilities": map[string]any{
			"positionEncoding":   "utf-16",
			"textDocumentSync":   map[string]any{"openClose": true, "change": 2, "save": true},
			"hoverProvider":      true,
			"definitionProvider": true,
			"completionProvider": map[string]any{"triggerCharacters": []string{".", " ", "[", "{", ":"}},
			"codeActionProvider": map[string]any{"codeActionKinds": []string{kindFix, kindFixAll}},
		},
	}
}

// notice takes what the editor says of its documents, and answers with diagnostics.
func (h *handler) notice(ctx context.Context, conn *jsonrpc2.Conn, req *jsonrpc2.Request) error {
	p, err := h.take(req)
	if err != nil || p == nil || p.registry == nil {
		return err
	}
	for _, file := range p.openFiles() {
		doc := p.open[file]
		if err := conn.Notify(ctx, "textDocument/publishDiagnostics", publishParams{doc.uri, &doc.version, h.diagnostics(p, doc)}); err != nil {
			return err
		}
	}
	if req.Method == "textDocument/didClose" {
		var params openParams
		if read(req, &params) == nil {
			return conn.Notify(ctx, "textDocument/publishDiagnostics", publishParams{URI: params.Document.URI, Diagnostics: []diagnostic{}})
		}
	}
	return nil
}

// take brings the project up to date; nil where a document is of none.
func (h *handler) take(req *jsonrpc2.Request) (*project, error) {
	if req.Method == "workspace/didChangeWatchedFiles" {
		return h.watched(req)
	}
	var params changeParams
	if err := read(req, &params); err != nil {
		return nil, err
	}
	p, file := h.find(params.Document.URI)
	if p == nil {
		return nil, nil
	}
	switch req.Method {
	case "textDocument/didOpen":
		p.open[file] = &openFile{newText(params.Document.Text), params.Document.URI, file, params.Document.Version}
	case "textDocument/didClose":
		delete(p.open, file)
	case "textDocument/didChange":
		doc := p.open[file]
		if doc == nil {
			return nil, nil
		}
		for _, change := range params.Changes {
			doc.text = doc.change(change.Range, change.Text)
		}
		doc.version = params.Document.Version
	}
	return p, p.update(file)
}

// watched takes what changed on the disk.
func (h *handler) watched(req *jsonrpc2.Request) (*project, error) {
	var params watchedParams
	if err := read(req, &params); err != nil {
		return nil, err
	}
	var last *project
	for _, change := range params.Changes {
		p, file := h.find(change.URI)
		if p == nil || p.open[file] != nil {
			continue // the editor knows better what is in it
		}
		last = p
		if err := p.update(file); err != nil {
			return p, err
		}
	}
	return last, nil
}

// find returns the project of a document, and its name in it; nil where there is none.
func (h *handler) find(uri string) (*project, string) {
	name, ok := filePath(uri)
	if !ok {
		return nil, ""
	}
	p := h.of(filepath.Dir(name))
	if p == nil {
		return nil, ""
	}
	rel, err := filepath.Rel(p.root, name)
	if err != nil || strings.HasPrefix(rel, "..") {
		return nil, ""
	}
	return p, filepath.ToSlash(rel)
}

// of returns the project that a folder is in. Where there is none yet, it is looked for again the next
// time.
func (h *handler) of(folder string) *project {
	if p := h.folders[folder]; p != nil {
		return p
	}
	fsys, root, err := h.Find(folder)
	if err != nil || root == "" {
		return nil
	}
	if h.projects[root] == nil {
		h.projects[root] = &project{root: root, fsys: fsys, parser: h.parser, open: map[string]*openFile{}}
	}
	h.folders[folder] = h.projects[root]
	return h.projects[root]
}

// document returns an open document with its project; nil where there is none, or it is no part of one.
func (h *handler) document(uri string) (*project, *openFile) {
	p, file := h.find(uri)
	if p == nil || p.registry == nil || p.open[file] == nil || !p.holds(p.registry, file) {
		return nil, nil
	}
	return p, p.open[file]
}

func (p *project) openFiles() []string {
	var files []string
	for file := range p.open {
		files = append(files, file)
	}
	slices.Sort(files)
	return files
}

// found are the findings in an open document.
func (h *handler) found(p *project, doc *openFile) []diag.Diagnostic {
	if !p.holds(p.registry, doc.file) {
		return nil
	}
	return lint.File(p.registry, h.Now(), doc.file)
}

func (h *handler) diagnostics(p *project, doc *openFile) []diagnostic {
	out := []diagnostic{}
	for _, d := range h.found(p, doc) {
		out = append(out, doc.diagnostic(d))
	}
	return out
}

func (t *text) diagnostic(d diag.Diagnostic) diagnostic {
	message := d.Message
	if d.Help != "" {
		message += "\n" + d.Help
	}
	severity := [...]int{diag.Info: 3, diag.Warning: 2, diag.Error: 1}[d.Severity]
	return diagnostic{t.span(d.Span), severity, d.Rule, diag.Program, message}
}

// filePath is the file that a URI names, and whether it names one.
func filePath(uri string) (string, bool) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" || u.Path == "" {
		return "", false
	}
	name := u.Path
	if runtime.GOOS == "windows" {
		name = strings.TrimPrefix(name, "/")
	}
	return filepath.Clean(filepath.FromSlash(name)), true
}

func fileURI(name string) string {
	name = filepath.ToSlash(name)
	if !strings.HasPrefix(name, "/") {
		name = "/" + name
	}
	return (&url.URL{Scheme: "file", Path: name}).String()
}

// ErrHungUp says that an editor went away without a word.
var ErrHungUp = errors.New("the editor hung up without asking to shut down")
