// SPDX-License-Identifier: GPL-2.0-or-later

package govern

import (
	"context"
	"errors"
	"path"
	"runtime"
	"strings"
	"sync"

	"github.com/pulp/pulpmetrics/internal/git"
	"github.com/pulp/pulpmetrics/internal/proposal"
	"github.com/pulp/pulpmetrics/internal/source"
)

// versions reads files by the hash of their contents, each once, on all cores.
type versions struct {
	blobs *git.Blobs
	queue chan *pending
	work  sync.WaitGroup
	parse source.Sections // versions of one file differ in few keys

	mu    sync.Mutex
	known map[string]*pending
	errs  []error
}

// pending is a file that is being read.
type pending struct {
	object  string
	once    sync.Once
	version Version
}

// queued is how many files may wait to be read.
const queued = 256

func newVersions(ctx context.Context, repo Repository) *versions {
	return &versions{blobs: repo.Blobs(ctx), known: map[string]*pending{}}
}

// start lets files be read before they are asked for.
func (v *versions) start() {
	v.queue = make(chan *pending, queued)
	for range runtime.GOMAXPROCS(0) {
		v.work.Go(func() {
			for p := range v.queue {
				v.read(p)
			}
		})
	}
}

// prepare begins to read the proposals of a commit, if files are read ahead.
func (v *versions) prepare(e *git.Entry, folders []string) {
	if v.queue == nil {
		return
	}
	for _, f := range e.Files {
		if f.Object == "" || !in(folders, f.Path) {
			continue
		}
		if p, found := v.find(f.Object); !found {
			v.queue <- p
		}
	}
}

func (v *versions) find(object string) (p *pending, found bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if p, found = v.known[object]; !found {
		p = &pending{object: object}
		v.known[object] = p
	}
	return p, found
}

// of returns what a file holds, unless nothing is read ahead.
func (v *versions) of(object string) *Version {
	if v.queue == nil {
		return &Version{Object: object}
	}
	return v.now(object)
}

// now returns what a file holds; what can't be read is not Read.
func (v *versions) now(object string) *Version {
	p, _ := v.find(object)
	v.read(p)
	return &p.version
}

func (v *versions) read(p *pending) {
	p.once.Do(func() {
		data, err := v.blobs.Read(p.object)
		if err != nil {
			v.mu.Lock()
			v.errs = append(v.errs, err)
			v.mu.Unlock()
		}
		p.version = v.version(data)
		p.version.Object = p.object
	})
}

// wait returns what the machine failed at.
func (v *versions) wait() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.errs) > 1 { // they are all of one kind, and there may be thousands
		return errors.Join(v.errs[0])
	}
	return errors.Join(v.errs...)
}

func (v *versions) close() {
	if v.queue != nil {
		close(v.queue)
	}
	v.work.Wait()
	_ = v.blobs.Close()
}

// merges reports whether a merge has a file as its parents have it, part by part.
func (v *versions) merges(f git.FileChange) bool {
	parse := func(object string) (source.Value, bool) {
		data, err := v.blobs.Read(object)
		root, problems := source.Parse(data)
		return root, err == nil && len(problems) == 0
	}
	now, ok := parse(f.Object)
	if !ok {
		return false
	}
	var parents []source.Value
	for _, was := range f.Was {
		if was.Object == "" {
			continue
		}
		root, ok := parse(was.Object)
		if !ok {
			return false
		}
		parents = append(parents, root)
	}
	return merged(now, parents)
}

// version takes what matters out of a file.
func (v *versions) version(data []byte) Version {
	root, ok := v.parse.Parse(data)
	if !ok || root.Kind != source.Map {
		return Version{}
	}
	canonical := proposal.NewCanonical(root)
	text := func(key string) string { value, _ := root.Get(key); return value.Text }
	out := Version{Read: true, ID: text("id"), Title: text("title"), Status: text("status"), Seal: canonical.Seal(),
		Asked: [2]string{text("title"), strings.Join(strings.Fields(text("question")), " ")}}
	if field, ok := root.Get("field"); ok {
		var head struct {
			Number source.Whole `source:"number"`
		}
		source.Decode(field, &head)
		out.Number = head.Number.V
	}
	out.Stages, out.Decided = stages(root), decidedIn(root)
	return out
}

// stages lists from when to when a metric is sent and kept.
func stages(root source.Value) []string {
	var all []string
	version, _ := root.Get("version")
	since, _ := version.Get("since")
	for _, release := range since.Items {
		all = append(all, "since "+release.Text)
	}
	if removed, ok := version.Get("removed"); ok {
		all = append(all, "removed "+removed.Text)
	}
	if retired, ok := root.Get("retired"); ok {
		all = append(all, "retired "+retired.Text)
	}
	return all
}

// decidedIn lists the decisions of a file, each with its day.
func decidedIn(root source.Value) []string {
	var all []string
	approval, _ := root.Get("approval")
	for _, item := range approval.Items {
		decision, _ := item.Get("decision")
		date, _ := item.Get("date")
		all = append(all, strings.TrimSpace(decision.Text+" "+date.Text))
	}
	return all
}

// name is what a metric is called: its id, or what its file is.
func (v *Version) name(file string) string {
	if v.ID == "" {
		return strings.TrimSuffix(path.Base(file), ".yaml")
	}
	return v.ID
}
