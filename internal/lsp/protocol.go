// SPDX-License-Identifier: GPL-2.0-or-later

package lsp

// The parts of the Language Server Protocol 3.17 that the server speaks, under the protocol's names.
type (
	position struct {
		Line      uint32 `json:"line"`      // from 0
		Character uint32 `json:"character"` // from 0, in UTF-16 code units
	}
	span struct {
		Start position `json:"start"`
		End   position `json:"end"` // exclusive
	}
	location struct {
		URI   string `json:"uri"`
		Range span   `json:"range"`
	}
	document struct {
		URI     string `json:"uri"`
		Version int32  `json:"version"`
		Text    string `json:"text"`
	}
	initializeParams struct {
		RootURI string `json:"rootUri"`
	}
	openParams struct {
		Document document `json:"textDocument"`
	}
	changeParams struct {
		Document document `json:"textDocument"`
		Changes  []struct {
			Range *span  `json:"range"` // nil: the text is the whole document
			Text  string `json:"text"`
		} `json:"contentChanges"`
	}
	watchedParams struct {
		Changes []struct {
			URI string `json:"uri"`
		} `json:"changes"`
	}
	placeParams struct {
		Document document `json:"textDocument"`
		Position position `json:"position"`
	}
	actionParams struct {
		Document document `json:"textDocument"`
		Range    span     `json:"range"`
	}
	diagnostic struct {
		Range    span   `json:"range"`
		Severity int    `json:"severity"` // 1 error, 2 warning, 3 information
		Code     string `json:"code"`
		Source   string `json:"source"`
		Message  string `json:"message"`
	}
	publishParams struct {
		URI         string       `json:"uri"`
		Version     *int32       `json:"version,omitempty"`
		Diagnostics []diagnostic `json:"diagnostics"`
	}
	markup struct {
		Kind  string `json:"kind"` // markdown
		Value string `json:"value"`
	}
	hover struct {
		Contents markup `json:"contents"`
		Range    *span  `json:"range,omitempty"`
	}
	textEdit struct {
		Range   span   `json:"range"`
		NewText string `json:"newText"`
	}
	workspaceEdit struct {
		Changes map[string][]textEdit `json:"changes"`
	}
	codeAction struct {
		Title       string        `json:"title"`
		Kind        string        `json:"kind"`
		Diagnostics []diagnostic  `json:"diagnostics,omitempty"`
		IsPreferred bool          `json:"isPreferred,omitempty"`
		Edit        workspaceEdit `json:"edit"`
	}
	completionItem struct {
		Label         string    `json:"label"`
		Kind          int       `json:"kind"`
		Detail        string    `json:"detail,omitempty"`
		Documentation *markup   `json:"documentation,omitempty"`
		SortText      string    `json:"sortText,omitempty"`
		FilterText    string    `json:"filterText,omitempty"`
		TextEdit      *textEdit `json:"textEdit,omitempty"`
	}
)

// Kinds of completion items.
const (
	kindField     = 5
	kindValue     = 12
	kindReference = 18
)
