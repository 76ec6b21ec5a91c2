// SPDX-License-Identifier: GPL-2.0-or-later

package cli_test

import (
	"os"
	"path/filepath"
	"testing"
)

// What changes is linted again, also by an editor that replaces files, until it is interrupted.
func TestWatch(t *testing.T) {
	dir := formProject(t)
	file := filepath.Join(dir, "proposals", "export_count.yaml")
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const good = "id: export_count\ntitle: Number of exports\nstatus: draft\nquestion: How many exports does an installation make in a month?\n"
	s := start(t, dir, []string{"NO_COLOR=1"}, "watch")
	s.shows("0 proposals checked: no findings")
	s.shows("watching; interrupt to end")
	write(file, "id: export_count\ntitle: TODO\n")
	s.shows("still to be answered: `TODO`")
	s.shows("watching")
	draft := filepath.Join(dir, "proposals", ".export_count.yaml.swp")
	write(draft, good)
	if err := os.Rename(draft, file); err != nil {
		t.Fatal(err)
	}
	s.shows("1 proposal checked: no findings")
	s.shows("watching")
	config, err := os.ReadFile(filepath.Join(dir, "pulpmetrics.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	write(filepath.Join(dir, "pulpmetrics.yaml"), string(config)+"nonsense: 1\n")
	s.shows("`nonsense` is not a key of the file")
	s.shows("watching")
	s.types("\x03")
	if status := s.ends(); status != 0 {
		t.Errorf("exit status %d:\n%s", status, s.screen())
	}
}
