// SPDX-License-Identifier: GPL-2.0-or-later

package source

import (
	"bytes"
	"sync"
)

// Sections parses many versions of files that differ in few of their top-level keys: a key with its
// value is parsed once, however many versions have it. It can be used by many goroutines.
type Sections struct {
	mu            sync.Mutex
	known, recent map[string]Value // by their text; known is dropped when recent is full
}

// mostSections is how many sections are remembered, at most twice.
const mostSections = 4096

// mostKeys is more than a file has at its top level.
const mostKeys = 64

// Parse returns what a file holds, or false where [Parse] would find a problem. Values are as that
// has them, but their spans count from their section.
func (s *Sections) Parse(data []byte) (Value, bool) {
	root, parts := Value{Kind: Map}, split(data)
	if len(data) > MaxBytes || len(parts) > mostKeys {
		return whole(data)
	}
	for _, text := range parts {
		part, ok := s.section(text)
		if !ok {
			return whole(data)
		}
		for _, e := range part.Entries {
			if _, twice := root.Get(e.Key.V); twice {
				return whole(data)
			}
			root.Entries = append(root.Entries, e)
		}
	}
	if len(root.Entries) == 0 {
		return whole(data)
	}
	return root, true
}

// whole parses a file that isn't made of sections: a value goes on where another key seems to begin,
// or something is wrong.
func whole(data []byte) (Value, bool) {
	root, problems := Parse(data)
	return root, len(problems) == 0
}

// section parses a part of a file, if it is one by itself.
func (s *Sections) section(text []byte) (Value, bool) {
	s.mu.Lock()
	v, ok := s.recent[string(text)]
	if !ok {
		v, ok = s.known[string(text)]
	}
	s.mu.Unlock()
	if ok {
		return v, true
	}
	root, problems := Parse(text)
	if len(problems) > 0 || root.Kind != Map {
		return root, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.recent) >= mostSections || s.recent == nil {
		s.known, s.recent = s.recent, make(map[string]Value, mostSections)
	}
	s.recent[string(text)] = root
	return root, true
}

// split cuts a file before each line that begins with a letter, as keys of the top level do. What
// stands before the first belongs to it. Nothing comes of a file with lines that could be anything
// but a key, a part of its value or a comment.
func split(data []byte) [][]byte {
	var parts [][]byte
	start, keyed := 0, false
	for at := 0; at < len(data); {
		if letter(data[at]) {
			if keyed {
				parts = append(parts, data[start:at])
				start = at
			}
			keyed = true
		} else if !continues(data[at:]) {
			return nil
		}
		end := bytes.IndexByte(data[at:], '\n')
		if end < 0 {
			break
		}
		at += end + 1
	}
	return append(parts, data[start:])
}

// continues reports whether a line goes on with a value, or is empty or a comment.
func continues(line []byte) bool {
	return line[0] == ' ' || line[0] == '\n' || line[0] == '#' || line[0] == '-' && len(line) > 1 && line[1] == ' '
}

func letter(b byte) bool { return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' }
