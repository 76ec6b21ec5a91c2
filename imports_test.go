// SPDX-License-Identifier: GPL-2.0-or-later

package pulpmetrics

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/pulp/pulpmetrics"

// floors is the table of allowed imports, from the ground up: a room imports only from floors
// below its own. ARCHITECTURE.md says what each is for.
var floors = [][]string{
	{"internal/source", "internal/domain", "internal/git", "internal/sshsig", "schema", "templates", "gen/go"},
	{"internal/diag"},
	{"internal/proposal", "internal/pii"},
	{"internal/registry", "internal/draft"},
	{"internal/wire", "internal/govern"},
	{"internal/plan", "internal/report", "internal/exposure"},
	{"internal/dialect"},
	{"internal/lint", "internal/emit", "internal/store"},
	{"internal/site", "internal/lsp", "internal/summarize", "internal/store/storetest"},
	{"internal/serve"},
	{"internal/cli"},
	{"", "cmd/pulpmetrics"}, // the root holds only the embedded registry
}

// fences are the libraries that only one room may import.
var fences = map[string][]string{
	"gopkg.in/yaml.v3":                              {"internal/source"},
	"github.com/santhosh-tekuri/jsonschema/v5":      {"internal/proposal"},
	"github.com/charmbracelet/glamour":              {"internal/site"},
	"github.com/spf13/cobra":                        {"internal/cli"},
	"github.com/owenrumney/go-sarif/v2/sarif":       {"internal/diag"},
	"golang.org/x/net/publicsuffix":                 {"internal/pii"},
	"os/exec":                                       {"internal/git", "internal/sshsig", "internal/store/storetest"},
	"google.golang.org/protobuf/encoding/protowire": {"internal/wire", "internal/report"},
	"database/sql":                                  {"internal/store"},
	"net/http":                                      {"internal/serve"},
}

// worldly rooms may reach the clock, the environment and the working directory; no other room
// imports os. One of them is for tests alone.
var worldly = []string{"internal/cli", "cmd/pulpmetrics", "internal/store/storetest"}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		p.ImportPath = room(p.ImportPath)
		list = append(list, p)
	}
}

// room is a package's path inside the module.
func room(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
}

func floor(name string) int {
	return slices.IndexFunc(floors, func(rooms []string) bool { return slices.Contains(rooms, name) })
}

// ARCHITECTURE.md has a row for each room, on its floor.
func TestArchitecture(t *testing.T) {
	text, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	for i, rooms := range floors {
		for _, name := range rooms {
			row := fmt.Sprintf("\n| %d | `%s` |", i+1, name)
			if i+1 < len(floors) && !strings.Contains(string(text), row) {
				t.Errorf("ARCHITECTURE.md lacks the row %q", row[1:])
			}
		}
	}
}

func TestImports(t *testing.T) {
	for _, p := range packages(t) {
		here := floor(p.ImportPath)
		if here < 0 {
			t.Errorf("%s has no floor: add it to the table in imports_test.go, and to ARCHITECTURE.md", p.ImportPath)
		}
		for _, path := range p.Imports {
			if only, fenced := fences[path]; fenced && !slices.Contains(only, p.ImportPath) {
				t.Errorf("%s imports %s, which is for %s only", p.ImportPath, path, strings.Join(only, ", "))
			}
			if path == "os" && !slices.Contains(worldly, p.ImportPath) {
				t.Errorf("%s imports os: let the caller hand in what it takes from there", p.ImportPath)
			}
			if !strings.HasPrefix(path, module) || p.ImportPath == "cmd/pulpmetrics" {
				continue
			}
			if below := floor(room(path)); below >= here {
				t.Errorf("%s (floor %d) imports %s (floor %d): what it reaches for is in the wrong room", p.ImportPath, here+1, room(path), below+1)
			}
		}
	}
}
