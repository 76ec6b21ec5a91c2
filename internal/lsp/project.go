// SPDX-License-Identifier: GPL-2.0-or-later

package lsp

import (
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/source"
)

// project is one project with the documents of it that are open.
type project struct {
	root     string // its folder
	fsys     fs.FS
	parser   *proposal.Parser
	registry *registry.Registry // with the open documents in the place of their files
	open     map[string]*openFile
}

// openFile is a document that the editor has.
type openFile struct {
	*text
	uri     string
	file    string // from the project's folder
	version int32
}

// load reads the project anew, with what is open in the place of its files.
func (p *project) load() error {
	r, err := registry.Load(p.fsys, p.parser)
	if r == nil {
		return err
	}
	changes := map[string][]byte{}
	for file, doc := range p.open {
		if p.holds(r, file) {
			changes[file] = []byte(doc.data)
		}
	}
	p.registry = r.With(p.parser, changes)
	return nil
}

// holds reports whether a file is one that the project is made of.
func (p *project) holds(r *registry.Registry, file string) bool {
	return file == proposal.ProjectFile || path.Ext(file) == ".yaml" && !strings.HasPrefix(path.Base(file), ".") &&
		slices.ContainsFunc(r.Project.Proposals, func(folder source.Text) bool { return path.Dir(file) == path.Clean(folder.V) })
}

// update takes what became of a file: what is open, or else what is on the disk.
func (p *project) update(file string) error {
	if p.registry == nil || file == proposal.ProjectFile {
		return p.load() // other folders may be read
	}
	if !p.holds(p.registry, file) {
		return nil
	}
	var data []byte
	if doc := p.open[file]; doc != nil {
		data = []byte(doc.data)
	} else if onDisk, err := fs.ReadFile(p.fsys, file); err == nil {
		data = onDisk
	}
	p.registry = p.registry.With(p.parser, map[string][]byte{file: data})
	return nil
}

// uri names a file of the project for the editor: an open one as the editor does.
func (p *project) uri(file string) string {
	if doc := p.open[file]; doc != nil {
		return doc.uri
	}
	return fileURI(filepath.Join(p.root, filepath.FromSlash(file)))
}

// text returns a file of the project, for places in it.
func (p *project) text(file string) *text {
	if doc := p.open[file]; doc != nil {
		return doc.text
	}
	data, err := fs.ReadFile(p.fsys, file)
	if err != nil {
		return newText("")
	}
	return newText(string(data))
}

// proposal returns the proposal of a file, or nil.
func (p *project) proposal(file string) *proposal.Proposal {
	for _, q := range p.registry.Proposals {
		if q.Path == file {
			return q
		}
	}
	return nil
}
