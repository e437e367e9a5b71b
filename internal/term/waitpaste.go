package term

import (
	"context"
	"net/url"
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
)

// longestPaste bounds what a pasteLine holds; a pasted address has some 400 characters.
const longestPaste = 64 << 10

// pasteLine is the line of a Waiting into which something is pasted. A pasted
// address holds a code, so that only its host and its length are ever drawn.
type pasteLine struct {
	to     chan<- string
	wanted string
	text   string
}

// takes reports whether a key is the line's: once something stands there, all are.
func (p *pasteLine) takes(k tea.KeyMsg) bool {
	return p.text != "" || k.Type == tea.KeyRunes && !k.Alt && strings.TrimSpace(string(k.Runes)) != ""
}

// key edits the line and gives what Enter sends.
func (p *pasteLine) key(k tea.KeyMsg) (sent string) {
	switch k.Type {
	case tea.KeyRunes, tea.KeySpace:
		if !k.Alt && len(p.text) <= longestPaste {
			p.text += string(k.Runes)
		}
	case tea.KeyBackspace:
		_, n := utf8.DecodeLastRuneInString(p.text)
		p.text = p.text[:len(p.text)-n]
	case tea.KeyEsc, tea.KeyCtrlU:
		p.text = ""
	case tea.KeyEnter:
		sent, p.text = p.text, ""
	}
	return sent
}

// send hands text over without holding up the screen; nobody may be there to take it
// any more.
func (p *pasteLine) send(live context.Context, text string) tea.Cmd {
	return func() tea.Msg {
		select {
		case p.to <- text:
		case <-live.Done():
		}
		return nil
	}
}

// lines draws the line in w columns.
func (p *pasteLine) lines(s style, w int) []string {
	lines := fit("Paste here "+p.wanted+":", w)
	shown := ""
	if p.text != "" {
		shown = described(p.text, w-len("> ")-1)
	}
	return append(lines, s.accent.Render(">")+" "+shown+s.cursor.Reverse(true).Render(" "))
}

// described tells in w columns what was pasted, without showing it.
func described(text string, w int) string {
	text = strings.TrimSpace(text)
	length := plural(utf8.RuneCountInString(text), "character")
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return cut(length+", hidden", w)
	}
	room := w - width(gap+length)
	if room < 8 {
		return cut(length, w)
	}
	return cut(clean(u.Host)+"/…", room) + gap + length
}
